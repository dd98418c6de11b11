"""Questions that go to the driver itself get the answers that SQLAlchemy gets, and fail as its own do."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.domain.entities import EntryKind, Role
from app.domain.ports import EntryDraft, Unit
from app.store import rows, tables
from app.store.failures import harms_only_itself
from app.store.prepared import Change, Prepared, run_words
from app.wiring import Assembly
from tests.store.storage import Storage

NOWHERE = Table("nowhere", MetaData(), Column("id", Integer), Column("seen", Boolean))
MODULES = [importlib.import_module(f"{rows.__name__}.{found.name}") for found in pkgutil.iter_modules(rows.__path__)]
QUESTIONS = {
    f"{module.__name__.rpartition('.')[2]}{name}": question
    for module in MODULES
    for name, question in vars(module).items()
    if isinstance(question, Prepared)
}
DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)
GIVEN = {"index": 0, "start": 0, "end": 2, "level": 0}


@pytest.fixture
def connection(portal: Assembly, storage: Storage) -> Iterator[Connection]:
    """The owner's connection to a log with two entries, beside two accounts."""

    def work(unit: Unit) -> None:
        for name in ("Ana Ejemplo", "Rosa Ejemplo"):
            unit.append(DRAFT)
            unit.staff.add(name, Role.REVIEWER, 1)

    portal.office.ledger.write(work)
    engine = storage.database.owner()
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_each_question_gets_sqlalchemys_answer(connection: Connection) -> None:
    """What comes by the driver is what comes by SQLAlchemy, column by column and value by value."""
    answered = set()
    for name, question in QUESTIONS.items():
        asked = [each for each in question.question.compile().binds.values() if each.required]
        given = {each.key: "" if isinstance(each.type, String) else GIVEN.get(each.key, 1) for each in asked}
        found = question.all(connection, given)
        expected = connection.execute(question.question, given).all()
        assert [row._asdict() for row in found] == [row._asdict() for row in expected], name
        answered |= {name} if found else set()
    assert len(QUESTIONS) > 15
    assert answered >= {"log_HEAD", "log_LEAVES", "log_LEAF", "log_BATCH_AFTER", "log_BATCH_ROOT", "staff_BY_ID"}


def test_a_refused_change_harms_only_itself(connection: Connection) -> None:
    """A row that is there already is an error of SQLAlchemy's kind, and the savepoint takes it back."""
    change = Change(insert(tables.log_batch), "size", "root")
    run_words(connection, "SAVEPOINT unit")
    assert change.run(connection, {"size": 99, "root": b"r"}) == 1
    with pytest.raises(IntegrityError) as caught:
        change.run(connection, {"size": 99, "root": b"another"})
    assert harms_only_itself(caught.value)
    assert "another" not in str(caught.value)
    run_words(connection, "ROLLBACK TO SAVEPOINT unit")
    assert change.run(connection, {"size": 99, "root": b"r"}, {"size": 100, "root": b"s"}) == 2
    assert connection.scalar(select(tables.log_batch.c.root).where(tables.log_batch.c.size == 99)) == b"r"


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_change_on_a_lost_connection_is_told_so(connection: Connection, storage: Storage) -> None:
    """Whoever asked hears that the portal is busy, and the connection is not used again."""
    gone, engine = connection.scalar(select(func.pg_backend_pid())), storage.database.owner()
    with engine.connect() as other:
        other.execute(select(func.pg_terminate_backend(gone)))
    engine.dispose()
    with pytest.raises(DBAPIError) as caught:
        Change(insert(tables.log_batch), "size", "root").run(connection, {"size": 1, "root": b"r"})
    assert caught.value.connection_invalidated
    assert not harms_only_itself(caught.value)


def test_what_sqlalchemy_would_add_is_refused(connection: Connection) -> None:
    """A default that SQLAlchemy knows and the driver does not would be missing from the row."""
    with pytest.raises(TypeError, match="not the driver's"):
        Change(insert(tables.staff), "name", "role", "state", "created").run(connection, {})
    with pytest.raises(TypeError, match="as the driver takes them"):
        Change(insert(NOWHERE), "id", "seen").run(connection, {})


def test_what_fails_is_told_as_sqlalchemy_tells_it(connection: Connection) -> None:
    """A driver's own error would pass by all that turns failures of the database into words."""
    with pytest.raises(DBAPIError):
        Prepared(select(NOWHERE.c.id)).all(connection, {})


def test_values_that_need_work_are_refused() -> None:
    """SQLite keeps a truth value as a number: asked of the driver it would be one."""
    with pytest.raises(TypeError, match="as the driver gives them"):
        Prepared(select(NOWHERE.c.seen))
