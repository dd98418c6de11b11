"""Being told by e-mail that something waits, without the mail saying anything.

Rules
    1. Opt-in: a signed-in holder gives an address for the case, and takes it back. It is stored encrypted under the
       case's data key, in a column that the office's side cannot read. The log says that it happened, not the address.
    2. One message for everybody, in three languages at once: no portal, case, workplace or office is named, and nothing
       says what waits. Everything but a random mark and a rounded time is the same, byte for byte, for all cases.
    3. It leaves at a later tick of publication, some ticks later by chance, and at most once a day for a case: whoever
       sees mail pass cannot tell which step of the office it followed.
    4. The office's side notes for each case that something waits, whether anybody wants mail or not: it does not know.
    5. What cannot be delivered is tried again, ever more rarely, and given up in the end. No address is ever printed.

Worked example: a reviewer asks a question at 10:07. The tick is an hour, chance says three: the message leaves at
13:00, and says the same as the one about a decision that leaves for another case at 13:00.
"""

import quopri
import re
from email.utils import formatdate
from typing import Final

from app.domain.entities import READERS, CaseId, Due, Role
from app.domain.errors import NoticeError
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Transition
from crypto.secret import Random

DAY: Final = 24 * 60 * 60
JITTER_TICKS: Final = 6
"""A message leaves at one of so many ticks, drawn by lot."""
MOST_ATTEMPTS: Final = 6
_FIRST_PAUSE: Final = 15 * 60
_HOUR: Final = 60 * 60
_MARK_BYTES: Final = 16
_ADDRESS_SIZE: Final = 256
"""Bytes of an address as it is encrypted: its length is not told."""
_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)

SUBJECT: Final = "Aviso - Notice - Avis"
BODY: Final = """\
Hay algo para ti. Míralo donde ya sabes, a solas y en un aparato de confianza.
No respondas a este mensaje. Si no sabes de qué se trata, bórralo.

There is something for you. Look at it where you know, alone and on a device you trust.
Do not answer this message. If you do not know what it is about, delete it.

Il y a quelque chose pour vous. Regardez-le là où vous savez, sans témoin et sur un appareil de confiance.
Ne répondez pas à ce message. Si vous ne savez pas de quoi il s'agit, effacez-le.
"""
"""What every message says; a message in one language would tell which language a case is in."""


def check_address(text: str) -> str:
    """Return an address that can be mailed to. Raises NoticeError: address."""
    address = text.strip()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise NoticeError("address", "address")
    return address


def padded(address: str) -> bytes:
    """Return an address in the form in which it is encrypted."""
    return address.encode("ascii").ljust(_ADDRESS_SIZE, b"\0")


def unpadded(stored: bytes) -> str:
    """Return the address in its stored form."""
    return stored.rstrip(b"\0").decode("ascii")


def tells_petitioner(row: Transition, role: Role) -> bool:
    """Tell whether a step of the office is one to look at for the petitioner: a question, a flag, another stage."""
    return role in READERS and (row.action in {Action.ASK, Action.FLAG} or row.target is not row.source)


def queue_notice(portal: Portal, unit: Unit, case: CaseId) -> None:
    """Note in a unit of work that something waits for a case's holders (rules 3 and 4)."""
    now, tick = portal.clock(), portal.facts.publish_every
    unit.notices.queue(Due(portal.random(_MARK_BYTES).hex(), case, later(now, tick, portal.random)))


def later(now: int, tick: int, random: Random) -> int:
    """Return the moment of one of the next ticks, drawn by lot."""
    return now - now % tick + tick * (1 + random(1)[0] % JITTER_TICKS)


def pause(attempts: int) -> int:
    """Return the seconds to wait after so many attempts: a quarter of an hour, four times as much each time."""
    return min(_FIRST_PAUSE << 2 * (attempts - 1), DAY)


def message(sender: str, now: int, random: Random) -> bytes:
    """Return a message, ready to be sent; only its mark and its hour differ from any other (rule 2).

    Source: RFC 5322 (3.6.4, 3.4 for the empty group), RFC 3834 (Auto-Submitted).
    """
    domain = sender.rpartition("@")[2]
    head = (
        f"From: {sender}",
        "To: undisclosed-recipients:;",
        f"Subject: {SUBJECT}",
        f"Date: {formatdate(now - now % _HOUR)}",
        f"Message-ID: <{random(_MARK_BYTES).hex()}@{domain}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
    )
    body = quopri.encodestring(BODY.encode()).replace(b"\n", b"\r\n")
    return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + body
