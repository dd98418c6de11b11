"""The document: readable by independent readers, the same bytes twice, and no text of anybody is markup."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp

from app.client.export.codes import pieces
from app.client.export.omission import leave_out
from app.client.export.pdf import Document
from app.glyphs import lines, shown
from app.i18n import LANGUAGES
from crypto.digest import sha256_hex
from tests.client.export.cases import material, plain_record
from tests.domain.petitions import SALT

RECORD = plain_record()
_FOOT = re.compile(r"\S+ [a-z2-7]{26} \d+ / \d+ ?")
MATERIAL = material(RECORD)


def text_of(pdf: bytes) -> str:
    """Return the text of all pages as pdfium reads it, on one line, without the line at the foot of each."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return _FOOT.sub("", " ".join(" ".join(pages).split()))


def codes_of(pdf: bytes) -> Iterator[str]:
    """Yield what the QR codes of a document say, page by page, from top left to bottom right."""
    for page in pypdfium2.PdfDocument(pdf):
        drawn = page.render(scale=3, grayscale=True)
        image = memoryview(bytes(drawn.buffer)).cast("B", (drawn.height, drawn.stride))
        found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
        row = drawn.height // 8
        for code in sorted(found, key=lambda one: (one.position.top_left.y // row, one.position.top_left.x)):
            yield code.bytes.decode()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """The document in Spanish, with everything in it."""
    return Document(MATERIAL, "es", ()).pdf()


def test_the_same_case_gives_the_same_bytes(pdf):
    """No clock, no chance, no machine."""
    assert Document(MATERIAL, "es", ()).pdf() == pdf


def test_properties_tell_nothing_of_who_made_it(pdf):
    """No author, the day of the receipt, the language, no path."""
    found = pypdf.PdfReader(BytesIO(pdf))
    told = {name: str(value) for name, value in (found.metadata or {}).items()}
    assert set(told) == {"/Title", "/Creator", "/ModDate", "/CreationDate"}
    assert told["/CreationDate"] == told["/ModDate"] == "D:20260312000000Z"
    assert b"/work" not in pdf
    assert b"/home" not in pdf
    assert str(found.root_object["/Lang"]) == "es"


def test_it_is_tagged(pdf):
    """A screen reader finds headings, lists, a table with its header, and words for each picture."""
    root: Any = pypdf.PdfReader(BytesIO(pdf)).root_object
    assert root["/MarkInfo"]["/Marked"]
    kinds = json.dumps(sorted({str(kind) for kind in _kinds(root["/StructTreeRoot"])}))
    assert all(f'"/{kind}"' in kinds for kind in ("H1", "H2", "L", "LI", "Table", "TH", "Figure"))


def _kinds(node: object) -> Iterator[object]:
    if isinstance(node, list):
        for inner in node:
            yield from _kinds(inner.get_object())
    elif isinstance(node, dict):
        yield node.get("/S", "")
        yield from _kinds(node["/K"]) if "/K" in node else ()


def test_the_codes_are_the_proof(pdf):
    """An independent reader of the drawn pages gets the receipt, to the byte."""
    assert "".join(codes_of(pdf)) == MATERIAL.receipt


def test_the_proof_and_hashes_stand_as_text(pdf):
    """What a machine reads, a person can copy."""
    text = text_of(pdf)
    extra = MATERIAL.receipt.split("\n")[1]
    assert extra.replace(" ", "") in text.replace(" ", "").replace("\r", "").replace("\n", "")
    assert sha256_hex(MATERIAL.record_text.encode()) in text
    assert MATERIAL.opened.manifest.sha256 in text
    assert SALT.hex()[:8] not in "".join(text.split()), "a number that keeps a secret is nothing to print"
    assert "portal.invalid/log" in text


def test_the_whole_record_can_be_found(pdf):
    """Every sentence of the narrative is found by a reader's search."""
    text = text_of(pdf)
    facts = RECORD["facts"]
    for sentence in re.split(r"(?<=\.)\s+", str(facts["narrative"])):
        assert " ".join(sentence.split()) in text


def test_confidential_parts_stay_out_unless_wanted(pdf):
    """By default nobody reads what the petitioner marked; the document says that something is missing."""
    assert "Example Motors" in text_of(pdf)
    kept = text_of(Document(MATERIAL, "en", MATERIAL.confidential).pdf())
    assert "Example Motors" not in kept
    assert "trade.us_customers" in kept


def test_translations_of_confidential_parts_stay_out():
    """A translation tells what its original tells."""
    record = {
        "facts": {"narrative": "n", "timeline": [{"what": "a"}, {"what": "b"}]},
        "translations": {"en": {"facts.narrative": "N", "facts.timeline[4].what": "B"}},
    }
    assert leave_out(record, ["facts.timeline[1]"]) == {
        "facts": {"narrative": "n", "timeline": [{"what": "a"}]},
        "translations": {"en": {"facts.narrative": "N"}},
    }
    assert leave_out(record, ["facts.narrative"])["translations"] == {"en": {"facts.timeline[4].what": "B"}}


HOSTILE = '#panic() *a* _b_ $x$ `c` = h <l> @r \\ "q" // /* #eval("1") [x] https://example.invalid ~ -- …'


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_never_markup(language):
    """What looks like the compiler's language is shown letter by letter; what has no shape is shown as its code."""
    text = HOSTILE + "\u202e\u2764\U0001f600\x00\ud7ff漢e\u0301"
    record = RECORD | {"facts": RECORD["facts"] | {"summary": text}, "laws": ["\t", "", text]}
    found = text_of(Document(material(record), language, ()).pdf())
    assert " ".join(HOSTILE.split()) in found
    assert all(code in found for code in ("[U+202E]", "[U+2764]", "[U+1F600]", "[U+0000]", "[U+6F22]"))


def test_the_least_record_has_a_document():
    """A petition with almost nothing in it is still one."""
    facility = {"municipality": "Silao", "state": "Guanajuato", "country": "MX"}
    record = {"v": 1, "salt": SALT.hex(), "language": "es", "facility": facility, "facts": {}}
    assert "Silao" in text_of(Document(material(record), "fr", ()).pdf())


def test_every_character_that_passes_has_a_shape():
    """What `shown` leaves as it is, the fonts can draw: else no export at all could be made of it."""
    passing = [
        chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code < 0xE000 and shown(chr(code)) == chr(code)
    ]
    assert len(passing) > 1_000
    record = RECORD | {"facts": {"summary": " ".join(passing)}}
    assert Document(material(record), "es", ()).pdf()


def test_lines_and_pieces_lose_nothing():
    """Lines are those of the text; the pieces of a code make it again, and no cut touches white space."""
    assert lines("a\r\nb\tc\u2028d") == ["a", "b c", "d"]
    text = "— línea " * 1000 + "\n"
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert all(not piece[-1].isspace() for piece in cut[:-1])
    assert all(not piece[0].isspace() for piece in cut)
    assert max(len(piece.encode()) for piece in cut) <= 900
