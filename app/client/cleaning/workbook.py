"""XLSX to the text that a reader of it sees. Runs in the child only.

Not taken: hidden and very hidden sheets, hidden rows and columns and those too small to be seen, cells whose format,
colour or size hides them, comments, formulas, defined names, pictures, properties. A colour that only a condition gives
is not looked at.
"""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import column_index_from_string

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package
from app.client.cleaning.seeing import BLACK, SMALLEST, WHITE, unseen

_MOST_CELLS = 500_000
_LOWEST, _NARROWEST = 2.0, 0.3
"""Points of a row and letters of a column, below which nothing in it is seen."""
_THEME = {0: WHITE, 1: BLACK}
"""Of a theme's colours, those that are paper and ink in every one."""
_SYSTEM = {64: BLACK, 65: WHITE}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')
"""What of a format stands for itself, or for nothing."""
_SHOWING = re.compile(r"[0#?@ymdhse]|general", re.IGNORECASE)
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile, SyntaxError)


def text_of_workbook(data: bytes) -> Written:
    """Return the visible cells: each sheet's name, then a row a line, cells side by side. Raises Refused."""
    names = Package(data).names  # and its bounds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that are not read: nothing of them is shown
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            lines = [line for sheet in book.worksheets if sheet.sheet_state == "visible" for line in _lines(sheet)]
        except _BROKEN as error:
            raise Refused("broken") from error
    return Written("\n".join(lines), sum(name.startswith("xl/media/") for name in names))


def _lines(sheet: Any) -> Iterator[str]:
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise Refused("bomb")
    hidden = _hidden_columns(sheet)
    yield f"[{sheet.title}]"
    for row in sheet.iter_rows():
        dimension = sheet.row_dimensions.get(row[0].row) if row else None
        if dimension is not None and (dimension.hidden or _is_below(dimension.height, _LOWEST)):
            continue
        cells = [_shown(cell) for cell in row if cell.column not in hidden]
        if any(cells):
            yield " | ".join(cells).rstrip(" |")


def _hidden_columns(sheet: Any) -> frozenset[int]:
    hidden: set[int] = set()
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden or _is_below(dimension.width, _NARROWEST):
            first = dimension.min or column_index_from_string(letter)
            hidden.update(range(first, min(dimension.max or first, sheet.max_column) + 1))
    return frozenset(hidden)


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or _is_hidden(cell):
        return ""
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value.replace(microsecond=0)
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _is_below(size: float | None, least: float) -> bool:
    return size is not None and size < least


def _is_hidden(cell: Any) -> bool:
    font, fill = cell.font, cell.fill
    ground = _colour(fill.fgColor, WHITE) if fill is not None and fill.fill_type == "solid" else WHITE
    if fill is not None and fill.fill_type not in (None, "solid"):
        ground = ""  # a pattern: something of every ink is seen on it
    ink = _colour(font.color, BLACK) if font else BLACK
    small = bool(font) and _is_below(font.sz, SMALLEST)
    return small or unseen(ink, ground) or _writes_nothing(str(cell.number_format), cell.value)


def _colour(colour: Any, default: str) -> str:
    """Return a colour in six digits, empty for one that only the theme knows."""
    if colour is None:
        return default
    if colour.type == "theme":
        return _THEME.get(colour.theme, "") if abs(colour.tint or 0) < 0.05 else ""
    if colour.type == "indexed":
        known = COLOR_INDEX[colour.indexed] if colour.indexed < len(COLOR_INDEX) else ""
        return _SYSTEM.get(colour.indexed) or str(known)[-6:].lower()
    return str(colour.rgb)[-6:].lower()


def _writes_nothing(form: str, value: Any) -> bool:
    """Tell whether a number format shows nothing of a value, as `;;;` and `**` do."""
    if "[<" in form or "[>" in form or "[=" in form:
        return False  # which part counts is a matter of its conditions
    parts = [_LITERAL.sub("", part).strip() for part in _parts(form)]
    if isinstance(value, str):
        return len(parts) > 3 and not _SHOWING.search(parts[3])
    number = value if isinstance(value, int | float) else 1
    at = (0 if number > 0 else 1 if number < 0 else 2) if len(parts) > 2 else int(number < 0 and len(parts) > 1)
    return not _SHOWING.search(parts[at])


def _parts(form: str) -> list[str]:
    """Return the parts of a number format; a semicolon within quotes parts nothing."""
    bare = re.sub(r'"[^"]*"', lambda found: found[0].replace(";", " "), form)
    return bare.split(";")
