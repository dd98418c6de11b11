"""Everything that was done with a case, each line proved against the public log, and what is wrong with the list.

Rules
  1. A line counts when its entry is in the log under the pinned key and its opening fits the entry's commitment.
  2. The entries of a case carry the tags HMAC(case log key, 0), 1, 2 …: each once, in the order of the log, none
     skipped. The portal cannot leave a line out of the middle without a gap.
  3. What was proved on this machine before (the receipt, earlier histories) is still there and still the same.
  4. Checkpoints of one size have one root; from the first entry that was proved here, the receipt as a rule, none is
     older than that one's.
  5. The versions of the case that its entries name are those that the portal serves, in the order of the log.
  6. A look that commits to a signed request comes with it, and it fits; where devices had to sign, each does
     (signatures.py).

Worked example: the portal leaves out that the record was read on Sunday (tag 2). The list has the tags 0, 1 and 3:
finding *gap*. It numbers the entries anew: the tag is in the entry, the entry in the tree, the tree under a signature
that was given out. It cuts the list after tag 1: the next history that this machine keeps shows more, and so does the
public log, where anyone with the case log key finds tag 2 and 3 (`resguardo audit` with receipts).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from app.client.case import RECEIPT_FILE, CaseFile
from app.client.folder import read_file
from app.client.proofs import ProvedEntry, kept, prove, prove_carried
from app.client.receipt import RECEIVED, REVISED
from app.client.signatures import check_signature, lacks_signature, proved_rule
from app.client.succession import logs_of
from app.client.trust import OpenedCase
from app.i18n import N_, t
from crypto.errors import CryptoError
from crypto.log.commitments import case_tag
from crypto.log.proof import MAX_PROOF_SIZE
from crypto.note import strict_base64
from crypto.secret import SecretBytes

_LOOK_AHEAD = 1024
"""How far past the served entries a tag is looked for, to tell a gap from an entry of another case."""


@dataclass(frozen=True)
class Finding:
    """Something that does not hold; `place` is an entry's index in the log, or the number of a case's entry."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "unproved": N_("Entry {place} came without a valid proof."),
        "gap": N_("Entry number {place} of this case is missing: something was done with it and is not shown."),
        "doubled": N_("Entry number {place} of this case is there twice."),
        "foreign": N_("Entry {place} of the log does not belong to this case."),
        "order": N_("Entry {place} of the log is not in order."),
        "withheld": N_("Entry {place} of the log was shown before and is missing now."),
        "lost": N_(
            "Entry {place} of the log was proved on this machine and is lost: the portal says that it lost data."
        ),
        "changed": N_("Entry {place} of the log is another than was shown before."),
        "older": N_("The portal shows a log of {place} entries, smaller than when the petition was received."),
        "fork": N_("The portal shows two different logs of {place} entries."),
        "receipt": N_("The receipt in this folder does not verify."),
        "other_history": N_(
            "Something was proved here under a log of {place} entries that is no earlier state of this one: the portal "
            "shows two histories."
        ),
        "contradicted": N_(
            "The portal says itself that its log contradicts the one of {place} entries that this machine knows."
        ),
        "skipped": N_("Number {place} of this case is nowhere in the log: something was counted and never logged."),
        "late": N_("Number {place} of this case stands in the log behind later ones: it was logged too late."),
        "not_shown": N_("Entry {place} of the log is about this case, and the portal did not show it: withheld."),
        "not_in_log": N_("Entry {place} was shown as part of this case, and this copy of the log does not have it."),
        "unpublished": N_(
            "Entry {place} of the log was proved here, and the portal's public log still does not have it: it shows an "
            "old state, or publishes no more."
        ),
        "signature": N_(
            "Entry {place} of the log says that a reader's device signed for it, and what is shown of that is withheld "
            "or false."
        ),
        "unsigned": N_(
            "Entry {place} of the log is a look by the office without a signature, where the office says that none "
            "opens without."
        ),
        "signing_rule": N_(
            "Line {place} of what the portal says about since when devices must sign is not in its log."
        ),
        "rule_not_shown": N_(
            "Entry {place} of the log says whether readers' devices must sign, and the portal did not show it."
        ),
        "version": N_("Entry {place} of the log names a version of your case that the portal does not serve."),
        "unlogged": N_("Version {place} of your case stands nowhere in the log."),
    }
    code: str
    place: int

    def text(self, language: str) -> str:
        """Return the finding in words."""
        return t(language, self.MESSAGES[self.code], place=self.place)


@dataclass(frozen=True)
class History:
    """The proved entries in the order of the log, what is wrong with them, and since when devices must sign.

    `rules`: (entry, rule), as the portal told and proved them.
    """

    entries: tuple[ProvedEntry, ...]
    findings: tuple[Finding, ...]
    rules: tuple[tuple[int, str], ...] = ()


def check_history(opened: OpenedCase, folder: Path, served: Sequence[Any], rules: Sequence[Any] = ()) -> History:
    """Return what a served history proves, compared with what the case folder keeps (rules 1 to 6).

    `rules`: the served entries about since when devices must sign.
    """
    findings: list[Finding] = []
    # 1. and 6.
    entries = list(_proved(opened, served, findings))
    proved: list[tuple[int, str]] = []
    findings += _check_unsigned(proved, opened.case, entries, rules)
    # 2.
    findings += _check_tags(opened.case_log_key, entries)
    # 3.
    before = _before(opened, folder, findings)
    findings += _check_kept(opened.case, before, entries)
    # 4.
    findings += _check_checkpoints(before, entries)
    # 5.
    findings += _check_versions(opened, entries)
    return History(tuple(entries), tuple(dict.fromkeys(findings)), tuple(proved))


def _proved(opened: OpenedCase, served: Sequence[Any], findings: list[Finding]) -> Iterator[ProvedEntry]:
    for place, line in enumerate(served):
        try:
            entry = prove(opened.case, line["proof"], strict_base64(line["leaf"]), line["opening"])
            if entry.index != line["index"] or entry.fields["case"] != opened.case.case:
                raise ValueError("the line is about another entry")
        except (CryptoError, KeyError, TypeError, ValueError, AttributeError):
            findings.append(Finding("unproved", place))
        else:
            yield _with_signature(opened.case, entry, line.get("request"), findings)


def _with_signature(case: CaseFile, entry: ProvedEntry, request: object, findings: list[Finding]) -> ProvedEntry:
    try:
        return replace(entry, signed=check_signature(case, entry, request))
    except CryptoError:
        findings.append(Finding("signature", entry.index))
        return entry


def _check_unsigned(
    rules: list[tuple[int, str]], case: CaseFile, entries: Sequence[ProvedEntry], served: Sequence[Any]
) -> Iterator[Finding]:
    for place, line in enumerate(served):
        try:
            rules.append(proved_rule(case, line))
        except (CryptoError, KeyError, TypeError, ValueError, AttributeError):
            yield Finding("signing_rule", place)
    for entry in entries:
        if lacks_signature(entry, rules):
            yield Finding("unsigned", entry.index)


def _check_tags(case_log_key: SecretBytes, entries: Sequence[ProvedEntry]) -> Iterator[Finding]:
    numbers = {case_tag(case_log_key, number): number for number in range(len(entries) + _LOOK_AHEAD)}
    seen: set[int] = set()
    last = -1
    for entry in entries:
        number = numbers.get(entry.leaf.case_tag)
        if number is None:
            yield Finding("foreign", entry.index)
            continue
        if number in seen:
            yield Finding("doubled", number)
        elif number < max(seen, default=-1) or entry.index <= last:
            yield Finding("order", entry.index)
        seen.add(number)
        last = entry.index
    for number in sorted(set(range(max(seen, default=-1) + 1)) - seen):
        yield Finding("gap", number)


def _check_versions(opened: OpenedCase, entries: Sequence[ProvedEntry]) -> Iterator[Finding]:
    named = [entry for entry in entries if entry.fields.get("kind") in (RECEIVED, REVISED)]
    served = [manifest.sha256 for manifest in opened.chain]
    for place, entry in enumerate(named):
        if served[place : place + 1] != [entry.fields.get("record")]:
            yield Finding("version", entry.index)
    for version in range(len(named) + 1, len(served) + 1):
        yield Finding("unlogged", version)


def _before(opened: OpenedCase, folder: Path, findings: list[Finding]) -> list[ProvedEntry]:
    """Return what was proved earlier, the receipt first."""
    entries = list(kept(folder, opened.case))
    if not (folder / RECEIPT_FILE).exists():
        return entries  # another holder's copy of case.json comes without it
    try:
        receipt, _ = prove_carried(opened.case, read_file(folder / RECEIPT_FILE, MAX_PROOF_SIZE).decode())
    except (CryptoError, KeyError, TypeError, ValueError):
        findings.append(Finding("receipt", opened.case.entry_index or 0))
        return entries
    return [receipt, *entries]


def _check_kept(case: CaseFile, before: Iterable[ProvedEntry], entries: Iterable[ProvedEntry]) -> Iterator[Finding]:
    now = {entry.index: entry.entry for entry in entries}
    kept = {log.origin: log.kept for log in logs_of(case)}
    for entry in before:
        left = kept[entry.checkpoint.origin]
        if left is not None and entry.index >= left:
            yield Finding("lost", entry.index)
        elif entry.index not in now:
            yield Finding("withheld", entry.index)
        elif now[entry.index] != entry.entry:
            yield Finding("changed", entry.index)


def _check_checkpoints(before: Sequence[ProvedEntry], entries: Iterable[ProvedEntry]) -> Iterator[Finding]:
    roots: dict[tuple[str, int], bytes] = {}
    for entry in (*before, *entries):
        size, root = entry.checkpoint.size, entry.checkpoint.root
        if roots.setdefault((entry.checkpoint.origin, size), root) != root:
            yield Finding("fork", size)
    first: dict[str, ProvedEntry] = {}
    for entry in sorted(before, key=lambda each: each.index):
        first.setdefault(entry.checkpoint.origin, entry)
    for entry in entries:
        known = first.get(entry.checkpoint.origin)
        # What came before the first entry that this machine proved may stand in a smaller log: that of its day.
        if known and entry.index >= known.index and entry.checkpoint.size < known.checkpoint.size:
            yield Finding("older", entry.checkpoint.size)
