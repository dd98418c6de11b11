"""Clocks against what public cases document, and the rules of counting."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import K1, ClockState, Dated, Deadline, Milestone, Precision, legal_day, read

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent.parent / "vectors" / "cases.json").read_text(encoding="utf-8"))
}
LATER = date(2026, 6, 1)
DAYS = st.dates(date(2020, 7, 1), date(2040, 1, 1))

ELAPSED = {
    "tridonex-2021": 30,
    "panasonic-reynosa-2022": 30,
    "goodyear-slp-2023": 32,
    "san-martin-2023": 32,
    "yazaki-leon-2023": 33,
    "tecmod-2023": 31,
    "atento-pachuca-2024": 51,
    "rv-fresh-2024": 30,
    "industrias-tecnos-2024": 32,
    "aludyne-2025": 31,
    "alimentos-grole-2025": 30,
    "thyssenkrupp-slp-2025": 30,
    "yazaki-leon-2025": 30,
}
"""Days of the screen, as documented (domain reference, section 9)."""
DOCUMENTED = [
    case["id"]
    for case in CASES.values()
    if case["petition_received"] is not None and case["review_requested"] is not None
]


def dated(event: dict[str, Any]) -> Dated:
    """Return an event's date with its precision."""
    return Dated(date.fromisoformat(event["date"]), precision=Precision(event["precision"]))


def milestones(name: str) -> dict[Milestone, Dated]:
    """Return the days of the screen that a public case documents."""
    kinds = {"FILED": Milestone.D0, "REQUEST_SENT": Milestone.R0, "DECLINED": Milestone.N0}
    found: dict[Milestone, Dated] = {}
    for event in CASES[name]["events"]:
        if event["event"] in kinds:
            found.setdefault(kinds[event["event"]], dated(event))
    return found


def clock(start: str, end: str | None = None, today: date = LATER) -> Deadline:
    """Return K1 between two days."""
    days = {Milestone.D0: Dated(date.fromisoformat(start))}
    if end:
        days[Milestone.R0] = Dated(date.fromisoformat(end))
    return read(K1, days, today)


def test_every_documented_screen_is_checked() -> None:
    """A case with both days known is in the table above: none is left out."""
    assert set(DOCUMENTED) - set(ELAPSED) <= {"camino-rojo-2024"}  # its first day is marked unverified
    assert len(CASES) == 43


@pytest.mark.parametrize("name", ELAPSED)
def test_public_case_takes_the_documented_days(name: str) -> None:
    """Days of the screen and lateness are those that were reported."""
    found = read(K1, milestones(name), LATER)
    case = CASES[name]
    assert found.start == Dated(date.fromisoformat(case["petition_received"]))
    assert found.end == Dated(date.fromisoformat(case["review_requested"]))
    assert found.elapsed == ELAPSED[name]
    late = ELAPSED[name] - 30
    assert (found.late or 0) == late
    assert found.state is (ClockState.MET_LATE if late else ClockState.MET)
    assert found.overdue == bool(late)


@pytest.mark.parametrize(
    ("name", "due", "rolled"),
    [
        ("goodyear-slp-2023", date(2023, 5, 20), date(2023, 5, 22)),
        ("industrias-tecnos-2024", date(2024, 6, 22), date(2024, 6, 24)),
    ],
)
def test_weekend_is_shown_beside_and_lateness_kept(name: str, due: date, rolled: date) -> None:
    """Day 30 was a Saturday: the Monday is shown, and the request of that Monday is 2 days late."""
    found = read(K1, milestones(name), LATER)
    assert (found.due, found.rolled, found.late) == (due, rolled, 2)
    assert CASES[name]["review_requested"] == rolled.isoformat()


def test_atento_is_overdue_by_21_days() -> None:
    """While it waits it is overdue, day by day; once answered it stays 21 days late."""
    case = CASES["atento-pachuca-2024"]
    waiting = clock(case["petition_received"], None, date(2024, 1, 18))
    assert (waiting.state, waiting.late, waiting.due) == (ClockState.OVERDUE, 21, date(2023, 12, 28))
    assert clock(case["petition_received"], None, date(2023, 12, 28)).state is ClockState.DUE_SOON
    assert clock(case["petition_received"], None, date(2023, 12, 29)).late == 1
    assert read(K1, milestones("atento-pachuca-2024"), LATER).late == 21


@pytest.mark.parametrize("end", ["2025-11-25", "2025-11-26"])
def test_freixenet_is_met_on_day_27_or_28(end: str) -> None:
    """Both days that were reported are in time; the month alone gives no number."""
    found = clock("2025-10-29", end)
    assert (found.state, found.elapsed in {27, 28}, found.due) == (ClockState.MET, True, date(2025, 11, 28))
    by_month = read(K1, milestones("freixenet-2025"), LATER)
    assert (by_month.elapsed, by_month.late, by_month.overdue) == (None, None, False)


def test_month_gives_no_due_date() -> None:
    """What is known only by its month starts a clock that nobody can read to the day."""
    days = milestones("bbb-industries-2022")
    found = read(K1, days, LATER)
    assert (found.due, found.elapsed, found.state) == (None, None, ClockState.MET)
    running = read(K1, {Milestone.D0: days[Milestone.D0]}, LATER)
    assert (running.state, running.due, running.left) == (ClockState.RUNNING, None, None)
    assert running.share == 0


def test_month_that_is_wholly_past_the_due_date_is_late() -> None:
    """If even its first day was late, late it was; by how much stays open."""
    days = {Milestone.D0: Dated(date(2024, 1, 1)), Milestone.R0: Dated(date(2024, 3, 1), precision=Precision.MONTH)}
    found = read(K1, days, LATER)
    assert (found.state, found.late) == (ClockState.MET_LATE, None)


def test_no_clock_before_d0() -> None:
    """Without the intake's day nothing runs, whatever our own receipt says."""
    found = read(K1, {}, LATER)
    assert (found.state, found.due, found.overdue, found.share) == (ClockState.NOT_STARTED, None, False, 0)


def test_stopped_clock_counts_no_further() -> None:
    """A case that ended another way waits for no answer."""
    days = {Milestone.D0: Dated(date(2024, 1, 1)), Milestone.W0: Dated(date(2024, 1, 11))}
    found = read(K1, days, LATER, note="Withdrawn.")
    assert (found.state, found.left, found.late, found.note) == (ClockState.STOPPED, None, None, "Withdrawn.")


@given(DAYS, st.integers(0, 400))
def test_counting_is_exact(start: date, after: int) -> None:
    """Left and late never both, due is 30 days on, a rolled date is a Monday at most two days later."""
    found = clock(start.isoformat(), None, start + timedelta(days=after))
    assert found.due == start + timedelta(days=30)
    assert found.elapsed == after
    assert (found.left, found.late) == ((30 - after, None) if after <= 30 else (None, after - 30))
    assert found.share == min(100 * after // 30, 100)
    if found.rolled is None:
        assert found.due.weekday() < 5
    else:
        assert found.due.weekday() >= 5
        assert found.rolled.weekday() == 0
        assert (found.rolled - found.due).days in {1, 2}


def test_a_note_never_pauses() -> None:
    """Offices closed by a shutdown: said beside the clock, which runs on."""
    days = {Milestone.D0: Dated(date(2025, 9, 15))}
    noted = read(K1, days, date(2025, 11, 1), note="Closed from 1 October.")
    assert noted.late == read(K1, days, date(2025, 11, 1)).late == 17


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2023, 4, 21, 3, 59, tzinfo=UTC), date(2023, 4, 20)),  # 23:59 in summer time
        (datetime(2023, 4, 21, 4, 0, tzinfo=UTC), date(2023, 4, 21)),
        (datetime(2023, 1, 21, 4, 59, tzinfo=UTC), date(2023, 1, 20)),
        (datetime(2023, 1, 21, 5, 0, tzinfo=UTC), date(2023, 1, 21)),
        (datetime(2024, 3, 11, 4, 0, tzinfo=UTC), date(2024, 3, 11)),  # summer time began on the 10th
        (datetime(2024, 11, 4, 4, 30, tzinfo=UTC), date(2024, 11, 3)),  # and ended on the 3rd
    ],
)
def test_days_are_those_of_washington(moment: datetime, day: date) -> None:
    """A petition that arrives late in the evening there is not given a day more."""
    assert legal_day(int(moment.timestamp())) == day


@given(st.integers(1_590_000_000, 2_200_000_000))
def test_days_agree_with_the_time_zone_database(moment: int) -> None:
    """Our rule of two Sundays is the law's, as the system's own tables have it."""
    zoneinfo = pytest.importorskip("zoneinfo")
    try:
        zone = zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("this system has no time zone tables")
    assert legal_day(moment) == datetime.fromtimestamp(moment, zone).date()
