"""`resguardo audit`: exit status, JSON for programs, words for people, in three languages."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from app.audit.finding import Code, Obstacle, Remark
from app.audit.words import FINDINGS, OBSTACLES, REMARKS
from app.cli import audit as verb
from app.cli.language import use_language
from app.i18n import LANGUAGES
from tests.audit.portal import HONEST, OTHER, opening_of, receipt_of
from tests.crypto.log.published import LOG, ORIGIN


def run(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
    """Run the verb; returns exit status, standard output and standard error."""
    given = [*arguments, "--lang", lang]
    use_language(given, {})
    result = CliRunner().invoke(verb.command, given)
    return result.exit_code, result.stdout, result.stderr


def test_a_log_that_holds_exits_with_0_and_says_so(portal, tmp_path):
    """With state and receipts: what was compared is said."""
    (tmp_path / "receipt.tlog-proof").write_text(receipt_of(5, HONEST[:300]))
    arguments = (portal.address, "--key", LOG.vkey, "--receipts", str(tmp_path), "--state", str(tmp_path / "state"))
    assert run(*arguments)[0] == 0
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert "The log holds." in out
    assert "1 receipts are in it." in out
    assert "continues" in out


def test_the_json_of_a_log_that_holds(portal):
    """ok, size, root, findings, and what they rest on."""
    code, out, _ = run(portal.address, "--trust-portal-key", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["ok"], told["size"], told["findings"], told["origin"]) == (True, 700, [], ORIGIN)
    assert len(told["root"]) == 44
    assert [remark["code"] for remark in told["remarks"]] == ["portal-key-trusted"]


@pytest.mark.parametrize(("lang", "words"), [("en", "EVIDENCE OF TAMPERING"), ("es", None), ("fr", None)])
def test_tampering_exits_with_1_and_says_where(portal, tmp_path, lang, words):
    """The entry's number is in the sentence, whatever the language."""
    portal.flip("tile/entries/001", 44 * 108 + 2 + 60)
    code, out, _ = run(portal.address, "--key", LOG.vkey, lang=lang)
    assert code == 1
    assert "300" in out
    assert words is None or words in out
    code, out, _ = run(portal.address, "--key", LOG.vkey, "--json", lang=lang)
    told = json.loads(out)
    assert (code, told["ok"]) == (1, False)
    assert [(item["code"], item["where"]) for item in told["findings"]] == [("entry-altered", {"index": 300})]
    assert "300" in told["findings"][0]["text"]


def test_many_findings_are_cut_and_counted(portal):
    """The list ends; the number does not lie."""
    for index in range(0, 80, 2):
        portal.flip("tile/entries/001", index * 108 + 2 + 60)
    code, out, _ = run(portal.address, "--key", LOG.vkey)
    assert code == 1
    assert "20 more" in out


def test_what_cannot_be_checked_exits_with_2(portal, tmp_path):
    """No key, another key, no log; evidence is claimed of none of them."""
    code, out, err = run(portal.address)
    assert code == 2
    assert "--key" in err
    assert "could not be checked" in out
    assert run(portal.address, "--key", OTHER.vkey)[0] == 2
    assert run(str(tmp_path), "--key", LOG.vkey)[0] == 2
    code, out, _ = run(str(tmp_path), "--key", LOG.vkey, "--json")
    assert code == 2
    assert json.loads(out)["obstacles"][0]["code"] == "no-checkpoint"


def test_a_mirror_in_a_folder_is_audited(portal):
    """A path in place of an address."""
    assert run(str(portal.folder), "--key", LOG.vkey)[0] == 0


def test_openings_are_counted(portal, tmp_path):
    """The auditor's file beside the log."""
    path = tmp_path / "openings.json"
    path.write_text(json.dumps({"v": 1, "origin": ORIGIN, "openings": [opening_of(1), opening_of(3)]}))
    code, out, err = run(portal.address, "--key", LOG.vkey, "--openings", str(path))
    assert code == 0
    assert "2 openings" in out
    assert "1 entries in between" in err


def test_names_from_elsewhere_do_not_act_on_the_terminal(portal, tmp_path):
    """A file name with an escape sequence is shown, not obeyed."""
    path = tmp_path / "\x1b[31mred.tlog-proof"
    path.write_text("damaged")
    _, out, err = run(portal.address, "--key", LOG.vkey, "--receipt", str(path))
    assert "\x1b" not in out + err
    assert "red" in err


def test_progress_is_shown_once_it_takes_long(monkeypatch, capsys):
    """On one line, a few times a second, and not before a second is over."""
    moments = iter([0.0, 0.5, 1.1, 1.2, 1.4, 1.41])
    monkeypatch.setattr(verb, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    use_language(["--lang", "en"], {})
    progress = verb._progress()
    for done in (100, 200, 300, 400, 500):
        progress(done, 500)
    assert (
        capsys.readouterr().err
        == "\r200 of 500 entries checked\r400 of 500 entries checked\r500 of 500 entries checked\n"
    )


def test_every_code_has_its_words():
    """No finding, remark or obstacle without a sentence; every sentence can be filled in every language."""
    assert set(FINDINGS) == set(Code)
    assert set(REMARKS) == set(Remark)
    assert set(OBSTACLES) == set(Obstacle)
    where: dict[str, int | str] = {"index": 1, "first": 1, "last": 2, "path": "p", "size": 3, "file": "f", "count": 4}
    where |= {"hours": 5, "table": "t", "said": "s"}
    for lang in LANGUAGES:
        use_language(["--lang", lang], {})
        for table in (FINDINGS, REMARKS, OBSTACLES):
            for msgid in table.values():
                assert "{" not in verb.sentence_of(where, msgid)
