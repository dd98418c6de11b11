"""Migrations: from nothing to the newest revision, back, and again; the schema equals the models."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from app.store import engines, tables
from app.store.migrate import alembic_config, revisions, upgrade


def schema(engine: Engine) -> dict[str, list[str]]:
    """Return tables with their columns, indexes and unique constraints as text."""
    look = inspect(engine)
    found = {}
    for name in sorted(look.get_table_names()):
        columns = [f"{column['name']} {column['type']} {column['nullable']}" for column in look.get_columns(name)]
        indexes = [str(sorted(index.items(), key=str)) for index in look.get_indexes(name)]
        unique = [str(sorted(item.items(), key=str)) for item in look.get_unique_constraints(name)]
        found[name] = sorted(columns) + sorted(indexes) + sorted(unique)
    return found


def test_up_down_up_leaves_the_schema(tmp_path: Path) -> None:
    """A revision that cannot be taken back is noticed before it is needed."""
    engine = engines.owner(tmp_path / "portal.db")
    upgrade(engine)
    first = schema(engine)
    command.downgrade(alembic_config(engine), "base")
    assert set(schema(engine)) <= {"alembic_version"}
    upgrade(engine)
    assert schema(engine) == first
    engine.dispose()


def test_newest_revision_equals_the_models(tmp_path: Path) -> None:
    """Nobody changed a table without a revision."""
    engine = engines.owner(tmp_path / "portal.db")
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, tables.PORTAL) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    """Every start runs the migrations."""
    engine = engines.owner(tmp_path / "portal.db")
    upgrade(engine)
    upgrade(engine)
    engine.dispose()
    assert revisions()
