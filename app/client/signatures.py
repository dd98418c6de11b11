"""Whether a reader's own device signed a look, as the petitioner's machine checks it.

Rules
  1. An entry commits to its request: what its detail names must be shown, and be that very note.
  2. The key is in the log, on, before the look: under the same log key, with a proof of its own.
  3. What was signed is this look: portal, role, case, record and purpose are the entry's.
  4. The checkpoint in it is the log's own, and not larger than the log was then.
  5. From the entry on by which the portal said that devices must sign, a look by the office without a signature is a
     finding.

Who the reader is, only auditors learn: here it is somebody's device, and the same key means the same device.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.client.case import CaseFile
from app.client.proofs import ProvedEntry, prove, prove_bare
from app.client.succession import log_keys
from crypto.access_request import RULES, check_committed, key_index_in, key_tag, open_request, rule_tag
from crypto.errors import AccessRequestError
from crypto.log.checkpoint import parse_verifier
from crypto.note import strict_base64

LOOKS = frozenset({"record_read", "answer_read", "evidence_read"})
"""Kinds of entries by which the office looks at a record of a case."""


def check_signature(case: CaseFile, entry: ProvedEntry, served: object) -> bool:
    """Say whether a look was signed by a reader's device; `served` is what the portal shows of it (rules 1 to 4).

    Raises:
        CryptoError: the entry commits to a request, and what is shown is not it, or does not fit.
    """
    index = key_index_in(entry.fields.get("detail", ""))
    if entry.fields.get("kind") not in LOOKS or (index is None and served is None):
        return False
    try:
        note, vkey, key = _texts(served)
        check_committed(entry.fields["detail"], note)  # 1
        leaf = strict_base64(key["leaf"])
        registered = prove_bare(case, str(key["proof"]), leaf)  # 2
        if registered.index != index or index >= entry.index or registered.leaf.subject_tag != key_tag(vkey, "on"):
            raise AccessRequestError("the key is not in the log before the look", "key")
        request = open_request(note, vkey)
        request.check_fits(case.portal, entry.fields)  # 3
        origin = entry.checkpoint.origin
        request.check_known(entry.index, origin, [parse_verifier(key) for key in log_keys(case)[origin]])  # 4
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AccessRequestError("the request is not shown whole", "note") from error
    return True


def _texts(served: object) -> tuple[str, str, Mapping[str, Any]]:
    if not isinstance(served, dict) or not isinstance(served["note"], str) or not isinstance(served["vkey"], str):
        raise TypeError("no request")
    return served["note"], served["vkey"], served["key"]


def proved_rule(case: CaseFile, line: Any) -> tuple[int, str]:
    """Return (entry, rule) of a served entry by which the portal said whether devices must sign (rule 5).

    Raises:
        CryptoError, KeyError, TypeError, ValueError: it does not verify.
    """
    entry = prove(case, line["proof"], strict_base64(line["leaf"]), line["opening"])
    rule = entry.fields["detail"]
    if entry.fields["kind"] != "signing_rule" or rule not in RULES or entry.leaf.subject_tag != rule_tag(rule):
        raise AccessRequestError("the entry says nothing about signing", "rule")
    return entry.index, rule


def lacks_signature(entry: ProvedEntry, rules: Sequence[tuple[int, str]]) -> bool:
    """Say whether an entry is a look without a signature where one was due (rule 5)."""
    return entry.fields.get("kind") in LOOKS and not entry.signed and must_be_signed(rules, entry.index)


def must_be_signed(rules: Sequence[tuple[int, str]], index: int) -> bool:
    """Say whether devices had to sign when an entry was made."""
    said = [rule for at, rule in sorted(rules) if at < index]
    return said[-1:] == ["required"]
