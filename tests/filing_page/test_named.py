"""Whom a story names is offered for the list, and what it says of those on it: found, never taken over by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.redaction.rules import bundle
from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("named.mjs")
STORY = (
    "El 12 de agosto el supervisor Octavio Ledesma nos juntó. Heriberto lo oyó y don Octavio gritó. "
    "Ese día corrieron a Juana Ramírez López. "
    "La Juanita juntó firmas. El celular de Juana es 472 555 0143 y su CURP RALJ880314MGTMPN07. "
    "Heriberto y Juana llaman al 472 555 0199. Al Chino también, le dicen «el Chino»."
)


def _found(*lists: list[dict[str, Any]], story: str = STORY) -> list[dict[str, Any]]:
    petitions = [{"language": "es", "facts": {"narrative": story}, "witnesses": witnesses} for witnesses in lists]
    found: list[dict[str, Any]] = node.run(
        _SCRIPT, {"rules": json.loads(bundle()), "petitions": petitions}, STATIC=str(STATIC)
    )
    return found


def test_names_and_traces_of_a_story() -> None:
    """Law L2: nobody is forgotten; a boss is no witness, part of a name is no other person, a number goes with one."""
    nobody, first, one, both = _found(
        [],
        [{"name": {"full": "Heriberto Solís Cruz"}}],
        [{"name": {"full": "Juana Ramírez López"}}],
        [{"name": {"full": "Juana Ramírez López"}}, {"name": {"full": "Heriberto Solís Cruz"}}],
    )
    assert nobody["named"] == ["Heriberto", "Juana Ramírez López", "Juanita"]
    assert first["named"] == ["Juana Ramírez López", "Juanita"]
    assert one["named"] == ["Heriberto"]
    traces = {"aliases": ["Juanita"], "phone": ["472 555 0143"], "identifier": ["RALJ880314MGTMPN07"]}
    assert one["traces"] == [traces]
    assert both["named"] == []
    assert both["traces"] == [traces, {"aliases": [], "phone": [], "identifier": []}]


CALLED = "Heriberto Solís, a quien le dicen el Tuercas, lo oyó. Lo corrieron."
PHONE = "472 555 0143"


@pytest.mark.parametrize(
    ("story", "aliases", "phones"),
    [
        (f"{CALLED} Su celular es {PHONE}.", ["el Tuercas"], [PHONE]),
        (f"{CALLED} Zenaida Olmedo gritó. Su celular es {PHONE}.", ["el Tuercas"], []),
        (f"{CALLED}\n\nEl celular del turno es {PHONE}.", ["el Tuercas"], []),
        (f"El supervisor Ledesma, a quien le dicen el Tuercas, vio a Heriberto Solís. Su celular es {PHONE}.", [], []),
    ],
    ids=["nobody else is named", "somebody else between", "another paragraph", "a boss beside"],
)
def test_what_follows_a_name_is_theirs_until_another_is_named(
    story: str, aliases: list[str], phones: list[str]
) -> None:
    """Law L2: a nickname and a number are offered to whom the sentences tell of, and to nobody where it is unclear."""
    [found] = _found([{"name": {"full": "Heriberto Solís Cruz"}}], story=story)
    assert found["traces"] == [{"aliases": aliases, "phone": phones, "identifier": []}]
