"""The portal's rows against its log, both ways: what the tables say and what the entries say must be the same.

A file of rows names, for each row that rests on an entry, the table, the entry and what that entry must say; and for
tables that only say how things are (who has which case, which accounts there are, what is suspended) what they say.
There is nothing of a petition in it. Rules
  1. A row that rests on an entry: the entry says the same of everything that the row says.
  2. An entry of a kind that leaves a row has one.
  3. How things are in the tables follows from the entries, and the other way round.

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
    **dict.fromkeys(("record_read", "answer_read", "evidence_read", "notes_read"), "sitting"),
    **dict.fromkeys(
        (
            "acknowledged", "stage_changed", "decision_drafted", "decision_approved", "correction", "question_asked",
            "question_withdrawn", "question_answered", "messages_read", "petition_withdrawn", "access_suspended",
            "access_restored", "place_flagged",
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
    """A file of rows; `size` is how many entries the log had when it was made."""

    origin: str
    size: int
    rows: tuple[Row, ...]


def load_rows(path: Path) -> bytes:
    """Return the text of a file of rows; raises ``CannotCheckError``."""
    try:
        with path.open("rb") as file:
            return file.read(ROWS_LIMIT)
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_ROWS, file=str(path)) from error


def read_rows(text: bytes, name: str = "") -> Rows:
    """Return what a file of rows holds; raises ``CannotCheckError``."""
    try:
        data: dict[str, Any] = json.loads(text)
        if data["v"] != VERSION or type(data["size"]) is not int:
            raise ValueError("not a file of rows")
        return Rows(str(data["origin"]), data["size"], tuple(_row(item) for item in data["rows"]))
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
        if table and entry.index < rows.size and entry.index not in ended and (table, entry.index) not in there:
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
