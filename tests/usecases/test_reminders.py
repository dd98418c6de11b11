"""The calendar file of a case in the procedure: the clock's day, and until when a question waits."""

from __future__ import annotations

from app.domain.reminders import LOOK_AGAIN_DAYS, reminder_days
from tests.usecases.desks import Desk


def test_reminders_follow_the_clock_and_the_question(desk: Desk) -> None:
    """Before the clock runs a day to look again; then the day of the answer; a waiting question comes first."""

    def days() -> list[int]:
        status = desk.status()
        found = reminder_days(status.due, status.body["question"], desk.today())
        return [(day - desk.today()).days for day in found]

    assert days() == [LOOK_AGAIN_DAYS]
    desk.acknowledge(3)
    assert days() == [27]
    desk.ask(days=10)
    assert days() == [10, 27]
    desk.days_ahead += 11
    assert days() == [16]
