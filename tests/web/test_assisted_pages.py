"""The assisted pages: everything travels in the form, nothing unsure is settled, one petition is filed once."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.assisted_form import Answers, petition_of
from app.domain.errors import AssistedError
from app.domain.petition import load_values
from app.web.application import application
from app.web.assisted_door import AssistedDoor
from tests.scriptless import Reader
from tests.web.conftest import Site, anybody

NAME = "Zuxandra Vroquelta Ixmendrol"
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def door(site: Site) -> Site:
    """The site as people with only a phone reach it."""
    services = replace(site.services, addresses=frozenset({ADDRESS}), upload_limit=64 * 1024 * 1024)
    return Site(services, site.clock, application(services, lambda: None), {}, site.settings)


@pytest.fixture
def reader(door: Site) -> Reader:
    """Somebody without scripts."""
    return Reader(anybody(door.application).client)


def data_links(page: str) -> dict[str, bytes]:
    """Return the files that a page holds, by the names under which they are saved."""
    found = re.findall(r'download="([^"]+)" href="data:[^"]*?base64,([^"]+)"', page)
    return {name: b64decode(data) for name, data in found}


def test_limits_are_said_before_anything_is_asked(reader: Reader) -> None:
    """Law L2: the other door says what it cannot do before the first field."""
    form = reader.start("en")
    assert reader.page.index("The portal reads the names.") < reader.page.index("<form")
    assert set(form.fields) == {"form_token", "kept", "place"}
    assert "/case" in reader.page


def test_door_that_is_off_says_what_else_to_do(site: Site) -> None:
    """Law L2: it can be switched off; then no page asks for anything, and nothing is read."""
    services = replace(site.services, assisted=AssistedDoor(is_open=False))
    client = anybody(application(services, lambda: None)).client
    page = client.get("/assisted", headers={"accept-language": "en"})
    assert "This portal does not offer that" in page.text
    assert "<form" not in page.text
    assert "/assisted" not in client.get("/case").text
    assert client.post("/assisted", data={"kept": "", "place": "start", "go": "tasks"}).status_code == 404
    sent = client.post("/assisted/file", files={"file-1": ("x", b"x")}, data={"kept": ""})
    assert sent.status_code == 404


def test_a_petition_from_the_first_page_to_the_receipt(reader: Reader, door: Site) -> None:
    """Three parts, two marks, twelve words, one file: filed, with a case file that the program reads."""
    reader.tell(story_who=f"El supervisor y {NAME}, única soldadora de la noche.")
    reader.press("witness")
    reader.press("witness.1")
    reader.press("next", witness_name=NAME, witness_alias="Qwyxalia", witness_agrees="yes")
    assert NAME in reader.page
    reader.press("next")
    reader.press("proof.1")
    reader.press("next", proof_title="Carta de despido", proof_kind="document", proof_month="2025-08")
    reader.press("tasks")
    reader.settle()
    words = reader.copy_words()
    assert len(words) == 12
    data = b"%PDF-1.7 synthetic " * 1000
    reader.press("file", {"file-1": ("carta.pdf", data)})
    assert reader.status == 200, reader.page
    kept = data_links(reader.page)
    assert set(kept) == {"case.json", "receipt.tlog-proof", "recordatorio.ics"}
    case = json.loads(kept["case.json"])
    assert case["url"] == ADDRESS
    assert case["case"] in reader.page
    assert case["status_code"] in reader.page
    told = door.browser().post("/status", code=case["status_code"])
    assert told.status_code == 200
    first = kept["receipt.tlog-proof"]
    reader.again()
    assert data_links(reader.page)["receipt.tlog-proof"] == first
    assert NAME not in reader.page


def test_nothing_unsure_is_settled_by_default(reader: Reader) -> None:
    """An open mark has no choice beforehand, and nobody comes past it, not by the address of a later page either."""
    reader.tell(story_after="Lo sabe la única soldadora de la noche, y también don Evaristo Muestra.")
    reader.press("check")
    form = reader.press("next")
    assert form is not None
    marks = [name for name in form.offered if name.startswith("mark-")]
    assert marks
    assert not any(name in form.fields for name in marks)
    reader.press("next")
    assert 'role="alert"' in reader.page
    for later in ("seen", "words", "typed", "confirm"):
        form = reader.form
        answer = reader.client.post("/assisted", data={**form.fields, "go": later})
        assert 'name="place" value="review"' in answer.text
        assert "twelve" not in answer.text
    reader.press("hide")
    assert all(name in reader.form.fields for name in marks)


def test_a_changed_story_must_be_decided_anew(reader: Reader) -> None:
    """A decision belongs to the text that it was made about."""
    reader.tell(story_after="Lo sabe la única soldadora de la noche, y don Evaristo Muestra.")
    reader.press("check")
    reader.press("next")
    reader.press("hide")
    words = json.loads(reader.form.fields["kept"][0])["begun"]["words"]
    reader.press("story")
    reader.press("tasks", story_after="Ya sabe todo la única soldadora de la noche, y don Evaristo Muestra.")
    reader.press("check")
    form = reader.press("next")
    assert form is not None
    kept = json.loads(form.fields["kept"][0])
    assert "decisions" not in kept
    assert kept["begun"]["words"] == words


def test_what_was_typed_survives_every_button(reader: Reader) -> None:
    """Looking back, and changing the language, lose nothing."""
    reader.start()
    reader.press("tasks")
    reader.press("workplace")
    reader.press("tasks", workplace_name="Taller Ejemplo")
    reader.press("workplace")
    assert "Taller Ejemplo" in reader.form.fields["workplace-name"]
    reader.press("stay", workplace_municipality="León")
    assert '<html lang="en">' in reader.page
    assert reader.form.fields["workplace-municipality"] == ["León"]


def test_missing_answers_are_named_with_links_to_their_fields(reader: Reader) -> None:
    """GOV.UK's error summary: it stands first, and each line leads to the field."""
    reader.start()
    reader.press("tasks")
    reader.press("workplace")
    reader.press("next")
    for name in ("workplace-name", "workplace-municipality", "workplace-state"):
        assert f'<a href="#{name}">' in reader.page
        assert f'id="{name}"' in reader.page
    reader.press("tasks")
    reader.press("check")
    reader.press("next")
    assert 'role="alert"' in reader.page
    assert 'name="place" value="check"' in reader.page


def test_words_that_were_not_copied_file_nothing(reader: Reader) -> None:
    """Law L7: whoever cannot type three of the words back would lose the names."""
    reader.tell()
    reader.settle()
    reader.press("next")
    form = reader.form
    reader.press("next", **{name.replace("-", "_"): "nada" for name in form.fields if name.startswith("word-")})
    assert 'role="alert"' in reader.page
    forged = reader.client.post("/assisted/file", data=form.fields, files={"none": ("", b"")})
    assert forged.status_code == 200
    assert len(Reader(reader.client, forged.text).words()) == 12


def test_another_site_cannot_send_these_forms(reader: Reader, door: Site) -> None:
    """It would have somebody file under words that it knows."""
    reader.start()
    fields = {**reader.form.fields, "go": "tasks"}
    client = reader.client
    assert client.post("/assisted", data=fields, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert anybody(door.application).client.post("/assisted", data=fields).status_code == 403
    assert client.post("/assisted", data={**fields, "form_token": "0" * 64}).status_code == 403
    assert client.post("/assisted", data=fields).status_code == 200


def test_leaving_takes_the_pages_away(reader: Reader) -> None:
    """A shared phone: after leaving, going back and sending again gives nothing."""
    reader.tell()
    left = reader.client.get("/assisted/leave")
    assert left.headers["clear-site-data"] == '"cache"'
    reader.again()
    assert reader.status == 403
    assert "Autopartes" not in reader.page


def test_nothing_of_it_is_kept_or_embedded(reader: Reader) -> None:
    """No cache keeps these pages, they submit to us alone, and they run nothing."""
    reader.start()
    answer = reader.client.post("/assisted", data={**reader.form.fields, "go": "tasks"})
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert 'autocomplete="off"' in answer.text


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        '{"texts":{"witness-name":"SENTINEL"}}',
        '{"texts":{"made-up":"SENTINEL"}}',
        '{"entries":{"witness":[{"story-happened":"SENTINEL"}]}}',
        '{"begun":{"words":"a","preparation":"SENTINEL","key":"b","language":"es"}}',
        '{"SENTINEL":1}',
    ],
)
def test_a_form_that_is_not_ours_is_refused_without_an_echo(reader: Reader, kept: str) -> None:
    """What travels is a stranger's text: it must fit the questions, and is not repeated when it does not."""
    reader.start()
    answer = reader.client.post("/assisted", data={**reader.form.fields, "kept": kept, "go": "tasks"})
    assert answer.status_code == 422
    assert "SENTINEL" not in answer.text


def test_a_file_that_is_too_large_is_named_at_its_field(reader: Reader) -> None:
    """Nothing is filed, and the page with everything on it comes back."""
    reader.tell()
    reader.press("proof")
    reader.press("proof.1")
    reader.press("next", proof_title="Video")
    reader.press("tasks")
    reader.settle()
    reader.copy_words()
    reader.press("file", {"file-1": ("video.mp4", bytes(31 * 1024 * 1024))})
    assert reader.status == 413
    assert '<a href="#file-1">' in reader.page
    reader.press("file", {"file-1": ("video.mp4", bytes(1024))})
    assert reader.status == 200
    assert "case.json" in reader.page


def every_answer() -> Iterator[tuple[Answers, dict[str, Any]]]:
    """Yield answers about who files, and what the petition says of it."""
    reach = {"you-phone": "477 000 0000"}
    yield Answers({"you-filer": "nobody"}), {}
    yield Answers({"you-filer": "nobody", **reach}), {"contact": {"phone": "477 000 0000"}}
    organization = {"id": "P1", "name": {"full": "SIEIA"}, "type": "union", "country": "MX", "lead": "true"}
    yield (
        Answers({"you-filer": "organization", "you-organization": "SIEIA", "you-type": "union", **reach}),
        {"petitioners": [organization], "contact": {"petitioner": "P1", "phone": "477 000 0000"}},
    )
    workers = {"id": "P1", "name": {"full": NAME}, "type": "group_of_workers", "country": "MX", "lead": "true"}
    yield Answers({"you-filer": "workers", "you-name": NAME}), {"petitioners": [workers]}


@pytest.mark.parametrize(("answers", "expected"), list(every_answer()))
def test_whoever_is_no_organization_is_sealed(answers: Answers, expected: dict[str, Any]) -> None:
    """A person's name or number under an organization's fields would reach the office."""
    made = petition_of(answers, "es")
    assert {key: made[key] for key in ("petitioners", "contact") if key in made} == expected
    needed = {
        "workplace-name": "Taller",
        "workplace-municipality": "León",
        "workplace-state": "Guanajuato",
        "story-happened": "Nos amenazaron.",
    }
    petition = load_values(petition_of(Answers({**answers.texts, **needed}), "es")).petition
    assert petition.contact_is_organization == (answers.texts["you-filer"] == "organization")


def test_answers_that_no_question_has_are_refused() -> None:
    """They did not come from the page."""
    for answers in (Answers({"made-up": "x"}), Answers(entries={"story": ({"story-happened": "x"},)})):
        with pytest.raises(AssistedError):
            petition_of(answers, "es")
