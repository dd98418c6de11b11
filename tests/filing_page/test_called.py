"""Who is called by a whole name, and later by half of it, is one question; nobody on the list is joined with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.redaction.rules import bundle
from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("called.mjs")
BOSS = "El supervisor Ernesto Galván nos vio. "
LATER = "Luego Galván gritó."
JOINED = [[["Ernesto Galván", "Galván"], True]]
APART = [[["Ernesto Galván"], True], [["Galván"], False]]
ROSA = ({"name": {"full": "Rosa Muestra Prueba"}},)

Questions = list[list[Any]]


def _asked(story: str, witnesses: Any = ROSA, language: str = "es", title: str = "") -> Questions:
    evidence = [{"title": title}] if title else []
    petition = {
        "language": language,
        "facts": {"narrative": story},
        "evidence": evidence,
        "witnesses": list(witnesses),
    }
    given = {"rules": json.loads(bundle()), "petitions": [petition]}
    [found] = node.run(_SCRIPT, given, STATIC=str(STATIC))
    return list(found)


def test_surname_alone_is_asked_with_the_whole_name_of_a_boss() -> None:
    """A boss whom the text names once whole is not asked about again as somebody else, wherever the half stands."""
    assert _asked(BOSS + LATER) == JOINED
    assert _asked("Galván gritó. Era el jefe Rogelio Galván.") == [[["Galván", "Rogelio Galván"], True]]
    assert _asked(BOSS + "Don Ernesto mandó. Ernesto Galván firmó.") == [
        [["Ernesto Galván", "Ernesto", "Ernesto Galván"], True]
    ]
    assert _asked(BOSS, title="Foto de un grito de Galván") == [[["Ernesto Galván", "Galván"], True]]
    english = "The supervisor Ernest Galvan saw us. Then Galvan shouted. Galvan's threat was heard."
    assert _asked(english, language="en") == [[["Ernest Galvan", "Galvan", "Galvan's"], True]]
    french = "Le chef Ernest Galvan nous a vus. Puis Galvan a crié."
    assert _asked(french, language="fr") == [[["Ernest Galvan", "Galvan"], True]]


def test_what_one_card_cannot_show_is_asked_on_the_next_one_as_a_boss_too() -> None:
    """Four places at a time, each of them in view."""
    assert _asked(BOSS + LATER * 5) == [
        [["Ernesto Galván", "Galván", "Galván", "Galván"], True],
        [["Galván", "Galván"], True],
    ]


@pytest.mark.parametrize(
    "witness",
    [
        {"name": {"full": "Rosa Galván"}},
        {"name": {"full": "Rosa Galvan Prueba"}},
        {"name": {"given": "Rosa", "surname1": "Prueba", "surname2": "Galván"}},
        {"name": {"full": "Rosa Prueba"}, "aliases": ["la Galván"]},
        {"name": {"full": "Rosa Galbán"}},
    ],
    ids=["surname", "without an accent", "second surname", "nickname", "misspelt"],
)
def test_half_a_name_that_may_be_a_witnesss_is_never_joined_with_a_boss(witness: dict[str, Any]) -> None:
    """Law L6: one press that lets a boss be read lets nobody of the list be read."""
    joined = [places for places, _ in _asked(BOSS + LATER, [witness]) if len(places) > 1]
    assert joined == []


@pytest.mark.parametrize(
    "story",
    [
        f"{BOSS}Rosa Galván lo oyó. {LATER}",
        f"{BOSS}Rosa Muestra Galván lo oyó. {LATER}",
        f"{BOSS}Lo oyó Galván Rosa. {LATER}",
        f"{BOSS}Rosita Galván lo oyó. {LATER}",
        f"{BOSS}Lucía Galván lo oyó. {LATER}",
        f"{BOSS}E. Galván lo oyó. {LATER}",
    ],
    ids=["given name", "half a name", "the other way round", "pet name", "somebody else", "initial"],
)
def test_half_a_name_that_stands_in_two_names_is_never_joined(story: str) -> None:
    """Law L6: what is beside a witness's name may belong to it; of two with one surname nobody knows which is meant."""
    assert not any(len(places) > 1 for places, _ in _asked(story))


@pytest.mark.parametrize(
    "before",
    ["Mi compañera", "La señora", "Los", "La gerente", "Mi primo", "El soldador", "La soldadora", "Y nuestro delegado"],
)
def test_half_a_name_that_is_said_of_another_is_never_joined(before: str) -> None:
    """A colleague with the boss's surname is asked about apart, and not as a boss unless the text says so."""
    assert not any(len(places) > 1 for places, _ in _asked(f"{BOSS}{before} Galván lo oyó."))


def test_boss_is_not_joined_with_a_colleague_who_is_named_whole() -> None:
    """The whole name says who somebody is: of a colleague the safe answer stays the louder one."""
    assert _asked("Mi compañero Ernesto Galván lo vio. El supervisor Galván gritó.") == [
        [["Ernesto Galván"], False],
        [["Galván"], True],
    ]
    assert _asked(f"Mi compañero Ernesto Galván lo vio. {LATER}") == [[["Ernesto Galván", "Galván"], False]]


def test_name_after_a_sentence_of_a_witness_is_still_joined() -> None:
    """A full stop between two names parts them."""
    assert _asked(f"{BOSS}Nos amenazó Galván. Rosa Muestra lo oyó.") == JOINED
    assert _asked(f"{BOSS}Luego la amenazó Galván.") == JOINED
