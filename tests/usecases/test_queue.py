"""The queue with many cards: pages, counts, and how many cards are opened for one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.domain.entities import CaseId, StaffSession
from app.domain.queue import PAGE
from app.usecases.list_queue import Queue, list_queue
from app.wiring import Assembly
from tests.bench.queue import queue_of

COUNT = 2 * PAGE + 20


class Counting:
    """The portal's vault, counting the cards that it is asked to open."""

    def __init__(self, vault: Any) -> None:
        self._vault = vault
        self.opened = 0

    def open_cards(self, sealed: Mapping[CaseId, bytes]) -> Mapping[CaseId, bytes]:
        """Count and pass on."""
        self.opened += len(sealed)
        opened: Mapping[CaseId, bytes] = self._vault.open_cards(sealed)
        return opened


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assembly, StaffSession]]:
    """A queue of more than two pages, and a reader."""
    with queue_of(tmp_path_factory.mktemp("queue"), COUNT) as (assembly, member):
        yield assembly, StaffSession("", member, 0, 0, 1_700_000_000 + COUNT - 8)


def asked(many: tuple[Assembly, StaffSession], **query: str) -> tuple[Queue, int]:
    """Return what the queue shows, and how many cards were opened for it."""
    assembly, session = many
    counting = Counting(assembly.office.vault)
    return list_queue(replace(assembly.office, vault=counting), session, query), counting.opened  # type: ignore[arg-type]  # of the vault, what the queue uses


def test_only_the_shown_cards_are_opened(many: tuple[Assembly, StaffSession]) -> None:
    """What stands in the clear narrows and orders the queue before a card is touched."""
    for query in ({}, {"page": "2"}, {"assigned": "nobody", "sort": "due", "order": "down"}, {"stage": "RECEIVED"}):
        found, opened = asked(many, **query)
        assert opened == len(found.cards) == PAGE
    found, opened = asked(many, assigned="mine")
    assert opened == len(found.cards) == COUNT // 10


def test_a_text_opens_each_card_once(many: tuple[Assembly, StaffSession]) -> None:
    """A search reads every card that is left, shows a page, and says how many fit."""
    found, opened = asked(many, q="ejemplo 11", sort="facility")
    assert opened == COUNT
    assert {card.about["facility"] for card in found.cards} >= {"Autopartes Ejemplo 11 del Rincón"}
    assert found.pages.fitting == len(found.cards) == 11
    _, opened = asked(many, q="ejemplo", assigned="mine")
    assert opened == COUNT // 10


def test_pages_show_everything_once(many: tuple[Assembly, StaffSession]) -> None:
    """No case is skipped or doubled between pages; one past the end is the last."""
    shown = [card.case for page in ("1", "2", "3") for card in asked(many, page=page)[0].cards]
    assert len(shown) == len(set(shown)) == COUNT
    last, _ = asked(many, page="99")
    assert (last.pages.number, last.pages.first, last.pages.last) == (3, 2 * PAGE + 1, COUNT)


def test_new_is_counted_since_the_sign_in_before(many: tuple[Assembly, StaffSession]) -> None:
    """The digest counts over the whole queue, not over the page, and its link shows as many."""
    found, _ = asked(many)
    assert (found.digest.new, found.digest.unassigned, found.total) == (7, COUNT - COUNT // 10, COUNT)
    assert asked(many, waits="new")[0].pages.fitting == 7
