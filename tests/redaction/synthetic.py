"""Synthetic witnesses and every deterministic way to write their names, for measuring the engine."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.domain.redaction.model import KnownIdentity

VECTORS = Path(__file__).parent.parent / "vectors" / "redaction"
NAMES = json.loads((VECTORS / "names.json").read_text(encoding="utf-8"))
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "ca",
    "co",
    "cha",
    "da",
    "de",
    "do",
    "fe",
    "ga",
    "go",
    "gui",
    "ha",
    "jo",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "ña",
    "pa",
    "pe",
    "que",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "xo",
    "ya",
    "yo",
    "za",
    "ze",
]
ENDINGS = ["nes", "no", "rra", "lles", "zar", "dez", "rte", "llo", "sco", "nda", "ldo", "ngo", "ris", "tia"]
TEMPLATES = {
    "es": [
        "Nos dijo {} que la planta de Toluca no paga horas extra. Después habló la gerencia.",
        "—¿Y tú quién eres? —Soy {}, del turno de noche.",
        "Firma: {} Después se cerró la puerta.",
        "El testigo {} declaró que no hubo votación.",
        "En la lista aparece {}, pero nadie firmó por la empresa.",
        "{} y otra persona entregaron el pliego.",
    ],
    "en": [
        "We heard from {} that the plant in Apodaca does not pay overtime.",
        "According to {}, the foreman locked the door at 9:15.",
        "Signed: {} Then came the manager.",
        "{} appears on the list, but nobody signed for the company.",
    ],
    "fr": [
        "Selon {}, le contremaître a fermé la porte à 9 h 15.",
        "Le témoin {} a déclaré qu'il n'y a pas eu de vote.",
        "On a su par {} que l'usine ne paie pas les heures supplémentaires.",
    ],
}
HOMOGLYPHS = str.maketrans("aeopcxyiAEOPCTHKMBX", "аеорсхуіАЕОРСТНКМВХ")


@dataclass(frozen=True)
class Witness:
    """A synthetic witness and the language of the text around the name."""

    language: str
    given: tuple[str, ...]
    surnames: tuple[str, ...]

    @property
    def full(self) -> str:
        """Return given names and surnames in their usual order."""
        return " ".join((*self.given, *self.surnames))

    def identity(self, *, split: bool) -> KnownIdentity:
        """Return the witness as the engine is told, with the parts of the name or without."""
        if not split:
            return KnownIdentity("W", name=self.full)
        second = self.surnames[1] if len(self.surnames) > 1 else ""
        return KnownIdentity("W", given=" ".join(self.given), surname1=self.surnames[0], surname2=second)


def witnesses(count: int, seed: int) -> Iterator[Witness]:
    """Yield synthetic witnesses: names of the lists, and invented ones that stand in no list."""
    random = Random(seed)
    for number in range(count):
        language = ("es", "es", "en", "fr")[number % 4]
        pool = NAMES[language]
        given = random.sample(pool["given"], 2 if random.random() < 0.6 else 1)
        surnames = random.sample(pool["surnames"], 2 if language == "es" else 1)
        if number % 3 == 0:
            surnames = [invented(random) for _ in surnames]
        if len({word.casefold() for word in (*given, *surnames)}) == len(given) + len(surnames):
            yield Witness(language, tuple(given), tuple(surnames))


def invented(random: Random) -> str:
    """Return a surname that exists in no list."""
    return (
        "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 3))) + random.choice(ENDINGS)
    ).capitalize()


def plain(text: str) -> str:
    """Return a text without its accents."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _local(text: str) -> str:
    return "".join(char for char in plain(text).lower() if char.isalnum())


def _inserted(text: str, piece: str, random: Random) -> str:
    place = random.randint(1, len(text) - 1)
    return text[:place] + piece + text[place:]


def _hyphenated(witness: Witness, random: Random) -> str:
    surname = witness.surnames[0].split()[-1]
    place = random.randint(2, max(2, len(surname) - 2))
    return f"{witness.given[0]} {surname[:place]}-\n{surname[place:]}"


VARIANTS: dict[str, Callable[[Witness, Random], str]] = {
    "full": lambda w, r: w.full,
    "upper": lambda w, r: w.full.upper(),
    "lower": lambda w, r: w.full.lower(),
    "accentless": lambda w, r: plain(w.full),
    "accentless-upper": lambda w, r: plain(w.full).upper(),
    "nfd": lambda w, r: unicodedata.normalize("NFD", w.full),
    "html": lambda w, r: "".join(c if c.isascii() else f"&#{ord(c)};" for c in w.full),
    "html-hex": lambda w, r: "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in w.full),
    "homoglyph": lambda w, r: "".join(c.translate(HOMOGLYPHS) if r.random() < 0.3 else c for c in w.full),
    "homoglyph-all": lambda w, r: w.full.translate(HOMOGLYPHS),
    "zero-width": lambda w, r: _inserted(w.full, r.choice("\u200b\u200c\u200d\u2060\ufeff\u00ad"), r),
    "fullwidth": lambda w, r: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in plain(w.full)),
    "nbsp": lambda w, r: w.full.replace(" ", "\u00a0"),
    "double-space": lambda w, r: w.full.replace(" ", "  "),
    "split-line": lambda w, r: "\n".join(w.full.rsplit(" ", 1)),
    "hyphen-split": _hyphenated,
    "spaced-letters": lambda w, r: " ".join(w.surnames[0].replace(" ", "").upper()),
    "spaced-full": lambda w, r: "  ".join(" ".join(word.upper()) for word in w.full.split()),
    "surname-first": lambda w, r: " ".join((*w.surnames, *w.given)),
    "surname-comma": lambda w, r: " ".join(w.surnames).upper() + ", " + " ".join(w.given),
    "given+first-surname": lambda w, r: f"{w.given[0]} {w.surnames[0]}",
    "given+second-surname": lambda w, r: f"{w.given[0]} {w.surnames[-1]}",
    "second-given+surname": lambda w, r: f"{w.given[-1]} {w.surnames[0]}",
    "given-only": lambda w, r: w.given[0],
    "surname-only": lambda w, r: w.surnames[0],
    "title": lambda w, r: w.surnames[0],
    "initial-surname": lambda w, r: f"{w.given[0][0]}. {w.surnames[0]}",
    "initial-nospace": lambda w, r: f"{w.given[0][0]}.{w.surnames[0]}",
    "two-initials": lambda w, r: " ".join(f"{name[0]}." for name in w.given) + " " + w.surnames[0],
    "surname-initial": lambda w, r: f"{w.surnames[0]}, {w.given[0][0]}.",
    "given-initial": lambda w, r: f"{w.given[0]} {w.surnames[0][0]}.",
    "concat": lambda w, r: plain(w.given[0]) + plain(w.surnames[0]),
    "concat-lower": lambda w, r: _local(w.given[0]) + _local(w.surnames[0]),
    "handle": lambda w, r: f"{_local(w.given[0])}_{_local(w.surnames[0])}",
    "handle-digits": lambda w, r: f"@{_local(w.given[0])}.{_local(w.surnames[0])}{r.randint(10, 99)}",
    "email-local": lambda w, r: f"{_local(w.given[0])[0]}{_local(w.surnames[0])}@correo.example",
    "email-dots": lambda w, r: f"{_local(w.given[0])}.{_local(w.surnames[0])}@correo.example",
    "markdown": lambda w, r: f"**{w.given[0]}** {w.surnames[0]}",
    "tags": lambda w, r: f"<b>{w.given[0]}</b> {w.surnames[0]}",
    "possessive": lambda w, r: w.surnames[0],
    "escaped": lambda w, r: "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in w.full),
    "mojibake": lambda w, r: w.full.encode().decode("latin-1"),
}
AROUND = {"title": ("señora ", ""), "possessive": ("", "'s")}


def typo(word: str, random: Random) -> str:
    """Return a word with one edit: a letter replaced, left out, doubled, or two swapped."""
    place = random.randint(1, len(word) - 2)
    kind = random.choice(("replace", "drop", "double", "swap"))
    if kind == "replace":
        return word[:place] + random.choice("aeiourstnlmdcpbgvzfjh") + word[place + 1 :]
    if kind == "drop":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
