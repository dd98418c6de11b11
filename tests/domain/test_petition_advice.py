"""Advice warns and scores, and never refuses."""

from app.domain.petition import load
from tests.domain.petitions import MINIMUM, with_lines


def warned(*lines: str) -> dict[str, str]:
    return {advice.field: advice.code for advice in load(with_lines(*lines)).warnings}


def test_minimum_is_accepted_with_a_low_score_and_told_what_would_help():
    """The hard minimum files; the list of what would help begins with what weighs most."""
    loaded = load(MINIMUM.encode())
    assert loaded.completeness.score == 31
    assert [advice.field for advice in loaded.completeness.helps][:2] == ["evidence", "facts.narrative"]
    assert all(advice.text("en") and advice.text("es") for advice in loaded.completeness.helps)


def test_each_recommended_field_raises_the_score():
    """Filling one recommended field raises the score and shortens the list."""
    before = load(MINIMUM.encode()).completeness
    after = load(with_lines("laws: [LFT]")).completeness
    assert after.score > before.score
    assert len(after.helps) == len(before.helps) - 1


def test_unusual_words_are_kept_and_the_nearest_is_named():
    """Evidence kinds, remedies, reasons, sectors and denial codes are open; the warning names the nearest known."""
    lines = (
        "denial_types: [UNION_DISMISAL, OTHER]",
        "evidence: [{kind: foto, title: x}, {kind: photo}]",
        "remedy: [{kind: neutralidad}]",
        "urgency: {reason: strik}",
        "priority_sector: {class: minning}",
    )
    loaded = load(with_lines(*lines))
    found = {advice.field: advice.params.get("nearest") for advice in loaded.warnings}
    assert found["denial_types[0]"] == "UNION_DISMISSAL"
    assert found["urgency.reason"] == "strike"
    assert found["priority_sector.class"] == "mining"
    assert found["remedy[0].kind"] == "neutrality"
    assert "evidence[0].kind" in found
    assert "denial_types[1]" not in found
    assert loaded.petition.denial_types[0] == "UNION_DISMISAL"


def test_warnings_never_repeat_what_was_written():
    """A warning names field and nearest word, not the text: a code may hold a name."""
    loaded = load(with_lines("denial_types: [Wendolin Arce]", "petitioners: [{name: Wendolin, type: Wendolin}]"))
    assert not any("Wendolin" in advice.text("en") for advice in loaded.warnings)


def test_people_who_cannot_be_found_in_the_texts_are_pointed_out():
    """A witness without a name, a missing consent, a missing title, an anonymous petition, a language without rules."""
    found = warned("witnesses: [{relation: x}]", "evidence: [{kind: photo}]", "language: nah")
    assert found == {
        "petitioners": "anonymous",
        "witnesses[0]": "no_consent",
        "evidence[0]": "untitled_evidence",
        "language": "language_without_rules",
    }
    codes = [advice.code for advice in load(with_lines("witnesses: [{relation: x}]")).warnings]
    assert "nameless_witness" in codes
