"""The Dockerfile's own lines, run in a bare virtual environment: what it installs serves, and it serves little else."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import httpx2
import pytest

from tests.architecture.serving import ROOT, clean_environment, run, served
from tests.portal import free_port

_VENV, _SOURCE = "/opt/resguardo", "/src"


def instructions() -> list[list[tuple[str, str]]]:
    """Return the (instruction, text) pairs of each stage, continuation lines joined and comments gone."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    stages: list[list[tuple[str, str]]] = []
    for line in filter(None, joined.split("\n")):
        word, _, text = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, text))
    return stages


def of(stage: list[tuple[str, str]], word: str) -> list[str]:
    """Return the texts of one kind of instruction."""
    return [text for kind, text in stage if kind == word]


def test_two_stages_one_lock_and_nobody_is_root() -> None:
    """What serves has no build tools and no root; what is installed stands in the lock with its hash."""
    build, final = instructions()
    pips = [text for text in of(build, "RUN") if " pip install " in text]
    assert [
        text for text in pips if "--require-hashes -r requirements.lock" not in text and "--no-index" not in text
    ] == []
    assert [text for text in of(final, "RUN") if "pip" in text or "apt" in text or "http" in text] == []
    assert of(final, "USER") == ["resguardo"]
    data, guard = json.loads(of(final, "VOLUME")[0])
    environment = " ".join(of(final, "ENV"))
    assert f"RESGUARDO_DATA={data} " in environment
    assert f"RESGUARDO_GUARD={guard}/" in environment
    assert not guard.startswith(data), "a restored data volume must not bring its guard along"
    assert "/health" in of(final, "HEALTHCHECK")[0]


@pytest.mark.long
def test_the_dockerfiles_lines_serve(tmp_path: Path) -> None:
    """The builder's lines and the start line, with other paths and port, end in a portal that answers."""
    build, final = instructions()
    source = tmp_path / "src"
    source.mkdir()
    _copy(of(build, "COPY"), source)
    for text in of(build, "RUN"):
        command = shlex.split(text.replace(_VENV, str(tmp_path / "venv")).replace(_SOURCE, str(source)))
        run(*([sys.executable, *command[1:]] if command[0] == "python" else command), cwd=source)
    port, elsewhere = free_port(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    start = [
        word.replace(_VENV, str(tmp_path / "venv"))
        for text in ("ENTRYPOINT", "CMD")
        for word in json.loads(of(final, text)[0])
    ]
    environment = clean_environment(**_environment(final, tmp_path, port), RESGUARDO_URL="https://portal.example.org")
    with served(start, port, elsewhere, environment) as portal:
        assert httpx2.get(f"{portal.address}/health").json()["status"] == "ok"
        health = json.loads(of(final, "HEALTHCHECK")[0].split("CMD ", 1)[1])
        probe = [word.replace(_VENV, str(tmp_path / "venv")).replace("8000", str(port)) for word in health]
        run(*probe, cwd=elsewhere)


def _copy(texts: list[str], target: Path) -> None:
    for text in texts:
        *names, place = text.split()
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target / place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, target / place)


def _environment(final: list[tuple[str, str]], folder: Path, port: int) -> dict[str, str]:
    """Return the image's settings with this test's paths and port."""
    pairs = dict(word.split("=", 1) for text in of(final, "ENV") for word in text.split())
    settings = {name: value for name, value in pairs.items() if name.startswith("RESGUARDO_")}
    moved = {name: value.replace("/var/lib", str(folder / "var")) for name, value in settings.items()}
    return {**moved, "RESGUARDO_PORT": str(port)}
