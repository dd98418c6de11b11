"""XLSX to the text that a reader of it sees. Runs in the child only.

Not taken: hidden and very hidden sheets, hidden rows and columns, cells whose format or colour hides them, comments,
formulas, defined names, pictures, properties.
"""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from app.client.cleaning.frames import Refused, Written
from app.client.cleaning.packages import Package

_MOST_CELLS = 500_000
_WHITE = ("00FFFFFF", "FFFFFFFF")
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
        if dimension is not None and (dimension.hidden or dimension.height == 0):
            continue
        cells = [_shown(cell) for cell in row if cell.column not in hidden]
        if any(cells):
            yield " | ".join(cells).rstrip(" |")


def _hidden_columns(sheet: Any) -> frozenset[int]:
    hidden: set[int] = set()
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden or dimension.width == 0:
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


def _is_hidden(cell: Any) -> bool:
    formats = {part.strip() for part in str(cell.number_format).split(";")}
    colour = cell.font.color.rgb if cell.font and cell.font.color is not None else None
    filled = cell.fill is not None and cell.fill.fill_type is not None
    return (formats == {""} and ";" in str(cell.number_format)) or (colour in _WHITE and not filled)
