"""The guard refuses identifiers and hidden characters, and never repeats them."""

import time

import pytest

from app.domain.redaction import guard

REFUSED = [
    ("la CURP OETE951103HJCLPD94", "CURP"),
    ("NSS 00 14 95 2083 5", "NSS"),
    ("CLABE 002010077777777771", "CLABE"),
    ("tarjeta 4111 1111 1111 1111", "CARD"),
    ("RFC GODE561231GR8", "RFC"),
    ("mi cel 476 000 01 36", "PHONE"),
    ("lupita arroba gmail punto com", "EMAIL"),
    ("empleado número 04417", "EMPLOYEE_NO"),
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
    began = time.process_time()
    guard.check({"x": text[:1_000_000]})
    assert time.process_time() - began < 2
