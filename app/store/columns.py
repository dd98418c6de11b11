"""Column kinds that carry a confidentiality class: a column without one does not pass the schema test.

PUBLIC       anyone may see it: the log.
OPERATIONAL  what the portal needs to work: stages, times, assignments, cards (encrypted).
REDACTED     the redacted record, encrypted under the case's data key; a reviewer sees it after an access entry.
SEALED       ciphertext that only a case's holders open, and what leads to it; the office face cannot select it.
SECRET       what lets somebody in: password hashes, token hashes, encrypted TOTP secrets.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column
from sqlalchemy.types import TypeEngine


class Confidentiality(StrEnum):
    """Who may see a column."""

    PUBLIC = "PUBLIC"
    OPERATIONAL = "OPERATIONAL"
    REDACTED = "REDACTED"
    SEALED = "SEALED"
    SECRET = "SECRET"  # noqa: S105 - the name of a class, not a password


CLASS = "confidentiality"


def _column(kind: Confidentiality, name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    options.setdefault("nullable", False)
    return Column(name, type_, *args, info={CLASS: kind}, **options)


def public(name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    """Return a PUBLIC column."""
    return _column(Confidentiality.PUBLIC, name, type_, *args, **options)


def operational(name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    """Return an OPERATIONAL column."""
    return _column(Confidentiality.OPERATIONAL, name, type_, *args, **options)


def redacted(name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    """Return a REDACTED column."""
    return _column(Confidentiality.REDACTED, name, type_, *args, **options)


def sealed(name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    """Return a SEALED column."""
    return _column(Confidentiality.SEALED, name, type_, *args, **options)


def secret(name: str, type_: type[TypeEngine[Any]], *args: Any, **options: Any) -> Column[Any]:
    """Return a SECRET column."""
    return _column(Confidentiality.SECRET, name, type_, *args, **options)
