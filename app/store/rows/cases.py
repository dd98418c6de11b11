"""Cases, manifests, ciphertext indexes, redacted records, cards, assignments."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Executable, Row, Select, bindparam, delete, insert, select, update

from app.domain.entities import Case, CaseId, CaseLink, Manifest, QueueEntry, RecordPlace, SealedObject, Stage
from app.store import tables
from app.store.prepared import Change, Prepared

_OPERATIONAL = (
    tables.case.c.id,
    tables.case.c.stage,
    tables.case.c.received_at,
    tables.case.c.entry_index,
    tables.case.c.log_counter,
    tables.case.c.version,
    tables.case.c.suspended,
)

# Statements are built once: building one costs several times what running it does.
_cases, _manifests, _objects = tables.case.c, tables.manifest.c, tables.sealed_object.c
_records, _assignments = tables.redacted_record.c, tables.assignment.c
_CASE: BindParameter[Any] = bindparam("case")
_VERSION: BindParameter[Any] = bindparam("version")
GONE = "DESTROYED"
"""The stage of the stub that is left of a destroyed case: no case is read from it."""
_GET = Prepared(select(tables.case).where((_cases.id == _CASE) & (_cases.stage != GONE)))
_BY_STATUS = Prepared(select(tables.case).where(_cases.status_hash == bindparam("status_hash")))
_IS_THERE = Prepared(select(_cases.log_counter).where((_cases.id == _CASE) & (_cases.stage != GONE)))
_COUNTERS = select(_cases.id, _cases.log_counter).where(_cases.id.in_(bindparam("cases", expanding=True)))
_COUNTER = Prepared(select(_cases.log_counter).where(_cases.id == _CASE))
_SET_COUNTER = Change(update(tables.case).where(_cases.id == _CASE).values(log_counter=bindparam("counter")))
_MANIFEST = Prepared(select(tables.manifest).where(_manifests.sha256 == bindparam("hash")))
_NEWEST_MANIFEST = Prepared(
    select(tables.manifest).where(_manifests.case_id == _CASE).order_by(_manifests.version.desc()).limit(1)
)
_OBJECT = select(tables.sealed_object).where((_objects.case_id == _CASE) & (_objects.sha256 == bindparam("hash")))
_RECORD_PLACE = (_records.case_id == _CASE) & (_records.record == bindparam("name")) & (_records.version == _VERSION)
_RECORD = Prepared(select(_records.body).where(_RECORD_PLACE))
_VERSIONS = (
    select(_records.record, _records.version)
    .where(_records.case_id == _CASE)
    .order_by(_records.record, _records.version)
)
_DROP_RECORD = delete(tables.redacted_record).where(_RECORD_PLACE)
_pages = tables.copy_page.c
_PAGES_PLACE = (_pages.case_id == _CASE) & (_pages.record == bindparam("name")) & (_pages.version == _VERSION)
_PAGE = Prepared(select(_pages.body).where(_PAGES_PLACE & (_pages.page == bindparam("page"))))
_DROP_PAGES, _ADD_PAGES = delete(tables.copy_page).where(_PAGES_PLACE), insert(tables.copy_page)
_OBJECT_IDS = select(_objects.id).where(
    (_objects.case_id == _CASE) & _objects.sha256.in_(bindparam("hashes", expanding=True))
)
_DROP_USES = delete(tables.part_use).where(tables.part_use.c.object_id == bindparam("object"))
_DROP_OBJECT = delete(tables.sealed_object).where(_objects.id == bindparam("object"))
_ENTRIES: Select[Any] = select(*_OPERATIONAL)
_QUEUE = _ENTRIES.order_by(_cases.received_at, _cases.id)
_ENTRY = _ENTRIES.where(_cases.id == _CASE)
_CARDS = select(tables.case_card).where(tables.case_card.c.case_id.in_(bindparam("cases", expanding=True)))
_AT_ONCE = 500
"""Cards asked for in one statement: engines bound how many values one may carry."""
_ALL_ASSIGNED = (
    select(_assignments.case_id, tables.staff.c.name)
    .join(tables.staff, tables.staff.c.id == _assignments.staff_id)
    .order_by(_assignments.since)
)
_ASSIGNED = _ALL_ASSIGNED.where(_assignments.case_id == _CASE)
_IS_ASSIGNED = select(_assignments.since).where(
    (_assignments.case_id == _CASE) & (_assignments.staff_id == bindparam("staff"))
)
_SEEN_BY = Prepared(
    select(*_OPERATIONAL, _assignments.since)
    .outerjoin(tables.assignment, (_assignments.case_id == _cases.id) & (_assignments.staff_id == bindparam("staff")))
    .where(_cases.id == _CASE)
)
_STATUS_HASH = Prepared(select(_cases.status_hash).where(_cases.id == _CASE))
_ADD_CASE = Change(
    insert(tables.case),
    "id",
    "genesis",
    "status_hash",
    "sign_in_vkey",
    "stage",
    "received_at",
    "entry_index",
    "log_counter",
    "version",
)
_ADD_CARD = Change(insert(tables.case_card), "case_id", "body")
_ADD_MANIFEST = Change(insert(tables.manifest), "case_id", "version", "sha256", "note", "entry_index")
_ADD_OBJECTS = Change(insert(tables.sealed_object), "case_id", "sha256", "kind", "record", "size", "parts")
_OBJECT_NUMBERS = Prepared(select(_objects.id, _objects.sha256).where(_objects.case_id == _CASE))
_ADD_USES = Change(insert(tables.part_use), "part", "object_id")
_ADD_RECORD = Change(insert(tables.redacted_record), "case_id", "record", "version", "sha256", "body")


class SqlCaseRows:
    """`CaseRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: Case, status_hash: str, card_sealed: bytes) -> None:
        """Insert a case with its card."""
        _ADD_CASE.run(
            self._connection,
            {
                "id": case.id,
                "genesis": case.genesis,
                "status_hash": status_hash,
                "sign_in_vkey": case.sign_in_vkey,
                "stage": case.stage,
                "received_at": case.received_at,
                "entry_index": case.entry_index,
                "log_counter": case.log_counter,
                "version": case.version,
            },
        )
        _ADD_CARD.run(self._connection, {"case_id": case.id, "body": card_sealed})

    def get(self, case: CaseId) -> Case | None:
        """Return a case with the fields that the petitioner face may read."""
        return self._one(_GET, {"case": case})

    def by_status_hash(self, status_hash: str) -> Case | None:
        """Return the case that a status code leads to."""
        return self._one(_BY_STATUS, {"status_hash": status_hash})

    def status_hash_of(self, case: CaseId) -> str | None:
        """Return the hash of a case's status code."""
        found: str | None = _STATUS_HASH.scalar(self._connection, {"case": case})
        return found

    def matching(self, prefix: str) -> Sequence[CaseId]:
        """Return at most two case numbers that begin with a prefix."""
        there = tables.case.c.id.startswith(prefix, autoescape=True) & (tables.case.c.stage != GONE)
        ids = select(tables.case.c.id).where(there).limit(2)
        return [CaseId(found) for found in self._connection.scalars(ids)]

    def set_entry_index(self, case: CaseId, index: int) -> None:
        """Note where the log says that the case was received."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(entry_index=index))

    def set_stage(self, case: CaseId, stage: Stage) -> None:
        """Note where a case stands now; the event that says so is in the same transaction."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(stage=stage))

    def set_suspended(self, case: CaseId, since: int | None) -> None:
        """Note that the office's access is suspended since a time, or open again."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(suspended=since))

    def is_there(self, case: CaseId) -> bool:
        """Tell whether a case is there and was not destroyed."""
        return _IS_THERE.first(self._connection, {"case": case}) is not None

    def take_counters(self, wanted: Mapping[CaseId, int]) -> dict[CaseId, int]:
        """Take so many numbers for the tags of each case and return the first; only the sequencer calls this.

        Raises LookupError for a case that is not there.
        """
        first = self._counters(list(wanted))
        if len(first) != len(wanted):
            raise LookupError("no such case")
        taken = [{"case": case, "counter": first[case] + count} for case, count in wanted.items()]
        _SET_COUNTER.run(self._connection, *taken)
        return first

    def _counters(self, cases: Sequence[CaseId]) -> dict[CaseId, int]:
        """Return the counters of those of the cases that are there."""
        if len(cases) > 1:
            rows = self._connection.execute(_COUNTERS, {"cases": cases})
            return {CaseId(row.id): int(row.log_counter) for row in rows}
        found = {case: _COUNTER.scalar(self._connection, {"case": case}) for case in cases}
        return {case: counter for case, counter in found.items() if counter is not None}

    def add_manifest(self, manifest: Manifest) -> None:
        """Insert a manifest note."""
        _ADD_MANIFEST.run(
            self._connection,
            {
                "case_id": manifest.case,
                "version": manifest.version,
                "sha256": manifest.sha256,
                "note": manifest.note,
                "entry_index": manifest.entry_index,
            },
        )

    def manifest_by_hash(self, sha256: str) -> Manifest | None:
        """Return the manifest with a hash: the idempotency key of filing."""
        return self._manifest(_MANIFEST, {"hash": sha256})

    def newest_manifest(self, case: CaseId) -> Manifest | None:
        """Return the newest manifest of a case."""
        return self._manifest(_NEWEST_MANIFEST, {"case": case})

    def manifests(self, case: CaseId) -> Sequence[Manifest]:
        """Return every manifest of a case, the newest last."""
        rows = select(tables.manifest).where(_manifests.case_id == case).order_by(_manifests.version)
        return [_manifest(row) for row in self._connection.execute(rows)]

    def set_keys(self, case: CaseId, sign_in_vkey: str, status_hash: str) -> None:
        """Note who signs in and which code asks for the status from a new epoch on."""
        values = {"sign_in_vkey": sign_in_vkey, "status_hash": status_hash}
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(values))

    def drop_objects(self, case: CaseId, shas: Sequence[str]) -> None:
        """Delete the index rows of ciphertexts and their use of parts; the parts are dropped by themselves."""
        for start in range(0, len(shas), _AT_ONCE):
            wanted = {"case": case, "hashes": list(shas[start : start + _AT_ONCE])}
            numbers = [{"object": number} for number in self._connection.scalars(_OBJECT_IDS, wanted)]
            if numbers:
                self._connection.execute(_DROP_USES, numbers)
                self._connection.execute(_DROP_OBJECT, numbers)

    def add_objects(self, items: Sequence[SealedObject]) -> None:
        """Insert the index rows of one case's ciphertexts and note their use of each part."""
        rows = [
            {
                "case_id": item.case,
                "sha256": item.sha256,
                "kind": item.kind,
                "record": item.record,
                "size": item.size,
                "parts": " ".join(item.parts),
            }
            for item in items
        ]
        _ADD_OBJECTS.run(self._connection, *rows)
        there = _OBJECT_NUMBERS.all(self._connection, {"case": items[0].case})
        numbers = {row.sha256: row.id for row in there}
        uses = [{"part": part, "object_id": numbers[item.sha256]} for item in items for part in sorted(set(item.parts))]
        _ADD_USES.run(self._connection, *uses)

    def objects(self, case: CaseId) -> Sequence[SealedObject]:
        """Return all ciphertexts of a case."""
        rows = select(tables.sealed_object).where(tables.sealed_object.c.case_id == case)
        return [_object(row) for row in self._connection.execute(rows.order_by(tables.sealed_object.c.id))]

    def object_of_kind(self, case: CaseId, kind: str) -> SealedObject | None:
        """Return the newest ciphertext of a kind."""
        where = (tables.sealed_object.c.case_id == case) & (tables.sealed_object.c.kind == kind)
        rows = select(tables.sealed_object).where(where).order_by(tables.sealed_object.c.id.desc()).limit(1)
        row = self._connection.execute(rows).first()
        return _object(row) if row else None

    def get_object(self, case: CaseId, sha256: str) -> SealedObject | None:
        """Return one ciphertext of a case."""
        row = self._connection.execute(_OBJECT, {"case": case, "hash": sha256}).first()
        return _object(row) if row else None

    def add_link(self, link: CaseLink) -> None:
        """Insert that a case refiles an earlier one."""
        row = {"case_id": link.case, "earlier": link.earlier, "note": link.note, "entry_index": link.entry_index}
        self._connection.execute(insert(tables.case_link), row)

    def link_of(self, case: CaseId) -> CaseLink | None:
        """Return which earlier case a case refiles."""
        row = self._connection.execute(select(tables.case_link).where(tables.case_link.c.case_id == case)).first()
        return CaseLink(CaseId(row.case_id), CaseId(row.earlier), row.note, row.entry_index) if row else None

    def add_record(self, place: RecordPlace, sha256: str, body_sealed: bytes) -> None:
        """Insert a version of a redacted record."""
        _ADD_RECORD.run(
            self._connection,
            {
                "case_id": place.case,
                "record": place.record,
                "version": place.version,
                "sha256": sha256,
                "body": body_sealed,
            },
        )

    def record_sealed(self, place: RecordPlace) -> bytes | None:
        """Return a version of a redacted record, still encrypted."""
        sealed: bytes | None = _RECORD.scalar(self._connection, _place(place))
        return sealed

    def record_versions(self, case: CaseId) -> Sequence[RecordPlace]:
        """Return every version of every redacted record of a case."""
        found = self._connection.execute(_VERSIONS, {"case": case})
        return [RecordPlace(case, row.record, row.version) for row in found]

    def all_records(self) -> Sequence[RecordPlace]:
        """Return every version of every redacted record there is."""
        rows = self._connection.execute(select(_records.case_id, _records.record, _records.version))
        return [RecordPlace(CaseId(row.case_id), row.record, row.version) for row in rows]

    def add_pages(self, place: RecordPlace, sealed: Sequence[bytes]) -> None:
        """Insert the pages of a copy, numbered from 1."""
        row = {"case_id": place.case, "record": place.record, "version": place.version}
        if sealed:
            self._connection.execute(
                _ADD_PAGES, [{**row, "page": number, "body": body} for number, body in enumerate(sealed, start=1)]
            )

    def page_sealed(self, place: RecordPlace, page: int) -> bytes | None:
        """Return a page of a copy, still encrypted."""
        sealed: bytes | None = _PAGE.scalar(self._connection, {**_place(place), "page": page})
        return sealed

    def drop_record(self, place: RecordPlace) -> None:
        """Delete a version of a redacted record, and its pages if it is a copy."""
        self._connection.execute(_DROP_PAGES, _place(place))
        self._connection.execute(_DROP_RECORD, _place(place))

    def set_record(self, case: CaseId, version: int, card_sealed: bytes) -> None:
        """Put a version of the record in force, with the card that follows from it."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(version=version))
        card = tables.case_card
        self._connection.execute(update(card).where(card.c.case_id == case).values(body=card_sealed))

    def queue(self) -> Sequence[QueueEntry]:
        """Return every case with those who read it, oldest first; no card is touched."""
        assigned = self._assigned(_ALL_ASSIGNED, {})
        return [_queue_row(row, assigned.get(row.id, ())) for row in self._connection.execute(_QUEUE)]

    def card(self, case: CaseId) -> QueueEntry | None:
        """Return one case with those who read it."""
        row = self._connection.execute(_ENTRY, {"case": case}).first()
        return _queue_row(row, self._assigned(_ASSIGNED, {"case": case}).get(case, ())) if row else None

    def cards_sealed(self, cases: Sequence[CaseId]) -> Mapping[CaseId, bytes]:
        """Return the cards of cases, still encrypted."""
        found: dict[CaseId, bytes] = {}
        for start in range(0, len(cases), _AT_ONCE):
            rows = self._connection.execute(_CARDS, {"cases": list(cases[start : start + _AT_ONCE])})
            found |= {CaseId(row.case_id): row.body for row in rows}
        return found

    def assign(self, case: CaseId, staff: int, since: int) -> None:
        """Assign a case to a member of staff; a second time changes nothing."""
        if not self.is_assigned(case, staff):
            self._connection.execute(insert(tables.assignment), {"case_id": case, "staff_id": staff, "since": since})

    def is_assigned(self, case: CaseId, staff: int) -> bool:
        """Tell whether a case is assigned to a member of staff."""
        return self._connection.scalar(_IS_ASSIGNED, {"case": case, "staff": staff}) is not None

    def seen_by(self, case: CaseId, staff: int) -> tuple[Case, bool] | None:
        """Return a case with whether it is assigned to a member of staff: `card` and `is_assigned` in one look."""
        row = _SEEN_BY.first(self._connection, {"case": case, "staff": staff})
        return (_case(row), row.since is not None) if row else None

    def _one(self, question: Prepared, values: Mapping[str, str]) -> Case | None:
        row = question.first(self._connection, values)
        return _case(row, row.genesis, row.sign_in_vkey) if row else None

    def _manifest(self, question: Prepared, values: Mapping[str, str]) -> Manifest | None:
        row = question.first(self._connection, values)
        return _manifest(row) if row else None

    def _assigned(self, rows: Executable, values: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for row in self._connection.execute(rows, values):
            names[row.case_id] = (*names.get(row.case_id, ()), row.name)
        return names


def _case(row: Row[Any], genesis: str = "", sign_in_vkey: str = "") -> Case:
    return Case(
        id=CaseId(row.id),
        genesis=genesis,
        sign_in_vkey=sign_in_vkey,
        stage=Stage(row.stage),
        received_at=row.received_at,
        entry_index=row.entry_index,
        log_counter=row.log_counter,
        version=row.version,
        suspended=row.suspended,
    )


def _manifest(row: Row[Any]) -> Manifest:
    return Manifest(CaseId(row.case_id), row.version, row.note, row.sha256, row.entry_index)


def _place(place: RecordPlace) -> Mapping[str, Any]:
    return {"case": place.case, "name": place.record, "version": place.version}


def _queue_row(row: Row[Any], assigned: tuple[str, ...]) -> QueueEntry:
    return QueueEntry(case=_case(row), assigned=assigned)


def _object(row: Row[Any]) -> SealedObject:
    return SealedObject(
        case=CaseId(row.case_id),
        sha256=row.sha256,
        kind=row.kind,
        record=row.record,
        size=row.size,
        parts=tuple(row.parts.split()),
    )
