"""Being told by e-mail: opt-in, the same words for everybody, later, seldom, and never an address where it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.config import SettingError, environment_of, read_settings
from app.courier import SmtpCourier, SmtpServer
from app.domain.errors import NoticeError
from app.domain.notices import BODY, DAY, JITTER_TICKS, MOST_ATTEMPTS, SUBJECT, check_address, later, message, pause
from app.domain.procedure import Outcome
from app.store import tables
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.send_notices import Sending, send_notices
from app.usecases.set_notice import clear_notice, has_notice, set_notice
from app.wiring import courier_of
from tests.mail import Mailbox
from tests.usecases.desks import Desk, desk_in

ADDRESS = "SENTINELaddress@correo.example"
SENDER = "aviso@mensajes.example"
TELLING = re.compile(
    r"(?i)resguardo|portal|example\.invalid|\bcas[eo]\b|petici|petition|autopartes|oficina|office|t-mec"
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    server = Mailbox().start()
    yield server
    server.stop()


@pytest.fixture
def mailing(mailbox: Mailbox, tmp_path: Path) -> Iterator[Desk]:
    """A portal that sends mail, with a case under review."""
    for desk in desk_in(tmp_path, RESGUARDO_SMTP=mailbox.url, RESGUARDO_SMTP_FROM=SENDER):
        desk.acknowledge(3)
        yield desk


def send(desk: Desk, days: int = 1) -> Sending:
    """Let days pass, and send what is due."""
    desk.days_ahead += days
    return send_notices(desk.holder, courier_of(desk.assembly.settings))


def rows(desk: Desk, table: Any) -> list[Any]:
    """Return the rows of a table as the petitioners' side stores them."""
    with desk.holder.ledger.view() as view:
        return list(view.connection.execute(select(table)))  # type: ignore[attr-defined]  # the store's own


def test_nobody_is_told_who_did_not_ask(mailing: Desk, mailbox: Mailbox) -> None:
    """Opt-in: the office notes that something waits for every case, and nothing leaves for one without an address."""
    mailing.ask()
    assert len(rows(mailing, tables.notice_due)) == 1
    assert send(mailing) == Sending()
    assert rows(mailing, tables.notice_due) == []
    assert mailbox.letters == []


def test_every_message_holds_the_fixed_words_and_no_others(mailing: Desk, mailbox: Mailbox) -> None:
    """No portal, case, workplace or office; the recipient stands on the envelope alone."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()
    assert send(mailing) == Sending(sent=1)
    draft_decision(mailing.office, mailing.people["Ana"], mailing.case, mailing.decision(Outcome.TAKE_UP))
    with mailing.office.ledger.view() as view:
        seq = view.events.next_seq(mailing.case) - 1
    approve_decision(mailing.office, mailing.people["Luis"], mailing.case, seq)
    assert send(mailing, 2) == Sending(sent=1)
    for (greeting, sender, recipients, content), parsed in zip(mailbox.letters, mailbox.parsed(), strict=True):
        assert (greeting, sender, recipients) == ("mensajes.example", SENDER, (ADDRESS,))
        assert parsed["to"] == "undisclosed-recipients:;"
        assert parsed["subject"] == SUBJECT
        body = parsed.get_payload(decode=True)
        assert isinstance(body, bytes)
        assert body.decode().replace("\r\n", "\n").strip() == BODY.strip()
        assert not TELLING.search(content.decode() + body.decode())
        assert ADDRESS.encode() not in content
        moment = parsedate_to_datetime(parsed["date"])
        assert (moment.minute, moment.second) == (0, 0)
        assert set(parsed) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
        }


def test_messages_of_all_cases_are_equal_byte_for_byte() -> None:
    """Size and subject tell nothing: only the mark and the hour differ."""
    import os

    letters = [message(SENDER, 1_772_000_000 + at * 7919, os.urandom) for at in range(300)]
    assert len({len(letter) for letter in letters}) == 1
    masked = {re.sub(rb"Date: .*|Message-ID: .*", b"", letter) for letter in letters}
    assert len(masked) == 1


def test_at_most_one_message_a_day(mailing: Desk, mailbox: Mailbox) -> None:
    """Three questions in an afternoon are one message; a fourth the same day waits for the next."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    for _ in range(3):
        number = mailing.ask()
        withdraw(mailing, number)
    assert send(mailing) == Sending(sent=1)
    mailing.ask()
    mailing.days_ahead -= 0
    now = mailing.holder.clock()
    due_now(mailing, now)
    assert send(mailing, 0) == Sending()
    assert len(mailbox.letters) == 1
    assert send(mailing, 2) == Sending(sent=1)


def withdraw(desk: Desk, number: int) -> None:
    """Take a question back, so that another can be asked."""
    from app.usecases.ask_question import withdraw_question

    withdraw_question(desk.office, desk.people["Ana"], desk.case, number)


def due_now(desk: Desk, now: int) -> None:
    """Let everything that waits be due."""

    def work(unit: Any) -> None:
        unit.connection.execute(update(tables.notice_due).values(not_before=now))

    desk.holder.ledger.write(work)


def test_a_message_leaves_at_a_later_tick_by_lot() -> None:
    """Whoever sees mail pass cannot tell the step of the office that it followed."""
    import os

    tick, now = 3600, 1_772_000_123
    moments = {later(now, tick, os.urandom) for _ in range(500)}
    assert moments == {now - now % tick + tick * number for number in range(1, JITTER_TICKS + 1)}


def test_the_address_is_nowhere_in_the_clear(mailing: Desk, tmp_path: Path) -> None:
    """Not in the database, its WAL, the log's openings or an error; and the same size whatever its length."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    data = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"SENTINELaddress" not in data
    assert b"correo.example" not in data
    assert "SENTINEL" not in "".join("".join(entry.values()) for entry in mailing.entries())
    size = len(rows(mailing, tables.case_notice)[0].address)
    set_notice(mailing.holder, mailing.case, "a@b.example")
    assert len(rows(mailing, tables.case_notice)[0].address) == size
    with pytest.raises(NoticeError) as refused:
        set_notice(mailing.holder, mailing.case, "SENTINEL\r\nBcc: x@y.example")
    assert "SENTINEL" not in f"{refused.value} {refused.value.text('es')} {refused.value.params}"


def test_setting_and_clearing_stand_in_the_log(mailing: Desk, mailbox: Mailbox) -> None:
    """Each change is an entry of its own, a repeated one none; after clearing nothing leaves."""
    assert not has_notice(mailing.holder, mailing.case)
    assert clear_notice(mailing.holder, mailing.case) == ()
    assert len(set_notice(mailing.holder, mailing.case, ADDRESS)) == 1
    assert set_notice(mailing.holder, mailing.case, ADDRESS) == ()
    assert has_notice(mailing.holder, mailing.case)
    assert len(clear_notice(mailing.holder, mailing.case)) == 1
    assert not has_notice(mailing.holder, mailing.case)
    assert mailing.kinds()[-2:] == ["notice_set", "notice_cleared"]
    mailing.ask()
    assert send(mailing) == Sending()
    assert mailbox.letters == []


def test_what_is_refused_is_tried_again_and_given_up(mailing: Desk, mailbox: Mailbox, capfd: Any) -> None:
    """Ever more rarely, then no more; nothing printed quotes the server or the address."""
    mailbox.refusing = f"451 {ADDRESS} try later"
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()
    for _ in range(MOST_ATTEMPTS - 1):
        assert send(mailing, 2) == Sending(failed=1)
    assert send(mailing, 2) == Sending(dropped=1)
    assert rows(mailing, tables.notice_due) == []
    mailbox.refusing = ""
    mailing.ask() if not mailing.status().body["question"] else None
    assert mailbox.letters == []
    said = capfd.readouterr()
    assert "SENTINEL" not in said.out + said.err
    assert [pause(number) for number in (1, 2, 3, 4, 5)] == [900, 3600, 14400, 57600, DAY]


def test_a_server_that_comes_back_gets_the_message(mailing: Desk, mailbox: Mailbox) -> None:
    """A failure costs hours, not the message."""
    mailbox.refusing = "451 later"
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()
    assert send(mailing) == Sending(failed=1)
    mailbox.refusing = ""
    assert send(mailing) == Sending(sent=1)
    assert len(mailbox.letters) == 1


@dataclass
class Crashing:
    """A courier in whose hands the power fails."""

    sender: str = SENDER
    carried: list[str] = field(default_factory=list)

    def carry(self, address: str, letter: bytes) -> bool:
        """Take a message, and never come back."""
        self.carried.append(address)
        raise KeyboardInterrupt


def test_a_crash_sends_no_second_message_on_the_same_day(mailing: Desk, mailbox: Mailbox) -> None:
    """The day is noted before anything leaves."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()
    mailing.days_ahead += 1
    with pytest.raises(KeyboardInterrupt):
        send_notices(mailing.holder, Crashing())
    due_now(mailing, mailing.holder.clock())
    assert send(mailing, 0) == Sending()
    assert send(mailing, 2) == Sending(sent=1)


def test_only_one_of_two_processes_sends(mailing: Desk, mailbox: Mailbox) -> None:
    """What one has claimed the other does not find."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()
    mailing.days_ahead += 1

    @dataclass
    class Meanwhile:
        sender: str = SENDER
        other: Sending | None = None

        def carry(self, address: str, letter: bytes) -> bool:
            self.other = send_notices(mailing.holder, courier_of(mailing.assembly.settings))
            return True

    first = Meanwhile()
    assert send_notices(mailing.holder, first) == Sending(sent=1)
    assert first.other == Sending()
    assert mailbox.letters == []


def test_destroyed_keys_take_the_address_with_them(mailing: Desk, mailbox: Mailbox) -> None:
    """Law L8: after a case's key is gone nothing can be mailed for it, and nothing fails."""
    set_notice(mailing.holder, mailing.case, ADDRESS)
    mailing.ask()

    def no_key(case: str, sealed: bytes) -> bytes:
        raise KeyError(case)

    vault = mailing.holder.vault
    vault.open_notice = no_key  # type: ignore[method-assign]  # what the store does once the row is deleted
    assert send(mailing) == Sending()
    assert rows(mailing, tables.notice_due) == []


def test_a_portal_without_mail_takes_no_address(desk: Desk) -> None:
    """Nobody waits for a message that never comes; what was queued is forgotten."""
    with pytest.raises(NoticeError, match="notice_off"):
        set_notice(desk.holder, desk.case, ADDRESS)
    desk.acknowledge(3)
    desk.ask()
    desk.days_ahead += 1
    assert send_notices(desk.holder, None) == Sending()
    assert rows(desk, tables.notice_due) == []


def test_holders_steps_tell_nobody(mailing: Desk) -> None:
    """What petitioners do themselves is no news to them, and a draft is none yet."""
    draft_decision(mailing.office, mailing.people["Ana"], mailing.case, mailing.decision(Outcome.DECLINE))
    assert rows(mailing, tables.notice_due) == []


@pytest.mark.parametrize("address", ["", "a", "a@b", "a b@c.example", "ñ@c.example", "a@c.example\n", "a@" + "b" * 300])
def test_addresses_that_no_mail_reaches_are_refused(address: str) -> None:
    """And none that would write a line of its own into a message; blanks around are taken off."""
    if address.strip() == "a@c.example":
        assert check_address(address) == "a@c.example"
        return
    with pytest.raises(NoticeError):
        check_address(address)


def test_settings_of_mail_name_what_is_wrong() -> None:
    """And never repeat the password; another process reads the same."""
    url = "smtp://user%40x:SENTINEL%2F@mail.example:2525"
    settings = read_settings({"RESGUARDO_SMTP": url, "RESGUARDO_SMTP_FROM": SENDER})
    assert settings.smtp == SmtpServer("smtp", "mail.example", 2525, "user@x", "SENTINEL/")
    assert "SENTINEL" not in repr(settings)
    assert read_settings(environment_of(settings)).smtp == settings.smtp
    for wrong in (
        {"RESGUARDO_SMTP": url},
        {"RESGUARDO_SMTP_FROM": SENDER},
        {"RESGUARDO_SMTP": "http://SENTINEL", "RESGUARDO_SMTP_FROM": SENDER},
        {"RESGUARDO_SMTP": "smtp://SENTINEL:0", "RESGUARDO_SMTP_FROM": SENDER},
        {"RESGUARDO_SMTP": url, "RESGUARDO_SMTP_FROM": "SENTINEL"},
    ):
        with pytest.raises(SettingError) as refused:
            read_settings(wrong)
        assert "SENTINEL" not in str(refused.value) + refused.value.text("en")


def test_no_mail_without_tls_beyond_this_machine(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that offers no STARTTLS gets nothing: somebody on the way may have taken the offer out."""
    server = SmtpServer("smtp", "127.0.0.1", mailbox.port)
    assert SmtpCourier(server, SENDER).carry(ADDRESS, b"To: x\r\n\r\nx")
    monkeypatch.setattr("app.courier.LOOPBACK", frozenset())
    assert not SmtpCourier(server, SENDER).carry(ADDRESS, b"To: x\r\n\r\nx")
    assert not SmtpCourier(replace(server, scheme="smtps"), SENDER).carry(ADDRESS, b"To: x\r\n\r\nx")
    assert len(mailbox.letters) == 1
