"""The held-out texts are those whose hashes stood before their first run, and no name is lost that was found then."""

import subprocess

from tests.redaction.heldout.scoring import HERE, read, score


def test_texts_are_as_they_were_committed() -> None:
    """Every text's hash is the one that was written down before its first run."""
    listed = {line.split()[1] for line in (HERE / "SHA256SUMS").read_text(encoding="ascii").splitlines()}
    assert listed == {path.name for path in HERE.glob("*.txt")}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=HERE, check=False).returncode == 0


def test_no_name_of_the_newest_set_is_lost() -> None:
    """Names whole, without and with a person, are no fewer than at the twelfth set's first run: 521 and 527 of 528."""
    found = score(read("twelfth"))
    names = [key for key in found.total if key[1].startswith("name")]
    assert sum(found.total[key] for key in names) == 528
    assert sum(found.automatic[key] for key in names) >= 521
    assert sum(found.reviewed[key] for key in names) >= 527
    assert sum(found.automatic[key] for key in found.total if key[1] == "hard negative") <= 27
    assert sum(found.automatic[key] for key in found.total if key[1] == "decoy number") <= 3
