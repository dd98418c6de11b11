"""Questions that go to the driver itself get the answers that SQLAlchemy gets, and fail as its own do."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, select
from sqlalchemy.exc import DBAPIError

from app.domain.entities import EntryKind, Role
from app.domain.ports import EntryDraft, Unit
from app.store import rows
from app.store.prepared import Prepared
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


def test_what_fails_is_told_as_sqlalchemy_tells_it(connection: Connection) -> None:
    """A driver's own error would pass by all that turns failures of the database into words."""
    with pytest.raises(DBAPIError):
        Prepared(select(NOWHERE.c.id)).all(connection, {})


def test_values_that_need_work_are_refused() -> None:
    """SQLite keeps a truth value as a number: asked of the driver it would be one."""
    with pytest.raises(TypeError, match="as the driver gives them"):
        Prepared(select(NOWHERE.c.seen))
