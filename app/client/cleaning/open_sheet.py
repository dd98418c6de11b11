"""ODS to the text that a reader of it sees. Runs in the child only.

Not taken: hidden sheets, rows and columns, cells whose style or format hides them, comments, formulas, names, filters'
leftovers, pictures, properties. Empty cells that a file repeats a million times cost nothing; full ones are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.open_text import hidden_styles, said
from app.client.cleaning.packages import Package, attribute, local

_MOST_CELLS = 500_000
_UNSEEN = frozenset({"collapse", "filter"})
_GROUPS = frozenset({"table-row-group", "table-rows", "table-header-rows", "table-column-group", "table-columns"})
_SHAPES = frozenset({"style", "map", "text-properties"})
"""What a format of numbers may hold that shows nothing of a number."""


@dataclass
class _Book:
    """The styles that hide, and how many cells may still be shown."""

    hidden: frozenset[str]
    left: int = _MOST_CELLS

    def count(self, cells: int) -> None:
        """Count cells that are shown. Raises Refused."""
        self.left -= cells
        if self.left < 0:
            raise Refused("bomb")


def text_of_open_sheet(data: bytes) -> Written:
    """Return the visible cells: each sheet's name, then a row a line, cells side by side. Raises Refused."""
    package = Package(data)
    content = package.xml("content.xml")
    if content is None:
        raise Refused("broken")
    roots = [root for root in (package.xml("styles.xml"), content) if root is not None]
    book = _Book(hidden_styles(roots) | _hiding_sheets(roots) | _hiding_formats(roots))
    sheets = [each for each in content.iter() if local(each) == "table"]
    lines = [
        line for sheet in sheets if attribute(sheet, "style-name") not in book.hidden for line in _rows(sheet, book)
    ]
    pictures = sum(local(each) == "image" for sheet in sheets for each in sheet.iter())
    return Written("\n".join(lines), pictures)


def _hiding_sheets(roots: Sequence[Element]) -> frozenset[str]:
    """Return the styles of sheets that are not displayed."""
    styles = [each for root in roots for each in root.iter() if local(each) == "style"]
    off = (each for each in styles if any(attribute(part, "display") == "false" for part in each))
    return frozenset(attribute(each, "name") or "" for each in off)


def _hiding_formats(roots: Sequence[Element]) -> frozenset[str]:
    """Return the styles of cells whose format writes nothing, as `;;;` does."""
    every = [each for root in roots for each in root.iter()]
    empty = {
        attribute(each, "name")
        for each in every
        if local(each).endswith("-style") and "datastyle" in each.tag and all(local(part) in _SHAPES for part in each)
    }
    styled = (each for each in every if local(each) == "style" and attribute(each, "data-style-name") in empty)
    return frozenset(attribute(each, "name") or "" for each in styled)


def _rows(sheet: Element, book: _Book) -> Iterator[str]:
    yield f"[{attribute(sheet, 'name') or ''}]"
    columns = list(_columns(sheet, book))
    for row in _each(sheet, "table-row"):
        if attribute(row, "visibility") in _UNSEEN or attribute(row, "style-name") in book.hidden:
            continue
        line = " | ".join(_cells(row, columns, book)).rstrip(" |")
        if line:
            times = _times(row, "number-rows-repeated")
            book.count(times)
            yield from [line] * times


def _each(parent: Element, name: str) -> Iterator[Element]:
    """Yield rows or columns, also of groups."""
    for child in parent:
        if local(child) == name:
            yield child
        elif local(child) in _GROUPS and attribute(child, "display") != "false":
            yield from _each(child, name)


def _columns(sheet: Element, book: _Book) -> Iterator[tuple[int, bool]]:
    """Yield how many columns follow and whether they hide what is in them."""
    for column in _each(sheet, "table-column"):
        styles = {attribute(column, "style-name"), attribute(column, "default-cell-style-name")}
        unseen = attribute(column, "visibility") in _UNSEEN or bool(styles & book.hidden)
        yield _times(column, "number-columns-repeated"), unseen


def _cells(row: Element, columns: Sequence[tuple[int, bool]], book: _Book) -> Iterator[str]:
    place = 0
    for cell in (each for each in row if local(each) in ("table-cell", "covered-table-cell")):
        times = _times(cell, "number-columns-repeated")
        text = "" if attribute(cell, "style-name") in book.hidden else _shown(cell, book)
        shown = _visible(columns, place, times)
        place += times
        if text:
            book.count(shown)
        yield from [text] * (shown if text else min(shown, 1))


def _visible(columns: Sequence[tuple[int, bool]], place: int, times: int) -> int:
    """Return how many of the columns from a place on are visible."""
    hidden, start = 0, 0
    for count, unseen in columns:
        if unseen:
            hidden += max(0, min(start + count, place + times) - max(start, place))
        start += count
    return times - hidden


def _shown(cell: Element, book: _Book) -> str:
    paragraphs = (each for each in cell if local(each) in ("p", "h"))
    return " ".join(" ".join("".join(said(each, book.hidden)) for each in paragraphs).split())


def _times(element: Element, name: str) -> int:
    text = attribute(element, name) or "1"
    return int(text) if text.isdigit() and len(text) < 10 else 1
