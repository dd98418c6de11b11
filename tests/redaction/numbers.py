"""Synthetic identifiers with valid check digits, how they may be written, and numbers that are none."""

from collections.abc import Callable
from random import Random

from app.domain.redaction import checks

CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
STATES = ["GT", "NL", "JC", "DF", "MC", "ZS", "PL", "VZ"]


def _digits(count: int, random: Random) -> str:
    return "".join(str(random.randint(0, 9)) for _ in range(count))


def _letters(count: int, random: Random, pool: str = "ABCDEFGHIJLMNOPRSTUVZ") -> str:
    return "".join(random.choice(pool) for _ in range(count))


def _born(random: Random) -> str:
    return f"{random.randint(60, 99):02d}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"


def _checked(body: Callable[[str], str], passes: Callable[[str], bool], pool: str = "0123456789") -> str:
    return next(value for digit in pool if passes(value := body(digit)))


def curp(random: Random) -> str:
    """Return a CURP."""
    head = _letters(1, random) + random.choice("AEIOU") + _letters(2, random) + _born(random) + random.choice("HM")
    body = head + random.choice(STATES) + _letters(3, random, CONSONANTS) + _digits(1, random)
    return _checked(lambda digit: body + digit, checks.curp)


def rfc(random: Random) -> str:
    """Return a person's RFC."""
    body = _letters(1, random) + random.choice("AEIOU") + _letters(2, random) + _born(random) + _letters(2, random)
    return _checked(lambda digit: body + digit, checks.rfc, "0123456789A")


def elector(random: Random) -> str:
    """Return a voter key."""
    head = _letters(6, random, CONSONANTS) + _born(random) + f"{random.randint(1, 32):02d}"
    return head + random.choice("HM") + _digits(3, random)


def _luhn(prefix: str, size: int, random: Random) -> str:
    body = prefix + _digits(size - 1 - len(prefix), random)
    return _checked(lambda digit: body + digit, checks.luhn)


def clabe(random: Random) -> str:
    """Return a CLABE."""
    body = "002" + _digits(14, random)
    return _checked(lambda digit: body + digit, checks.clabe)


KINDS: dict[str, tuple[Callable[[Random], str], str, str]] = {
    "CURP": (curp, "su CURP es {}", "la hoja dice {} y nada más"),
    "RFC": (rfc, "con RFC {}", "la hoja dice {} y nada más"),
    "CLAVE_ELECTOR": (elector, "clave de elector {}", "la hoja dice {} y nada más"),
    "NSS": (lambda r: _luhn("00", 11, r), "número de seguro social {}", "la hoja dice {} y nada más"),
    "CLABE": (clabe, "CLABE {}", "la hoja dice {} y nada más"),
    "CARD": (lambda r: _luhn("4", 16, r), "tarjeta {}", "la hoja dice {} y nada más"),
    "IMEI": (lambda r: _luhn("35", 15, r), "IMEI {}", "la hoja dice {} y nada más"),
    "SSN": (lambda r: f"{r.randint(100, 665)}{r.randint(10, 99)}{r.randint(1000, 9999)}", "my SSN is {}", ""),
    "SIN": (lambda r: _luhn("1", 9, r), "SIN number {}", "the sheet says {} and nothing else"),
}


def apart(value: str, _random: Random) -> str:
    """Return a value with a space between any two characters."""
    return " ".join(value)


def fours(value: str, _random: Random) -> str:
    """Return a value in groups of four."""
    return " ".join(value[place : place + 4] for place in range(0, len(value), 4))


def broken(value: str, random: Random) -> str:
    """Return a value that a line's end cuts."""
    place = random.randint(2, len(value) - 2)
    return value[:place] + random.choice(["\n", "-\n"]) + value[place:]


WRITTEN: dict[str, Callable[[str, Random], str]] = {
    "plain": lambda value, _: value,
    "lower": lambda value, _: value.lower(),
    "apart": apart,
    "fours": fours,
    "broken": broken,
    "dashes": lambda value, _: "-".join(value[place : place + 3] for place in range(0, len(value), 3)),
    "fullwidth": lambda value, _: "".join(chr(ord(char) + 0xFEE0) for char in value),
    "zero-width": lambda value, random: "\u200b".join(value),
}


def phone(random: Random) -> str:
    """Return a telephone number as people of the three countries write it."""
    area, rest = random.choice([("476", 7), ("81", 8), ("55", 8), ("844", 7), ("656", 7)]), 0
    number = area[0] + str(random.randint(2, 9)) + _digits(area[1] - 1, random)
    rest = len(area[0])
    shapes = [
        number,
        f"{number[:rest]} {number[rest:-4]} {number[-4:]}",
        f"({number[:rest]}) {number[rest:-4]}-{number[-4:]}",
        f"+52 {number[:rest]} {number[rest:-4]} {number[-4:]}",
        f"+52 1 {number[:rest]} {number[rest:]}",
        f"044 {number[:rest]} {number[rest:-4]} {number[-4:]}",
        f"{number[:rest]}-{number[rest:-4]}-{number[-4:]}",
        f"({random.randint(212, 989)}) {random.randint(222, 999)}-{_digits(4, random)}",
        f"+1 {random.randint(212, 989)} {random.randint(222, 999)} {_digits(4, random)}",
        f"514-{random.randint(222, 999)}-{_digits(4, random)}",
    ]
    return random.choice(shapes)


def email(random: Random) -> str:
    """Return an address of e-mail, plain or written so that a machine should not see it."""
    name = random.choice(["lupita.z", "jbarr88", "la_flaca", "contacto-linea4", "pp99"])
    host, end = random.choice([("gmail", "com"), ("correo", "example"), ("mail", "com.mx"), ("proton", "me")])
    at = random.choice(["@", " @ ", " arroba ", "(at)", " (arroba) ", "[at]", " [at] ", "@\n"])
    dot = random.choice([".", ".", " punto ", "(dot)", "[punto]", " (punto) "])
    return f"{name}{at}{host}{dot}{end.replace('.', dot)}"


CUED: dict[str, tuple[str, Callable[[Random], str]]] = {
    "PLATE": ("las placas del coche son {}, gris", lambda r: f"{_letters(3, r)}-{_digits(3, r)}-{_letters(1, r)}"),
    "PASSPORT": ("su pasaporte {} venció", lambda r: _letters(1, r) + _digits(8, r)),
    "EMPLOYEE_NO": ("número de empleado {} en la lista", lambda r: _digits(5, r)),
    "LICENCE": ("cédula profesional {} vigente", lambda r: _digits(8, r)),
    "INE": ("el OCR {} de la credencial", lambda r: _digits(13, r)),
    "BIRTH_DATE": ("nació el {} en León", lambda r: f"{r.randint(1, 28)} de abril de {r.randint(1960, 2004)}"),
    "GPS": ("en {} se ve la casa", lambda r: f"20.{_digits(5, r)}, -101.{_digits(5, r)}"),
}


def _failing(value: str, passes: Callable[[str], bool], random: Random) -> str:
    while passes(value):
        value = value[:-1] + str(random.randint(0, 9))
    return value


def decoy(random: Random) -> str:
    """Return a sentence with a number that belongs to nobody: no cue, and no check digit that fits."""
    eleven = _failing("6" + _digits(10, random), checks.luhn, random)
    sixteen = _failing("7" + _digits(15, random), checks.luhn, random)
    eighteen = _failing("9" + _digits(17, random), checks.clabe, random)
    nine = _failing("8" + _digits(8, random), checks.luhn, random)
    return random.choice(
        [
            f"El oficio lleva el folio {eleven} de este año.",
            f"La factura {sixteen} no se pagó.",
            f"El total fue de $7,{_digits(3, random)},{_digits(3, random)}.{_digits(2, random)} pesos.",
            f"El expediente {random.randint(1, 900)}/2024 sigue abierto.",
            f"A las {random.randint(1, 23)}:{random.randint(10, 59)} del {random.randint(1, 28)}/09/2025 cerraron.",
            f"En el código {eighteen} del producto está el lote.",
            f"Se vendieron {nine} piezas.",
            f"Docket {random.randint(100, 999)}-{_digits(5, random)} was closed.",
            f"La orden {nine} se surtió completa.",
            f"Clave HTS 8708.29.{_digits(4, random)} del arancel.",
            f"Pedimento 25 47 {_digits(4, random)} {_digits(7, random)} de importación.",
        ]
    )
