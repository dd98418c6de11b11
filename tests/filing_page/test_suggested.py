"""What a story tells of is asked about first: by plain words, in each language; every code is one of the model's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.petition.vocabulary import DENIAL_TYPES, REMEDY_KINDS
from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("suggested.mjs")
STORIES = {
    "Corrieron a tres. Nos amenazó: no vas a encontrar trabajo. Nadie nos dio copia del contrato.": {
        "UNION_DISMISSAL",
        "THREATS_COERCION",
        "BLACKLISTING",
        "CBA_NOT_PROVIDED",
    },
    "Abrieron las urnas antes de la votación. Al SIEIA no lo dejaron entrar.": {
        "BALLOT_IRREGULARITY",
        "ACCESS_REFUSED",
    },
    "They fired two of us and threatened the rest. They never gave us the contract.": {
        "UNION_DISMISSAL",
        "THREATS_COERCION",
        "CBA_NOT_PROVIDED",
    },
    "Ils ont congédié deux collègues. On ne nous a jamais remis la convention. Il y a une liste noire.": {
        "UNION_DISMISSAL",
        "BLACKLISTING",
        "CBA_NOT_PROVIDED",
    },
    "Hace frío en la nave y el comedor cierra temprano.": set(),
}


def test_what_a_story_tells_of() -> None:
    """A wish follows from what was done; a story that tells of none of it puts nothing first."""
    found = node.run(_SCRIPT, list(STORIES), STATIC=str(STATIC))
    assert {story: set(one["denials"]) for story, one in zip(STORIES, found, strict=True)} == STORIES
    for one in found:
        assert set(one["denials"]) <= set(DENIAL_TYPES)
        assert set(one["remedies"]) <= set(REMEDY_KINDS)
        assert bool(one["remedies"]) == bool(one["denials"])
