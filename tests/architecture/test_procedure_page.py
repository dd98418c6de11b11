"""The procedure as documented is the procedure as built."""

from __future__ import annotations

from tests.procedure_page import PAGE, written


def test_the_documented_table_is_the_codes() -> None:
    """Docs that lie fail: `python -m tests.procedure_page` writes the tables anew."""
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text
