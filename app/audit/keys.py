"""A log that changed its keys: what it announced, and whether the log that is there bears it out.

Rules
  1. What is verified in itself (`crypto.log.keychange`) is followed; with a policy only what its quorum cosigned when
     it was announced, so that a thief of both old keys needs the cosigners, too, who show it to everybody.
  2. The announcing entry stands in the log that is there, at its place, and the announcement's checkpoint is an earlier
     state of that log. Else there are two histories, and the announcement is evidence of it.
  3. It is always told: whoever holds keys reads of each change, and in which entry it stands.
"""

from collections.abc import Iterable, Sequence

from app.audit.finding import Code, Remark, Report
from app.audit.tree import Tree
from crypto.log.keychange import Announcement, leading_from, leading_to
from crypto.log.merkle import leaf_hash
from crypto.log.policy import Policy, judge

_EVER = 2**62


def cosigned(changes: Iterable[Announcement], policy: Policy | None) -> tuple[Announcement, ...]:
    """Return the changes that a policy's quorum saw announced, all of them without one (rule 1)."""
    if policy is None:
        return tuple(changes)
    return tuple(each for each in changes if judge(each.checkpoint_note, policy, now=0, max_age=_EVER).reached)


def check_announcement(change: Announcement, tree: Tree, report: Report) -> None:
    """Check a change against the tree, and tell of it (rules 2 and 3)."""
    size = change.checkpoint.size
    there = size <= tree.size and tree.known(0, size)
    if there and not (
        tree.leaf(change.index) == leaf_hash(change.leaf) and tree.root_at(size) == change.checkpoint.root
    ):
        report.findings.add(Code.ANNOUNCEMENT_FALSE, index=change.index)
    else:
        report.remark(Remark.KEYS_CHANGED, index=change.index)


def related(vkeys: Iterable[str], changes: Sequence[Announcement]) -> list[str]:
    """Return log keys and all that lead to them or on from them, each once."""
    found: list[str] = []
    for vkey in vkeys:
        before, after = leading_to(vkey, changes), leading_from(vkey, changes)
        found += [*(each.before.log for each in before), vkey, *(each.after.log for each in after)]
    return list(dict.fromkeys(found))
