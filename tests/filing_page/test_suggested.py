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
    # Synthetic. Nobody voted: whoever wants to vote says nothing of cheating.
    "El 6 de octubre empezamos a juntar firmas. El supervisor Ernesto Galván nos vio y el 9 de octubre corrió a "
    "Joaquín Barrera sin carta. A mí me quitaron las horas extra. Marisela oyó cuando Galván dijo que el que firme no "
    "vuelve a trabajar en Silao. El lunes pusieron en el comedor una lista con nombres de los que firmamos. Queremos "
    "que regresen a Joaquín y que nos dejen votar libres.": {"UNION_DISMISSAL", "THREATS_COERCION", "BLACKLISTING"},
    "Si firmamos, la planta va a cerrar.": {"THREATS_COERCION"},
    "Votaron el martes y las boletas ya venían marcadas.": {"BALLOT_IRREGULARITY"},
    "Whoever signs will never work again in Silao. The plant will close. They put up a list with our names.": {
        "THREATS_COERCION",
        "BLACKLISTING",
    },
    "They stuffed the ballot boxes.": {"BALLOT_IRREGULARITY"},
    "Celui qui signe ne travaillera plus jamais à Silao. Ils vont fermer. Il y a une liste avec nos noms.": {
        "THREATS_COERCION",
        "BLACKLISTING",
    },
    "Ils ont bourré les urnes.": {"BALLOT_IRREGULARITY"},
    "Hace frío en la nave y el comedor cierra temprano.": set(),
}


def test_what_a_story_tells_of() -> None:
    """Each wish that is put first is one of the model's; a story that tells of nothing puts nothing first."""
    found = node.run(_SCRIPT, list(STORIES), STATIC=str(STATIC))
    assert {story: set(one["denials"]) for story, one in zip(STORIES, found, strict=True)} == STORIES
    for one in found:
        assert set(one["denials"]) <= set(DENIAL_TYPES)
        assert set(one["remedies"]) <= set(REMEDY_KINDS)
        assert one["remedies"] or not one["denials"]
        assert ("new_vote" in one["remedies"]) == ("BALLOT_IRREGULARITY" in one["denials"])
    assert found[list(STORIES).index("Hace frío en la nave y el comedor cierra temprano.")]["remedies"] == []


@pytest.mark.parametrize(
    "wish",
    [
        "Queremos que nos dejen votar libres.",
        "Queremos una votación sin trampas y sin miedo.",
        "Nos cambiaron de turno porque queremos votar.",
        "Firmaron el contrato sin votar.",
        "We want to vote without cheating.",
        "Nous voulons voter librement, sans fraude.",
    ],
)
def test_who_wants_to_vote_says_nothing_of_a_vote_that_was_held(wish: str) -> None:
    """Cheating and a second vote are put first only where a first one took place; a free one is put first."""
    [told] = node.run(_SCRIPT, [wish], STATIC=str(STATIC))
    assert "BALLOT_IRREGULARITY" not in told["denials"]
    assert "new_vote" not in told["remedies"]
    assert "vote_safeguards" in told["remedies"]
