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


def _found(*lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    petitions = [{"language": "es", "facts": {"narrative": STORY}, "witnesses": witnesses} for witnesses in lists]
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
