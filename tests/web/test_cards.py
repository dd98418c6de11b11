"""The queue's filters and orders, and the record's view, over what may be odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.cards import CaseCard
from app.domain.queue import FILTERS, read_query, selected
from app.domain.record_view import view_of
from app.web import cards
from app.web.contexts.cards import Clock
from app.web.words import clock_words, day, redactions
from tests.web.samples import RECORD

TEXT = st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


CARDS = tuple(
    CaseCard(str(number), "RECEIVED", "2026-03-03T15:40:00Z", about, ())  # type: ignore[arg-type]  # synthetic numbers
    for number, about in enumerate(
        (
            {"facility": "Ábrego", "denial_types": ["BLACKLISTING", "SOMETHING_NEW"]},
            {"facility": "Mina", "sector": "mining", "urgency_reason": "vote", "urgency_date": "2026-03-19"},
            {},
        )
    )
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a loaded machine is no finding
@given(st.dictionaries(st.sampled_from(sorted(RECORD)), JSON))
def test_record_of_any_shape_can_be_shown(record: dict[str, object]) -> None:
    """A record of unexpected shape shows less, and never fails its reader."""
    view_of(record)


@given(st.dictionaries(st.sampled_from(["q", "page", "order", *FILTERS, "sort"]), TEXT))
def test_any_address_gives_a_queue(query: dict[str, str]) -> None:
    """What an address asks decides order and selection and nothing else; what is left out is said once."""
    asked, problems = read_query(query, ["Ana"])
    assert {each.case for each in selected(CARDS, asked)} <= {each.case for each in CARDS}
    assert {each.field for each in problems} <= set(query)
    assert read_query(dict(parse_qsl(asked.address()[1:])), ["Ana"])[0] == replace(asked, page=1)
    cards.filters_of(asked, ["Ana"], "es")
    cards.columns_of(asked, "es")


def test_order_turns_round() -> None:
    """The heading of the present order leads to the other direction."""
    asked, _ = read_query({"sort": "facility", "stage": "RECEIVED"}, [])
    column = cards.columns_of(asked, "en")[0]
    assert (column.order, column.address) == ("ascending", "?stage=RECEIVED&sort=facility&order=down")


def test_card_without_anything_is_shown() -> None:
    """A petition with the bare minimum has a card too."""
    bare = CaseCard("c", "RECEIVED", "2026-03-03T15:40:00Z", {"urgency_date": "2026-03"}, ())  # type: ignore[arg-type]  # a synthetic number
    view = cards.view_of(bare, "Ana")
    assert (view.facility, view.urgency, view.mine) == ("", None, False)


def test_deadlines_in_words() -> None:
    """One day is not `1 days`."""
    assert clock_words("en", Clock("RUNNING", 1, date(2026, 3, 4))) == "1 day left"
    assert clock_words("en", Clock("OVERDUE", 3)) == "3 days overdue"
    assert clock_words("en", Clock("DUE_SOON", 0)) == "Due today"
    assert clock_words("en", Clock("NOT_STARTED")) == "Not started"


def test_days_as_precise_as_they_were_written() -> None:
    """A month stays a month; text that is no date stays text."""
    assert day("es", date(2026, 3, 12)) == "12 de marzo de 2026"
    assert day("es", "2026-01") == "enero de 2026"
    assert day("es", "en enero") == "en enero"


def test_surrogates_of_every_form_are_set_apart() -> None:
    """Numbered, abbreviated and several words; an author's own brackets stay text."""
    shown = str(redactions("[TESTIGO-03] [NÚM. DE EMPLEADO] [CURP] [sic] [TESTIGO"))
    assert shown.count('class="redacted"') == 3
    assert shown.endswith("[sic] [TESTIGO")


@given(st.text(alphabet="[]<>&\"'TESIGO-01 ñ", max_size=40))
def test_redactions_never_let_markup_through(text: str) -> None:
    """Whatever stands around a surrogate is escaped."""
    shown = str(redactions(text)).replace('<span class="redacted">', "").replace("</span>", "")
    assert "<" not in shown
    assert ">" not in shown
