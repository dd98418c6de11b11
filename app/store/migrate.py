"""Brings a data folder's schema to the newest revision, once, before anything serves."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.resources import MIGRATIONS


def alembic_config(engine: Engine | None = None) -> Config:
    """Return alembic's configuration without a file of its own; the engine travels as an attribute."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision."""
    command.upgrade(alembic_config(engine), revision)


def revisions(folder: Path = MIGRATIONS) -> list[str]:
    """Return the names of the revision files, oldest first."""
    return sorted(path.stem for path in (folder / "versions").glob("[0-9]*.py"))
