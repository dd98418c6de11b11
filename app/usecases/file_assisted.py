"""Take an unsealed filing from those who cannot seal: sealed here in memory, then admitted like any other (law L2).

1. words and preparation give the case; 2. the same call again gets the same receipt; 3. the petition is settled by the
caller's decisions; 4. it is sealed, larger parts going into custody as ciphertext while they are made; 5. it passes the
rules of admission and is stored in one unit with the caller's key, so that of two calls at once one files; 6. the
receipt. What fails before 5 leaves nothing that a case would name.
"""

import contextlib
from dataclasses import dataclass, field, replace

from app.domain.assisted import (
    DETAIL,
    AssistedCall,
    Beginning,
    Mark,
    check_files,
    evidence_files,
    load_petition,
    mark_of,
    nameless,
    written_in,
)
from app.domain.custody import drop_upload, put_part
from app.domain.entities import AssistedFiling, Case, CaseId
from app.domain.errors import AdmissionError, AssistedError, DomainError, FilingError
from app.domain.filing import Preparation, Settled, Submission, build, seal
from app.domain.filing.preparation import UPLOAD_ID_SIZE
from app.domain.intake import Filed, Intake, admitted_call, receipt_of
from app.domain.ports import Portal, Unit, View
from crypto.digest import equal, sha256_hex


@dataclass(frozen=True)
class AssistedFiled:
    """A receipt, and what of the case a case folder holds besides."""

    filed: Filed
    genesis: str = field(repr=False)
    status_code: str = field(repr=False)


def file_assisted(portal: Portal, call: AssistedCall, *, upload_limit: int) -> AssistedFiled:
    """File by assisted intake; `upload_limit` in bytes.

    Raises:
        AssistedError, PetitionRefusedError, RoutedElsewhereError, FilingError: something must be otherwise; nothing was
        stored. ServiceError: case_conflict, storage_full, storage_busy, upload_space, upload_quota.
    """
    mark = mark_of(call)
    try:
        prepared = Beginning.read(call.words, call.preparation).case(portal.facts.name, call.holders)  # 1
        filed = _repeated(portal, mark, prepared) or _first(portal, call, mark, prepared, upload_limit)  # 2
    except (FilingError, AdmissionError) as error:
        refusal = nameless(error)
    else:
        return AssistedFiled(filed, prepared.genesis, prepared.status_code)
    raise refusal


def _repeated(portal: Portal, mark: Mark, prepared: Preparation) -> Filed | None:
    with portal.ledger.view() as view:
        case = _same(view, mark, CaseId(prepared.case))
    return receipt_of(portal, case) if case else None


def _same(view: View, mark: Mark, case: CaseId) -> Case | None:
    """Return the case of the same call, None if there was none. Raises AssistedError: key_used."""
    earlier = view.assisted.by_key(mark.key_hash)
    if earlier is None:
        return None
    if earlier.case != case or not equal(earlier.call_hash.encode(), mark.call_hash.encode()):
        raise AssistedError("key_used", "idempotency_key")
    return view.cases.get(case)


def _first(portal: Portal, call: AssistedCall, mark: Mark, prepared: Preparation, upload_limit: int) -> Filed:
    settled = _settle(portal, call)  # 3
    # Another id than the one that follows from the words: two calls at once must not share an upload.
    prepared = replace(prepared, upload=portal.random(UPLOAD_ID_SIZE).hex())
    try:
        submission = _seal(portal, call, prepared, settled, upload_limit)  # 4
        intake = Intake(portal, admitted_call(portal, submission.body()), DETAIL)  # 5
        committed = portal.ledger.write(lambda unit: _store(unit, mark, prepared, intake))
    except Exception:
        _drop(portal, prepared.upload)
        raise
    return receipt_of(portal, committed.value, committed.entries)  # 6


def _store(unit: Unit, mark: Mark, prepared: Preparation, intake: Intake) -> Case:
    same = _same(unit, mark, CaseId(prepared.case))
    if same is not None:
        unit.parts.end_upload(sha256_hex(prepared.upload.encode()))
        return same
    case = intake.store(unit)
    unit.assisted.add(AssistedFiling(mark.key_hash, mark.call_hash, case.id))
    return case


def _settle(portal: Portal, call: AssistedCall) -> Settled:
    petition = load_petition(call.petition).petition
    check_files(petition, {name: len(data) for name, data in call.files.items()})
    beginning = Beginning.read(call.words, call.preparation)
    review = beginning.review(portal.facts.name, petition, written_in(petition, call.language))
    return review.settle(call.decisions, careful=call.careful, signed_off=call.signed_off)


def _seal(portal: Portal, call: AssistedCall, prepared: Preparation, settled: Settled, upload_limit: int) -> Submission:
    def sink(sha256: str, data: bytes) -> None:
        put_part(portal, prepared.upload, sha256, data, upload_limit=upload_limit)

    files = evidence_files(settled.petition, call.files)
    return build(prepared, settled, seal(prepared, settled, files, sink, portal.random))


def _drop(portal: Portal, upload: str) -> None:
    with contextlib.suppress(DomainError):  # what cannot be dropped now is reaped with stale uploads
        drop_upload(portal, upload)
