"""A document as a file: a tagged, searchable PDF that archives keep, the same bytes for the same content.

Rules
  1. What people wrote reaches the page as data, never as markup: the template is a fixed text, and reads one JSON text.
  2. Fonts are those that the compiler brings; nothing of this machine is looked up, no file, no package, no clock.
  3. PDF/A-2a and PDF/UA-1: tags, language of each part, words for each picture, every letter searchable.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEMPLATE = Path(__file__).with_name("petition.typ")
_STANDARDS: list[Any] = ["a-2a", "ua-1"]


def compiled(data: Mapping[str, Any], timestamp: int) -> bytes:
    """Return the PDF of what the template shows (rules 1 to 3); `timestamp` in seconds."""
    # Loaded when a document is made: a portal that makes none does without its fonts.
    import typst

    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    made = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=timestamp)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
