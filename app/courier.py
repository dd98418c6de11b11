"""Carries notices to an SMTP server: TLS always, unless the server is on this very machine.

1. A connection for each message: nothing links two of them but the sender. 2. The name that we greet with is the
sender's domain, not this machine's. 3. What the server says is not repeated: its words quote addresses.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import quote

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed in; `scheme` is smtp (then STARTTLS) or smtps, `user` is empty where nobody signs in."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The server as a setting writes it, the password in it."""
        signed_in = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{signed_in}{host}:{self.port}"


@dataclass(frozen=True)
class SmtpCourier:
    """`Courier` by SMTP."""

    server: SmtpServer
    sender: str

    def carry(self, address: str, message: bytes) -> bool:
        """Hand a message in for one address; return whether the server took it."""
        try:
            with self._connected() as connection:
                self._prepare(connection)
                connection.sendmail(self.sender, [address], message)
        except (smtplib.SMTPException, OSError, ValueError):  # 3
            return False
        return True

    def _connected(self) -> smtplib.SMTP:
        server, name = self.server, self.sender.rpartition("@")[2]  # 2
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, name, timeout=SECONDS, context=context)
        return smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)

    def _prepare(self, connection: smtplib.SMTP) -> None:
        """Switch to TLS and sign in; a server that offers no TLS is not used: somebody may have taken the offer out."""
        server = self.server
        if server.scheme == "smtp" and server.host not in LOOPBACK:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
