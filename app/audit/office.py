"""The office as its log tells it: accounts, who has which case, what is closed, who read what.

Everything here follows from verified openings, in the order of the log; no table of the portal is asked. So each rule
can show the entries from which it follows, and a table that says something else is a finding of its own (rows.py).
"""

from dataclasses import dataclass, field

from app.audit.entries import READS, Entry

_KEPT = "; kept"
_RECEIVED = 1


@dataclass
class Account:
    """An account: its role, whether it may be used, and the entry that said so last."""

    role: str
    usable: bool
    entry: int
    disabled: bool = False


@dataclass
class CaseFacts:
    """A case: the version of its record in force, who has it, and what closes it, each with the entry that says so."""

    version: int = _RECEIVED
    readers: dict[str, int] = field(default_factory=dict)
    suspended: int | None = None
    withdrawn: int | None = None
    declined: Entry | None = None
    draft: Entry | None = None
    read: dict[str, set[str]] = field(default_factory=dict)
    """By reader, what of it they have read, such as `record/2`."""


class Office:
    """Replays entries, one by one, in order."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.cases: dict[str, CaseFacts] = {}
        self._activations = False

    def case(self, number: str) -> CaseFacts:
        """Return what is known of a case."""
        return self.cases.setdefault(number, CaseFacts())

    def take(self, entry: Entry) -> None:
        """Take what an entry says."""
        self._take_account(entry)
        if entry.case:
            self._take_case(entry, self.case(entry.case))

    def _take_account(self, entry: Entry) -> None:
        name = entry.detail
        if entry.kind == "staff_enrolled":
            name, _, role = entry.detail.rpartition(" ")
            self.accounts[name] = Account(role, usable=not self._activations, entry=entry.index)
        elif name in self.accounts:
            self._change(self.accounts[name], entry)
        if entry.kind == "staff_activated":
            self._activations = True  # logs of before it was written are not held against their portal

    def _change(self, account: Account, entry: Entry) -> None:
        if entry.kind == "staff_disabled":
            account.usable, account.disabled, account.entry = False, True, entry.index
        elif entry.kind == "staff_reset":
            account.usable, account.disabled, account.entry = not self._activations, False, entry.index
        elif entry.kind == "staff_activated" and not account.disabled:
            account.usable, account.entry = True, entry.index

    def _take_case(self, entry: Entry, case: CaseFacts) -> None:
        if entry.kind in READS:
            case.read.setdefault(entry.actor, set()).add(entry.record)
        elif entry.kind == "case_assigned":
            case.readers[entry.detail] = entry.index
        elif entry.kind == "case_unassigned":
            case.readers.pop(entry.detail, None)
        elif entry.kind == "case_handed_over":
            _hand_over(entry, case)
        elif entry.kind == "petition_revised":
            _revise(entry, case)
        else:
            _step(entry, case)


def _hand_over(entry: Entry, case: CaseFacts) -> None:
    """Take `from A to B`; names hold blanks, so that the one who has the case says where A ends."""
    said = entry.detail.removesuffix(_KEPT).removeprefix("from ")
    words = said.split(" to ")
    splits = [(" to ".join(words[:at]), " to ".join(words[at:])) for at in range(1, len(words))]
    if not splits:
        return
    giver, receiver = next((each for each in splits if each[0] in case.readers), splits[0])
    if not entry.detail.endswith(_KEPT):
        case.readers.pop(giver, None)
    case.readers[receiver] = entry.index


def _revise(entry: Entry, case: CaseFacts) -> None:
    """Take `version 3 record …`: with the word, the version brings another record."""
    words = entry.detail.split(" ")
    if words[:1] == ["version"] and words[2:3] == ["record"] and words[1].isdecimal() and len(words[1]) < 10:
        case.version = int(words[1])


def _step(entry: Entry, case: CaseFacts) -> None:
    if entry.kind == "access_suspended":
        case.suspended = entry.index
    elif entry.kind == "access_restored":
        case.suspended = None
    elif entry.kind == "petition_withdrawn":
        case.withdrawn = entry.index
    elif entry.kind == "decision_drafted":
        case.draft = entry
    elif entry.kind == "decision_approved" and entry.detail.startswith("decline "):
        case.declined = entry
