"""The wheel, installed from the lock in a bare virtual environment, works far from the checkout."""

from __future__ import annotations

import zipfile
from pathlib import Path

import httpx2
import pytest

from tests.architecture.serving import (
    ROOT,
    bare_venv,
    build_wheel,
    clean_environment,
    locked_for_clients,
    run,
    served,
)
from tests.conftest import EXAMPLES
from tests.portal import free_port

pytestmark = [pytest.mark.long]
_SERVER_ONLY = ("sqlalchemy", "fastapi", "uvicorn", "jinja2", "argon2", "alembic", "hatchling")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build_wheel(tmp_path_factory.mktemp("dist"))


def test_wheel_carries_what_the_portal_reads(wheel: Path) -> None:
    """Pages, migrations, catalogues, style sheet, rules and licence are inside; tests and lock files are not."""
    names = zipfile.ZipFile(wheel).namelist()
    parts = (
        "app/templates/public/home.html",
        "app/migrations/versions/0001_the_sealed_core.py",
        "app/migrations/env.py",
        "app/locale/es/LC_MESSAGES/messages.po",
        "app/static/style.css",
        "app/static/seal/filing.js",
        "app/static/vendor/age-encryption.js",
        "app/domain/petition/petition.schema.json",
    )
    assert [part for part in parts if part not in names] == []
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {"app", "crypto", names[-1].split("/")[0]}


def test_wheel_serves_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Templates, migrations and catalogues are found in the installed package, from the hashed lock alone."""
    venv, elsewhere, port = bare_venv(tmp_path / "venv"), tmp_path / "elsewhere", free_port()
    elsewhere.mkdir()
    pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=elsewhere)
    run(*pip, "--no-deps", wheel, cwd=elsewhere)
    run(venv / "bin" / "python", "-m", "pip", "check", cwd=elsewhere)
    environment = clean_environment(RESGUARDO_PORT=str(port), RESGUARDO_GUARD=str(tmp_path / "guard"))
    with served([venv / "bin" / "resguardo", "serve"], port, elsewhere, environment) as portal:
        assert httpx2.get(f"{portal.address}/health").json()["status"] == "ok"
        page = httpx2.get(portal.address, headers={"accept-language": "es"})
        assert "Los nombres" in page.text, "the page is there and speaks Spanish"
        assert httpx2.get(f"{portal.address}/log/checkpoint").text.count("\n") >= 5
    assert (elsewhere / "resguardo-data" / "portal.db").exists()


def test_client_needs_no_server_library(wheel: Path, tmp_path: Path) -> None:
    """The base dependencies are enough for a petitioner's machine: help, words, redaction."""
    venv, lock = bare_venv(tmp_path / "venv"), tmp_path / "client.lock"
    lock.write_text(locked_for_clients())
    pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", lock, cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    run(venv / "bin" / "python", "-m", "pip", "check", cwd=tmp_path)
    probe = "import importlib.util as u, sys; print([n for n in sys.argv[1:] if u.find_spec(n)])"
    assert run(venv / "bin" / "python", "-c", probe, *_SERVER_ONLY, cwd=tmp_path).strip() == "[]"
    resguardo = venv / "bin" / "resguardo"
    assert "redact" in run(resguardo, "--help", cwd=tmp_path)
    run(resguardo, "key", "new", "--out", "ana", cwd=tmp_path)
    assert (tmp_path / "ana" / "holder.txt").read_text().startswith("age1pq1")
    shown = run(resguardo, "redact", EXAMPLES / "petition_example_es.yaml", cwd=tmp_path)
    assert "[TESTIGO-" in shown
    assert "Zárate Olmedo" not in shown
