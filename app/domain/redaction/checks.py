"""Check digits. Sources: SEGOB and SAT instructions (CURP, RFC), ISO 7812 (Luhn), Banxico (CLABE), ISO 3779 (VIN)."""

from collections.abc import Callable

from app.domain.redaction.rules import load

_CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_RFC = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def curp(value: str) -> bool:
    """Tell whether the 18th character of a CURP fits, and its state exists."""
    total = sum(_CURP.index(char) * (18 - place) for place, char in enumerate(value[:17]))
    return value[11:13] in load("identifiers")["curp_states"] and str((10 - total % 10) % 10) == value[17]


def rfc(value: str) -> bool:
    """Tell whether the last character of a person's or company's RFC fits (some 1.5 % of real ones do not)."""
    body = value[:-1].rjust(12)
    total = sum(_RFC.index(char) * (13 - place) for place, char in enumerate(body))
    return "0123456789A"[(11 - total % 11) % 11] == value[-1]


def luhn(value: str) -> bool:
    """Tell whether the last digit fits by Luhn: NSS, cards, IMEI, SIN."""
    total = 0
    for place, digit in enumerate(reversed(value)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def clabe(value: str) -> bool:
    """Tell whether the 18th digit of a CLABE fits."""
    total = sum(int(digit) * weight % 10 for digit, weight in zip(value[:17], [3, 7, 1] * 6, strict=False))
    return str((10 - total % 10) % 10) == value[17]


def vin(value: str) -> bool:
    """Tell whether the ninth character of a VIN fits."""
    numbers = [int(char) if char in "0123456789" else _VIN_VALUES.get(char, 0) for char in value]
    total = sum(number * weight for number, weight in zip(numbers, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == value[8]


def never(_value: str) -> bool:
    """Stand for kinds without a check digit."""
    return False


CHECKS: dict[str, Callable[[str], bool]] = {
    "curp": curp,
    "rfc": rfc,
    "luhn": luhn,
    "clabe": clabe,
    "vin": vin,
    "none": never,
}


def passes(name: str, value: str) -> bool:
    """Run a check by its name in the rules; a value with a foreign character fails."""
    try:
        return CHECKS[name](value.upper())
    except (ValueError, IndexError, KeyError):
        return False
