"""A real mail server on loopback that keeps what it is handed, and refuses when a test tells it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests.portal import free_port


@dataclass
class Mailbox:
    """What came in: greeting, sender, recipients and bytes of each message; `refusing` is an SMTP answer."""

    letters: list[tuple[str, str, tuple[str, ...], bytes]] = field(default_factory=list)
    refusing: str = ""
    port: int = field(default_factory=free_port)
    controller: Any = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a message, or refuse it."""
        if self.refusing:
            return self.refusing
        greeting = (session.host_name, envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        self.letters.append(greeting)
        return "250 OK"

    @property
    def url(self) -> str:
        """The setting that names this server."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> Mailbox:
        """Listen."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.controller.stop()

    def parsed(self) -> list[Message]:
        """Return the messages as a mail program reads them."""
        return [message_from_bytes(content) for *_, content in self.letters]
