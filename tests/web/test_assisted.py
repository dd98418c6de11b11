"""Law L2: assisted intake over HTTP, and failures at each of its steps."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from app.config import SettingError, environment_of, read_settings
from app.domain import custody
from app.domain.errors import AssistedError, ServiceError
from app.domain.filing import Preparation, Sealed, Settled, Submission, build
from app.domain.intake import admitted_call
from app.domain.petition import Petition
from app.resources import STATIC, TEMPLATES
from app.usecases import file_assisted
from app.web import assisted_door
from app.web.application import application
from app.web.assets import Assets
from app.web.assisted_door import AssistedDoor
from app.web.limits import Limits
from app.web.pages import Pages
from app.web.services import Services
from crypto.log.proof import LogProof
from crypto.secret import SecretBytes
from tests.assembled import assembled, settings_in
from tests.assisted import FILE, PREPARE, Caller

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

KEPT_NOWHERE = (b"SENTINEL", "Cantúa".encode(), b"Cant\\u00fa")
LARGE = b"SENTINELbody " * 30_000  # several parts beside the database


@dataclass
class Door:
    """A portal in this process whose door can be opened and closed."""

    folder: Path
    services: Services
    client: TestClient
    post: Any

    def cases(self) -> int:
        """Return how many cases there are, as the office counts them: the petitioners' role sees no queue."""
        with self.services.office.ledger.view() as view:
            return len(view.cases.queue())


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A portal whose assisted intake is on."""
    folder = tmp_path_factory.mktemp("assisted")
    with assembled(settings_in(folder)) as assembly:
        assets = Assets(STATIC)
        services = Services(
            faces=assembly.faces,
            pages=Pages(TEMPLATES, assets, portal="example.invalid", deployment="custodian", url=None),
            assets=assets,
            https=False,
            standing="whole",
            addresses=frozenset({"http://testserver"}),
            upload_limit=64 * 1024 * 1024,
            assisted=AssistedDoor(is_open=True),
            limits=Limits(assembly.public.clock, SecretBytes(bytes(32))),
        )
        app = application(services, lambda: None)
        client = TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})
        yield Door(folder, services, client, client.post)


@pytest.fixture
def caller(door: Door) -> Caller:
    """Somebody who has prepared a filing with a file of several parts."""
    made = Caller(door.post, files={"folder/SENTINELname.bin": LARGE})
    made.petition["evidence"][0]["file"] = "folder/SENTINELname.bin"
    assert made.prepare().status_code == 200
    return made


def problem(answer: Any, status: int) -> str:
    """Return the code of a refusal that repeats nothing of what was sent."""
    assert answer.status_code == status, answer.text
    assert "SENTINEL" not in answer.text
    assert "Cantúa" not in answer.text
    return str(answer.json()["type"]).removeprefix("urn:resguardo:problem:")


def test_prepare_tells_all_and_stores_nothing(door: Door) -> None:
    """Words, number, code, every mark with its place; and no trace of it in the portal."""
    before = door.cases()
    caller = Caller(door.post)
    begun = caller.prepare().json()
    assert len(begun["words"].split()) == 12
    assert len(begun["case"]) == 26
    assert any("reads the names" in text for text in begun["warnings"])
    for finding in begun["findings"]:
        value: Any = caller.petition
        for step in finding["path"].replace("]", "").replace("[", ".").split("."):
            value = value[int(step) if step.isdigit() else step]
        assert value[finding["start"] : finding["end"]] == finding["quote"]
    assert "Cantúa" not in json.dumps(begun["careful"]["record"], ensure_ascii=False)
    assert begun["completeness"]["score"] > 30
    assert door.cases() == before


def test_case_and_code_are_those_that_prepare_named(caller: Caller) -> None:
    """Words and preparation give the same case; the receipt commits to the door, its open leaf does not."""
    answer = caller.file()
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert filed["case"] == caller.begun["case"] == filed["case_json"]["case"]
    assert filed["case_json"]["status_code"] == caller.begun["status_code"]
    extra = json.loads(LogProof.parse(filed["receipt"]).extra or b"")
    assert extra["opening"]["fields"]["detail"][1] == "assisted"


def test_the_office_reads_what_the_careful_choice_showed(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels follow from the words: what the caller was shown is what is filed."""
    seen: list[str] = []

    def look(prepared: Preparation, settled: Settled, sealed: Sealed) -> Submission:
        seen.append(settled.record_text)
        return build(prepared, settled, sealed)

    monkeypatch.setattr(file_assisted, "build", look)
    assert caller.file().status_code == 201
    assert json.loads(seen[0]) == caller.begun["careful"]["record"]


def test_a_repeated_call_gets_the_same_receipt(caller: Caller, door: Door) -> None:
    """Law L7: an answer that was lost is asked for again."""
    first = caller.file()
    before = door.cases()
    again = caller.file()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert door.cases() == before


def test_a_key_is_for_one_filing(caller: Caller) -> None:
    """Something else under the same key is refused, rather than taken for filed."""
    assert caller.file().status_code == 201
    changed = json.loads(json.dumps(caller.petition))
    changed["facts"]["summary"] += " More was found."
    assert problem(caller.file(petition=changed), 409) == "key_used"
    assert problem(caller.file(files=[]), 409) == "key_used"
    other = Caller(caller.post, caller.petition, caller.files, caller.key)
    other.prepare()
    assert problem(other.file(), 409) == "key_used"
    assert problem(caller.file(idempotency_key="0" * 64), 409) == "case_conflict"


def test_two_calls_at_once_file_once(caller: Caller, door: Door) -> None:
    """A client that gave up waiting and called again has one case, and both answers say so."""
    before = door.cases()
    with ThreadPoolExecutor(2) as pool:
        answers = [found.result() for found in [pool.submit(caller.file) for _ in range(2)]]
    assert {answer.json()["receipt"] for answer in answers} == {answers[0].json()["receipt"]}
    assert door.cases() == before + 1


def test_two_calls_that_both_find_nothing_file_once(
    caller: Caller, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is looked up again where only one can be at a time."""
    both = threading.Barrier(2, timeout=600)

    def meet(*given: Any) -> Any:
        admitted = admitted_call(*given)
        both.wait()
        return admitted

    monkeypatch.setattr(file_assisted, "admitted_call", meet)
    before = door.cases()
    with ThreadPoolExecutor(2) as pool:
        answers = [found.result() for found in [pool.submit(caller.file) for _ in range(2)]]
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json() == answers[1].json()
    assert door.cases() == before + 1


def test_every_decision_can_be_taken_by_hand(door: Door) -> None:
    """Without the careful choice, an open question or a text not signed off stops the filing."""
    caller = Caller(door.post)
    caller.prepare()
    begun = caller.begun
    open_ones = [finding for finding in begun["findings"] if finding["open"]]
    decisions = {finding["id"]: finding["careful"] for finding in open_ones}
    signed = begun["sign_offs"]
    if open_ones:
        assert problem(caller.file(careful=False, signed_off=signed), 422) == "open_questions"
    if signed:
        assert problem(caller.file(careful=False, decisions=decisions), 422) == "not_signed_off"
    wrong = decisions | {"facts.SENTINEL:0-1:x": "keep"}
    assert problem(caller.file(careful=False, decisions=wrong, signed_off=signed), 422) == "unknown_decision"
    answer = caller.file(careful=False, decisions=decisions, signed_off=signed)
    assert answer.status_code == 201, answer.text


STEPS: dict[str, tuple[str, Exception, int]] = {
    "opening the case": ("Beginning", RuntimeError("SENTINELwords"), 500),
    "reading the petition": ("load_petition", RuntimeError("SENTINELtext"), 500),
    "sealing": ("seal", MemoryError("SENTINELbody"), 500),
    "a part meets a full disk": ("put_part", ServiceError("storage_full"), 503),
    "building": ("build", ValueError("SENTINELrecord"), 500),
    "admission": ("admitted_call", ServiceError("storage_busy"), 503),
    "storing": ("Intake", KeyError("SENTINELcard"), 500),
    "the receipt, after all is stored": ("receipt_of", OSError("SENTINELreceipt"), 500),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_loses_and_tells_nothing(
    step: str,
    caller: Caller,
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The same call afterwards gives the case that was promised; answer and log hold nothing that was sent."""
    name, error, status = STEPS[step]

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    fail.read = fail  # type: ignore[attr-defined]  # stands for a class, too
    with monkeypatch.context() as broken, caplog.at_level(logging.DEBUG):
        broken.setattr(file_assisted, name, fail)
        problem(caller.file(), status)
    assert "SENTINEL" not in caplog.text
    assert "SENTINEL" not in "".join(capfd.readouterr())
    answer = caller.file()
    assert answer.status_code in {200, 201}, answer.text
    assert answer.json()["case"] == caller.begun["case"]
    assert caller.file().json() == answer.json()
    with door.services.petitioner.ledger.view() as view:
        assert view.parts.open_upload_bytes() == 0
    for path in door.folder.rglob("*"):
        kept = path.read_bytes() if path.is_file() else b""
        assert not any(form in kept for form in KEPT_NOWHERE), path


def test_an_unforeseen_failure_leaves_without_its_words(
    caller: Caller, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server would write into its log has the kind and the place, and no chained exception that shows more."""

    def fail(*_: Any) -> Any:
        raise KeyError("SENTINEL")

    monkeypatch.setattr(file_assisted, "load_petition", fail)
    loud = TestClient(door.client.app)
    with pytest.raises(RuntimeError) as caught:
        loud.post(FILE, json=caller.body())
    assert str(caught.value).startswith("assisted intake failed: KeyError at test_assisted.py:")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


BROKEN: dict[str, tuple[dict[str, Any], int, str]] = {
    "too few words": ({"words": "SENTINEL words"}, 422, "words_count"),
    "a word of no list": ({"words": "Qwyxalia " * 12}, 422, "words_word"),
    "words that do not belong together": ({"words": "abandon " * 12}, 422, "words_checksum"),
    "no preparation": ({"preparation": "SENTINEL"}, 422, "preparation_form"),
    "a short key": ({"idempotency_key": "abc"}, 422, "key_form"),
    "a field too many": ({"SENTINEL": 1}, 422, "assisted_form"),
    "no base64": ({"files": [{"file": "SENTINEL", "data": "SENTINEL!"}]}, 422, "assisted_form"),
    "a number for a file": ({"files": [{"file": "SENTINEL", "data": 1}]}, 422, "assisted_form"),
    "a file of no entry": ({"files": [{"file": "SENTINEL", "data": ""}]}, 422, "file_unknown"),
    "a file twice": ({"files": [{"file": "SENTINEL", "data": ""}] * 2}, 422, "file_twice"),
    "a missing file": ({"files": []}, 422, "file_missing"),
    "no petition": ({"petition": "SENTINEL"}, 422, "assisted_form"),
    "an empty petition": ({"petition": {}}, 422, "petition_refused"),
    "a key that is no holder's": ({"holders": ["SENTINEL"]}, 422, "holder_invalid"),
    "a decision of no kind": ({"decisions": {"SENTINEL": "SENTINEL"}}, 422, "assisted_form"),
    "a tip": ({"petition": {"kind": "tip", "SENTINEL": 1}}, 422, "tip"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_refusal_repeats_nothing(case: str, caller: Caller) -> None:
    """Each refusal has its code, and none holds what was sent; the right call still works."""
    changed, status, code = BROKEN[case]
    assert problem(caller.file(**changed), status) == code


def test_a_made_up_field_name_is_not_repeated(caller: Caller) -> None:
    """It may be a person's name; a known name stands where it was meant."""
    petition = json.loads(json.dumps(caller.petition))
    petition["facts"]["SENTINELna"] = "x"
    petition["confidentiality"]["SENTINELmark"] = {"public": "no"}
    for answer in (caller.file(petition=petition), caller.post(PREPARE, json={"petition": petition})):
        assert problem(answer, 422) == "petition_refused"
        assert "facts.…" in answer.json()["detail"]


def test_a_petition_that_cannot_lose_a_name_says_so_without_it(door: Door) -> None:
    """Prepare answers, and says that the careful choice does not do; filing is refused in the same words."""
    caller = Caller(door.post)
    caller.petition["facility"]["legal_name"] = "Verónica Isela Cantúa Domene S.A."
    begun = caller.prepare().json()
    assert begun["careful"]["record"] is None
    assert "Cantúa" not in begun["careful"]["refusal"]
    assert problem(caller.file(), 422) == "known_token_left"


def test_the_kind_of_a_listed_number_is_not_repeated(door: Door) -> None:
    """Whoever lists an identifier may call it what they like, even by the person's name."""
    caller = Caller(door.post)
    caller.petition["witnesses"][0]["identifiers"]["SENTINELkind"] = "QX-7741-9983"
    caller.petition["facility"]["trade_name"] = "Planta QX-7741-9983"
    begun = caller.prepare().json()
    assert "(identifier)" in begun["careful"]["refusal"]
    assert problem(caller.file(), 422) == "known_token_left"


def test_uploads_are_bounded_as_by_the_sealed_door(caller: Caller, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ciphertext that waits for its filing counts, whoever made it."""
    tight = replace(door.services, upload_limit=1)
    client = TestClient(application(tight, lambda: None), headers={"accept-language": "en"})
    assert problem(client.post(FILE, json=caller.body()), 413) == "upload_quota"
    with monkeypatch.context() as full:
        full.setattr(custody, "WAITING_LIMIT", 1)
        assert problem(caller.file(), 503) == "upload_space"
    assert caller.file().status_code == 201


def test_sizes_are_looked_at_beforehand(door: Door) -> None:
    """A file that will not be taken is refused before anybody encodes it."""
    caller = Caller(door.post)
    caller.petition["evidence"][0]["file"] = "SENTINEL.mp4"
    too_large = [{"file": "SENTINEL.mp4", "size": 31 * 1024 * 1024}]
    assert problem(caller.prepare(files=too_large), 413) == "file_large"
    assert problem(caller.prepare(files=[{"file": "other", "size": 1}]), 422) == "file_unknown"
    assert caller.prepare(files=[{"file": "SENTINEL.mp4", "size": 1}]).json()["files"] == [
        {"path": "evidence[0]", "file": "SENTINEL.mp4"}
    ]


def test_the_door_is_closed_unless_it_is_opened(door: Door) -> None:
    """Law L2: it can be switched off, is off by default, says so, and does not read what comes."""
    settings = read_settings({})
    assert settings.assisted is False
    assert read_settings(environment_of(replace(settings, assisted=True))).assisted is True
    with pytest.raises(SettingError, match="switch"):
        read_settings({"RESGUARDO_ASSISTED": "maybe"})
    services = replace(door.services, assisted=AssistedDoor(is_open=settings.assisted))
    client = TestClient(application(services, lambda: None))
    for path in (PREPARE, FILE):
        assert problem(client.post(path, content=b"SENTINEL"), 404) == "assisted_off"
    assert client.get("/api/v1/portal").json()["assisted"]["on"] is False


def test_the_portal_says_what_this_door_is(door: Door) -> None:
    """Whoever chooses it is told that the service reads the names, and that the other door does not need it."""
    said = door.client.get("/api/v1/portal").json()
    assert said["sealed"] is True
    assert said["assisted"]["on"] is True
    assert said["assisted"]["service_reads_names"] is True


def test_memory_bounds_the_calls(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What finds no room comes again later; what is too large is refused; the room is given back each time."""
    monkeypatch.setattr(assisted_door, "ROOM", 4000)
    small = replace(door.services, assisted=AssistedDoor(is_open=True))
    client = TestClient(application(small, lambda: None))
    answer = client.post(FILE, content=b" " * 4001)
    assert problem(answer, 503) == "assisted_busy"
    assert answer.headers["retry-after"]
    assert problem(client.post(PREPARE, content=b"{"), 422) == "assisted_form"
    assert small.assisted._free == 4000
    assert problem(door.post(PREPARE, content=b" " * (assisted_door.PREPARE + 1)), 413) == "too_large"


def test_whoever_sends_too_slowly_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not end holds memory for a while only."""

    class Slow:
        async def stream(self) -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(60)

    async def send(door: AssistedDoor) -> None:
        async with door.body(cast(Any, Slow()), 100):
            raise AssertionError("the body never came")

    monkeypatch.setattr(assisted_door, "READ_SECONDS", 0.01)
    slow = AssistedDoor(is_open=True)
    # in a thread of its own: a browser's loop may run in this one
    with ThreadPoolExecutor(1) as pool, pytest.raises(AssistedError, match="assisted_busy"):
        pool.submit(lambda: asyncio.run(send(slow))).result()
    assert slow._free == assisted_door.ROOM


def test_nothing_of_a_call_is_in_its_text(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A debugger's or logger's view of the call shows no words and no petition."""
    seen: list[str] = []

    def look(call: Any) -> Any:
        seen.append(repr(call))
        raise AssistedError("assisted_busy")

    monkeypatch.setattr(file_assisted, "mark_of", look)
    problem(caller.file(), 503)
    assert caller.begun["words"] not in seen[0]
    assert "Cantúa" not in seen[0]
    assert "SENTINEL" not in seen[0]


def test_every_name_of_the_model_may_be_told() -> None:
    """A refusal still names the fields that the model has."""
    from app.domain.assisted import _model_names

    assert set(Petition.model_fields) <= _model_names()
    assert {"surname1", "class", "municipality", "identifiers"} <= _model_names()
