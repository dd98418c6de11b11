"""The portal's rows against its log, both ways: what the tables say and what the entries say must be the same.

A file of rows names, for each row that rests on an entry, the table, the entry and what that entry must say; and for
tables that only say how things are (who has which case, which accounts there are, what is suspended) what they say.
There is nothing of a petition in it. A file tells of the rows from an entry on (`since`), so that a following
auditor downloads what is new and keeps the files of before; only a file from entry 0 on shows whether old rows are what
they were. Rules
  1. A row that rests on an entry: the entry says the same of everything that the row says, in whichever file.
  2. An entry of a kind that leaves a row has one, where a file tells of that entry.
  3. How things are in the tables, by the newest file, follows from the entries, and the other way round.

A portal can hand out other rows than it uses; that is not seen here. What is seen is rows that were changed behind its
back, and whoever invents rows has to invent them to fit what is logged.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from app.audit.entries import Entry, named_entries
from app.audit.finding import CannotCheckError, Code, Obstacle, Remark, Report
from app.audit.office import Office

VERSION = 1
ROWS_LIMIT = 256 * 1024 * 1024
Said: TypeAlias = tuple[tuple[str, str], ...]

TABLES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("record_read", "answer_read", "evidence_read", "notes_read", "public_read"), "sitting"),
    **dict.fromkeys(
        (
            "acknowledged", "stage_changed", "decision_drafted", "decision_approved", "correction", "question_asked",
            "question_withdrawn", "question_answered", "messages_read", "petition_withdrawn", "access_suspended",
            "access_restored", "place_flagged", "public_released", "public_withdrawn", "public_handed_on",
        ),
        "case_event",
    ),
    "note_written": "case_note",
    "petition_received": "petition_case",
    "case_refiled": "case_link",
}  # fmt: skip
"""In which table an entry of a kind leaves a row."""


@dataclass(frozen=True)
class Row:
    """One row: its table, the entry that it rests on, None for one that says how things are, and what it says."""

    table: str
    entry: int | None
    said: Said


@dataclass(frozen=True)
class Rows:
    """Files of rows as one; `size` is how many entries the log had when the newest was made.

    `told` are the ranges of entries, ends not included, of which the files tell.
    """

    origin: str
    size: int
    rows: tuple[Row, ...]
    told: tuple[tuple[int, int], ...]

    def tell_of(self, index: int) -> bool:
        """Tell whether an entry's row would be in the files."""
        return any(since <= index < size for since, size in self.told)

    def untold(self) -> list[tuple[int, int]]:
        """Return the ranges before `size` of which no file tells."""
        gaps, reached = [], 0
        for since, size in sorted(self.told):
            if since > reached:
                gaps.append((reached, since))
            reached = max(reached, size)
        return gaps


def load_rows(path: Path) -> list[tuple[str, bytes]]:
    """Return name and text of a file of rows, or of every `*.json` of a folder; raises ``CannotCheckError``."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    try:
        texts = []
        for each in files:
            with each.open("rb") as file:
                texts.append((str(each), file.read(ROWS_LIMIT)))
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_ROWS, file=str(path)) from error
    return texts


def read_rows(texts: Sequence[tuple[str, bytes]], where: str = "") -> Rows:
    """Return what files of rows hold, given as (name, text).

    Raises:
        CannotCheckError: one is no file of rows, there is none, or they are of different logs.
    """
    files = sorted((_read_one(text, name) for name, text in texts), key=lambda each: each.size)
    if not files or len({each.origin for each in files}) != 1:
        raise CannotCheckError(Obstacle.BAD_ROWS, file=where)
    newest = files[-1]
    resting = dict.fromkeys(row for each in files for row in each.rows if row.entry is not None)
    standing = [row for row in newest.rows if row.entry is None]
    told = tuple(reach for each in files for reach in each.told)
    return Rows(newest.origin, newest.size, (*resting, *standing), told)


def _read_one(text: bytes, name: str) -> Rows:
    try:
        data: dict[str, Any] = json.loads(text)
        size, since = data["size"], data.get("since", 0)
        if data["v"] != VERSION or type(size) is not int or type(since) is not int or not 0 <= since <= size:
            raise ValueError("not a file of rows")
        return Rows(str(data["origin"]), size, tuple(_row(item) for item in data["rows"]), ((since, size),))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CannotCheckError(Obstacle.BAD_ROWS, file=name) from error


def _row(item: Any) -> Row:
    table, entry, said = item
    if not isinstance(table, str) or not (entry is None or (type(entry) is int and entry >= 0)):
        raise ValueError("a row is a table, an entry and what it says")
    if not all(isinstance(part, str) for pair in said.items() for part in pair):
        raise ValueError("a row says texts")
    return Row(table, entry, tuple(sorted(said.items())))


def reconcile(rows: Rows, entries: Sequence[Entry], known: int, report: Report) -> int:
    """Tell where rows and entries differ (1. to 3.), and return how many rows rest on an entry that says the same.

    ``known`` is up to where everything is open; rules 2 and 3 need all of it.
    """
    by_index = {entry.index: entry for entry in entries if entry.whole}
    resting = [row for row in rows.rows if row.entry is not None]
    agreed = sum(_rests(row, by_index.get(row.entry or 0), report) for row in resting if _is_open(row, by_index))
    pending = sum((row.entry or 0) >= report.size for row in resting)
    unopened = sum(not _is_open(row, by_index) for row in resting) - pending
    for code, count in ((Remark.PENDING_ROW, pending), (Remark.ROW_UNOPENED, unopened)):
        if count:
            report.remark(code, count=count)
    _lacking(rows, entries, report)
    for first, end in rows.untold():
        report.remark(Remark.ROWS_UNTOLD, first=first, last=end - 1)
    if known >= rows.size:
        _compare_standing(rows, [entry for entry in entries if entry.index < rows.size], report)
    else:
        report.remark(Remark.ROWS_UNCOMPARED, index=rows.size)
    return agreed


def _is_open(row: Row, by_index: Mapping[int, Entry]) -> bool:
    return row.entry in by_index


def _rests(row: Row, entry: Entry | None, report: Report) -> bool:
    if entry is not None and all(entry.fields.get(name) == value for name, value in row.said):
        return True
    report.findings.add(Code.ROW_DIFFERS, index=row.entry or 0, table=row.table, said=_words(row.said))
    return False


def _lacking(rows: Rows, entries: Sequence[Entry], report: Report) -> None:
    there = {(row.table, row.entry) for row in rows.rows}
    ended = set().union(*map(named_entries, entries))
    for entry in entries:
        table = TABLES.get(entry.kind, "")
        if table and rows.tell_of(entry.index) and entry.index not in ended and (table, entry.index) not in there:
            said = (("actor", entry.actor), ("case", entry.case), ("kind", entry.kind))
            report.findings.add(Code.ENTRY_WITHOUT_ROW, index=entry.index, table=table, said=_words(said))


def _compare_standing(rows: Rows, entries: Sequence[Entry], report: Report) -> None:
    office = Office()
    for entry in entries:
        office.take(entry)
    told: dict[str, set[Said]] = {"assignment": set(), "staff": set(), "suspension": set()}
    for row in rows.rows:
        if row.entry is None and row.table in told:
            told[row.table].add(row.said)
    for table, logged in _standing(office).items():
        for said in sorted(told[table] - logged):
            report.findings.add(Code.ROW_WITHOUT_ENTRY, table=table, said=_words(said))
        for said in sorted(logged - told[table]):
            report.findings.add(Code.ENTRY_WITHOUT_ROW, table=table, said=_words(said))


def _standing(office: Office) -> dict[str, set[Said]]:
    readers = ((case, name) for case, facts in office.cases.items() for name in facts.readers)
    suspended = (case for case, facts in office.cases.items() if facts.suspended is not None)
    accounts = ((name, each.role, "off" if each.disabled else "on") for name, each in office.accounts.items())
    return {
        "assignment": {(("case", case), ("reader", name)) for case, name in readers},
        "staff": {(("name", name), ("role", role), ("state", state)) for name, role, state in accounts},
        "suspension": {(("case", case),) for case in suspended},
    }


def _words(said: Said) -> str:
    return " ".join(f"{name}={value}" for name, value in said)
