"""docs/detection.md: each cell is played, and what is said is what the page says; nobody is accused who did nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.attacks.detection.baseline import Baseline, built
from tests.attacks.detection.cells import ACTS, CELLS, PARTS, Cell
from tests.attacks.detection.played import Theatre, in_order
from tests.attacks.detection.table import PAGE, read, written
from tests.attacks.detection.watchers import sentences

_ALONE = sorted({cell.arrange: cell for cell in CELLS.values() if not cell.lying}.values(), key=lambda each: each.name)
_LYING = sorted({cell.arrange: cell for cell in CELLS.values() if cell.lying}.values(), key=lambda each: each.name)
TWINS = [*_LYING, *_ALONE]
"""One cell for each way in which a scene is arranged before it is attacked, or not."""
MOMENTARY = frozenset(
    {
        "auditor:cosignature-forged",
        "auditor:cosigner-alarm",
        "auditor:no-quorum",
        "auditor:pending-opening",
        "auditor:time-decreasing",
        "cosigner:fork",
        "cosigner:older",
        "petitioner:busy",
        "petitioner:contradicted",
        "petitioner:fork",
        "petitioner:unpublished",
    }
)
"""What depends on seconds: which size the cosigner was asked about last, whether neighbouring entries share one."""
INNOCENT = {"clock, insert": {"auditor:time-between-ticks"}, "key, withhold": {"auditor:keys-changed"}}
"""Remarks that an honest twin may hear: the hourly portal was not always one, the keys were changed in the open."""


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """The portal that every cell attacks a copy of."""
    return built(tmp_path_factory.mktemp("baseline"))


@pytest.fixture(scope="module")
def theatre(baseline: Baseline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """Where cells are played."""
    with Theatre(baseline, tmp_path_factory.mktemp("cells")) as made:
        yield made


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESGUARDO_LANG", "en")


@pytest.mark.long
@pytest.mark.parametrize("cell", in_order(CELLS), ids=lambda cell: cell.name)
def test_what_is_done_to_a_log_is_noticed(theatre: Theatre, cell: Cell) -> None:
    """Whoever the page names notices, with the sentences that the page names."""
    said, told = theatre.play(cell), read()[cell.name]
    assert {who: set(names) - MOMENTARY for who, names in said.items()} == {
        who: set(names) - MOMENTARY for who, names in told.items()
    }
    assert {who for who, names in said.items() if names} == {who for who, names in told.items() if names}
    assert any(said.values()) or cell.harmless


@pytest.mark.long
@pytest.mark.parametrize("cell", TWINS, ids=lambda cell: cell.name)
def test_the_honest_twin_accuses_nobody(theatre: Theatre, cell: Cell) -> None:
    """The same scene, looked at by the same people, without the attack."""
    said = {name for names in theatre.twin(cell).values() for name in names}
    assert said - INNOCENT.get(cell.name, set()) == set()


def test_every_part_and_act_is_a_cell() -> None:
    """Eight parts, nine acts, none left out; what nobody notices says why nobody has to."""
    assert set(CELLS) == {f"{part}, {act}" for part in PARTS for act in ACTS}
    for name, said in read().items():
        assert any(said.values()) or CELLS[name].harmless, name


def test_the_page_is_what_the_code_says() -> None:
    """The generated part names exactly the cells, in their words, and only sentences that the programs have."""
    page = read()
    assert set(page) == set(CELLS)
    assert {name for said in page.values() for names in said.values() for name in names} <= set(sentences())
    assert written(page).strip() in PAGE.read_text()


def test_sentences_of_the_page_are_in_every_language() -> None:
    """Whoever reads Spanish or French reads them too."""
    from tests.catalogues import translations

    known = {language: translations(language) for language in ("es", "fr")}
    texts = sentences()
    for names in (names for said in read().values() for names in said.values()):
        for name in names:
            words = texts[name]
            assert all(catalogue.get(words) for catalogue in known.values()), re.sub(r"\s+", " ", words)
