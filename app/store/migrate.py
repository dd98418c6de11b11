"""Brings a schema to the newest revision, once, before anything serves.

The program of migrations is loaded only where there is something to bring: a start finds the newest revision by the
names of its files, which are numbered, one after the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from app.resources import MIGRATIONS

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String))
"""Where a schema says its revision."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Return alembic's configuration without a file of its own; the connection travels as an attribute."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision, each in a transaction of its own, which nobody may have begun."""
    found = current_revision(connection)
    connection.rollback()
    if revision == "head" and found == _known()[-1]:
        return
    from alembic import command

    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Take migrations back down to a revision."""
    from alembic import command

    command.downgrade(alembic_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """Return the revision that a schema has, None without one."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(select(_VERSION.c.version_num))


def is_older(revision: str | None) -> bool:
    """Tell whether a schema lacks revisions of this version; one that this version does not know is newer."""
    known = _known()
    return revision is None or (revision in known and revision != known[-1])


def is_newer(revision: str | None) -> bool:
    """Tell whether a schema has a revision that this version does not know."""
    return revision is not None and revision not in _known()


def _known() -> list[str]:
    return [name.split("_")[0] for name in revisions()]


def revisions(folder: Path = MIGRATIONS) -> list[str]:
    """Return the names of the revision files, oldest first."""
    return sorted(path.stem for path in (folder / "versions").glob("[0-9]*.py"))
