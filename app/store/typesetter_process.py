"""The process that sets a copy of evidence, or a public version; typesetter.py starts it by its module name.

1. It reads what to set, then opens nothing any more: no file, no connection; memory and time are bounded.
2. What people wrote reaches the page as data, never as markup: the template is a fixed text, and reads one JSON text.
3. Fonts are those that the compiler brings. PDF/A-2a and PDF/UA-1: tags, language of each part, words for each
   picture. For each page of the copy it sets a picture of one row (app.domain.pages.binding); the pages themselves
   never come here.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

from app.store.page_guard_process import confine

MEMORY = 1024 * 1024 * 1024
"""Bytes of addresses, most of them never used: each thread of the compiler reserves its own."""
_TEMPLATES = {
    "evidence": Path(__file__).with_name("evidence.typ"),
    "petition": Path(__file__).parents[1] / "domain" / "document" / "petition.typ",
}
_STANDARDS: list[Any] = ["a-2a", "ua-1"]


def main() -> None:
    """Read, set and answer (rules 1 to 3)."""
    said = json.loads(sys.stdin.buffer.read())
    template = _TEMPLATES[said["template"]].read_bytes()
    confine(MEMORY)
    sys.stdout.buffer.write(document(template, said["data"], said["moment"]))


def document(template: bytes, content: dict[str, Any], moment: int) -> bytes:
    """Return the PDF."""
    compiler = typst.Compiler(
        template,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content)},
    )
    made = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


if __name__ == "__main__":
    main()
