"""The stranger who checks a portal: from the checkpoint to the last entry, with whatever the stranger kept.

Rules of trust
  1. The log's key comes from outside the portal: given, from a receipt's case file, or from a kept state. The
     portal's own word for it is taken only when asked to, or when it verifies a receipt that somebody holds.
  2. The checkpoint must be signed by that key. Another key is evidence for whoever kept a state or a receipt, and
     for nobody else: who has nothing to compare with is told that nothing can be checked.
  3. Everything under the checkpoint is derived again; the portal's tiles are compared, never believed.
  4. Whatever was kept (state, receipts, openings) must fit. Evidence outweighs what could not be checked.
  5. With a policy, the checkpoint must bear its quorum of cosignatures, and fresh ones: what some cosigners did not
     sign may be one of two histories, and what they signed long ago may be an old state, shown for the newest.
     Neither accuses anybody alone: cosigners fail, too. A cosignature that does not fit does.
  6. Changed keys are followed where the log announced them under the key that was known, and with a policy before its
     quorum; the state goes on with the new key. Any other key is evidence (rule 2).
  7. The state is kept anew only after a log held: an accusation can be repeated. A succession after a loss is a
     finding; with the new key given from elsewhere the state goes on with the successor, and the old one is kept.
  8. With a state only what is new is fetched (following.py). Whatever such a run finds counts once a run that
     fetched everything finds it.

Worked example: an operator deletes row 5 of 700, renumbers, rebuilds the tree and signs it again. A stranger with
nothing sees a perfect log. With the state of yesterday, bundle 0 has another root and every later row is found one
place forward: "row deleted, somewhere in entries 0 to 255". With the receipt of entry 6, which now stands at 5, too.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from app.audit.conduct import judge_conduct
from app.audit.draw import Draw, judge_draw, load_draw, make_draw
from app.audit.entries import Entry, opened
from app.audit.finding import CannotCheckError, Code, Obstacle, Remark, Report
from app.audit.following import CopyWriter, FollowingSource, can_follow, copy_path
from app.audit.history import compare_state
from app.audit.keys import check_announcement, cosigned
from app.audit.leaves import Dates, LeafRules
from app.audit.openings import Handed, check_openings, known_until, load_openings, read_openings
from app.audit.quorum import MAX_AGE, await_quorum, load_policy
from app.audit.receipts import DEFAULT_TICK, Receipt, ReceiptCheck, load_folder, load_receipt
from app.audit.requests import check_requests
from app.audit.rows import Rows, load_rows, read_rows, reconcile
from app.audit.rules import Rules, load_rules_text, read_rules
from app.audit.seen import Seen
from app.audit.served import Served, served_from
from app.audit.source import PORTAL_LIMIT, Located, UnreachableError, WithheldError
from app.audit.state import State, former_path, load_state, save_state, state_of
from app.audit.succession import Step, chain, check_step, steps_of, tell, up_to
from app.audit.tree import Progress, Tree, TreeAudit
from crypto.digest import sha256_hex
from crypto.errors import BadSignatureError, CryptoError, LogError, NoteError, UnknownSignerError
from crypto.log.checkpoint import Checkpoint, LogVerifier, parse_verifier, verify_checkpoint
from crypto.log.keychange import Announcement, leading_from, leading_to
from crypto.log.policy import Policy, judge
from crypto.log.tiles import WIDTH
from crypto.log.totals import Totals

_CASE_FILE = "case.json"
_CASE_LIMIT = 1024 * 1024
_MAX_TICK = 31 * 86_400
_CLOCKS = 3600
"""Seconds by which clocks may differ before a date is worth a remark."""


@dataclass(frozen=True)
class Kept:
    """What the stranger brings: files on this machine, each of them optional."""

    keys: tuple[str, ...] = ()
    receipt: Path | None = None
    state: Path | None = None
    receipts: Path | None = None
    openings: Path | None = None
    """A file of openings, or a folder of them."""
    rules: Path | None = None
    rows: Path | None = None
    draw: Path | None = None
    ask_served: bool = False
    """Whether to ask the portal what it ran, and when."""
    earlier: tuple[tuple[int, bytes], ...] = ()
    """Sizes and roots that somebody saw before."""
    policy: Path | None = None
    max_age: int = MAX_AGE
    trust_portal_key: bool = False
    totals: bool = False
    everything: bool = False
    """Whether to fetch everything again, though a state is there."""


@dataclass
class Evidence:
    """What was read of it."""

    state: State | None = None
    receipt: Receipt | None = None
    receipts: list[Receipt] = field(default_factory=list)
    handed: Handed = field(default_factory=Handed)
    rules: Rules = field(default_factory=Rules)
    rows: Rows | None = None
    draw: Draw | None = None
    told: bytes | None = None
    """What the portal says that it ran."""
    served: Handed = field(default_factory=Handed)
    policy: Policy | None = None

    def all_receipts(self) -> list[Receipt]:
        """Return every receipt once, the one that was named first."""
        named = [self.receipt] if self.receipt else []
        return named + [receipt for receipt in self.receipts if receipt.proof not in [one.proof for one in named]]

    def binds(self) -> bool:
        """Say whether something here ties the log to its key."""
        return bool(self.state or self.receipt or self.receipts)

    def indexes(self) -> set[int]:
        """Return the entries that openings are about."""
        announced = {self.draw.announced} if self.draw else set()
        return self.handed.indexes() | self.served.indexes() | announced


class Auditor:
    """Audits one log."""

    def __init__(
        self,
        located: Located,
        kept: Kept,
        now: int,
        progress: Progress = lambda _done, _all: None,
        pause: Callable[[float], None] = time.sleep,
        load: Callable[[Report], Evidence] | None = None,
    ) -> None:
        """``now`` in Unix seconds; ``progress`` is told (entries checked, of how many); ``pause`` waits seconds.

        ``load`` gives the evidence where it does not lie in files.
        """
        self._pause = pause
        self._from_elsewhere = load
        self._given = kept.keys
        self._located = located
        self._kept = kept
        self._now = now
        self._progress = progress
        self._report = Report()
        self._tick = _tick_of(located.portal)
        self._steps: tuple[Step, ...] = ()
        self._followed: tuple[Step, ...] = ()
        self._former: dict[str, tuple[Step, list[LogVerifier]]] = {}
        self._changes: tuple[Announcement, ...] = ()
        self._confirmed = False
        self._modules = ""
        self._checked_note = ""
        self._versions: dict[int, bytes] = {}
        self._copy: CopyWriter | None = None

    def run(self) -> Report:
        """Return the report; a log that cannot be judged is a report with an obstacle, never an exception.

        1. Read what was kept. 2. Settle the key. 3. Verify the checkpoint. 4. Derive the tree. 5. Compare. 6. Keep.
        """
        try:
            # 1.
            evidence = self._from_elsewhere(self._report) if self._from_elsewhere else self._load()
            # 2. and 3.
            note = self._note(evidence)
            verifiers = self._follow(note, self._settle_keys(evidence), evidence)
            self._checked_note = note
            checkpoint = self._verify(note, verifiers, evidence)
            self._judge_quorum(note, evidence)
            # 4. and 5.
            tree = self._derive(checkpoint, evidence)
            self._compare(tree, checkpoint, verifiers, evidence)
            # 6.
            self._keep(tree, checkpoint, note, evidence)
        except CannotCheckError as error:
            self._report.obstacle(error.obstacle, **error.where)
        except UnreachableError as error:
            self._report.obstacle(Obstacle.UNREACHABLE, path=str(error))
        except UnicodeDecodeError:
            self._report.obstacle(Obstacle.BAD_CHECKPOINT)
        finally:
            if self._copy is not None:
                self._copy.close()
        return self._report

    def _load(self) -> Evidence:
        kept, evidence = self._kept, Evidence()
        if kept.state is not None:
            evidence.state = load_state(kept.state)
        if kept.receipt is not None:
            evidence.receipt = load_receipt(kept.receipt)
        if kept.receipts is not None:
            evidence.receipts = load_folder(kept.receipts, self._report)
        if kept.openings is not None:
            evidence.handed = load_openings(kept.openings, self._report)
        if kept.rules is not None:
            evidence.rules = read_rules(load_rules_text(kept.rules), str(kept.rules))
        if kept.rows is not None:
            evidence.rows = read_rows(load_rows(kept.rows), str(kept.rows))
        if kept.draw is not None:
            evidence.draw = load_draw(kept.draw)
        if kept.policy is not None:
            evidence.policy = load_policy(kept.policy)
        self._load_served(evidence)
        return evidence

    def _load_served(self, evidence: Evidence) -> None:
        """Read what the portal says that it ran: kept as a file, or asked for now."""
        beside = self._located.beside
        if self._kept.ask_served and beside is not None:
            try:
                evidence.told = beside.read("api/v1/served", PORTAL_LIMIT)
                self._modules = sha256_hex(beside.read("api/v1/modules", PORTAL_LIMIT))
            except WithheldError:
                self._report.remark(Remark.SERVED_UNTOLD)
        elif self._kept.ask_served:
            self._report.remark(Remark.SERVED_UNTOLD)
        if evidence.told is not None:
            evidence.served = read_openings([("served", evidence.told)], self._report.findings)

    def _note(self, evidence: Evidence) -> str:
        """Return the checkpoint; one that was published a moment ago may wait for its cosignatures."""
        note = self._located.checkpoint.decode()
        if evidence.policy is None:
            return note
        origin = _origin_of(note)
        keys = (log.vkey for log in evidence.policy.logs if log.vkey.startswith(f"{origin}+"))
        self._given = (*self._kept.keys, *keys)
        return await_quorum(note, evidence.policy, self._located.source, self._pause)

    # 2. Keys.

    def _settle_keys(self, evidence: Evidence) -> list[LogVerifier]:
        """Return the keys that the checkpoint must be signed with, best source first (rule 1)."""
        vkeys = list(self._given) or _case_keys(evidence.all_receipts())
        if not vkeys and evidence.state is not None:
            vkeys = [evidence.state.vkey]
        if not vkeys:
            vkeys = self._portal_keys(evidence)
        try:
            verifiers = [parse_verifier(vkey) for vkey in vkeys]
        except NoteError as error:
            raise CannotCheckError(Obstacle.BAD_KEY) from error
        self._report.vkey = vkeys[0]
        return verifiers

    def _portal_keys(self, evidence: Evidence) -> list[str]:
        """Return the key that the portal shows: trusted because asked to, or because a receipt proves it."""
        shown = self._located.portal.get("log_vkey")
        receipts = evidence.all_receipts()
        if not isinstance(shown, str) or not (self._kept.trust_portal_key or receipts):
            raise CannotCheckError(Obstacle.NO_KEY)
        if not receipts:
            self._report.remark(Remark.PORTAL_KEY_TRUSTED)
        elif not any(_signed_by(receipt, shown) for receipt in receipts):
            self._report.findings.add(Code.KEY_CHANGED, file=receipts[0].file)
        return [shown]

    def _compare_portal_key(self, vkeys: list[str], evidence: Evidence) -> None:
        shown = self._located.portal.get("log_vkey")
        if isinstance(shown, str) and shown not in vkeys:
            if evidence.binds():
                self._report.findings.add(Code.KEY_CHANGED)
            else:
                self._report.remark(Remark.PORTAL_KEY_DIFFERS)

    def _follow(self, note: str, verifiers: list[LogVerifier], evidence: Evidence) -> list[LogVerifier]:
        """Return the keys of the log that is there now: those settled, and those that they lead to.

        1. Announced changes of the keys of one log (keys.py). 2. Successions after a loss (succession.py). The newest
        key comes first.
        """
        # 1.
        self._changes = cosigned(self._located.key_changes, evidence.policy)
        # 2.
        told = steps_of(self._located.portal)
        self._steps = told
        given = list(self._given)
        origin = _origin_of(note)
        known = [self._report.vkey, *([evidence.state.vkey] if evidence.state else []), *given]
        chains = (chain(told, vkey, origin, self._keys_from) for vkey in known)
        self._followed = next((steps for steps in chains if steps), ())
        self._former = {step.origin: (step, self._verifiers_to(step.vkey)) for step in told}
        before = [key for step in self._followed for key in (step.vkey, *self._keys_to(step.vkey))]
        if not self._followed:
            keys = [
                key for vkey in [self._report.vkey, *given] for key in (*self._keys_to(vkey), *self._keys_from(vkey))
            ]
            self._report.vkey = self._keys_from(self._report.vkey)[-1]
            self._judge_keys(keys, evidence)
        else:
            keys = self._keys_from(self._followed[-1].next_vkey)
            self._confirmed = bool(set(keys) & set(given))
            if not self._confirmed:
                self._report.remark(Remark.SUCCESSOR_KEY)
            self._report.vkey = keys[-1]
            self._judge_keys([*keys, *before], evidence)
        others = [each for each in verifiers if each.name == origin]
        changed = [each for each in self._verifiers_to(self._report.vkey) if each not in others]
        return [parse_verifier(self._report.vkey), *others, *changed] if changed or self._followed else verifiers

    def _keys_from(self, vkey: str) -> list[str]:
        """Return a key and those that were announced after it, the newest last."""
        return [vkey, *(each.after.log for each in leading_from(vkey, self._changes))]

    def _keys_to(self, vkey: str) -> list[str]:
        """Return the keys before which one was announced, the oldest first."""
        return [each.before.log for each in leading_to(vkey, self._changes)]

    def _verifiers_to(self, vkey: str) -> list[LogVerifier]:
        return [parse_verifier(key) for key in (*self._keys_to(vkey), vkey)]

    def _judge_keys(self, vkeys: list[str], evidence: Evidence) -> None:
        if evidence.state is not None and evidence.state.vkey not in vkeys:
            self._report.findings.add(Code.KEY_CHANGED)
        self._compare_portal_key(vkeys, evidence)

    # 3. The checkpoint.

    def _verify(self, note: str, verifiers: list[LogVerifier], evidence: Evidence) -> Checkpoint:
        """Return the checkpoint; one that is not the log's is evidence or an obstacle (rule 2), and is read on."""
        findings = self._report.findings
        try:
            checkpoint = Checkpoint.of_note(note)
        except (NoteError, LogError) as error:
            raise CannotCheckError(Obstacle.BAD_CHECKPOINT) from error
        try:
            verify_checkpoint(note, verifiers[0].name, verifiers)
        except BadSignatureError:
            findings.add(Code.CHECKPOINT_FORGED)
        except (UnknownSignerError, LogError) as error:
            if not evidence.binds():
                raise CannotCheckError(Obstacle.OTHER_KEY) from error
            findings.add(Code.KEY_CHANGED)
        report = self._report
        report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root
        return checkpoint

    def _judge_quorum(self, note: str, evidence: Evidence) -> None:
        """Judge the cosignatures (rule 5)."""
        if evidence.policy is None:
            return
        report = self._report
        try:
            said = judge(note, evidence.policy, now=self._now, max_age=self._kept.max_age)
        except NoteError:
            report.findings.add(Code.COSIGNATURE_FORGED)
            return
        report.cosigned, report.quorum = dict(said.times), said.fresh
        if not said.reached:
            report.obstacle(Obstacle.NO_QUORUM)
        elif not said.fresh:
            hours = (self._now - max(said.times.values())) // 3600
            report.obstacle(Obstacle.OLD_COSIGNATURES, hours=hours)

    # 4. and 5.

    def _derive(self, checkpoint: Checkpoint, evidence: Evidence) -> Tree:
        totals = Totals() if self._kept.totals else None
        rules = LeafRules(self._tick, self._report.findings, totals, self._dates(evidence.state, checkpoint.origin))
        audit = TreeAudit(
            self._located.source,
            checkpoint.size,
            checkpoint.root,
            rules=rules,
            findings=self._report.findings,
            wanted=evidence.indexes(),
            progress=self._progress,
            keep=self._new_copy(evidence.state),
        )
        tree = audit.run()
        rules.finish()
        self._versions = rules.changes
        self._judge_ticks(rules.off_tick, evidence.state)
        self._judge_dates(rules)
        self._report.months = totals.months() if totals else ()
        return tree

    def _new_copy(self, state: State | None) -> Callable[[int, Sequence[bytes]], None]:
        """Return what keeps the entries beside the state; a log that lies on this machine is a copy already."""
        source = self._located.source
        if self._kept.state is None or not source.live:
            return lambda _first, _entries: None
        follows = state.size // WIDTH if state is not None and isinstance(source, FollowingSource) else 0
        self._copy = CopyWriter(copy_path(self._kept.state), follows=follows)
        return self._copy.take

    def _judge_ticks(self, off_tick: Iterable[int], state: State | None) -> None:
        """A time between ticks is evidence where the tick is known to have been this one, else only remarked."""
        since = state.size if state is not None and state.tick == self._tick else None
        earlier = 0
        for index in off_tick:
            if since is not None and index >= since:
                self._report.findings.add(Code.TIME_TICK, index=index)
            else:
                earlier += 1
        if earlier:
            self._report.remark(Remark.OLD_TICK, count=earlier)

    def _dates(self, state: State | None, origin: str) -> Dates:
        """Return between which times entries can be: what was not there at the last audit came after it."""
        latest = self._now + self._tick + _CLOCKS
        if state is None or not state.when or state.origin != origin:
            return Dates(latest=latest)
        return Dates(state.size, state.when - 2 * (self._tick or DEFAULT_TICK) - _CLOCKS, latest)

    def _judge_dates(self, rules: LeafRules) -> None:
        """Remark dates that cannot be: a portal that stood still, and clocks that are wrong, are innocent reasons."""
        for code, indexes in ((Remark.DATED_BACK, rules.early), (Remark.DATED_AHEAD, rules.ahead)):
            if indexes:
                self._report.remark(code, first=indexes[0], last=indexes[-1], count=len(indexes))

    def _compare(self, tree: Tree, checkpoint: Checkpoint, verifiers: list[LogVerifier], evidence: Evidence) -> None:
        report = self._report
        for step in self._steps:
            check_step(step, tree, report.findings)
        tell(self._steps, self._followed, report)
        for change in self._changes:
            check_announcement(change, tree, report)
        self._tell_alarms()
        if evidence.state is not None:
            report.compared, report.new = True, max(tree.size - evidence.state.size, 0)
            report.whole = evidence.state.whole
            source = self._located.source
            report.again = len(source.again) if isinstance(source, FollowingSource) else None
            self._compare_state(tree, checkpoint, evidence.state)
        self._check_receipts(tree, verifiers, evidence)
        if evidence.handed.origin not in {"", checkpoint.origin}:
            raise CannotCheckError(Obstacle.BAD_OPENINGS, file=str(self._kept.openings))
        entries = check_openings(evidence.handed, tree, report)
        check_requests(evidence.handed.signed, entries, tree, verifiers, report)
        for size, root in self._kept.earlier:
            if size > tree.size:
                report.findings.add(Code.TAIL_CUT, first=tree.size, last=size - 1)
            elif tree.root_at(size) != root:
                report.findings.add(Code.FORK, size=size)
        report.seen = self._judge_entries(entries, tree, evidence)

    def _judge_entries(self, entries: tuple[Entry, ...], tree: Tree, evidence: Evidence) -> Seen:
        """Judge what the openings say: conduct, what ran when, the portal's rows, a draw."""
        report, known = self._report, known_until(entries, tree.size)
        if entries and known <= entries[-1].index:
            report.remark(Remark.PAST_UNKNOWN, index=known)
        report.acts = judge_conduct(entries, evidence.rules, known, self._tick)
        seen = Seen(tree, entries, known, evidence.rules, self._checked_note, self._tick, told=evidence.told)
        seen.changes = tuple(change.text for change in self._changes)
        seen.served = self._judge_served(entries, tree, evidence)
        if evidence.rows is not None:
            if evidence.rows.origin != report.origin:
                raise CannotCheckError(Obstacle.BAD_ROWS, file=str(self._kept.rows))
            seen.rows = reconcile(evidence.rows, entries, known, report)
        if evidence.draw is not None:
            if evidence.draw.origin != report.origin:
                raise CannotCheckError(Obstacle.BAD_DRAW, file=str(self._kept.draw))
            self._judge_draw(seen, evidence.draw, evidence)
        return seen

    def _judge_draw(self, seen: Seen, draw: Draw, evidence: Evidence) -> None:
        drawn_before = bool(draw.indexes)
        seen.draw = make_draw(draw, self._checked_note, evidence.policy, seen.tree, self._report)
        if drawn_before:
            seen.drawn = judge_draw(seen.draw, seen.entries, self._report)
        elif seen.draw.indexes:
            self._report.remark(Remark.DRAWN, count=len(seen.draw.indexes))

    def _judge_served(self, entries: tuple[Entry, ...], tree: Tree, evidence: Evidence) -> list[Served]:
        report = self._report
        told = []
        for opening in evidence.served.openings:
            if opening.index in tree.entries:
                try:
                    told.append(opened(opening, tree.entries[opening.index]))
                except LogError:
                    report.findings.add(Code.OPENING_MISMATCH, index=opening.index)
        asked = evidence.told is not None
        found = served_from(self._versions, [*entries, *told], report, asked=asked)
        if self._modules and found and found[-1].modules != self._modules:
            report.remark(Remark.SERVED_PENDING, index=found[-1].index)
        return found

    def _tell_alarms(self) -> None:
        """Remark what the portal itself says that cosigners refused: who refused has the evidence."""
        alarms = self._located.portal.get("alarms")
        if isinstance(alarms, list) and alarms:
            self._report.remark(Remark.COSIGNER_ALARM, count=len(alarms))

    def _compare_state(self, tree: Tree, checkpoint: Checkpoint, state: State) -> None:
        findings = self._report.findings
        step = next((each for each in self._followed if each.vkey == state.vkey), None)
        if step is None:
            if state.origin != checkpoint.origin:
                findings.add(Code.KEY_CHANGED)
            compare_state(tree, checkpoint.root, state, findings)
            return
        if state.size > step.kept:
            findings.add(Code.LOST, first=step.kept, last=state.size - 1)
        kept = up_to(state, step.kept)
        if kept is not None:
            compare_state(tree, checkpoint.root, kept, findings)

    def _check_receipts(self, tree: Tree, verifiers: list[LogVerifier], evidence: Evidence) -> None:
        """Check each receipt under the log that gave it: the one that is there, or one that it succeeded."""
        check = partial(ReceiptCheck, tree, now=self._now, tick=self._tick, report=self._report)
        present = check(verifiers[0].name, verifiers)
        former = {
            origin: check(origin, verifiers, kept=step.kept) for origin, (step, verifiers) in self._former.items()
        }
        for receipt in evidence.all_receipts():
            former.get(_origin_of(receipt.proof.checkpoint), present).check(receipt)

    # 6.

    def _keep(self, tree: Tree, checkpoint: Checkpoint, note: str, evidence: Evidence) -> None:
        if self._kept.state is None or not self._may_keep():
            return
        before = evidence.state
        if before is not None and before.origin != checkpoint.origin:
            save_state(former_path(self._kept.state, before), before)
            self._report.remark(Remark.STATE_RENEWED, file=str(former_path(self._kept.state, before)))
            before = None
        if self._copy is not None:
            self._copy.keep()
        again = -1 if self._report.again is None else self._report.again
        state = state_of(
            tree, checkpoint, vkey=self._report.vkey, note=note, tick=self._tick, when=self._now, before=before,
            again=again,
        )  # fmt: skip
        save_state(self._kept.state, state)

    def _may_keep(self) -> bool:
        """Say whether the state moves on: the log holds; or all that is wrong is a succession to a confirmed key."""
        codes = set(self._report.findings.counts)
        return not codes or (self._confirmed and codes <= {Code.SUCCEEDED, Code.LOST})


def audit(locate: Callable[[], Located], kept: Kept, now: int, progress: Progress = lambda _done, _all: None) -> Report:
    """Return the report of one audit; ``locate`` finds the log, and an address without one is an obstacle."""
    try:
        located = locate()
    except (WithheldError, UnreachableError):
        report = Report()
        report.obstacle(Obstacle.NO_CHECKPOINT)
        return report
    return audit_located(located, kept, now, progress)


def audit_located(
    located: Located,
    kept: Kept,
    now: int,
    progress: Progress = lambda _done, _all: None,
    pause: Callable[[float], None] = time.sleep,
) -> Report:
    """Return the report of an audit of a log that was found: of what is new, and of everything where need be (8)."""
    whole, followed = located.source, _followed(located, kept)
    if followed is not None:
        located.source = followed
        report = Auditor(located, kept, now, progress, pause).run()
        followed.fetch_nothing_again()
        if not len(report.findings):
            return report
        located.source = whole
    return Auditor(located, kept, now, progress, pause).run()


def _followed(located: Located, kept: Kept) -> FollowingSource | None:
    """Return the log with the kept copy in front of it; None where everything has to be fetched."""
    path, checkpoint = kept.state, _unverified(located.checkpoint)
    if path is None or checkpoint is None or kept.everything or not located.source.live:
        return None
    with suppress(CannotCheckError):
        state = load_state(path)
        if state is not None and state.origin == checkpoint.origin:
            followed = can_follow(state, checkpoint.size, copy_path(path))
            return FollowingSource(located.source, state, copy_path(path)) if followed else None
    return None


def _unverified(note: bytes) -> Checkpoint | None:
    with suppress(NoteError, LogError, UnicodeDecodeError):
        return Checkpoint.of_note(note.decode())
    return None


def _origin_of(note: str) -> str:
    """Return the origin that a checkpoint names, **unverified**; empty for none."""
    try:
        return Checkpoint.of_note(note).origin
    except (NoteError, LogError):
        return ""


def _tick_of(portal: dict[str, Any]) -> int:
    tick = portal.get("publish_every")
    return tick if type(tick) is int and 0 < tick <= _MAX_TICK else 0


def _case_keys(receipts: Iterable[Receipt]) -> list[str]:
    """Return the log's key from the first case file beside a receipt: it was kept since the filing."""
    for receipt in receipts:
        try:
            with (Path(receipt.file).parent / _CASE_FILE).open("rb") as file:
                vkey = json.loads(file.read(_CASE_LIMIT)).get("log_vkey")
        except (OSError, ValueError, AttributeError, RecursionError):
            continue
        if isinstance(vkey, str):
            return [vkey]
    return []


def _signed_by(receipt: Receipt, vkey: str) -> bool:
    try:
        verifier = parse_verifier(vkey)
        verify_checkpoint(receipt.proof.checkpoint, verifier.name, [verifier])
    except CryptoError:
        return False
    return True
