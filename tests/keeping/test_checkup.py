"""`resguardo check`: each thing that can be wrong with a deployment is done to a real one, and seen."""

from __future__ import annotations

import ast
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.domain.cosigners import HOLDER, READER
from app.i18n import LANGUAGES
from app.keeping import checkup
from app.keeping.checkup import WORDS, Examined, Finding, examine
from app.store.keyring import read_keyring
from app.store.postgres import PostgresDatabase
from app.store.sqlite import SqliteDatabase
from app.usecases.file_petition import file_petition
from app.usecases.keep_part import keep_part
from app.wiring import database_of
from crypto.log.checkpoint import Ed25519Cosigner
from crypto.secret import SecretBytes
from tests.assembled import assembled, environment_in, settings_in
from tests.engine import change, change_keys, copy_data, lose_database
from tests.filings import make_filing
from tests.portal import resguardo
from tests.store.storage import PostgresStorage


@dataclass
class Deployment:
    """A portal with one case, ready to be broken."""

    folder: Path
    settings: Settings

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.settings.data

    @property
    def environment(self) -> Mapping[str, str]:
        """Its settings, as a process of its own reads them."""
        return environment_in(self.folder, RESGUARDO_PUBLISH_EVERY="3600")

    def sql(self, statement: str, **values: object) -> None:
        """Change rows behind the portal's back."""
        change(self.environment, statement, **values)

    def sql_of_keys(self, statement: str, **values: object) -> None:
        """Change rows of the store of wrapped keys."""
        change_keys(self.environment, statement, **values)

    def findings(self, now: int | None = None, **options: Any) -> dict[str, Finding]:
        """Return what is found, by its code."""
        what = Examined(self.settings, int(time.time()) if now is None else now, **options)
        return {finding.code: finding for finding in examine(what)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A portal with a case that has a file beside the database."""
    folder = tmp_path_factory.mktemp("whole")
    before = os.umask(0o022)  # so that modes are ours and not the test runner's
    with assembled(settings_in(folder)) as portal:
        filing = make_filing(portal.public.facts.name, evidence=os.urandom(700_000))
        for sha256, part in filing.uploads.items():
            keep_part(portal.petitioner, filing.body["upload"], sha256, part, upload_limit=1 << 30)
        file_petition(portal.petitioner, filing.body)
    yield folder
    os.umask(before)


@pytest.fixture
def deployment(whole: Path, tmp_path: Path) -> Deployment:
    """A copy of it, to be broken."""
    folder = tmp_path / "broken"
    shutil.copytree(whole, folder)
    copy_data(whole / "data", folder / "data")
    return Deployment(folder, settings_in(folder, RESGUARDO_PUBLISH_EVERY="3600"))


def test_a_whole_portal_has_nothing_to_mend(deployment: Deployment) -> None:
    """No false alarm: what there is, is advice about where it is served."""
    found = deployment.findings()
    assert {code for code, finding in found.items() if finding.is_wrong} == set()
    assert set(found) <= {"no_url", "guard_same_disk", "disk_low"}
    assert "guard_same_disk" in found, "a test's guard is on its data's disk"


def _remove_seed(deployment: Deployment) -> None:
    (deployment.data / "keys" / "statements.seed").unlink()


def _move_guard_inside(deployment: Deployment) -> None:
    deployment.settings = replace(deployment.settings, guard=deployment.data / "guard")


def _forget_guard(deployment: Deployment) -> None:
    (deployment.folder / "guard").unlink()


def _cut_tail(deployment: Deployment) -> None:
    deployment.sql("DELETE FROM log_entry WHERE idx = 1")


def _new_database(deployment: Deployment) -> None:
    lose_database(deployment.data)
    deployment.settings = settings_in(deployment.folder)
    database = database_of(deployment.settings)
    assert isinstance(database, SqliteDatabase | PostgresDatabase)
    database.prepare()


def _alter_entry(deployment: Deployment) -> None:
    deployment.sql("UPDATE log_entry SET leaf = :leaf WHERE idx = 1", leaf=bytes(106))


def _older_schema(deployment: Deployment) -> None:
    deployment.sql("UPDATE alembic_version SET version_num = '0001'")


def _newer_schema(deployment: Deployment) -> None:
    deployment.sql("UPDATE alembic_version SET version_num = '9999'")


def _no_database(deployment: Deployment) -> None:
    lose_database(deployment.data)
    if not deployment.settings.on_postgres:
        (deployment.data / "portal.db").write_bytes(b"\0" * 4096 * 4)


def _lose_key(deployment: Deployment) -> None:
    deployment.sql_of_keys("DELETE FROM data_key WHERE name LIKE 'case/%'")


def _other_vault_key(deployment: Deployment) -> None:
    (deployment.data / "keys" / "vault.seed").write_text("11" * 32 + "\n")


def _key_of_no_case(deployment: Deployment) -> None:
    deployment.sql_of_keys("INSERT INTO data_key VALUES ('case/nobody', :key)", key=b"\0")


def _a_blob(deployment: Deployment) -> Path:
    return next(iter(deployment.data.glob("blobs/??/*")))


def _lose_blob(deployment: Deployment) -> None:
    _a_blob(deployment).unlink()


def _damage_blob(deployment: Deployment) -> None:
    _a_blob(deployment).write_bytes(b"damaged")


def _add_blob(deployment: Deployment) -> None:
    extra = deployment.data / "blobs" / "00" / ("0" * 64)
    extra.parent.mkdir(exist_ok=True)
    extra.write_bytes(b"x")
    os.utime(extra, (1, 1))


def _open_to_others(deployment: Deployment) -> None:
    (deployment.data / "keys" / "vault.seed").chmod(0o644)


def _another_user(deployment: Deployment) -> None:
    os.chown(deployment.data / "portal.json", 12345, -1)


def _break_off(deployment: Deployment) -> None:
    (deployment.data / "backup-abc").mkdir(mode=0o700)


def _raise_guard(deployment: Deployment) -> None:
    from app.store.guard import Guard

    guard = Guard(deployment.folder / "guard")
    guard.raise_to(99, bytes(32))
    guard.close()


def _no_portal(deployment: Deployment) -> None:
    (deployment.data / "portal.json").unlink()


@pytest.mark.parametrize(
    ("code", "harm"),
    [
        ("key_missing", _remove_seed),
        ("guard_inside", _move_guard_inside),
        ("guard_missing", _forget_guard),
        ("log_damaged", _cut_tail),
        ("log_damaged", _alter_entry),
        ("log_damaged", _new_database),
        ("schema_behind", _older_schema),
        ("schema_newer", _newer_schema),
        ("database", _no_database),
        ("keys_missing", _lose_key),
        ("keys_foreign", _other_vault_key),
        ("keys_extra", _key_of_no_case),
        ("blobs_missing", _lose_blob),
        ("blobs_damaged", _damage_blob),
        ("blobs_extra", _add_blob),
        ("open_to_others", _open_to_others),
        pytest.param(
            "not_ours", _another_user, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
        ),
        ("left_over", _break_off),
        ("read_only", _raise_guard),
        ("no_portal", _no_portal),
    ],
)
def test_what_is_broken_is_found(deployment: Deployment, code: str, harm: Callable[[Deployment], None]) -> None:
    """Files, keys, guard, schema, log, sealed files."""
    harm(deployment)
    assert code in deployment.findings()


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        ("no_url", {}),
        ("no_tls", {"RESGUARDO_URL": "http://127.0.0.1:8000"}),
        ("assisted_open", {"RESGUARDO_URL": "http://127.0.0.1:8000", "RESGUARDO_ASSISTED": "on"}),
        ("no_limits", {"RESGUARDO_URL": "https://a.example"}),
        ("name_invalid", {"RESGUARDO_URL": "https://a.example"}),
        ("no_cosigners", {"RESGUARDO_URL": "https://a.example"}),
        ("tick_short", {"RESGUARDO_URL": "https://a.example", "RESGUARDO_PUBLISH_EVERY": "30"}),
    ],
)
def test_wrong_settings_are_found(deployment: Deployment, code: str, environment: dict[str, str]) -> None:
    """TLS, name, tick, limits, assisted intake."""
    deployment.settings = settings_in(deployment.folder, **environment)
    assert code in deployment.findings()


def test_clock_and_publication_are_looked_at(deployment: Deployment) -> None:
    """A clock that is behind the log, and entries that nobody published."""
    assert "clock" in deployment.findings(now=1_000_000_000)
    assert "not_published" in deployment.findings(now=int(time.time()) + 86_400)


def test_cosigners_and_what_they_refused_are_looked_at(deployment: Deployment) -> None:
    """One that signs no more, a quorum that is not there, refusals of another's and of two devices."""
    cosigner, address = Ed25519Cosigner("union.example/cosigner", SecretBytes(bytes(32))), "https://cosigner.example"
    policy = deployment.folder / "policy"
    policy.write_text(f"witness union {cosigner.vkey} {address}\nquorum union\n")
    deployment.settings = settings_in(deployment.folder, RESGUARDO_COSIGNERS=str(policy))
    origin = read_keyring(deployment.data).log_origin
    told = {"origin": origin, "address": address}
    deployment.sql("INSERT INTO log_cosigner VALUES (:origin, :address, 1, 1, '', 1, 1, 'cosigned', NULL)", **told)
    for told_by in (address, HOLDER, READER):
        told["address"] = told_by
        deployment.sql("INSERT INTO log_alarm VALUES (:origin, :address, 'fork', 1, 2, 3, '')", **told)
    found = deployment.findings()
    assert {"cosigner_silent", "no_quorum", "cosigner_alarm", "holder_alarm", "reader_alarm"} <= set(found)
    assert found["cosigner_alarm"].params["address"] == address


def test_a_disk_without_room_is_found(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """More room asked for than any disk has."""
    monkeypatch.setattr(checkup, "LOW_DISK", 1 << 60)
    assert "disk_low" in deployment.findings()


def test_backups_are_looked_at(deployment: Deployment, tmp_path: Path) -> None:
    """None, an old one, keys kept too long, a guard beside them."""
    folder = tmp_path / "backups"
    folder.mkdir()
    assert "backup_none" in deployment.findings(backups=folder)
    for name in ("a.age", "a.age.keys", "b.guard"):
        (folder / name).write_bytes(b"x")
    fresh = deployment.findings(backups=folder)
    assert not {"backup_none", "backup_old", "backup_keys_old"} & set(fresh)
    assert "guard_in_backup" in fresh
    later = deployment.findings(now=int(time.time()) + 8 * 86_400, backups=folder)
    assert {"backup_old", "backup_keys_old"} <= set(later)


@pytest.mark.postgres
def test_rights_of_database_roles_are_looked_at(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """PostgreSQL: a right too many and one too few, on the tables that the laws rest on."""
    storage = PostgresStorage(tmp_path, request.getfixturevalue("cluster"), None)
    try:
        with assembled(storage.settings):
            pass
        deployment = Deployment(tmp_path, storage.settings)
        assert "right" not in deployment.findings()
        for grant in (
            "GRANT UPDATE ON log_entry TO resguardo_office",
            "GRANT SELECT ON manifest TO resguardo_office",
            "REVOKE INSERT ON log_entry FROM resguardo_petitioner",
        ):
            storage.tamper(grant)
        what = Examined(deployment.settings, int(time.time()))
        found = {(f.params["table"], f.params["right"]) for f in examine(what) if f.code == "right"}
        assert found == {("log_entry", "UPDATE"), ("manifest", "SELECT"), ("log_entry", "no INSERT")}
    finally:
        storage.drop()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_said_with_what_to_do(language: str) -> None:
    """Three languages; the places are filled in."""
    names = "path count standing reason hours cases sample free seconds role right table days address size told"
    for code in WORDS:
        wrong, mend = Finding(code, dict.fromkeys(names.split(), "#")).words(language)
        assert wrong
        assert mend
        assert "{" not in wrong + mend


def test_the_command_says_it_and_shows_no_secret(deployment: Deployment) -> None:
    """Status 1, JSON for programs, words for people, and never what a key file holds."""
    _open_to_others(deployment)
    environment = dict(deployment.environment)
    told = resguardo("check", "--json", environment=environment)
    assert told.returncode == 1
    answer = json.loads(told.stdout)
    assert answer["ok"] is False
    assert "open_to_others" in [finding["code"] for finding in answer["findings"]]
    words = resguardo("check", "--lang", "es", environment=environment)
    assert words.returncode == 1
    seeds = [path.read_text().strip() for path in (deployment.data / "keys").iterdir()]
    shown = told.stdout + told.stderr + words.stdout + words.stderr
    assert not any(seed in shown for seed in seeds)
    (deployment.data / "keys" / "vault.seed").chmod(0o600)
    assert resguardo("check", environment=environment).returncode == 0


def test_every_finding_is_looked_for_by_a_test_of_this_file() -> None:
    """A finding that no test provokes is a promise that nobody checked."""
    source = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    looked_for = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    assert set(WORDS) <= looked_for
