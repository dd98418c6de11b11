"""Looks that readers' devices signed, as the openings tell of them: each request against its entry, key and log.

Rules
  1. A look whose entry commits to a request has it in the file: that very note, under the key that the entry names.
  2. The key's own entry stands before the look, with the key's tag; the reader of the look is whose key it is, by the
     entry and by what the device said itself; it was not switched off before the look.
  3. What was signed is the look: role, case, record, purpose.
  4. The checkpoint that the device knew is a state of this log, and not larger than the log was then.
  5. Since the office wrote in the log that devices must sign, each look is signed.

Worked example: the operator reads a case and excuses it with Rosa's name and a key made for it. The key's entry has
Rosa as its actor, and stands in the log: asked with openings at hand, Rosa has two devices, and knows one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from app.audit.entries import Entry
from app.audit.finding import Code, Remark, Report
from app.audit.tree import Tree
from crypto.access_request import (
    RULES,
    AccessRequest,
    check_committed,
    key_index_in,
    key_tag,
    open_reader_key,
    open_request,
    rule_tag,
)
from crypto.errors import AccessRequestError, CryptoError
from crypto.log.checkpoint import LogVerifier
from crypto.note import NoteVerifier

LOOKS = frozenset({"record_read", "answer_read", "evidence_read"})


@dataclass(frozen=True)
class SignedPart:
    """What files of openings say beside them: requests by entry, devices' own statements by their key's entry."""

    requests: Mapping[int, str]
    statements: Mapping[int, str]

    def with_more(self, data: Mapping[str, object]) -> Self:
        """Return it with what another file says; whatever has another form is left out, and then lacks."""
        requests, statements = _notes(data.get("requests")), _notes(data.get("devices"))
        return replace(self, requests={**self.requests, **requests}, statements={**self.statements, **statements})


def _notes(items: object) -> dict[int, str]:
    found: dict[int, str] = {}
    for each in items if isinstance(items, list) else ():
        if isinstance(each, dict) and type(each.get("index")) is int and isinstance(each.get("note"), str):
            found[each["index"]] = each["note"]
    return found


@dataclass(frozen=True)
class _Key:
    """A reader's key: whose, from which entry on, until which."""

    reader: str
    vkey: str
    index: int
    ended: int | None


def check_requests(
    part: SignedPart, entries: Sequence[Entry], tree: Tree, verifiers: list[LogVerifier], report: Report
) -> None:
    """Check every look among the opened entries (rules 1 to 5); the report counts those that are signed."""
    keys, unknown = _keys(entries), 0
    for entry in entries:
        if entry.kind not in LOOKS or not entry.whole:
            continue
        index = key_index_in(entry.detail)
        if index is None:
            if _rule_at(entries, entry.index) == "required":
                report.findings.add(Code.REQUEST_UNSIGNED, index=entry.index)
        elif index not in keys:
            unknown += 1
        else:
            _check_one(part, entry, keys[index], tree, verifiers, report)
    if unknown:
        report.remark(Remark.REQUEST_KEY, count=unknown)


def _keys(entries: Sequence[Entry]) -> dict[int, _Key]:
    ended: dict[str, int] = {}
    for entry in entries:
        if entry.kind == "device_removed":
            vkey = entry.detail.rpartition(" ")[2]
            if entry.leaf.subject_tag == key_tag(vkey, "off"):
                ended.setdefault(vkey, entry.index)
    found: dict[int, _Key] = {}
    for entry in entries:
        vkey = entry.detail.partition(" ")[0]
        if entry.kind == "device_added" and entry.leaf.subject_tag == key_tag(vkey, "on"):
            found[entry.index] = _Key(entry.actor, vkey, entry.index, ended.get(vkey))
    return found


def _rule_at(entries: Sequence[Entry], index: int) -> str:
    rules = [
        entry.detail
        for entry in entries
        if entry.kind == "signing_rule" and entry.index < index
        if entry.detail in RULES and entry.leaf.subject_tag == rule_tag(entry.detail)
    ]
    return rules[-1] if rules else "offered"


def _check_one(
    part: SignedPart, entry: Entry, key: _Key, tree: Tree, verifiers: list[LogVerifier], report: Report
) -> None:
    try:
        request = _fitting(part, entry, key)
        known = request.check_known(entry.index, verifiers[0].name, verifiers)
    except CryptoError:
        report.findings.add(Code.REQUEST_FALSE, index=entry.index)
        return
    if known is not None and tree.root_at(known.size) != known.root:
        report.findings.add(Code.REQUEST_FORK, index=entry.index, size=known.size)
        return
    report.signed += 1


def _fitting(part: SignedPart, entry: Entry, key: _Key) -> AccessRequest:
    """Return the request of a look. Raises CryptoError where rules 1 to 3 do not hold."""
    note = part.requests.get(entry.index, "")
    check_committed(entry.detail, note)  # 1
    ended = key.ended is not None and key.ended < entry.index
    if key.index >= entry.index or ended or key.reader != entry.actor:  # 2
        raise AccessRequestError("the key is not this reader's at that time", "key")
    said = open_reader_key(part.statements.get(key.index, ""))
    if (said.reader, said.key) != (entry.actor, key.vkey):
        raise AccessRequestError("the device said another thing of its key", "reader")
    request = open_request(note, key.vkey)
    request.check_fits(NoteVerifier.parse(key.vkey).name.removesuffix("/reader"), entry.fields)  # 3
    return request
