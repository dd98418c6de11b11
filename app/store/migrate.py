"""Brings a schema to the newest revision, once, before anything serves."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.resources import MIGRATIONS


def alembic_config(connection: Connection | None = None) -> Config:
    """Return alembic's configuration without a file of its own; the connection travels as an attribute."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision, each in a transaction of its own."""
    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Take migrations back down to a revision."""
    command.downgrade(alembic_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """Return the revision that a schema has, None without one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_older(revision: str | None) -> bool:
    """Tell whether a schema lacks revisions of this version; one that this version does not know is newer."""
    script = ScriptDirectory.from_config(alembic_config())
    known = {each.revision for each in script.walk_revisions()}
    return revision is None or (revision in known and revision != script.get_current_head())


def is_newer(revision: str | None) -> bool:
    """Tell whether a schema has a revision that this version does not know."""
    script = ScriptDirectory.from_config(alembic_config())
    return revision is not None and revision not in {each.revision for each in script.walk_revisions()}


def revisions(folder: Path = MIGRATIONS) -> list[str]:
    """Return the names of the revision files, oldest first."""
    return sorted(path.stem for path in (folder / "versions").glob("[0-9]*.py"))
