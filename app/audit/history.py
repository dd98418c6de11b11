"""A kept state against the log as it stands: same past, or where it was changed.

The procedure
  1. The log is as long or longer, and its root at the kept size is the kept one: nothing to say.
  2. Else compare the roots of full bundles, then the kept leaf hashes one by one, as far as both reach.
  3. The same as far as both reach, and shorter: the tail was cut, or an older database was restored.
  4. Different: a shift of later rows tells a deleted or inserted one; later rows unchanged tell an altered one;
     nothing of the later rows left tells another history, a fork.
"""

from app.audit.compare import differences
from app.audit.finding import Code, Findings
from app.audit.state import State
from app.audit.tree import Tree, add_difference
from crypto.log.merkle import HASH_SIZE
from crypto.log.tiles import WIDTH


def compare_state(tree: Tree, root: bytes, state: State, findings: Findings) -> None:
    """Add what the kept state proves against the log whose signed root is ``root``."""
    # 1.
    if tree.size >= state.size and tree.root_at(state.size) == state.root:
        return
    # 2.
    before = len(findings)
    _locate(tree, state, findings)
    # 3.
    if tree.size < state.size:
        code = Code.ROLLED_BACK if (tree.size, root) in state.seen else Code.TAIL_CUT
        findings.add(code, first=tree.size, last=state.size - 1)
    elif len(findings) == before and not tree.gaps:
        findings.add(Code.FORK, first=0, last=state.size - 1)


def _locate(tree: Tree, state: State, findings: Findings) -> None:
    full = [index for index in range(_common(tree, state)) if tree.known(index * WIDTH, (index + 1) * WIDTH)]
    changed = [index for index in full if _bundle(tree, index) != _kept(state, index)]
    early = [index for index in changed if (index + 1) * WIDTH <= state.edge_start]
    if early:
        _locate_early(tree, state, early, findings)
    else:
        _locate_at_edge(tree, state, findings)


def _common(tree: Tree, state: State) -> int:
    return min(tree.size, state.size) // WIDTH


def _bundle(tree: Tree, index: int) -> bytes:
    return bytes(tree.bundles[index * HASH_SIZE : (index + 1) * HASH_SIZE])


def _kept(state: State, index: int) -> bytes:
    return state.tiles[index * HASH_SIZE : (index + 1) * HASH_SIZE]


def _edges(tree: Tree, state: State) -> tuple[list[bytes], list[bytes]]:
    """Return the kept leaf hashes and those that stand in their places now, as far as both reach without a gap."""
    end = min(tree.size, state.size, tree.first_gap())
    kept = [state.edge[at : at + HASH_SIZE] for at in range(0, len(state.edge), HASH_SIZE)]
    return kept[: max(0, end - state.edge_start)], [tree.leaf(index) for index in range(state.edge_start, end)]


def _locate_early(tree: Tree, state: State, early: list[int], findings: Findings) -> None:
    """Tell about bundles of which only the root was kept (4.)."""
    kept, now = _edges(tree, state)
    shift = _shift(tree, state)
    place = {"first": early[0] * WIDTH, "last": early[0] * WIDTH + WIDTH - 1}
    if shift:
        findings.add(Code.ROW_DELETED if shift < 0 else Code.ROW_INSERTED, **place)
    elif kept[-1:] == now[-1:]:
        for index in early:
            findings.add(Code.ENTRY_ALTERED, first=index * WIDTH, last=index * WIDTH + WIDTH - 1)
        _locate_at_edge(tree, state, findings)
    else:
        findings.add(Code.FORK, first=early[0] * WIDTH, last=state.size - 1)


def _shift(tree: Tree, state: State) -> int:
    """Return by how many places the kept rows moved; 0 when they did not, or are gone."""
    for at in range(0, len(state.edge), HASH_SIZE):
        place = tree.find(state.edge[at : at + HASH_SIZE])
        if place is not None:
            return place - (state.edge_start + at // HASH_SIZE)
    return 0


def _locate_at_edge(tree: Tree, state: State, findings: Findings) -> None:
    kept, now = _edges(tree, state)
    changes = differences(kept, now)
    replaced = len(changes) > 1 and changes[-1].offset == len(kept) - 1
    together = replaced and changes[-1].offset - changes[0].offset == len(changes) - 1
    if together and all(change.code is Code.ENTRY_ALTERED for change in changes):
        findings.add(Code.FORK, first=state.edge_start + changes[0].offset, last=state.size - 1)
        return
    for change in changes:
        add_difference(findings, change, state.edge_start)
