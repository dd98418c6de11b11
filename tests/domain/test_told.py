"""What a person hid stays hidden in every later version, with whatever program the next one is written."""

from __future__ import annotations

from app.domain.filing.review import Review
from app.domain.filing.told import Told, joined, told_of
from app.domain.petition.loading import load_values
from tests.domain.cases import Counter
from tests.domain.petitions import full

NARRATIVE = "El del lunar en la ceja vio todo. El del Lunar en la ceja no volvió. Folio 8841."


def entry(words: str, kind: str, decision: str, text: str = NARRATIVE) -> dict[str, object]:
    start = text.index(words)
    return {"path": "facts.narrative", "start": start, "end": start + len(words), "kind": kind, "decision": decision}


def settled(text: str, told: Told) -> tuple[str, list[dict[str, object]]]:
    petition = load_values({**full(), "facts": {"narrative": text}}).petition
    done = Review(petition, "es", Counter(), told=told).settle(careful=True)
    return str(done.record["facts"]["narrative"]), [dict(each) for each in done.decisions]


def test_words_hidden_by_hand_are_hidden_in_the_next_version() -> None:
    """A browser's version, supplemented by a program that never saw the marks: the words do not come back."""
    assert "lunar" in settled(NARRATIVE, Told())[0]
    told = told_of([entry("lunar en la ceja", "by_hand", "redact")], {"facts": {"narrative": NARRATIVE}})
    shown, decisions = settled(f"Además: {NARRATIVE}", told)
    assert "lunar" not in shown.lower()
    again = told_of(decisions, {"facts": {"narrative": f"Además: {NARRATIVE}"}})
    assert again.by_hand == told.by_hand
    assert "lunar" not in settled(NARRATIVE, again)[0].lower()


def test_a_question_answered_with_hide_is_answered_so_again() -> None:
    """Where the careful choice would keep it."""
    _, decisions = settled(NARRATIVE, Told())
    kept = next(each for each in decisions if each["decision"] == "keep")
    words = NARRATIVE[int(str(kept["start"])) : int(str(kept["end"]))]
    assert words in settled(NARRATIVE, Told())[0]
    told = told_of([{**kept, "decision": "redact"}], {"facts": {"narrative": NARRATIVE}})
    assert words not in settled(NARRATIVE, told)[0]


def test_places_are_right_where_lower_case_is_longer() -> None:
    """`İ` is two letters in lower case."""
    text = "İİİ El Zurdo firmó. Nadie más."
    assert [(one.start, one.end) for one in Told(frozenset({"zurdo"})).stretches(text)] == [(7, 12)]


def test_what_stands_nowhere_hides_nothing() -> None:
    """The text of a copy is not in the petition; an empty stretch is no word."""
    review = [
        {**entry("Folio", "by_hand", "redact"), "path": "evidence[0].copy"},
        {**entry("Folio", "by_hand", "redact"), "end": 0},
        entry("Folio", "by_hand", "keep"),
    ]
    assert joined([told_of(review, {"facts": {"narrative": NARRATIVE}})]) == Told()
