"""Sentinels: a petition whose every protected field holds a unique string, and a search that finds them anywhere."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.filings import PETITIONS

FILE_BYTES = 3 * 1024 * 1024
"""Above Starlette's limit for spooling to disk."""
STEMS = ("SENTINEL", "Qwyxalia", "Zuxandra", "Vroquelta", "Ixmendrol")
"""What every sentinel begins with: looked for first, in every form."""


def plant(folder: Path) -> tuple[Path, dict[str, str]]:
    """Write a petition with sentinels below a folder; return its path and the sentinels by where they stand.

    One witness carries them all. The alias stands in every free text, so each must lose it.
    """
    petition = yaml.safe_load((PETITIONS / "petition_example_es.yaml").read_text())
    petition = {key: value for key, value in petition.items() if key != "fixture"}
    planted: dict[str, str] = {}
    witness = _replace(petition["witnesses"][0], ("witness",), planted)
    witness["aliases"] = ["Qwyxalia"]
    witness["name"] = {"given": "Zuxandra", "surname1": "Vroquelta", "surname2": "Ixmendrol"}
    planted |= {"alias": "Qwyxalia", "given": "Zuxandra", "surname1": "Vroquelta", "surname2": "Ixmendrol"}
    petition["witnesses"][0] = witness
    _speak_of(petition, "Qwyxalia")
    for place, item in enumerate(petition["evidence"]):
        name = f"SENTINELfile{place}.pdf"
        content = f"SENTINELbody{place} ".encode()
        size = FILE_BYTES if place == 0 else 2000
        (folder / name).write_bytes((content * (size // len(content) + 1))[:size])
        item["file"] = name
        item["holder"] = f"SENTINELholder{place}"
        planted[f"file name {place}"] = f"SENTINELfile{place}"
        planted[f"file content {place}"] = f"SENTINELbody{place}"
        planted[f"evidence holder {place}"] = item["holder"]
    for place, petitioner in enumerate(petition["petitioners"]):
        petitioner["key_custodian"] = f"SENTINELcustodian{place}"
        planted[f"custodian {place}"] = petitioner["key_custodian"]
    path = folder / "petition.yaml"
    path.write_text(yaml.safe_dump(petition, allow_unicode=True))
    return path, planted


def _replace(value: Any, path: tuple[str, ...], planted: dict[str, str]) -> Any:
    """Put a sentinel into every text of a witness; marks, dates and yes-or-no stay."""
    if isinstance(value, dict):
        return {key: _replace(item, (*path, key), planted) for key, item in copy.deepcopy(value).items()}
    if isinstance(value, list):
        return [_replace(item, (*path, str(place)), planted) for place, item in enumerate(value)]
    if not isinstance(value, str) or path[-1] in {"id", "date", "birth_date"}:
        return value
    sentinel = f"SENTINEL{len(planted):03d}x"
    planted[".".join(path)] = sentinel
    return sentinel


def _speak_of(petition: dict[str, Any], alias: str) -> None:
    """Let every free text mention an alias."""
    facts = petition["facts"]
    facts["summary"] += f" Lo contó {alias}."
    facts["narrative"] += f"\n\nTambién {alias} lo vio.\n"
    for entry in facts["timeline"]:
        entry["what"] += f" Estaba {alias}."
    for entry in petition["unions"]["events"]:
        entry["note"] += f" Lo supo {alias}."
    for entry in petition["remedy"]:
        entry["detail"] += f" También para {alias}."
    for entry in petition["evidence"]:
        entry["title"] += f" de {alias}"
    for entry in petition["proceedings"]:
        entry["note"] += f" Acompañó {alias}."
    petition["urgency"]["note"] += f" Teme {alias}."
    petition["covered_basis"]["detail"] += f" Según {alias}."
    petition["covered_basis"]["burden_note"] += f" Según {alias}."
    petition["witness_attestation"]["statement"] += f" Entre ellas {alias}."


def forms(sentinel: str) -> Iterator[bytes]:
    """Yield the encodings in which a string could have been kept."""
    for text in {sentinel, sentinel.lower(), sentinel.upper()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield text.encode(encoding)
        yield text.encode().hex().encode()
        for shift in range(3):
            yield _base64_digits(text.encode(), shift)
        yield text.encode()[::-1]


def _base64_digits(text: bytes, shift: int) -> bytes:
    """Return the digits that a text has in base64 whatever stands before and after it; fewer are found by chance."""
    bits = 8 * (shift + len(text))
    return base64.b64encode(b"\0" * shift + text)[-(-8 * shift // 6) : bits // 6]


def found_in(data: bytes, planted: dict[str, str]) -> list[str]:
    """Return where the sentinels stood that some bytes hold."""
    if not any(form in data for stem in STEMS for form in forms(stem)):
        return []
    return [place for place, sentinel in planted.items() if any(form in data for form in forms(sentinel))]
