"""What this portal runs: its version, the code it was started from, the modules of its pages, what is set.

All of it is public and nothing of it is secret: what is set is what matters to the law and to those who file. Paths,
ports, addresses of databases and mail servers, passwords and keys are not in it, nor any hash of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version  # noqa: TID251 - reads the wheel's metadata, imports nothing
from pathlib import Path
from typing import Any

import rfc8785

from app.config import Settings, cosigning_policy
from app.domain.entities import PortalFacts
from app.resources import MIGRATIONS, STATIC, TEMPLATES
from app.web.offline import published
from crypto.digest import sha256_hex

FORMAT = "resguardo/configuration/v1"
_ELSEWHERE = frozenset({"templates", "migrations", "vendor", "bundling", "__pycache__"})
"""What lies below the package in a wheel and beside it in a checkout, is made at the build, or is in the manifest."""


@dataclass(frozen=True)
class Running:
    """What runs, as its log entry says it; hashes in hex."""

    modules: str
    version: str
    code: str
    configuration: str
    """RFC 8785 JSON."""

    @property
    def configuration_sha256(self) -> str:
        """The digest of what is set."""
        return sha256_hex(self.configuration.encode())

    @property
    def detail(self) -> str:
        """The detail of the log entry."""
        said = f"modules {self.modules} version {self.version} code {self.code}"
        return f"{said} configuration {self.configuration}"


def running(settings: Settings, facts: PortalFacts) -> Running:
    """Return what a portal with these settings runs."""
    return Running(published().sha256, version("resguardo"), code_digest(), _configuration(settings, facts))


def _configuration(settings: Settings, facts: PortalFacts) -> str:
    cosigners = sorted(each.vkey for each in cosigning_policy(settings).cosigners)
    about: dict[str, Any] = {
        "format": FORMAT,
        "portal": facts.name,
        "log": facts.log_vkey,
        "statements": facts.statement_vkey,
        "url": facts.url or "",
        "deployment": settings.deployment,
        "publish_every": settings.publish_every,
        "assisted": settings.assisted,
        "keep_declined": settings.keep_declined,
        "keep_withdrawn": settings.keep_withdrawn,
        "cosigners": cosigners,
        "notices": settings.smtp is not None,
        "trace_to": settings.trace_to,
        "database": "postgresql" if settings.on_postgres else "sqlite",
    }
    return rfc8785.dumps(about).decode()


@cache
def code_digest() -> str:
    """Return the SHA-256 over every file of the program that this portal was started from.

    Lines of `<sha256 of the file>  <path>`, sorted, as `sha256sum` writes them; a portal that lies can say another one,
    and then has said so in its log.
    """
    return sha256_hex("".join(sorted(_lines())).encode())


def _lines() -> Iterator[str]:
    package = STATIC.parent
    folders = {"app": package, "crypto": package.parent / "crypto", "templates": TEMPLATES, "migrations": MIGRATIONS}
    for name, folder in folders.items():
        for path in _files(folder):
            yield f"{sha256_hex(path.read_bytes())}  {name}/{path.relative_to(folder).as_posix()}\n"


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and _ELSEWHERE.isdisjoint(path.relative_to(folder).parts):
            yield path
