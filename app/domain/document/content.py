"""What stands in the document, block by block, in the reader's language; how it looks is the page's matter.

A block is a group with a `kind`: `text` (paragraphs of lines), `facts` (label and values), `list`, `dated` (day and
words), `table`, `notice`, `heading`. `lang` says in which language its words are written, where they are the
petitioner's. Nothing here is markup: every text is shown letter by letter.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton

from app.domain.filing.record import OTHER_ROLES
from app.domain.labels import TABLES, label
from app.domain.paths import parse_path
from app.domain.record_view import Fact, Happening, RecordView
from app.glyphs import lines, shown
from app.i18n import N_, t

Block = dict[str, Any]
_LOCALES = {"es": "es_MX", "en": "en", "fr": "fr_CA"}
_CODED = {"class": "sector", "traded": "word", "competes": "word", "country": "word", "language": "word"}


def day(language: str, value: date | str) -> str:
    """Return a day or a month in words; other text stays as it is."""
    if isinstance(value, date):
        return format_date(value, "long", locale=_LOCALES[language])
    try:
        return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=_LOCALES[language])
    except ValueError:
        return shown(value)


class Content:
    """The sections of a record, in one language."""

    def __init__(self, record: RecordView, language: str) -> None:
        self._record = record
        self._language = language

    def sections(self) -> list[Block]:
        """Return the sections in reading order; one that would be empty says so, or is left out where that is right."""
        record = self._record
        made = [
            self._section(N_("Urgency"), self._urgency(), required=False),
            self._section(N_("Workplace"), self._workplace()),
            self._section(N_("Petitioners"), self._petitioners()),
            self._section(N_("Denial of rights"), self._denial()),
            self._section(N_("Facts"), self._facts()),
            self._section(N_("Timeline"), self._happenings(record.timeline)),
            self._section(N_("Unions"), self._unions()),
            self._section(N_("Witnesses"), self._witnesses()),
            self._section(N_("Evidence"), self._evidence()),
            self._section(N_("Remedy asked for"), self._remedy()),
            self._section(N_("Translations"), self._translations(), required=False),
        ]
        return [section for section in made if section is not None]

    def _say(self, msgid: str, **values: object) -> str:
        return t(self._language, msgid, **values)

    def _label(self, table: str, code: str) -> str:
        return label(self._language, table, code) if code in TABLES[table] else shown(code)

    def _section(self, title: str, blocks: Iterable[Block], *, required: bool = True) -> Block | None:
        made = list(blocks)
        if not made and not required:
            return None
        return {"title": self._say(title), "blocks": made or [self._own([self._say(N_("None stated"))])]}

    # Kinds of blocks

    def _own(self, paragraphs: Sequence[str]) -> Block:
        """Return paragraphs of ours, in the reader's language."""
        return {"kind": "text", "paragraphs": [[shown(text)] for text in paragraphs], "lang": self._language}

    def _text(self, paragraphs: Sequence[str], lang: str = "") -> Block:
        """Return paragraphs of the petitioner."""
        written = lang or self._record.language
        return {"kind": "text", "paragraphs": [lines(text) for text in paragraphs], "lang": written}

    def _heading(self, title: str) -> Block:
        return {"kind": "heading", "text": self._say(title)}

    def _rows(self, rows: Iterable[tuple[str, Sequence[str]]]) -> Block:
        """Return labels with the petitioner's values."""
        shown_rows = [[name, [shown(value) for value in values]] for name, values in rows]
        return {"kind": "facts", "rows": shown_rows, "lang": self._record.language}

    def _fact_rows(self, facts: Sequence[Fact]) -> Iterable[Block]:
        if facts:
            yield self._rows((self._label("fact", fact.key), self._values(fact)) for fact in facts)

    def _values(self, fact: Fact) -> list[str]:
        table = _CODED.get(fact.key)
        return [self._label(table, value) if table else value for value in fact.values]

    def _happenings(self, items: Sequence[Happening]) -> Iterable[Block]:
        rows = [[day(self._language, item.day), self._happened(item)] for item in items]
        if rows:
            yield {"kind": "dated", "rows": rows, "lang": self._record.language}

    def _happened(self, item: Happening) -> str:
        kind = self._label("union_event", item.kind) if item.kind else ""
        return ": ".join(part for part in (kind, shown(item.words)) if part)

    def _items(self, items: Sequence[str], lang: str = "") -> Block:
        return {"kind": "list", "items": [shown(item) for item in items], "lang": lang or self._language}

    # Sections

    def _urgency(self) -> Iterable[Block]:
        record = self._record
        if record.urgency_reason:
            rows = [(self._say(N_("Reason")), [self._label("urgency", record.urgency_reason)])]
            if record.urgency_day:
                rows.append((self._say(N_("When")), [day(self._language, record.urgency_day)]))
            yield self._rows(rows)
        if record.urgency_note:
            yield self._text([record.urgency_note])

    def _workplace(self) -> Iterable[Block]:
        yield from self._fact_rows(self._record.facility)
        if self._record.coverage:
            yield self._heading(N_("Why the mechanism covers it"))
            yield from self._fact_rows(self._record.coverage)

    def _petitioners(self) -> Iterable[Block]:
        record = self._record
        if record.petitioners:
            yield self._items([self._petitioner(place) for place in range(len(record.petitioners))])
        else:
            yield self._own([self._say(N_("The petition is anonymous."))])
        if record.contact:
            yield self._heading(N_("Contact"))
            yield from self._fact_rows(record.contact)

    def _petitioner(self, place: int) -> str:
        petitioner = self._record.petitioners[place]
        kind = self._label("petitioner", petitioner.type) if petitioner.type else ""
        lead = self._say(N_("lead contact")) if petitioner.lead else ""
        country = f" ({self._label('word', petitioner.country)})" if petitioner.country else ""
        who = ", ".join(part for part in (petitioner.shown, kind + country, lead) if part)
        public = N_("The name may be public.") if petitioner.public else N_("The name must not be made public.")
        return f"{who}. {self._say(public)}"

    def _denial(self) -> Iterable[Block]:
        record = self._record
        if record.denial_types:
            yield self._items([self._label("denial", code) for code in record.denial_types])
        if record.laws:
            yield self._heading(N_("Laws named"))
            yield self._items(record.laws, record.language)

    def _facts(self) -> Iterable[Block]:
        record = self._record
        if record.period_from or record.period_to:
            ends = [day(self._language, end) for end in (record.period_from, record.period_to) if end]
            yield self._rows([(self._say(N_("Period")), [" – ".join(ends)])])
        if record.summary:
            yield self._heading(N_("Summary"))
            yield self._text(record.summary)
        if record.narrative:
            yield self._heading(N_("Narrative"))
            yield self._text(record.narrative)

    def _unions(self) -> Iterable[Block]:
        yield from self._fact_rows(self._record.unions)
        if self._record.union_events:
            yield self._heading(N_("Events"))
            yield from self._happenings(self._record.union_events)

    def _witnesses(self) -> Iterable[Block]:
        record = self._record
        sealed = N_("Who they are is sealed. Neither the portal nor whoever reads this document can open it.")
        yield {"kind": "notice", "text": self._say(sealed)}
        yield from self._fact_rows(record.attestation)
        if record.role_classes:
            yield self._heading(N_("Their work"))
            yield self._items([f"{self._role(name)}: {count}" for name, count in record.role_classes])

    def _role(self, name: str) -> str:
        merged = N_("Several kinds of work, put together so that nobody stands out")
        return self._say(merged) if name == OTHER_ROLES else name

    def _evidence(self) -> Iterable[Block]:
        if not self._record.evidence:
            return
        yield self._own(
            [self._say(N_("This is the index only. The files are sealed and are not part of this document."))]
        )
        sealed = self._say(N_("sealed; not included"))
        head = (N_("Number"), N_("Kind"), N_("Title"), N_("When"), N_("File"))
        rows = [
            [
                shown(item.id),
                self._label("evidence", item.kind),
                shown(item.title),
                day(self._language, item.when),
                sealed,
            ]
            for item in self._record.evidence
        ]
        names = [self._say(name) for name in head]
        yield {"kind": "table", "head": names, "rows": rows, "lang": self._record.language}

    def _remedy(self) -> Iterable[Block]:
        record = self._record
        if record.remedy:
            yield self._rows((self._label("remedy", item.kind), [item.detail]) for item in record.remedy)
        if record.proceedings:
            yield self._heading(N_("Other proceedings"))
            yield self._rows((shown(item.kind), [item.detail]) for item in record.proceedings)

    def _translations(self) -> Iterable[Block]:
        for translation in self._record.translations:
            for path, texts in translation.texts:
                into = self._label("word", translation.language)
                yield {"kind": "heading", "text": f"{into}: {self._label('fact', path)}"}
                yield self._text(texts, translation.language)


def left_out_words(language: str, paths: Sequence[str]) -> list[str]:
    """Return what business confidential paths stand for, such as `Customers in the United States`."""
    return [_path_words(language, path) for path in paths]


def _path_words(language: str, path: str) -> str:
    names = [step for step in parse_path(path) if isinstance(step, str)]
    known = TABLES["fact"]
    found = next((name for name in (path, ".".join(names), *names[-1:]) if name in known), "")
    return f"{label(language, 'fact', found)} ({shown(path)})" if found else shown(path)
