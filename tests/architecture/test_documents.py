"""Documents that lie fail: commands, settings, links, names of tests and the stored columns are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import VERBS, main
from app.config import environment_of, read_settings
from app.store import tables
from app.store.columns import CLASS
from tests.architecture.documents import (
    ROOT,
    anchors,
    command_lines,
    documents,
    faults_of,
    fenced_command_lines,
    inline,
    links,
    missing_of,
    rows_after,
)

DOCUMENTS = documents()
_TEST = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
_SETTING = re.compile(r"RESGUARDO_[A-Z_]*[A-Z]")
_OF_TESTS = {"RESGUARDO_REQUIRE"}


def test_there_are_documents_to_check() -> None:
    """A check that finds nothing to check would always pass."""
    expected = {"README.md", "SECURITY.md", "CHANGELOG.md", "docs/operator.md", "docs/peticionario.es.md"}
    assert expected <= set(DOCUMENTS)
    assert sum(len(list(command_lines(text))) for text in DOCUMENTS.values()) > 40


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_shown_is_a_command(name: str) -> None:
    """Verbs and options in documents exist; what stands in a block to be copied is complete too."""
    faults = {" ".join(words): faults_of(main, words) for words in command_lines(DOCUMENTS[name])}
    assert {line: fault for line, fault in faults.items() if fault} == {}
    missing = {" ".join(words): missing_of(main, words) for words in fenced_command_lines(DOCUMENTS[name])}
    assert {line: lack for line, lack in missing.items() if lack} == {}


def test_every_verb_is_shown() -> None:
    """Whoever reads the documents meets every verb of the command line."""
    shown = {words[0] for text in DOCUMENTS.values() for words in command_lines(text)}
    assert set(VERBS) - shown == set()


def test_wrong_commands_would_be_noticed() -> None:
    """The check tells a misspelt verb, an unknown option and a missing argument apart from what is right."""
    assert faults_of(main, ["fiel", "x.yaml"])
    assert faults_of(main, ["file", "x.yaml", "--portall", "x"])
    assert faults_of(main, ["staff", "enroll", "rosa"])
    assert faults_of(main, ["audit", "x", "--json"]) == ""
    assert missing_of(main, ["status", "--portal", "x"]) == "code"


def _settings_of_the_server() -> set[str]:
    """Return every setting that the server reads; those that are off by default are switched on to be seen."""
    given = {"origin": "a.example", "url": "https://a.example", "guard": "g"}
    return set(environment_of(read_settings({}, **given)))


def test_settings_table_is_the_code() -> None:
    """The operator's table has every setting of the server and no other."""
    rows = rows_after(DOCUMENTS["docs/operator.md"], "Settings")
    assert {row[0].strip("`") for row in rows} == _settings_of_the_server()


def test_defaults_in_the_settings_table_are_the_code() -> None:
    """A default that stands as code in the table is what the server takes when nothing is set."""
    taken = environment_of(read_settings({}))
    for row in rows_after(DOCUMENTS["docs/operator.md"], "Settings"):
        name, default = row[0].strip("`"), row[1].strip("`")
        if row[1].startswith("`"):
            assert Path(taken[name]).name == default, name


def test_every_setting_named_anywhere_exists() -> None:
    """No document speaks of a setting that nothing reads, and every one that something reads is in a document."""
    sources = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    read = set(_SETTING.findall(sources)) | _settings_of_the_server()
    named = {found for text in DOCUMENTS.values() for found in _SETTING.findall(text)}
    assert named - read - _OF_TESTS == set()
    assert read - named == set()


def test_make_targets_exist() -> None:
    """Every `make …` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join(DOCUMENTS.values())
    named = set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE)) | set(re.findall(r"`make ([a-z]+)`", text))
    assert {"run", "test"} <= named
    assert named - targets == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every link into the repository names a file, and a heading of it if it has an anchor."""
    broken = []
    for path, anchor in links(DOCUMENTS[name]):
        target = (ROOT / name).parent / path if path else ROOT / name
        known = target.exists() and (not anchor or anchor in anchors(target.read_text()))
        broken += [] if known else [f"{path}#{anchor}"]
    assert broken == []


def test_files_named_in_security_exist() -> None:
    """The map from concepts to files names files that are there."""
    cells = [cell for row in rows_after(DOCUMENTS["SECURITY.md"], "Where to look") for cell in inline(row[1])]
    assert len(cells) > 20
    assert [path for path in cells if not (ROOT / path).is_file()] == []


def test_tests_named_in_security_exist() -> None:
    """A claim rests on tests that exist."""
    known = {name for path in (ROOT / "tests").rglob("test_*.py") for name in _TEST.findall(path.read_text())}
    named = {word for word in inline(DOCUMENTS["SECURITY.md"]) if word.startswith("test_")}
    assert len(named) > 60
    assert named - known == set()


def test_every_law_has_its_section() -> None:
    """L1 to L10, each with tests or with a plain word that it is not there yet."""
    text = DOCUMENTS["SECURITY.md"]
    for number in range(1, 11):
        section = re.search(rf"^### L{number} .*?(?=^##)", text, re.MULTILINE | re.DOTALL)
        assert section, number
        assert "`test_" in section[0], number


def test_stored_columns_are_those_of_the_live_schema() -> None:
    """SECURITY.md lists every table and column with its class, and nothing that is not stored."""
    stored = {
        (table.name, str(column.info[CLASS]), column.name)
        for metadata in (tables.PORTAL, tables.VAULT)
        for table in metadata.tables.values()
        for column in table.columns
    }
    told = [
        (row[0].strip("`"), row[1], column)
        for row in rows_after(DOCUMENTS["SECURITY.md"], "What the server stores")
        for column in inline(row[2])
    ]
    assert len(told) == len(set(told))
    assert set(told) == stored


def test_what_we_cannot_protect_stands_first() -> None:
    """Promises come after limits."""
    heads = re.findall(r"^## (.+)$", DOCUMENTS["SECURITY.md"], re.MULTILINE)
    assert heads[0] == "What we cannot protect"
