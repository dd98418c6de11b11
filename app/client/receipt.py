"""Checking a receipt: the portal's proof that it has the petition, on which everything later rests (law L7)."""

from dataclasses import dataclass
from typing import Any

from app.client.case import CaseFile
from app.client.errors import TamperingError
from app.client.proofs import ProvedEntry, prove_carried
from app.client.succession import logs_of
from crypto.digest import equal
from crypto.errors import CryptoError
from crypto.log.commitments import case_tag
from crypto.log.leaf import LeafKind
from crypto.note import NoteType, NoteVerifier, open_typed
from crypto.secret import SecretBytes

RECEIVED = "petition_received"
REVISED = "petition_revised"
_MOST_TAGS = 100_000
"""Entries of one case among which a tag is looked for."""


@dataclass(frozen=True)
class Receipt:
    """A verified receipt; `received` is the portal's own time, RFC 3339; `deployment` is office or custodian."""

    received: str
    deployment: str
    entry: ProvedEntry


class _DiffersError(Exception):
    """One step of the check below failed; the text names the step."""


def check_receipt(case: CaseFile, manifest: str, case_log_key: SecretBytes, text: str, path: str) -> Receipt:
    """Return what a receipt proves about a filed manifest, by its hash; `path` is where it is kept, for the message.

    1. The entry is in the log, under a checkpoint that the pinned log key signed, and its opening fits. 2. The
    statement is signed by the pinned statement key and names this portal, case, manifest and index. 3. The opening
    says that this case was received. 4. The entry carries the case's first tag.

    Raises:
        TamperingError: a step fails.
    """
    return _check(_Expected(case, manifest, RECEIVED, LeafKind.RECEIVED, range(1)), case_log_key, text, path)


def check_revision_receipt(case: CaseFile, manifest: str, case_log_key: SecretBytes, text: str, path: str) -> Receipt:
    """Return what a receipt proves about a next version, by its manifest's hash; as `check_receipt`.

    3. The opening says that this case was revised to this manifest. 4. The entry carries one of the case's later tags.
    """
    return _check(_Expected(case, manifest, REVISED, LeafKind.EVENT, range(1, _MOST_TAGS)), case_log_key, text, path)


@dataclass(frozen=True)
class _Expected:
    """What a receipt must be about; `tags` are the numbers that its entry may have in the case."""

    case: CaseFile
    manifest: str
    kind: str
    leaf: LeafKind
    tags: range


def _check(expected: _Expected, case_log_key: SecretBytes, text: str, path: str) -> Receipt:
    case = expected.case
    try:
        # 1.
        entry, extra = prove_carried(case, text)
        # 2.
        statement = _check_statement(case, expected.manifest, extra["statement"], entry.index)
        # 3.
        said = (entry.fields.get("kind"), entry.fields.get("case"), entry.fields.get("record"))
        if said != (expected.kind, case.case, expected.manifest):
            raise _DiffersError("opening")
        # 4.
        known = any(equal(entry.leaf.case_tag, case_tag(case_log_key, number)) for number in expected.tags)
        if entry.leaf.kind != expected.leaf or not known:
            raise _DiffersError("tag")
    except _DiffersError as error:
        raise TamperingError("receipt", what=str(error), path=path) from error
    except (CryptoError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TamperingError("receipt", what=type(error).__name__, path=path) from error
    return Receipt(str(statement["received"]), str(statement.get("deployment", "")), entry)


def _check_statement(case: CaseFile, manifest: str, note: str, index: int) -> dict[str, Any]:
    body = open_typed(note, NoteType.RECEIPT, [NoteVerifier.parse(log.statement_vkey) for log in logs_of(case)])
    ours = {"portal": case.portal, "case": case.case, "manifest": manifest, "index": index}
    for name, value in ours.items():
        if body.get(name) != value or type(body.get(name)) is not type(value):
            raise _DiffersError(name)
    return body
