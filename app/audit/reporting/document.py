"""The report as a PDF: tagged, searchable, archival, and the same bytes wherever it is made.

Fonts are those that the compiler brings; what the page shows comes as data, never as markup; the day in the file's
properties is that of the newest entry.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.glyphs import shown

_TEMPLATE = Path(__file__).with_name("report.typ")
_STANDARDS: list[Any] = ["a-2a", "ua-1"]


def pdf_of(data: Mapping[str, Any], moment: int) -> bytes:
    """Return the PDF of a report's contents (contents.py); ``moment`` in unix seconds."""
    import typst

    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_shown(data))},
    )
    made = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _shown(value: Any) -> Any:
    """Return data in which every text can be drawn with the embedded fonts."""
    if isinstance(value, Mapping):
        return {name: _shown(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return shown(value) if isinstance(value, str) else value
