"""The reader's mark around a page of evidence."""

from __future__ import annotations

import base64
from xml.etree import ElementTree as ET

from app.web.marking import marked
from tests.usecases.test_evidence import page

SPACE = "{http://www.w3.org/2000/svg}"


def test_a_page_is_shown_between_two_marks_and_is_the_same_for_everybody() -> None:
    """The picture inside is the canonical one, byte for byte; a name is text and never markup."""
    picture = page(40)
    drawing = ET.fromstring(marked(picture, 'Ana <script> & "Co" · K7QM-2XHD'))
    assert [each.text for each in drawing.iter(f"{SPACE}text")] == ['Ana <script> & "Co" · K7QM-2XHD'] * 2
    (image,) = drawing.iter(f"{SPACE}image")
    kind, _, data = image.attrib["href"].partition(",")
    assert (kind, base64.b64decode(data)) == ("data:image/png;base64", picture)
