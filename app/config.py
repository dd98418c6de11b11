"""Settings: read once from the environment (`RESGUARDO_*`) and the command line, checked at start.

Each error names the setting and says what to write instead; a value is never echoed.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from app.courier import PORTS, SmtpServer
from app.domain.errors import DomainError, NoticeError
from app.domain.notices import check_address
from app.domain.ports import Face
from app.i18n import N_
from crypto.age import HybridRecipient
from crypto.errors import KeyTextError, PolicyError
from crypto.log.policy import MAX_POLICY_SIZE, Policy

DEPLOYMENTS = ("custodian", "office")
FACES = ("all", *Face)
SWITCH = ("off", "on")
SIGNING = ("off", "offered", "required")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_ORIGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,120})[a-z0-9]")
PRODUCTION_TICK = 3600  # seconds: whoever polls the log learns no more than the hour
DEVELOPMENT_TICK = 10  # seconds


class SettingError(DomainError):
    """A setting that cannot be used; `field` is its name."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "number": N_("{field} must be a whole number from {low} to {high}."),
        "origin": N_(
            "{field} must be a name such as portal.example.org: lower-case letters, digits, dots and hyphens."
        ),
        "url": N_("{field} must be an address such as https://portal.example.org, without a path."),
        "deployment": N_("{field} must be custodian or office."),
        "reports_to": N_(
            "{field} must be an e-mail address, or an https address where people report a flaw. Write for instance "
            "security@example.org."
        ),
        "plain_http": N_(
            "{field} names an address that other machines reach, and no TLS stands in front. Phones cannot seal over "
            "plain http, and codes would travel readable. Serve on 127.0.0.1 behind a proxy and set RESGUARDO_URL, for "
            "instance with Caddy:\n\n    portal.example.org {{\n        reverse_proxy 127.0.0.1:8000\n    }}\n\n"
            "    RESGUARDO_URL=https://portal.example.org resguardo serve"
        ),
        "origin_changed": N_(
            "{field} differs from the name that this data folder was made for. Case numbers, signatures and the log "
            "rest on that name; start with the old one, or with another data folder."
        ),
        "smtp": N_(
            "{field} must be an address such as smtps://user:password@mail.example.org or smtp://mail.example.org:587, "
            "with special characters of the password written as %40."
        ),
        "smtp_from": N_("{field} must be an e-mail address: the one from which the messages come."),
        "smtp_both": N_("{field} is missing: RESGUARDO_SMTP and RESGUARDO_SMTP_FROM go together."),
        "folder": N_("{field} cannot be used: the folder cannot be created or written."),
        "face": N_("{field} must be all, petitioner or office."),
        "switch": N_("{field} must be on or off."),
        "recipient": N_("{field} must be the key of an auditor, age1pq1…, as “resguardo key new” writes it."),
        "signing": N_("{field} must be off, offered or required."),
        "policy": N_(
            "{field} must be a policy file (c2sp.org/tlog-policy) whose cosigners have addresses; line {line} is not."
        ),
        "database": N_(
            "{field} must be an address such as postgresql://role@host/database, the role in small letters."
        ),
        "database_roles": N_("{field} names the role of the petitioners' address: each face needs its own."),
        "database_needed": N_("{field} is needed: the address by which this face connects, or RESGUARDO_DATABASE."),
        "database_unreachable": N_("{field}: the database does not answer there, or refuses role and password."),
        "database_busy": N_("{field}: something else holds the database. Nothing was changed; try again in a minute."),
        "database_rights": N_(
            "{field}: the role may not do what is needed. Whoever administers the server runs this once:\n\n"
            "    CREATE ROLE resguardo_petitioner LOGIN;\n    CREATE ROLE resguardo_office LOGIN;\n"
            "    GRANT resguardo_petitioner, resguardo_office TO the role in {field};"
        ),
        "database_behind": N_(
            "{field}: the database is not prepared for this version. Run “resguardo prepare” once, with the owner's "
            "address in RESGUARDO_DATABASE."
        ),
        "keys_damaged": N_(
            "{field}: portal.json or a file of the keys folder is damaged, or was cut short. Put the keys folder of "
            "your backup in its place."
        ),
        "keys_differ": N_(
            "{field} holds the keys of another portal than the one in the database. Every host of a portal needs the "
            "same portal.json and keys."
        ),
    }


@dataclass(frozen=True)
class Settings:
    """All that can be set; paths are absolute, `publish_every` in seconds."""

    data: Path
    host: str
    port: int
    origin: str | None
    url: str | None
    workers: int
    deployment: str
    publish_every: int
    guard: Path | None
    cosigners: Path | None
    upload_limit: int
    face: str
    smtp: SmtpServer | None
    smtp_from: str
    database: str = field(repr=False)  # addresses hold passwords
    database_petitioner: str = field(repr=False)
    database_office: str = field(repr=False)
    assisted: bool
    signed_requests: str
    proxy_headers: bool
    keep_declined: int
    keep_withdrawn: int
    trace_to: str
    reports_to: str

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces that this process serves."""
        return tuple(Face) if self.face == "all" else (Face(self.face),)

    @property
    def face_databases(self) -> dict[Face, str]:
        """Each face's own database address; empty where it connects by the owner's."""
        return {Face.PETITIONER: self.database_petitioner, Face.OFFICE: self.database_office}

    @property
    def on_postgres(self) -> bool:
        """Whether the rows are in PostgreSQL."""
        return any((self.database, self.database_petitioner, self.database_office))

    @property
    def behind_tls(self) -> bool:
        """Whether people reach the portal by https."""
        return self.url is not None and self.url.startswith("https://")


def read_settings(environment: Mapping[str, str] | None = None, **given: str | int | Path | None) -> Settings:
    """Return the settings of an environment, with what the command line gave before it. Raises SettingError."""
    env = os.environ if environment is None else environment

    def value(name: str, default: str) -> str:
        explicit = given.get(name)
        return str(explicit) if explicit is not None else env.get(f"RESGUARDO_{name.upper()}", default)

    url = _url(value("url", "")) or None
    settings = Settings(
        data=Path(value("data", "resguardo-data")).absolute(),
        host=value("host", "127.0.0.1"),
        port=_number("RESGUARDO_PORT", value("port", "8000"), 1, 65535),
        origin=_origin(value("origin", "")) or None,
        url=url,
        workers=_number("RESGUARDO_WORKERS", value("workers", "1"), 1, 64),
        deployment=_one_of("RESGUARDO_DEPLOYMENT", value("deployment", "custodian"), DEPLOYMENTS, "deployment"),
        publish_every=_tick(value("publish_every", ""), url),
        guard=Path(value("guard", "")).absolute() if value("guard", "") else None,
        cosigners=Path(value("cosigners", "")).absolute() if value("cosigners", "") else None,
        upload_limit=_number("RESGUARDO_UPLOAD_LIMIT", value("upload_limit", "512"), 1, 65536) * 1024 * 1024,
        face=_one_of("RESGUARDO_FACE", value("face", "all"), FACES, "face"),
        database=_database("RESGUARDO_DATABASE", value("database", "")),
        database_petitioner=_database("RESGUARDO_DATABASE_PETITIONER", value("database_petitioner", "")),
        database_office=_database("RESGUARDO_DATABASE_OFFICE", value("database_office", "")),
        smtp=_smtp(value("smtp", "")),
        smtp_from=_smtp_from(value("smtp_from", "")),
        assisted=_one_of("RESGUARDO_ASSISTED", value("assisted", "off"), SWITCH, "switch") == "on",
        signed_requests=_one_of("RESGUARDO_SIGNED_REQUESTS", value("signed_requests", "offered"), SIGNING, "signing"),
        proxy_headers=_one_of("RESGUARDO_PROXY_HEADERS", value("proxy_headers", "off"), SWITCH, "switch") == "on",
        keep_declined=_number("RESGUARDO_KEEP_DECLINED", value("keep_declined", "1095"), 0, 36500),
        keep_withdrawn=_number("RESGUARDO_KEEP_WITHDRAWN", value("keep_withdrawn", "180"), 0, 36500),
        trace_to=_recipient("RESGUARDO_TRACE_TO", value("trace_to", "")),
        reports_to=_reports_to(value("reports_to", "")),
    )
    _check_roles(settings)
    cosigning_policy(settings)
    if (settings.smtp is None) is not (settings.smtp_from == ""):
        raise SettingError("smtp_both", "RESGUARDO_SMTP_FROM" if settings.smtp else "RESGUARDO_SMTP")
    if settings.host not in LOOPBACK and not settings.behind_tls:
        raise SettingError("plain_http", "RESGUARDO_HOST")
    return settings


def cosigning_policy(settings: Settings) -> Policy:
    """Return the policy by which the log is cosigned, one without cosigners if none is set. Raises SettingError."""
    if settings.cosigners is None:
        return Policy()
    try:
        with settings.cosigners.open("rb") as file:
            policy = Policy.parse(file.read(MAX_POLICY_SIZE + 1))
    except PolicyError as error:
        raise SettingError("policy", "RESGUARDO_COSIGNERS", line=error.line) from error
    except OSError as error:
        raise SettingError("policy", "RESGUARDO_COSIGNERS", line=0) from error
    if not any(urlsplit(each.url).scheme in {"http", "https"} for each in policy.cosigners):
        raise SettingError("policy", "RESGUARDO_COSIGNERS", line=0)
    return policy


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables that make another process read the same settings."""
    values = {
        "DATA": settings.data,
        "HOST": settings.host,
        "PORT": settings.port,
        "ORIGIN": settings.origin,
        "URL": settings.url,
        "WORKERS": settings.workers,
        "DEPLOYMENT": settings.deployment,
        "PUBLISH_EVERY": settings.publish_every,
        "GUARD": settings.guard,
        "COSIGNERS": settings.cosigners or "",
        "UPLOAD_LIMIT": settings.upload_limit // (1024 * 1024),
        "FACE": settings.face,
        "DATABASE": settings.database,
        "DATABASE_PETITIONER": settings.database_petitioner,
        "DATABASE_OFFICE": settings.database_office,
        "SMTP": settings.smtp.address if settings.smtp else "",
        "SMTP_FROM": settings.smtp_from,
        "ASSISTED": SWITCH[settings.assisted],
        "SIGNED_REQUESTS": settings.signed_requests,
        "PROXY_HEADERS": SWITCH[settings.proxy_headers],
        "KEEP_DECLINED": settings.keep_declined,
        "KEEP_WITHDRAWN": settings.keep_withdrawn,
        "TRACE_TO": settings.trace_to,
        "REPORTS_TO": settings.reports_to,
    }
    return {f"RESGUARDO_{name}": str(value) for name, value in values.items() if value is not None}


def _number(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise SettingError("number", name, low=low, high=high)
    return int(text)


def _tick(text: str, url: str | None) -> int:
    if not text:
        return PRODUCTION_TICK if url else DEVELOPMENT_TICK
    return _number("RESGUARDO_PUBLISH_EVERY", text, 1, 86400)


def _origin(text: str) -> str:
    if text and not _ORIGIN.fullmatch(text):
        raise SettingError("origin", "RESGUARDO_ORIGIN")
    return text


def _url(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise SettingError("url", "RESGUARDO_URL")
    return f"{parts.scheme}://{parts.netloc}"


def _one_of(name: str, text: str, allowed: Sequence[str], code: str) -> str:
    if text not in allowed:
        raise SettingError(code, name)
    return text


def _recipient(name: str, text: str) -> str:
    if text:
        try:
            HybridRecipient.parse(text)
        except KeyTextError as error:
            raise SettingError("recipient", name) from error
    return text


def _database(name: str, text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    role = parts.username
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2 or (role and not _ROLE.fullmatch(role)):
        raise SettingError("database", name)
    return text


def _smtp(text: str) -> SmtpServer | None:
    """Return the mail server of an address such as smtps://user:password@mail.example.org:465."""
    if not text:
        return None
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or port == 0 or parts.path not in {"", "/"} or parts.query:
        raise SettingError("smtp", "RESGUARDO_SMTP")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


def _smtp_from(text: str) -> str:
    try:
        return check_address(text) if text else ""
    except NoticeError:
        raise SettingError("smtp_from", "RESGUARDO_SMTP_FROM") from None


def _reports_to(text: str) -> str:
    """Return the address where flaws are reported as a URI, mailto: for an e-mail address."""
    parts = urlsplit(text)
    if not text or (parts.scheme == "https" and parts.hostname and text.isascii() and text.isprintable()):
        return text
    try:
        return "mailto:" + check_address(text.removeprefix("mailto:"))
    except NoticeError:
        raise SettingError("reports_to", "RESGUARDO_REPORTS_TO") from None


def _check_roles(settings: Settings) -> None:
    """Refuse one role for both faces; and where there is no owner's address, each face served needs its own."""
    both = [urlsplit(address).username for address in settings.face_databases.values() if address]
    if len(both) == 2 and both[0] == both[1]:
        raise SettingError("database_roles", "RESGUARDO_DATABASE_OFFICE")
    if settings.on_postgres and not settings.database:
        for face in settings.faces:
            if not settings.face_databases[face]:
                raise SettingError("database_needed", f"RESGUARDO_DATABASE_{face.upper()}")
