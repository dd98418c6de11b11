"""Migrations: from nothing to the newest revision, back, and again; the schema equals the models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from app.store import tables
from app.store.migrate import alembic_config, current_revision, downgrade, is_older, revisions, upgrade
from app.store.postgres import PostgresDatabase
from tests.store.storage import PostgresStorage, SqliteStorage, Storage


@pytest.fixture
def empty(tmp_path: Path, engine_name: str, request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Storage without a schema."""
    if engine_name == "sqlite":
        yield SqliteStorage(tmp_path)
        return
    made = PostgresStorage(tmp_path, request.getfixturevalue("cluster"), None)
    yield made
    made.drop()


@pytest.fixture
def engine(empty: Storage) -> Iterator[Engine]:
    """The owner's engine over an empty database."""
    made = empty.database.owner()
    yield made
    made.dispose()


def migrate(engine: Engine, *, up: bool = True) -> None:
    """Go to the newest revision, or back to nothing."""
    with engine.connect() as connection:
        (upgrade if up else downgrade)(connection)


def schema(engine: Engine) -> dict[str, list[str]]:
    """Return tables with their columns, indexes and unique constraints as text."""
    look = inspect(engine)
    found = {}
    for name in sorted(look.get_table_names()):
        columns = [f"{column['name']} {column['type']} {column['nullable']}" for column in look.get_columns(name)]
        indexes = [str(sorted(_in_words(index).items())) for index in look.get_indexes(name)]
        unique = [str(sorted(item.items(), key=str)) for item in look.get_unique_constraints(name)]
        found[name] = sorted(columns) + sorted(indexes) + sorted(unique)
    return found


def _in_words(index: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said of an index; which rows are in it is an object of its own each time."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {name: str(options if name == "dialect_options" else value) for name, value in index.items()}


def test_up_down_up_leaves_the_schema(engine: Engine) -> None:
    """A revision that cannot be taken back is noticed before it is needed."""
    migrate(engine)
    first = schema(engine)
    migrate(engine, up=False)
    assert set(schema(engine)) <= {"alembic_version"}
    migrate(engine)
    assert schema(engine) == first


def test_newest_revision_equals_the_models(engine: Engine) -> None:
    """Nobody changed a table without a revision."""
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, tables.PORTAL) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    """Every start runs the migrations."""
    migrate(engine)
    first = schema(engine)
    migrate(engine)
    assert schema(engine) == first
    assert revisions()


def test_revision_0005_finds_the_key_of_every_case(engine: Engine) -> None:
    """Cases of before can be asked: the public key stands in their founding text; going back keeps the cases."""
    add = text(
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES (:id, :genesis, :id, 'vkey', :stage, 1, 1, 1, 1)"
    )
    genesis = 'resguardo/genesis/v1\n{"filer":"v","nonce":"n","portal":"p","recipient":"age1pq1KEY"}\n'
    with engine.connect() as connection:
        upgrade(connection, "0004")
    with engine.begin() as connection:
        for number in range(3):
            values = {"id": f"case{number}", "genesis": genesis.replace("KEY", str(number)), "stage": "RECEIVED"}
            connection.execute(add, values)
    migrate(engine)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT case_id, epoch, recipient FROM case_recipient ORDER BY case_id")).all()
        assert [tuple(row) for row in found] == [(f"case{n}", 1, f"age1pq1{n}") for n in range(3)]
        connection.execute(text("UPDATE petition_case SET stage = 'WITHDRAWN', suspended = 7 WHERE id = 'case1'"))
    with engine.connect() as connection:
        downgrade(connection, "0004")
        stages = connection.execute(text("SELECT stage FROM petition_case ORDER BY id")).scalars().all()
        assert list(stages) == ["RECEIVED", "DECLINED", "RECEIVED"]


def test_revision_0008_gives_nobody_a_notice(engine: Engine) -> None:
    """Cases of before get no mail until somebody asks; going back loses addresses and nothing of a case."""
    add = text(
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES ('case0', 'g', 's', 'v', 'RECEIVED', 1, 1, 1, 1)"
    )
    with engine.connect() as connection:
        upgrade(connection, "0007")
    with engine.begin() as connection:
        connection.execute(add)
    migrate(engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM case_notice")) == 0
        connection.execute(text("INSERT INTO case_notice (case_id) VALUES ('case0')"))
        connection.execute(text("INSERT INTO notice_due VALUES ('due0', 'case0', 1, 0)"))
    with engine.connect() as connection:
        downgrade(connection, "0007")
        assert connection.scalar(text("SELECT count(*) FROM petition_case")) == 1


def test_revision_0009_keeps_the_cases_and_forgets_its_own(engine: Engine) -> None:
    """What was announced goes with the table; the case that it was about stays as it was."""
    add = text(
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES ('case0', 'g', 'h', 'vkey', 'WITHDRAWN', 1, 1, 1, 1)"
    )
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(add)
        connection.execute(
            text("INSERT INTO retention (case_id, announced, day, rule) VALUES ('case0', 1, '2026-01-01', 'r')")
        )
    with engine.connect() as connection:
        downgrade(connection, "0008")
        upgrade(connection)
        assert connection.execute(text("SELECT stage FROM petition_case")).scalars().all() == ["WITHDRAWN"]
        assert connection.execute(text("SELECT case_id FROM retention")).scalars().all() == []


def test_the_files_are_numbered_as_they_follow_each_other() -> None:
    """What a start goes by, without loading the program of migrations, is what that program finds."""
    script = ScriptDirectory.from_config(alembic_config())
    walked = [each.revision for each in script.walk_revisions()][::-1]
    assert [name.split("_")[0] for name in revisions()] == walked
    assert script.get_current_head() == walked[-1]


def test_an_older_schema_is_told_from_a_newer_one(engine: Engine) -> None:
    """A process that may not migrate refuses to start on what it does not find, and bears what came after it."""
    with engine.connect() as connection:
        assert is_older(current_revision(connection))
    migrate(engine)
    with engine.connect() as connection:
        assert not is_older(current_revision(connection))
    assert not is_older("9999")


def test_revision_0011_keeps_the_publications(engine: Engine) -> None:
    """What was published stays as it is; going back forgets what cosigners said, which they know themselves."""
    with engine.connect() as connection:
        upgrade(connection, "0010")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO log_publication VALUES (10, 1, 'note')"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO log_cosigner VALUES ('o', 'a', 1, 1, '', 1, 1, 'cosigned', NULL)"))
        connection.execute(text("INSERT INTO log_alarm VALUES ('o', 'a', 'fork', 1, 2, 3, 'note')"))
    with engine.connect() as connection:
        downgrade(connection, "0010")
        assert connection.scalar(text("SELECT count(*) FROM log_publication")) == 1


def test_revision_0012_going_back_forgets_copies_and_keeps_records(engine: Engine) -> None:
    """A copy's head without its pages would be a promise that nothing keeps."""
    migrate(engine)
    case = (
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES ('c', 'g', 's', 'v', 'RECEIVED', 1, 1, 0, 1)"
    )
    head = "INSERT INTO redacted_record (case_id, record, version, sha256, body) VALUES ('c', :record, 1, 'h', :body)"
    with engine.begin() as connection:
        connection.execute(text(case))
        for record in ("record", "evidence-1"):
            row = {"record": record, "body": b"x"}
            connection.execute(text(head), row)
        connection.execute(text("INSERT INTO copy_page VALUES ('c', 'evidence-1', 1, 1, :body)"), {"body": b"x"})
    with engine.connect() as connection:
        downgrade(connection, "0011")
        assert connection.execute(text("SELECT record FROM redacted_record")).scalars().all() == ["record"]
        upgrade(connection)
        assert connection.scalar(text("SELECT count(*) FROM copy_page")) == 0


def test_revision_0013_keeps_sittings_and_going_back_forgets_marks(engine: Engine) -> None:
    """A sitting from before has no mark; back again, sittings stay and shares go: old codes lead nowhere."""
    with engine.connect() as connection:
        upgrade(connection, "0012")
    case = (
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES ('c', 'g', 's', 'v', 'RECEIVED', 1, 1, 0, 1)"
    )
    ana = "INSERT INTO staff (id, name, role, state, created, totp_last_step) VALUES (1, 'a', 'reviewer', 'x', 1, 0)"
    columns = "id, staff_id, case_id, version, purpose, started, entry_index"
    with engine.begin() as connection:
        for row in (case, ana, f"INSERT INTO sitting ({columns}) VALUES (1, 1, 'c', 1, 'REVIEW', 1, 1)"):
            connection.execute(text(row))
    migrate(engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT code FROM sitting")) is None
        connection.execute(text("INSERT INTO mark_share VALUES (1, 'c', 1, :share, :share)"), {"share": b"x"})
    with engine.connect() as connection:
        downgrade(connection, "0012")
        assert connection.scalar(text("SELECT count(*) FROM sitting")) == 1


def test_revision_0014_going_back_forgets_devices_and_keeps_accounts(engine: Engine) -> None:
    """Devices are enrolled anew; nobody loses an account, and what was signed stays with its opening."""
    migrate(engine)
    member = {"name": "Ana", "role": "reviewer", "state": "active", "created": 1, "step": 0}
    added = (
        "INSERT INTO staff (name, role, state, created, totp_last_step) VALUES (:name, :role, :state, :created, :step)"
    )
    with engine.begin() as connection:
        connection.execute(text(added), member)
        connection.execute(text("INSERT INTO reader_device VALUES (4, 1, 'v', 'laptop', 'note', 1, NULL)"))
        connection.execute(text("INSERT INTO request_nonce VALUES ('n', 2)"))
        connection.execute(text("INSERT INTO signing_rule VALUES (5, 'required')"))
    with engine.connect() as connection:
        downgrade(connection, "0013")
        assert connection.scalar(text("SELECT count(*) FROM staff")) == 1
        upgrade(connection)
        assert connection.scalar(text("SELECT count(*) FROM reader_device")) == 0


def test_revision_0015_going_back_forgets_what_was_public_and_keeps_cases(engine: Engine) -> None:
    """Nothing is public any more; the case, its events and its log stay."""
    migrate(engine)
    case = (
        "INSERT INTO petition_case (id, genesis, status_hash, sign_in_vkey, stage, received_at, entry_index,"
        " log_counter, version) VALUES ('c', 'g', 's', 'v', 'RECEIVED', 1, 1, 0, 1)"
    )
    with engine.begin() as connection:
        connection.execute(text(case))
        connection.execute(text("INSERT INTO public_version VALUES ('c', 1, 'h', 'office', 'note', 1, 4, NULL)"))
    with engine.connect() as connection:
        downgrade(connection, "0014")
        assert connection.scalar(text("SELECT count(*) FROM petition_case")) == 1
        upgrade(connection)
        assert connection.scalar(text("SELECT count(*) FROM public_version")) == 0


def test_revision_0016_finds_the_marks_to_forget(engine: Engine) -> None:
    """A new sitting would otherwise read every sitting there ever was; going back loses only the index."""
    migrate(engine)
    with engine.connect() as connection:
        assert "ix_sitting_code" in _indexes(connection)
        if connection.dialect.name == "sqlite":
            plan = "EXPLAIN QUERY PLAN UPDATE sitting SET code = NULL WHERE started < 5 AND code IS NOT NULL"
            assert "ix_sitting_code" in connection.execute(text(plan)).all()[0][3]
        downgrade(connection, "0015")
        assert "ix_sitting_code" not in _indexes(connection)


def _indexes(connection: Connection) -> set[str | None]:
    return {index["name"] for index in inspect(connection).get_indexes("sitting")}


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_migration_gives_up_rather_than_block_everybody(empty: PostgresStorage, engine: Engine) -> None:
    """A change that waits for a long reader would hold up every request behind it."""
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
        assert connection.scalar(text("SHOW statement_timeout")) == "10min"
        connection.execute(text("SET lock_timeout = '200ms'"))
        with empty.cluster.connected(empty.name) as reader, reader.transaction():
            reader.execute("SELECT * FROM petition_case")
            with pytest.raises(OperationalError, match="lock timeout"):
                connection.execute(text("ALTER TABLE petition_case ADD COLUMN one_more integer"))


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_several_hosts_prepare_at_once(empty: PostgresStorage) -> None:
    """One migrates, the others wait for it; the grants stand afterwards."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(PostgresDatabase(empty.settings.database, {}).prepare) for _ in range(3)]:
            done.result()
    assert empty.rows("SELECT has_table_privilege('resguardo_office', 'log_entry', 'INSERT')")[0][0]
