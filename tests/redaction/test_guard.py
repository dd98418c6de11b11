"""The guard refuses identifiers and hidden characters, and never repeats them."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.redaction import guard
from app.domain.redaction.discovery import discover
from app.domain.redaction.model import CASE_NUMBER, DECOY_NUMBER
from app.domain.redaction.normalise import fold, hidden_characters, mixed_scripts
from app.domain.redaction.surrogates import surrogate_pattern
from tests.redaction.conformance import FILE

_ASKED = (DECOY_NUMBER, CASE_NUMBER)

REFUSED = [
    ("la CURP OETE951103HJCLPD94", "CURP"),
    ("NSS 00 14 95 2083 5", "NSS"),
    ("CLABE 002010077777777771", "CLABE"),
    ("tarjeta 4111 1111 1111 1111", "CARD"),
    ("RFC GODE561231GR8", "RFC"),
    ("mi cel 476 000 01 36", "PHONE"),
    ("lupita arroba gmail punto com", "EMAIL"),
    ("empleado número 04417", "EMPLOYEE_NO"),
    ("Trabajo de noche, soy la 30418.", "EMPLOYEE_NO"),
    ("Jos\u200be", "FORMAT_CHARACTER"),
    ("fin \u202eotxet", "FORMAT_CHARACTER"),
    ("media \ud800 letra", "FORMAT_CHARACTER"),
    ("Zárаte", "MIXED_SCRIPT"),
]
ALLOWED = [
    "Vota el 19 de marzo de 2026; folio 61234567891; monto $1,234,567.00 pesos.",
    "El expediente 123/2024 y el artículo 390 Bis.\r\nOtra línea.",
    "[TESTIGO-01], [CURP], [TELÉFONO] y [NÚM. DE EMPLEADO] ya no se ven.",
    "La empresa AEB170101VZ3 está en San Francisco del Rincón.",
]


@pytest.mark.parametrize(("text", "kind"), REFUSED)
def test_an_identifier_is_refused_by_field_and_kind(text: str, kind: str) -> None:
    """The hit names where and what, and does not hold the match."""
    hits = guard.check({"facts.narrative": text, "facts.summary": "nada"})
    assert guard.Hit("facts.narrative", kind) in hits
    assert all(hit.path == "facts.narrative" for hit in hits)
    assert not any(word in repr(hits) for word in text.split() if any(char.isdigit() for char in word))


@pytest.mark.parametrize("text", ALLOWED)
def test_ordinary_text_passes(text: str) -> None:
    """Dates, amounts, dockets, surrogates and a company's number are no identifiers."""
    assert guard.check({"x": text}) == ()


@pytest.mark.long
def test_a_megabyte_is_checked_in_two_seconds() -> None:
    """The server's share of a filing stays small."""
    text = " ".join(ALLOWED).replace("\r", "") * 4000
    took = []
    for _ in range(3):  # a neighbour slows a core down, too
        began = time.process_time()
        guard.check({"x": text[:1_000_000]})
        took.append(time.process_time() - began)
    assert min(took) < 2


def _by_definition(fields: dict[str, str]) -> tuple[guard.Hit, ...]:
    """Return what the guard should say: each text looked at alone, with every rule there is."""
    hits: dict[guard.Hit, None] = {}
    for path, text in fields.items():
        masked = surrogate_pattern().sub(lambda match: "\u25a0" * len(match[0]), text)
        kinds = ["FORMAT_CHARACTER"] * hidden_characters(text) + ["MIXED_SCRIPT"] * mixed_scripts(text)
        kinds += [one.label for one in discover(fold(masked)) if one.guard and one.label not in _ASKED]
        hits |= {guard.Hit(path, kind): None for kind in kinds}
    return tuple(hits)


def test_the_shorter_way_finds_the_same() -> None:
    """On the conformance set, alone and many together, the guard leaves nothing out that all rules would find."""
    texts = [case["case"]["text"] for case in map(json.loads, FILE.read_text("utf-8").splitlines()[::7])]
    texts += [text for text, _ in REFUSED] + ALLOWED + ["\r", "\n", "Zára", "те", "&#6", "4;", "M.a ", "nº", "Ã¡"]
    fields = {str(number): text[:3000] for number, text in enumerate(texts)}
    expected = {path: _by_definition({path: text}) for path, text in fields.items()}
    assert sum(map(bool, expected.values())) > 20
    for path, text in fields.items():
        assert guard.check({path: text}) == expected[path]
    assert guard.check(fields) == tuple(hit for hits in expected.values() for hit in hits)


_PIECE = st.sampled_from(
    [word for text, _ in REFUSED for word in text.split()] + ["[CURP]", "@", "&#64;", "\r", "\n", "M."]
)


@given(st.lists(st.lists(_PIECE | st.text(max_size=6), max_size=6).map(" ".join), max_size=4))
@settings(max_examples=60)
def test_the_shorter_way_finds_the_same_in_any_texts(texts: list[str]) -> None:
    """Random texts of pieces of identifiers, hidden characters and line ends."""
    fields = {str(number): text for number, text in enumerate(texts)}
    assert guard.check(fields) == _by_definition(fields)
