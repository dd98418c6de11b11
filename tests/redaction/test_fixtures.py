"""Both example petitions: what must go goes, what must stay stays, what needs a person is asked."""

import itertools
from typing import Any

import pytest
import yaml

from app.domain.redaction import Analysis, Engine, Surrogates, guard
from app.domain.redaction.engine import redact
from app.domain.redaction.model import known_identity
from tests.filings import PETITIONS


def _counting() -> Any:
    numbers = itertools.count(7)
    return lambda size: (next(numbers) * 2654435761 % 2**32).to_bytes(4, "big")[:size].ljust(size, b"\1")


@pytest.fixture(params=["es", "en"])
def petition(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One of the example petitions, as plain values."""
    path = PETITIONS / f"petition_example_{request.param}.yaml"
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return values


def _keep(petition: dict[str, Any]) -> list[str]:
    facility, unions = petition["facility"], petition["unions"]
    names = [facility[field] for field in ("legal_name", "trade_name", "municipality", "state")]
    return names + [union["name"] for union in unions.values() if isinstance(union, dict)]


def _analysed(petition: dict[str, Any], keep: list[str]) -> tuple[Engine, str, Analysis]:
    engine = Engine([known_identity(one) for one in petition["witnesses"]], keep, petition["language"])
    text = petition["facts"]["narrative"]
    return engine, text, engine.analyse(text)


@pytest.mark.parametrize("declared", [True, False])
def test_everything_that_must_go_is_gone_and_what_must_stay_stays(petition: dict[str, Any], declared: bool) -> None:
    """The expected lists of the example hold, with the declared names and without."""
    engine, text, _ = _analysed(petition, _keep(petition) if declared else [])
    shown = redact(engine, text, Surrogates([one.id for one in engine.identities], petition["language"], _counting()))
    assert [item["text"] for item in petition["fixture"]["must_redact"] if item["text"] in shown] == []
    assert [item for item in petition["fixture"]["must_keep"] if item not in shown] == []


def test_phrases_that_tell_who_someone_is_are_asked_about_whole(petition: dict[str, Any]) -> None:
    """Every phrase that needs a person lies inside one question."""
    _, text, analysis = _analysed(petition, _keep(petition))
    missed = []
    for phrase in petition["fixture"]["needs_human"]:
        start = text.index(phrase)
        if not any(item.start <= start and start + len(phrase) <= item.end for item in analysis.suggestions):
            missed.append(phrase)
    assert missed == []


def test_the_guard_is_silent_on_the_redacted_and_not_on_the_original(petition: dict[str, Any]) -> None:
    """The guard refuses the narrative as written, and nothing of the redacted one."""
    engine, text, _ = _analysed(petition, _keep(petition))
    shown = redact(engine, text, Surrogates([one.id for one in engine.identities], petition["language"], _counting()))
    assert guard.check({"facts.narrative": shown}) == ()
    assert {hit.kind for hit in guard.check({"facts.narrative": text})} >= {"CURP", "NSS", "PHONE", "EMPLOYEE_NO"}


def test_redacting_twice_is_redacting_once(petition: dict[str, Any]) -> None:
    """A surrogate is never marked again."""
    engine, text, _ = _analysed(petition, _keep(petition))
    surrogates = Surrogates([one.id for one in engine.identities], petition["language"], _counting())
    once = redact(engine, text, surrogates)
    assert redact(engine, once, surrogates) == once
