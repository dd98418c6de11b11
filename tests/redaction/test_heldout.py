"""The held-out texts are those whose hashes stood before their first run, and no name is lost that was found then."""

import subprocess

import pytest

from tests.redaction.heldout.scoring import HERE, read, score


def test_texts_are_as_they_were_committed() -> None:
    """Every text's hash is the one that was written down before its first run."""
    listed = {line.split()[1] for line in (HERE / "SHA256SUMS").read_text(encoding="ascii").splitlines()}
    assert listed == {path.name for path in HERE.glob("*.txt")}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=HERE, check=False).returncode == 0


@pytest.mark.parametrize(
    ("prefix", "mentions", "automatic", "reviewed", "negatives", "decoys"),
    [("twelfth", 528, 521, 527, 27, 3), ("fourteenth_t", 231, 229, 231, 11, 2), ("fourteenth_u", 292, 257, 276, 35, 5)],
)
def test_no_name_of_the_newest_sets_is_lost(
    prefix: str, mentions: int, automatic: int, reviewed: int, negatives: int, decoys: int
) -> None:
    """Names whole, without and with a person, are no fewer than at the sets' first runs, nor false hits more."""
    found = score(read(prefix))
    names = [key for key in found.total if key[1].startswith("name")]
    assert sum(found.total[key] for key in names) == mentions
    assert sum(found.automatic[key] for key in names) >= automatic
    assert sum(found.reviewed[key] for key in names) >= reviewed
    assert sum(found.automatic[key] for key in found.total if key[1] == "hard negative") <= negatives
    assert sum(found.automatic[key] for key in found.total if key[1] == "decoy number") <= decoys
