"""Identifiers of every kind in every spelling are found; numbers that are none are asked about."""

from collections.abc import Callable
from random import Random

import pytest

from app.domain.redaction import Engine, KnownIdentity
from tests.redaction.numbers import CUED, KINDS, WRITTEN, decoy, email, phone

ENGINE = Engine([])


def _whole(text: str, value: str) -> bool:
    start = text.index(value)
    return any(mark.start <= start and start + len(value) <= mark.end for mark in ENGINE.analyse(text).marks)


def _found(kind: str, spelling: str, template: str, count: int) -> int:
    random = Random(f"{kind} {spelling}")
    written = [WRITTEN[spelling](KINDS[kind][0](random), random) for _ in range(count)]
    return sum(_whole(template.format(value) + ".", value) for value in written)


@pytest.mark.parametrize("spelling", WRITTEN)
@pytest.mark.parametrize("kind", KINDS)
def test_an_identifier_is_found_however_it_is_written(kind: str, spelling: str) -> None:
    """With its word beside it and without, as far as the kind can be told without."""
    _, cued, bare = KINDS[kind]
    assert _found(kind, spelling, cued, 25) == 25
    if bare:
        assert _found(kind, spelling, bare, 25) == 25


@pytest.mark.long
@pytest.mark.parametrize("spelling", WRITTEN)
@pytest.mark.parametrize("kind", KINDS)
def test_at_least_995_of_1000_identifiers_are_found(kind: str, spelling: str) -> None:
    """The target of the table."""
    assert _found(kind, spelling, KINDS[kind][1], 1000) >= 995


@pytest.mark.parametrize("kind", CUED)
def test_what_needs_its_word_is_found_with_it(kind: str) -> None:
    """Plates, passports, employee numbers, licences, birth dates, coordinates."""
    random, (template, make) = Random(kind), CUED[kind]
    values = [make(random) for _ in range(60)]
    assert [value for value in values if not _whole(template.format(value), value)] == []


@pytest.mark.parametrize("make", [phone, email])
def test_telephones_and_addresses_of_e_mail_are_found(make: Callable[[Random], str]) -> None:
    """Of three countries; plain and disguised."""
    random = Random(9)
    values = [make(random) for _ in range(150)]
    assert [value for value in values if not _whole(f"escriban o llamen: {value} hoy", value)] == []


def test_a_number_without_a_cue_and_with_a_failed_check_digit_is_no_hit() -> None:
    """Folios, amounts, dockets, times: at most 1 %."""
    random = Random(10)
    assert sum(bool(ENGINE.analyse(decoy(random)).marks) for _ in range(300)) <= 3


def test_a_long_bare_number_is_asked_about() -> None:
    """It may belong to somebody."""
    (item,) = ENGINE.analyse("El oficio lleva el folio 61234567891 de este año.").suggestions[:1]
    assert item.kind in {"decoy_number", "case_number"}


def test_a_company_s_rfc_stays() -> None:
    """It is public."""
    assert ENGINE.analyse("La empresa, con RFC AEB170101VZ3, y otra AMN180101VZ7.").marks == ()


WITNESS = KnownIdentity(
    "1",
    name="Ana Ruiz",
    identifiers=(
        ("employee_number", "04417"),
        ("phone", "+52 476 000 01 24"),
        ("email", "ana.ruiz7@correo.example"),
        ("birth_date", "1988-04-09"),
        ("postal", "Calle Roble 12, Silao"),
        ("", "QX-55-1988"),
    ),
)


@pytest.mark.parametrize(
    "written",
    [
        "04417", "4417", "0 4 4 1 7", "04-417", "476 000 01 24", "4760000124", "(476) 000-0124", "476\n0000124",
        "ana.ruiz7@correo.example", "ana ruiz7 arroba correo punto example", "9 de abril de 1988", "09/04/1988",
        "April 9, 1988", "1988-04-09", "9/4/88", "calle roble 12", "qx 55 1988", "QX551988", "ＱＸ-55-1988",
    ],
)  # fmt: skip
def test_a_listed_identifier_is_found_in_every_spacing(written: str) -> None:
    """Identifiers of the list, as a map or as a list, however they are written."""
    text = f"ahí decía {written} y nada más"
    start = text.index(written)
    marks = Engine([WITNESS]).analyse(text).marks
    assert any(mark.start <= start and start + len(written) <= mark.end for mark in marks)
