"""The two faces as two processes, each with its own routes, engines and database role (laws L1, L3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.config import SettingError, read_settings
from app.domain.ports import Face
from app.store.grants import DEFAULT_ROLES
from app.store.postgres import PostgresDatabase
from app.store.sqlite import SqliteDatabase
from app.wiring import assemble, prepare
from tests.engine import NO_ADDRESSES
from tests.filings import make_filing
from tests.portal import RunningPortal, resguardo
from tests.postgres import addresses
from tests.staff import enrol
from tests.store.storage import PostgresStorage, SqliteStorage, Storage

ON_POSTGRES = pytest.mark.parametrize("storage", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Storage that two running processes serve; on PostgreSQL with an address for each face."""
    folder = tmp_path_factory.mktemp("faces")
    if request.param == "sqlite":
        yield SqliteStorage(folder)
        return
    made = PostgresStorage(folder, request.getfixturevalue("cluster"), None)
    yield made
    made.drop()


def face_environment(storage: Storage, face: Face) -> dict[str, str]:
    """Return what the process of a face is told: its own address and nobody else's."""
    told = {**NO_ADDRESSES, "RESGUARDO_GUARD": str(storage.settings.guard), "RESGUARDO_FACE": face}
    if isinstance(storage, PostgresStorage):
        name = f"RESGUARDO_DATABASE_{face.upper()}"
        told[name] = addresses(storage.cluster, storage.name)[name]
    return told


@pytest.fixture(scope="module")
def faces(shared: Storage) -> Iterator[dict[Face, RunningPortal]]:
    """A process for each face, after the operator prepared the shared."""
    owner = {"RESGUARDO_DATA": str(shared.settings.data), "RESGUARDO_GUARD": str(shared.settings.guard)}
    if isinstance(shared, PostgresStorage):
        owner["RESGUARDO_DATABASE"] = shared.settings.database
    done = resguardo("prepare", environment=owner)
    assert done.returncode == 0, done.stderr
    made = {face: RunningPortal(shared.settings.data, settings=face_environment(shared, face)) for face in Face}
    try:
        yield {face: portal.start() for face, portal in made.items()}
    finally:
        for portal in made.values():
            portal.stop()


def test_each_process_has_the_routes_of_its_face(faces: dict[Face, RunningPortal]) -> None:
    """What an office page could be tricked into, it cannot reach: the other face's routes are not there."""
    petitioner, office = faces[Face.PETITIONER].url, faces[Face.OFFICE].url
    for path in ("/health", "/log/checkpoint", "/api/v1/portal"):
        assert httpx2.get(petitioner + path).status_code == 200, path
        assert httpx2.get(office + path).status_code == 200, path
    for path in ("/", "/status", "/case"):
        assert httpx2.get(petitioner + path).status_code == 200, path
        assert httpx2.get(office + path).status_code == 404, path
    for path in ("/api/v1/petitions", "/api/v1/status", "/api/v1/sign-in"):
        assert httpx2.post(petitioner + path, json={}).status_code != 404, path
        assert httpx2.post(office + path, json={}).status_code == 404, path
    for path in ("/office/sign-in", "/office", "/office/audit", "/api/v1/openings"):
        assert httpx2.get(petitioner + path).status_code == 404, path
    assert httpx2.get(f"{office}/office/sign-in").status_code == 200


def test_a_petition_goes_from_one_process_to_the_other(faces: dict[Face, RunningPortal], shared: Storage) -> None:
    """Filed at one, read at the other, one log over both."""
    petitioner, office = faces[Face.PETITIONER], faces[Face.OFFICE]
    filing = make_filing(petitioner.api()["name"])
    filed = httpx2.post(f"{petitioner.url}/api/v1/petitions", json=dict(filing.body))
    assert filed.status_code == 201, filed.text
    case = filed.json()["case"]
    reviewer = enrol(office, "ana", "reviewer")
    reviewer.sign_in()
    assert office.cli("staff", "assign", "ana", case[:10]).returncode == 0
    assert case[:4] in reviewer.client.get("/office").text
    assert petitioner.api()["log_vkey"] == office.api()["log_vkey"]
    if isinstance(shared, PostgresStorage):
        assert users(shared) == set(DEFAULT_ROLES.values())
        petitioner.stop()
        assert reviewer.client.get("/office").status_code == 200
        assert users(shared) == {DEFAULT_ROLES[Face.OFFICE]}


def users(storage: PostgresStorage) -> set[str]:
    """Return the roles that are connected to the portal's database; the server's own cleaning has none."""
    with storage.cluster.connected() as administrator:
        found = administrator.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            (storage.name,),
        ).fetchall()
    return {row[0] for row in found}


def test_a_face_opens_nothing_of_the_other(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assembling the office makes no engine and no sequencer of the petitioners'."""
    prepare(storage.settings)
    opened: list[Face | None] = []
    for database in (SqliteDatabase, PostgresDatabase):
        for name in ("writer", "readers", "keys"):
            monkeypatch.setattr(database, name, _noting(getattr(database, name), opened))
    settings = storage.with_settings(RESGUARDO_FACE="office", RESGUARDO_DATABASE="", RESGUARDO_DATABASE_PETITIONER="")
    portal = assemble(settings)
    assert set(portal.faces) == {Face.OFFICE}
    assert portal.public is portal.office
    with pytest.raises(KeyError):
        portal.petitioner  # noqa: B018 - asking is what fails
    portal.close()
    assert set(opened) == {Face.OFFICE}


def _noting(method: object, opened: list[Face | None]) -> object:
    def noted(self: object, face: Face | None) -> object:
        opened.append(face)
        return method(self, face)  # type: ignore[operator]  # one of the database's methods

    return noted


@ON_POSTGRES
def test_a_process_without_the_owners_address_does_not_prepare(storage: PostgresStorage) -> None:
    """It refuses to serve on what it does not find, and says what to run."""
    settings = storage.with_settings(**face_environment(storage, Face.OFFICE))
    with pytest.raises(SettingError, match="keys_differ"):
        prepare(settings)
    storage.settings.data.mkdir(exist_ok=True)
    (storage.settings.data / "portal.json").write_text('{"name": "x.invalid", "log_origin": "x.invalid/log"}')
    with pytest.raises(SettingError, match="database"):
        prepare(settings)


def test_settings_of_faces_and_addresses_are_checked() -> None:
    """Each refusal names the setting, and no address is echoed: it holds a password."""
    address = "postgresql://{}:hush@127.0.0.1:1/portal"
    for expected, environment in (
        ("face: RESGUARDO_FACE", {"RESGUARDO_FACE": "both"}),
        ("database: RESGUARDO_DATABASE", {"RESGUARDO_DATABASE": "mysql://a:hush@host/portal"}),
        ("database: RESGUARDO_DATABASE", {"RESGUARDO_DATABASE": "postgresql://host"}),
        ("database: RESGUARDO_DATABASE_OFFICE", {"RESGUARDO_DATABASE_OFFICE": address.format("Not%20Plain")}),
        (
            "database_roles: RESGUARDO_DATABASE_OFFICE",
            {
                "RESGUARDO_DATABASE_OFFICE": address.format("one"),
                "RESGUARDO_DATABASE_PETITIONER": address.format("one"),
            },
        ),
        (
            "database_needed: RESGUARDO_DATABASE_PETITIONER",
            {"RESGUARDO_DATABASE_OFFICE": address.format("office"), "RESGUARDO_FACE": "petitioner"},
        ),
    ):
        with pytest.raises(SettingError) as refused:
            read_settings(environment)
        assert str(refused.value) == expected
        assert "hush" not in refused.value.text("en")
    settings = read_settings({"RESGUARDO_DATABASE": address.format("owner"), "RESGUARDO_DATA": "/nowhere"})
    assert "hush" not in repr(settings)


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """Without the address, which may hold a password."""
    done = resguardo(
        "prepare",
        environment={
            "RESGUARDO_DATA": str(tmp_path / "data"),
            "RESGUARDO_DATABASE": "postgresql://owner:hush@127.0.0.1:1/portal",
        },
    )
    assert done.returncode != 0
    assert "RESGUARDO_DATABASE" in done.stderr
    assert "hush" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
