"""docs/detection.md: written from what was said when the cells were played, and read back to be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.attacks.detection.cells import ACTS, CELLS, PARTS
from tests.attacks.detection.watchers import WATCHERS, sentences

PAGE = Path(__file__).resolve().parents[3] / "docs" / "detection.md"
BEGIN, END = "<!-- cells: begin -->", "<!-- cells: end -->"
_HEADS = {
    "state": "auditor with state and openings",
    "receipts": "auditor with receipts",
    "petitioner": "petitioner",
    "cosigner": "cosigner",
    "start": "start-up",
}
_TITLES = {
    "row": "Rows of the database",
    "bundle": "Bundles of entries, as served",
    "tile": "Tiles",
    "checkpoint": "Checkpoints",
    "opening": "Openings",
    "key": "The log's key",
    "clock": "Clocks and dates",
    "cosigner": "Cosigners and cosignatures",
}
_TELLERS = {
    "auditor": "An auditor's program (`resguardo audit`) says",
    "petitioner": "A petitioner's program (`resguardo history`) says",
    "cosigner": "A cosigner (`resguardo cosign --show`) says",
    "start": "The portal says at its start",
}
Results = Mapping[str, Mapping[str, tuple[str, ...]]]
"""What each watcher said, by cell: names of sentences."""


def written(results: Results) -> str:
    """Return the generated part of the page."""
    parts = [_part(part, results) for part in PARTS]
    named = {name for said in results.values() for names in said.values() for name in names}
    return "\n".join([*parts, *_legend(named)])


def _part(part: str, results: Results) -> str:
    lines = [f"### {_TITLES[part]}", ""]
    lines += [f"| what is done | {' | '.join(_HEADS.values())} |", "|---" * (len(_HEADS) + 1) + "|"]
    for act in ACTS:
        cell = CELLS[f"{part}, {act}"]
        found = results.get(cell.name, {})
        said = [", ".join(f"`{name.partition(':')[2]}`" for name in found.get(who, ())) for who in WATCHERS]
        because = f"<br>{cell.harmless}" if cell.harmless else ""
        lines.append(f"| **{act}**: {cell.what}{because} | {' | '.join(said)} |")
    return "\n".join([*lines, ""])


def _legend(named: set[str]) -> Iterator[str]:
    yield "## The sentences"
    yield ""
    yield "As they are printed, with `{…}` for what differs from case to case."
    yield ""
    known = sentences()
    for teller, words in _TELLERS.items():
        yield f"{words}:"
        yield ""
        yield "| name | sentence |"
        yield "|---|---|"
        for name in sorted(each for each in named if each.startswith(f"{teller}:")):
            yield f"| `{name.partition(':')[2]}` | {known[name].replace('|', '/')} |"
        yield ""


def write(results: Results) -> None:
    """Put the generated part between the markers of the page."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{written(results)}\n{END}{after}")


def read() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what the page says, by cell; names of sentences as `watchers` gives them."""
    generated = PAGE.read_text().partition(BEGIN)[2].partition(END)[0]
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for part in PARTS:
        section = generated.partition(f"### {_TITLES[part]}\n")[2].partition("\n#")[0]
        for act, cells in re.findall(r"^\| \*\*([a-z ]+)\*\*: [^|]*((?:\|[^|\n]*){5})\|$", section, re.MULTILINE):
            columns = [re.findall(r"`([^`]+)`", column) for column in cells.split("|")[1:]]
            found[f"{part}, {act}"] = {
                who: tuple(f"{_teller(who)}:{name}" for name in names)
                for who, names in zip(WATCHERS, columns, strict=True)
            }
    return found


def _teller(who: str) -> str:
    return "auditor" if who in {"state", "receipts"} else who
