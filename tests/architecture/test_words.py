"""No index addresses, machine paths or traces of tools in what belongs to the repository."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.documents import ROOT, tracked_files

_THIS = str(Path(__file__).resolve().relative_to(ROOT))
_LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")
_FORBIDDEN = {
    "address of a package index": r"pypi\.(?:org|io)/|pythonhosted\.|registry\.npmjs|deb\.debian\.|proxy\.golang",
    "option that names a package index": r"--(?:extra-)?index-url[= ]|--find-links[= ](?!/src/dist\b)|find-links *=",
    "path of one machine": r"(?<![\w./])/(?:work|root|opt/(?:wheels|pypi))/",
    "conflict that was left": r"^(?:<{7}|>{7}) ",
}


def _texts() -> dict[str, str]:
    texts = {}
    for name in tracked_files():
        if name != _THIS:
            texts[name] = (ROOT / name).read_bytes().decode("utf-8", "replace")
    return texts


def test_no_trace_of_a_machine_or_an_index() -> None:
    """What is committed works anywhere: it names no index, no folder of one machine."""
    found = [
        f"{name}: {what}: {hit[0]}"
        for name, text in _texts().items()
        for what, pattern in _FORBIDDEN.items()
        if (hit := re.search(pattern, text, re.MULTILINE))
    ]
    assert found == []


def test_the_patterns_would_find_something() -> None:
    """A list of patterns that matches nothing would always pass."""
    samples = ("https://pypi.org/simple", "--index-url https://x", "see /root/x", "<<<<<<< HEAD")
    for pattern, sample in zip(_FORBIDDEN.values(), samples, strict=True):
        assert re.search(pattern, sample, re.MULTILINE)


def test_locks_have_hashes_and_no_addresses() -> None:
    """Every locked package has its hash, and where it came from is not said."""
    for name in _LOCKS:
        text = (ROOT / name).read_text()
        assert "://" not in re.sub(r'"url": "https?://[^"]+"', "", text), name
        assert '"resolved"' not in text
    for name in _LOCKS[:2]:
        entries = re.split(r"^(?=[a-z0-9][\w.-]*==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
        assert len(entries) > 30
        assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
