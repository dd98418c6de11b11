"""What was done, against the rules: each finding names its rule and the entries from which it follows.

These are no evidence against the log, which holds; they are what somebody must be asked about. Rules that need the
past are applied as far as the past is known without a gap: behind one, an assignment may stand in it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.audit.entries import READS, STEPS, Entry
from app.audit.finding import Act, Rule
from app.audit.office import Office
from app.audit.rules import Rules

_DAY = 86_400
_REFUSALS = frozenset({"record_refused", "step_refused"})
_LONG_TICK = 3600
"""Seconds: an entry's own time is within a tick of that of its leaf, and a shorter tick may have been set since."""
_FIRST = "staff_activated"
"""An account's own first entry: it makes itself usable."""


_Look = Callable[[Entry, Office, Rules], Iterator[Act]]


def judge_conduct(entries: Iterable[Entry], rules: Rules, known: int, tick: int = 0) -> tuple[Act, ...]:
    """Return what the rules find, in the order of the log; everything before entry `known` is known."""
    office, sweep = Office(), _Sweep(rules, tick)
    found: list[Act] = []
    for entry in (each for each in entries if each.whole):
        looks = (*_ALONE, *(_WITH_PAST if entry.index < known else ()))
        found += [act for look in looks for act in look(entry, office, rules)]
        found += sweep.look(entry)
        office.take(entry)
    found += sweep.bulks()
    return tuple(sorted((act for act in found if rules.is_on(act.rule)), key=_order))


def _order(act: Act) -> tuple[int, str]:
    return act.entries[-1], act.rule


def _unassigned(entry: Entry, office: Office, _rules: Rules) -> Iterator[Act]:
    rule = Rule.UNASSIGNED_READ if entry.kind in READS else Rule.UNASSIGNED_STEP
    if entry.kind in READS | STEPS and entry.by_staff and entry.actor not in office.case(entry.case).readers:
        yield Act(rule, (entry.index,), _about(entry))


def _closed(entry: Entry, office: Office, rules: Rules) -> Iterator[Act]:
    if entry.kind not in READS:
        return
    case = office.case(entry.case)
    if case.suspended is not None:
        yield Act(Rule.SUSPENDED_READ, (case.suspended, entry.index), _about(entry))
    if case.withdrawn is not None:
        yield Act(Rule.WITHDRAWN_READ, (case.withdrawn, entry.index), _about(entry))
    if case.declined is not None:
        days = ((entry.moment or 0) - (case.declined.moment or 0)) // _DAY
        if days >= rules.late_days:
            yield Act(Rule.LATE_READ, (case.declined.index, entry.index), {**_about(entry), "days": days})


def _account(entry: Entry, office: Office, _rules: Rules) -> Iterator[Act]:
    if not entry.by_staff or entry.kind in _REFUSALS | {_FIRST}:
        return
    account = office.accounts.get(entry.actor)
    if account is None:
        yield Act(Rule.UNKNOWN_ACCOUNT, (entry.index,), _about(entry))
    elif not account.usable:
        yield Act(Rule.DISABLED_ACCOUNT, (account.entry, entry.index), _about(entry))


def _unread(entry: Entry, office: Office, _rules: Rules) -> Iterator[Act]:
    rule = {"decision_drafted": Rule.UNREAD_DRAFT, "decision_approved": Rule.UNREAD_APPROVAL}.get(entry.kind)
    if rule is None:
        return
    case = office.case(entry.case)
    version = f"record/{case.version}"
    if version not in case.read.get(entry.actor, ()):
        yield Act(rule, (entry.index,), {**_about(entry), "record": version})


def _one_person(entry: Entry, office: Office, _rules: Rules) -> Iterator[Act]:
    draft = office.case(entry.case).draft if entry.kind == "decision_approved" else None
    if draft is not None and draft.actor == entry.actor:
        yield Act(Rule.ONE_PERSON, (draft.index, entry.index), _about(entry))


def _odd_hours(entry: Entry, _office: Office, rules: Rules) -> Iterator[Act]:
    if entry.kind not in READS or entry.moment is None:
        return
    there = datetime.fromtimestamp(entry.moment, UTC).astimezone(ZoneInfo(rules.zone))
    if there.weekday() not in rules.weekdays or not rules.start <= there.hour * 60 + there.minute < rules.end:
        clock = there.strftime("%Y-%m-%d %H:%M")
        yield Act(Rule.ODD_HOURS, (entry.index,), {**_about(entry), "clock": clock, "zone": rules.zone})


_ALONE: Final[tuple[_Look, ...]] = (_odd_hours,)
_WITH_PAST: Final[tuple[_Look, ...]] = (_unassigned, _closed, _account, _unread, _one_person)


class _Sweep:
    """What follows from many entries together: reading in bulk, and times that run back."""

    def __init__(self, rules: Rules, tick: int) -> None:
        self._rules = rules
        self._ahead = max(tick, _LONG_TICK) + rules.clock_seconds
        self._latest, self._at = 0, 0
        self._recent: dict[str, deque[Entry]] = {}
        self._bulks: dict[str, list[list[Entry]]] = {}

    def look(self, entry: Entry) -> Iterator[Act]:
        """Take an entry, and return what it makes clear about times."""
        moment, slack = entry.moment, self._rules.clock_seconds
        if moment is None or moment < max(self._latest, entry.leaf.time) - slack:
            seen = (self._at, entry.index) if self._latest and self._at != entry.index else (entry.index,)
            yield Act(Rule.TIME_ORDER, seen, _about(entry))
            return
        if moment > entry.leaf.time + self._ahead:  # a night's reading, said to be of the next morning
            yield Act(Rule.TIME_AHEAD, (entry.index,), _about(entry))
            return
        if moment > self._latest:
            self._latest, self._at = moment, entry.index
        if entry.kind in READS and entry.by_staff:
            self._count(entry, moment)

    def _count(self, entry: Entry, moment: int) -> None:
        recent = self._recent.setdefault(entry.actor, deque())
        recent.append(entry)
        while (recent[0].moment or 0) <= moment - self._rules.bulk_minutes * 60:
            recent.popleft()
        if len({each.case for each in recent}) <= self._rules.bulk_cases:
            return
        bulks = self._bulks.setdefault(entry.actor, [])
        if bulks and bulks[-1][-1] in recent:
            bulks[-1].append(entry)
        else:
            bulks.append(list(recent))

    def bulks(self) -> Iterator[Act]:
        """Return each time somebody read in bulk, as one finding."""
        for actor, bulks in self._bulks.items():
            for entries in bulks:
                count = len({each.case for each in entries})
                minutes = ((entries[-1].moment or 0) - (entries[0].moment or 0) + 59) // 60
                about: dict[str, str | int] = {"actor": actor, "count": count, "minutes": minutes}
                yield Act(Rule.BULK_READ, tuple(each.index for each in entries), about)


def _about(entry: Entry) -> dict[str, str | int]:
    return {name: entry.fields[name] for name in ("actor", "case", "kind", "record", "role", "time")}
