"""What a portal says of itself, and whether it may be believed: on first use, or only with a key given beforehand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from app.client.errors import NetworkError, TamperingError
from app.client.transport import Transport
from crypto.errors import NoteError
from crypto.log.keychange import leading_to, read_all
from crypto.note import NoteVerifier, check_name

_DEPLOYMENTS = frozenset({"office", "custodian"})


@dataclass(frozen=True)
class PortalKeys:
    """A portal's name, its log and the keys under which its answers are checked."""

    name: str
    deployment: str
    log_origin: str
    log_vkey: str
    statement_vkey: str
    earlier: frozenset[str] = frozenset()
    """Keys of the log and of statements that led to these, each change announced in the log under the one before."""


def fetch_portal(transport: Transport) -> PortalKeys:
    """Return what the portal says of itself.

    Raises:
        NetworkError: it is not reached, or is not a Resguardo portal.
    """
    body = transport.get_json("/api/v1/portal")
    try:
        return _parse(body)
    except (KeyError, TypeError, ValueError, NoteError) as error:
        raise NetworkError("answer", host=transport.host) from error


def _parse(body: dict[str, Any]) -> PortalKeys:
    keys = PortalKeys(
        _text(body, "name"),
        _text(body, "deployment"),
        _text(body, "log_origin"),
        _text(body, "log_vkey"),
        _text(body, "statement_vkey"),
    )
    check_name(keys.name)
    if NoteVerifier.parse(keys.log_vkey).name != keys.log_origin or keys.deployment not in _DEPLOYMENTS:
        raise ValueError("the log's key is not named after the log")
    NoteVerifier.parse(keys.statement_vkey)
    changes = leading_to(keys.log_vkey, read_all(body.get("key_changes")))
    if changes and changes[-1].after.statements != keys.statement_vkey:
        return keys  # the two keys change together
    earlier = {key for each in changes for key in (each.before.log, each.before.statements)}
    return replace(keys, earlier=frozenset(earlier))


def _text(body: dict[str, Any], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError(name)
    return value


def check_pinned(keys: PortalKeys, pinned: Collection[str]) -> None:
    """Raises `TamperingError` when the portal shows another key than one that was given, and none leads to it."""
    if not set(pinned) <= {keys.log_vkey, keys.statement_vkey, *keys.earlier}:
        raise TamperingError("portal_key")
