"""A copy of evidence as a reader saves it: tagged, in their mark, the pages as they are, and nothing besides."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from PIL import Image, ImageDraw
from pypdf.generic import StreamObject

from app.client.cleaning.drawing import encoded
from app.domain.entities import CaseId, Role
from app.domain.filing import Copy
from app.domain.pages import DOCUMENT, PICTURE
from app.domain.pages.binding import bound
from app.domain.pages.form import chunks, form_of
from app.domain.paths import leaves
from app.domain.petition import load
from app.usecases.file_petition import file_petition
from tests.filings import PETITIONS, Filing
from tests.usecases.test_evidence import filing_with
from tests.web.conftest import Desk, Site

SAID = "Lo leyó [TESTIGO-01] en la puerta.\nY nadie más.\n\nFirmaron el martes."
CHAT = Copy(2, text=SAID)


def page(mode: str, size: tuple[int, int], words: str) -> bytes:
    """Draw a page of a copy as the petitioner's program writes it."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).text((90, 120), words, fill="black", font_size=60)
    return encoded(image)


PAGES = (
    page("L", DOCUMENT, "Carta"),
    page("RGB", DOCUMENT.lying, "Lista"),
    page("RGB", PICTURE, "Foto"),
)


@pytest.fixture(scope="module")
def filing(site: Site) -> Filing:
    """Return a filing whose case shows three pages and a chat."""
    copies = {"evidence[0]": Copy(1, PAGES), "evidence[1]": CHAT}
    return filing_with(site.services.petitioner.facts.name, copies)


@pytest.fixture(scope="module")
def case(site: Site, filing: Filing) -> CaseId:
    """Return the case, assigned."""
    number = CaseId(file_petition(site.services.petitioner, filing.body).case)
    site.enrol("Eva Guarda", Role.REVIEWER)
    site.assign("Eva Guarda", number)
    return number


@pytest.fixture(scope="module")
def reader(site: Site, case: CaseId) -> Desk:
    """The browser of whoever has the case."""
    return site.signed_in("Eva Guarda", Role.REVIEWER)


def saved(reader: Desk, case: CaseId, copy: int, language: str = "es") -> bytes:
    """Open a copy's sitting and save it."""
    assert reader.post(f"/office/cases/{case}/evidence/{copy}", purpose="REVIEW").status_code == 303
    answer = reader.get(f"/office/cases/{case}/evidence/{copy}/pdf", **{"accept-language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{copy}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Yield the structure's elements in reading order, as an independent reader finds them."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for inner in node:
            yield from elements(inner)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        yield from elements(node["/K"]) if "/K" in node else ()


def pixels(data: bytes) -> bytes:
    """Return a picture's pixels."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.tobytes()


@pytest.mark.parametrize("language", ["es", *(pytest.param(each, marks=pytest.mark.long) for each in ("en", "fr"))])
def test_a_saved_copy_is_tagged_in_order_and_each_picture_has_words(reader: Desk, case: CaseId, language: str) -> None:
    """Title, language, headings, one figure a page with its alternative text, told by an independent reader."""
    data = saved(reader, case, 1, language)
    found = pypdf.PdfReader(io.BytesIO(data), strict=True)
    root: Any = found.root_object
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert set(found.metadata or {}) == {"/Title", "/Creator", "/ModDate", "/CreationDate"}
    kinds = [(str(each["/S"]), str(each.get("/Alt", ""))) for each in elements(root["/StructTreeRoot"])]
    order = [kind for kind, _ in kinds if kind in ("/Title", "/H1", "/Figure")]
    assert order[-6:] == ["/H1", "/Figure"] * 3
    said = {"es": "Página {} de 3", "en": "Page {} of 3", "fr": "Page {} sur 3"}[language]
    assert [alt for kind, alt in kinds if kind == "/Figure"] == [said.format(at) for at in (1, 2, 3)]
    assert len(found.outline) == 3


def test_the_pages_come_as_they_are_one_sheet_each(reader: Desk, case: CaseId) -> None:
    """Every pixel of each page, no other picture, and none of what a PDF can hide besides."""
    found = pypdf.PdfReader(io.BytesIO(saved(reader, case, 1)))
    resources: list[Any] = [sheet["/Resources"] for sheet in found.pages]
    streams = [one.get_object() for each in resources for one in each.get("/XObject", {}).values()]
    assert all(one["/Subtype"] == "/Image" for one in streams)
    assert [(one["/Width"], one["/Height"]) for one in streams] == [form_of(data).sheet for data in PAGES]
    assert [one.get_data() for one in streams] == [pixels(PAGES[0]), pixels(PAGES[1]), PAGES[2]]
    root: Any = found.root_object
    assert not {"/Names", "/AcroForm", "/OpenAction", "/AA", "/AF", "/PieceInfo", "/OCProperties"} & set(root)
    assert [sheet.mediabox.width > sheet.mediabox.height for sheet in found.pages] == [False, False, True, False]
    assert not any("/Annots" in sheet for sheet in found.pages)


def test_the_readers_mark_stands_above_and_below_each_page(reader: Desk, case: CaseId) -> None:
    """Who saved it, and when, as on each page that is shown; a sheet cut off at one edge still has it."""
    found = pypdf.PdfReader(io.BytesIO(saved(reader, case, 1)))
    shown = reader.get(f"/office/cases/{case}/evidence/1/pages/1", **{"accept-language": "es"}).text
    mark = re.search(r"<title>(.+?)</title>", shown)
    assert mark is not None
    assert re.fullmatch(r"Eva Guarda · [^·]+ · [^·]+ UTC( · .+)?", mark[1])
    for sheet in found.pages:
        assert sheet.extract_text().count(mark[1]) == 2


def test_a_text_is_text_in_its_own_language(reader: Desk, case: CaseId) -> None:
    """A chat is read aloud line by line, as Spanish also where the office reads English; no picture of it."""
    found = pypdf.PdfReader(io.BytesIO(saved(reader, case, 2, "en")))
    text = " ".join(sheet.extract_text() for sheet in found.pages)
    assert all(line in " ".join(text.split()) for line in ("Lo leyó [TESTIGO-01] en la puerta.", "Firmaron el martes."))
    root: Any = found.root_object
    each = [(str(one["/S"]), str(one.get("/Lang", ""))) for one in elements(root["/StructTreeRoot"])]
    assert "/Figure" not in {kind for kind, _ in each}
    assert any(language == "es" for _, language in each)


def test_nothing_sealed_is_in_a_saved_copy(reader: Desk, case: CaseId) -> None:
    """No name, alias or identifier of a witness in any stream or text of it, with the record open beside it too."""
    assert reader.post(f"/office/cases/{case}/sitting", purpose="REVIEW").status_code == 303
    petition = load((PETITIONS / "petition_example_es.yaml").read_bytes()).petition
    sealed = [leaf for witness in petition.witnesses for _, leaf in leaves(witness.model_dump(mode="json"))]
    words = {str(leaf) for leaf in sealed if len(str(leaf)) > 7}
    for copy in (1, 2):
        data = saved(reader, case, copy)
        found = pypdf.PdfReader(io.BytesIO(data))
        objects = [found.get_object(at) for at in range(1, int(str(found.trailer["/Size"])))]
        streams = [each.get_data() for each in objects if isinstance(each, StreamObject)]
        everything = "\n".join(
            [data.decode("latin-1"), *(stream.decode("utf-8", "replace") for stream in streams)]
            + [sheet.extract_text() for sheet in found.pages]
            + [repr(each) for each in objects]
        )
        assert [word for word in words if word in everything] == []


def test_nothing_is_saved_without_a_logged_look(site: Site, case: CaseId) -> None:
    """Law L4: no sitting, no copy; a stranger to the case gets nothing at all."""
    site.clock.ahead += 31 * 60
    reader = site.signed_in("Eva Guarda", Role.REVIEWER)
    assert reader.get(f"/office/cases/{case}/evidence/1/pdf").status_code == 422
    other = site.signed_in("Otra Guarda", Role.REVIEWER)
    assert other.get(f"/office/cases/{case}/evidence/1/pdf").status_code in (403, 404)
    assert site.browser().get(f"/office/cases/{case}/evidence/1/pdf").status_code == 303
    assert reader.get(f"/office/cases/{case}/evidence/9/pdf").status_code == 404


def test_a_page_is_bound_in_pieces_and_another_frame_is_refused() -> None:
    """One page is in memory at a time; what is no frame of ours is an error and no file."""
    with pytest.raises(ValueError, match="table of places"):
        b"".join(bound(b"%PDF-1.7\nstartxref\n9\n%%EOF", lambda at: PAGES[0]))
    assert [kind for kind, _ in chunks(PAGES[0])] == [b"IHDR", b"IDAT", b"IEND"]
