"""What stands in a report, section by section, in one language; how it looks is the matter of page and document.

Nothing of this machine, its clock or its locale is in it: times are those of the log and of its cosigners, in UTC.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from app.audit.draw import missed_per_mille
from app.audit.finding import Act, Report, Rule
from app.audit.rules import Rules
from app.audit.seen import Seen
from app.audit.served import Served
from app.audit.words import FINDINGS, OBSTACLES, REMARKS, RULES, act_sentence, printable, sentence
from app.i18n import N_, t

Block: TypeAlias = dict[str, Any]
LISTED = 200
"""Findings of one rule that are listed; the rest is counted, and stands in report.json."""


class Contents:
    """The sections of a report: each has a title, and blocks of text, facts, lists and tables."""

    def __init__(self, report: Report, seen: Seen, language: str, earlier: tuple[tuple[int, bytes], ...]) -> None:
        self._report = report
        self._seen = seen
        self._language = language
        self._earlier = earlier

    def data(self) -> dict[str, Any]:
        """Return everything that page and document show, as plain JSON values."""
        return {
            "lang": self._language,
            "title": self._say(N_("Audit of a public access log")),
            "kicker": str(printable(self._report.origin)),
            "verdict": self._verdict(),
            "facts": [[self._say(name), values] for name, values in self._facts() if values],
            "sections": list(self._sections()),
            "footer": self._say(N_("Audit of {origin}, {size} entries"), origin=self._report.origin,
                                size=self._report.size),
        }  # fmt: skip

    def _say(self, msgid: str, **values: object) -> str:
        return t(self._language, msgid, **values)

    def _verdict(self) -> list[str]:
        report = self._report
        if len(report.findings):
            first = self._say(N_("There is evidence of tampering: {count} findings against the log."),
                              count=len(report.findings))  # fmt: skip
        elif report.obstacles:
            first = self._say(N_("The log could not be checked to its end."))
        else:
            first = self._say(
                N_("The log holds: nothing in it was altered, and nothing that was asked for is missing.")
            )
        if not report.acts:
            return (
                [first, self._say(N_("The rules about what was done found nothing."))] if report.openings else [first]
            )
        return [first, self._say(N_("The rules found {count} things that somebody has to be asked about. They accuse "
                                    "nobody by themselves."), count=len(report.acts))]  # fmt: skip

    def _facts(self) -> Iterator[tuple[str, list[str]]]:
        report = self._report
        yield N_("Log"), [str(printable(report.origin))]
        yield N_("Entries"), [str(report.size)]
        yield N_("Root"), [_b64(report.root)]
        yield N_("Verifier key"), [report.vkey]
        cosigned = [f"{printable(name)}: {utc(time)}" for name, time in sorted(report.cosigned.items())]
        yield N_("Cosigned by"), cosigned or [self._say(N_("nobody that this report knows"))]
        yield N_("Continues"), [f"{size}: {_b64(root)}" for size, root in self._earlier]
        yield N_("Entries opened"), [self._say(N_("{count} of {size}"), count=report.openings, size=report.size)]

    def _sections(self) -> Iterator[dict[str, Any]]:
        yield self._section(N_("Findings against the log"), self._findings())
        yield self._section(N_("What was done"), self._acts())
        yield self._section(N_("Entries drawn by lot"), self._draw())
        yield self._section(N_("The portal's rows and its log"), self._rows())
        yield self._section(N_("What the portal ran, and since when"), self._served())
        yield self._section(N_("Petitions received and decided, by month"), self._totals())
        yield self._section(N_("Rules and thresholds"), self._rules())
        yield self._section(N_("How to repeat this"), self._repeat())

    def _section(self, title: str, blocks: Iterator[Block]) -> dict[str, Any]:
        return {"title": self._say(title), "blocks": list(blocks)}

    def _text(self, *paragraphs: str) -> Block:
        return {"kind": "text", "paragraphs": list(paragraphs)}

    def _findings(self) -> Iterator[Block]:
        report = self._report
        items = [f"{sentence(self._language, each.where, FINDINGS[each.code])} [{each.code}]"
                 for each in sorted(report.findings, key=_place)]  # fmt: skip
        items += [f"{sentence(self._language, each.where, OBSTACLES[each.code])} [{each.code}]"
                  for each in report.obstacles]  # fmt: skip
        if items:
            yield {"kind": "list", "items": items}
        else:
            yield self._text(self._say(N_("None.")))
        if report.findings.omitted():
            yield self._text(self._say(N_("  … and {count} more"), count=report.findings.omitted()).strip())
        if report.remarks:
            yield {"kind": "heading", "text": self._say(N_("Worth saying, and no evidence"))}
            said = [sentence(self._language, each.where, REMARKS[each.code]) for each in report.remarks]
            yield {"kind": "list", "items": said}

    def _acts(self) -> Iterator[Block]:
        if not self._report.openings:
            yield self._text(self._say(N_("No entry was opened for this audit, so that no rule was applied.")))
            return
        if not self._report.acts:
            yield self._text(self._say(N_("None.")))
            return
        yield self._text(self._say(N_("Proofs of the entries that are named here stand in the folder “proofs”.")))
        for rule, (name, _) in RULES.items():
            acts = [act for act in self._report.acts if act.rule is rule]
            if acts:
                yield {"kind": "heading", "text": f"{self._say(name)} [{rule}]"}
                yield {"kind": "list", "items": [self._act(act) for act in acts[:LISTED]]}
            if len(acts) > LISTED:
                yield self._text(self._say(N_("  … and {count} more"), count=len(acts) - LISTED).strip())

    def _act(self, act: Act) -> str:
        said = act_sentence(self._language, act)
        others = ", ".join(map(str, act.entries[:-1]))
        if not others:
            return said
        return f"{said} {self._say(N_('(follows from entries {others}, too)'), others=others)}"

    def _draw(self) -> Iterator[Block]:
        draw = self._seen.draw
        if draw is None or not draw.indexes:
            yield self._text(self._say(N_("None were drawn.")))
            return
        count, drawn = len(draw.indexes), self._seen.drawn
        rests = draw.checkpoint.split("\n", 2)[1]
        chance = f"{(1000 - missed_per_mille(count)) / 10:.1f}"
        yield self._text(
            self._say(N_("Entry {index} announced the draw; it rests on the checkpoint of {size} entries and on what "
                         "the cosigners signed under it, so that nobody chose."), index=draw.announced, size=rests),
            self._say(N_("{drawn} of {count} drawn entries were opened."), drawn=drawn or 0, count=count),
            self._say(N_("So many draws find a portal that cannot open one in a hundred of its entries with a "
                         "probability of {chance} %."), chance=chance),
            ", ".join(map(str, draw.indexes)),
        )  # fmt: skip

    def _rows(self) -> Iterator[Block]:
        if self._seen.rows is None:
            yield self._text(self._say(N_("They were not compared.")))
            return
        yield self._text(
            self._say(N_("{count} rows rest on an entry that says the same. What differs stands among the findings."),
                      count=self._seen.rows)
        )  # fmt: skip

    def _served(self) -> Iterator[Block]:
        if not self._seen.served:
            yield self._text(self._say(N_("The log does not say.")))
            return
        head = [
            N_("From entry"),
            N_("Since"),
            N_("Version"),
            N_("Program, SHA-256"),
            N_("Modules of the pages, SHA-256"),
        ]
        rows = [[str(each.index), utc(each.time), each.version or "–", each.code or "–", each.modules]
                for each in self._seen.served]  # fmt: skip
        yield {"kind": "table", "head": [self._say(name) for name in head], "rows": rows}
        for name, changed in changes(self._seen.served):
            yield {"kind": "heading", "text": self._say(N_("Settings from entry {index} on"), index=name)}
            yield {"kind": "list", "items": changed}

    def _totals(self) -> Iterator[Block]:
        if not self._report.months:
            yield self._text(self._say(N_("None.")))
            return
        head = [N_("Month"), N_("Received"), N_("Taken up"), N_("Declined"), N_("Closed")]
        rows = [[each.month, *map(str, (each.received, each.taken_up, each.declined, each.closed))]
                for each in self._report.months]  # fmt: skip
        yield {"kind": "table", "head": [self._say(name) for name in head], "rows": rows}
        yield self._text(self._say(N_("From the entries alone; the portal publishes the same figures on /register.")))

    def _rules(self) -> Iterator[Block]:
        shown = thresholds(self._seen.rules)
        off = self._say(N_("not applied"))
        items = [
            f"{self._say(name)} [{rule}]" + (f": {shown[rule]}" if rule in shown else "")
            + ("" if self._seen.rules.is_on(rule) else f" ({off})")
            for rule, (name, _) in RULES.items()
        ]  # fmt: skip
        yield {"kind": "list", "items": items}

    def _repeat(self) -> Iterator[Block]:
        yield self._text(
            self._say(N_("Take this folder, a copy of the log from wherever you trust it, and the same version of the "
                         "program. It makes every file again and compares it, byte for byte:")),
            "resguardo audit LOG --reproduce FOLDER --key KEY",
            self._say(N_("Each file in “proofs” shows one entry, its opening and its place in the log, and can be "
                         "given to others alone.")),
        )  # fmt: skip


def changes(served: list[Served]) -> Iterator[tuple[int, list[str]]]:
    """Yield of each change that is open the settings that are new or other than before, as `name: value`."""
    before: Mapping[str, object] = {}
    for each in (one for one in served if one.is_open):
        new = [f"{name}: {value}" for name, value in sorted(each.configuration.items()) if before.get(name) != value]
        if new:
            yield each.index, new
        before = each.configuration


def thresholds(rules: Rules) -> dict[Rule, str]:
    """Return the thresholds of those rules that have any, as they stand in the rules file."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    days = " ".join(names[day] for day in sorted(rules.weekdays))
    hours = f"{rules.start // 60:02}:{rules.start % 60:02}–{rules.end // 60:02}:{rules.end % 60:02}"
    return {
        Rule.BULK_READ: f"cases {rules.bulk_cases}, minutes {rules.bulk_minutes}",
        Rule.ODD_HOURS: f"{rules.zone} {hours} {days}",
        Rule.LATE_READ: f"days {rules.late_days}",
        Rule.TIME_ORDER: f"seconds {rules.clock_seconds}",
        Rule.TIME_AHEAD: f"seconds {rules.clock_seconds}",
    }


def utc(seconds: int) -> str:
    """Return a moment as `2026-11-18 17:00 UTC`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _place(finding: Any) -> tuple[str, int, str]:
    index = finding.where.get("index", finding.where.get("first", -1))
    return finding.code.value, int(index), str(sorted(finding.where.items()))
