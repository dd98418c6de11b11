"""Pages of the office's copy of evidence: their few sizes, and the one strict form of a picture of one.

A page is made of pixels and nothing else. Its size says nothing about where it comes from: there are two sheets,
upright or lying. A reader of ours, which shares no code with the library that wrote the picture, accepts only what a
page needs; whatever else a picture can carry is refused by its name (`app.domain.pages.form`).
"""

from app.domain.pages.form import PageForm, PageProblem, form_of, read_page
from app.domain.pages.sheets import DOCUMENT, PICTURE, SHEETS, Sheet, sheet_for

__all__ = ["DOCUMENT", "PICTURE", "SHEETS", "PageForm", "PageProblem", "Sheet", "form_of", "read_page", "sheet_for"]
