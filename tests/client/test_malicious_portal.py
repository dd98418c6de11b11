"""A portal that lies, over real HTTP: what it serves is refused, and nothing of it is shown (laws L1, L5, L7).

The portal here has everything that a seized server has: all ciphertexts, the manifest, the case log key, its own
signing keys. It lacks the holders' keys, and that has to be enough.
"""

import base64
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.contents import read_story
from app.client.errors import ClientError, NetworkError, TamperingError, WordsError
from app.client.opening import fetch_contents, open_case, save_files
from app.client.signin import signed_in
from app.client.transport import Transport
from crypto.age import HybridRecipient, seal
from crypto.digest import sha256_hex
from crypto.framing import IDENTITY_SIZE, FrameKind, Head, frame
from crypto.keys import genesis_text, holder_keys, standing_keys
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.client.cases import LETTER, OTHER_ROOT, ROOT, Filed, file_case
from tests.client.loopback import Answer, LoopbackPortal, altered

KEY_PATH = "/api/v1/cases/{}/key"


def read(filed: Filed, root: SecretBytes = ROOT) -> Mapping[str, Any]:
    """Open a case as the command line does, and return what it shows."""
    case = CaseFile.load(filed.folder)
    with Transport(case.url, "es", lambda _: None) as transport:
        opened = open_case(transport, case, root)
        with signed_in(transport, opened, lambda: 1_773_306_000.0):
            return read_story(fetch_contents(transport, opened)).plain()


def refused(filed: Filed, code: str, kind: type[ClientError] = TamperingError) -> None:
    """Expect that opening stops with this finding."""
    with pytest.raises(kind) as stopped:
        read(filed)
    assert stopped.value.code == code


def lie_about_key(portal: LoopbackPortal, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what is answered when the case key is asked for."""
    portal.lies[KEY_PATH.format(portal.case["id"])] = altered(change)


def listed(portal: LoopbackPortal, kind: str) -> list[str]:
    """Return the hashes of the objects of a kind."""
    return [item["sha256"] for item in portal.case["body"]["objects"] if item["kind"] == kind]


@pytest.mark.parametrize("joins", [True, False])
def test_the_owner_opens_the_case(portal: LoopbackPortal, filed: Filed, joins: bool) -> None:
    """Names, statements and the story come back as they were written."""
    portal.joins = joins
    story = read(filed)
    names = [witness["name"]["given"] for witness in story["witnesses"]]
    assert names == ["Ximena", "Eleuterio"]
    assert story["witnesses"][0]["statement"].startswith("Me citaron")
    assert story["witnesses"][0]["identifiers"] == {"employee_number": "77123"}
    assert "Ximena Arrayán Pedroza" in story["narrative"]
    assert not any("slip_key" in witness for witness in story["witnesses"])


def test_a_second_holder_opens_with_their_own_words(portal: LoopbackPortal, tmp_path: Path) -> None:
    """One lost the words; the other has a copy of case.json, and nothing else of the folder."""
    filed = file_case(portal, tmp_path / "case", [standing_keys(OTHER_ROOT).recipient])
    copied = tmp_path / "copy"
    copied.mkdir()
    (copied / "case.json").write_bytes((filed.folder / "case.json").read_bytes())
    story = read(Filed(copied, filed.case, OTHER_ROOT), OTHER_ROOT)
    assert len(story["witnesses"]) == 2


def test_other_words_open_nothing(filed: Filed) -> None:
    """Words of another case are told apart from a portal that cheats."""
    with pytest.raises(WordsError) as stopped:
        read(filed, OTHER_ROOT)
    assert stopped.value.code == "words_wrong"


def test_an_unknown_case_is_said(portal: LoopbackPortal, filed: Filed) -> None:
    """No case, or a wrong code: the same words."""
    portal.case["status"] = "0" * 64
    refused(filed, "case_not_found", NetworkError)


@pytest.mark.parametrize("joins", [True, False])
def test_identities_swapped_between_witnesses(portal: LoopbackPortal, filed: Filed, joins: bool) -> None:
    """Two authentic identities in each other's place: the hash of what was asked for does not fit."""
    portal.joins = joins
    first, second = listed(portal, "identity")
    objects = portal.case["objects"]
    objects[first], objects[second] = objects[second], objects[first]
    refused(filed, "object")


def test_a_forged_identity_with_a_perfect_head(portal: LoopbackPortal, filed: Filed) -> None:
    """Anyone can seal to the public recipient; only the filer can have it in the manifest."""
    target = next(item for item in portal.case["body"]["objects"] if item["kind"] == "identity")
    head = Head(portal.name, portal.case["id"], FrameKind.IDENTITY, target["record"], 1)
    recipient = HybridRecipient.parse(portal.case["body"]["recipient"])
    body = json.dumps({"v": 1, "name": {"given": "Otra"}}).encode()
    forged = seal(frame(head, body, IDENTITY_SIZE), [recipient], random=os.urandom)
    assert len(forged) == target["size"]
    portal.case["objects"][target["sha256"]] = forged
    refused(filed, "object")


def test_a_manifest_that_names_the_forgery(portal: LoopbackPortal, filed: Filed) -> None:
    """The portal may write such a manifest, but has no key to sign it with that counts."""
    body = json.loads(json.dumps(portal.case["body"]))
    body["objects"][0]["sha256"] = "0" * 64
    note = sign_typed(NoteType.MANIFEST, body, [NoteSigner(f"{portal.name}/filer", SecretBytes(bytes(32)))])
    lie_about_key(portal, lambda answer: answer.update(manifest=note, manifests=[note]))
    refused(filed, "manifest")


def test_a_manifest_signed_by_the_portal(portal: LoopbackPortal, filed: Filed) -> None:
    """The statement key is trusted for statements, not for what a case consists of."""
    note = sign_typed(NoteType.MANIFEST, portal.case["body"], [portal.statements])
    lie_about_key(portal, lambda answer: answer.update(manifest=note, manifests=[note]))
    refused(filed, "manifest")


def test_a_swapped_recipient(portal: LoopbackPortal, filed: Filed) -> None:
    """A recipient of the portal's own in the manifest, under a stolen filer key even: the genesis names another."""
    body = dict(portal.case["body"], recipient=standing_keys(OTHER_ROOT).recipient)
    filer = holder_keys(ROOT, portal.name, _nonce(portal)).filer
    note = sign_typed(NoteType.MANIFEST, body, [NoteSigner(f"{portal.name}/filer", filer)])
    lie_about_key(portal, lambda answer: answer.update(manifest=note, manifests=[note]))
    refused(filed, "recipient")


def test_an_older_manifest_is_a_rollback(portal: LoopbackPortal, filed: Filed) -> None:
    """What this machine has seen is the least that it accepts."""
    filed.case.seen(2, "0" * 64).save(filed.folder)
    refused(filed, "manifest_older")


def test_another_manifest_of_the_same_version(portal: LoopbackPortal, filed: Filed) -> None:
    """Two first manifests of one case, both signed by the filer's key: not the one that was filed."""
    filed.case.seen(1, "0" * 64).save(filed.folder)
    refused(filed, "manifest_other")


def test_another_founding_text(portal: LoopbackPortal, filed: Filed) -> None:
    """A case founded by the portal has another number than the one on paper."""
    signer = NoteSigner(f"{portal.name}/filer", SecretBytes(bytes(32)))
    genesis = genesis_text(portal.name, signer.vkey, portal.case["body"]["recipient"], bytes(32))
    lie_about_key(portal, lambda answer: answer.update(genesis=genesis))
    refused(filed, "genesis")


def test_a_case_key_made_by_the_portal(portal: LoopbackPortal, filed: Filed) -> None:
    """A case key sealed to the right holder, with the portal's own secrets inside: not in the manifest."""
    target = next(item for item in portal.case["body"]["objects"] if item["kind"] == "case-key")
    head = Head(portal.name, portal.case["id"], FrameKind.CASE_KEY, target["record"], 1)
    mine = HybridRecipient.parse(holder_keys(ROOT, portal.name, _nonce(portal)).recipient)
    forged = seal(frame(head, b"{}"), [mine] * 8, random=os.urandom)
    lie_about_key(portal, lambda answer: answer.update(case_key=base64.b64encode(forged).decode()))
    refused(filed, "object")


def test_a_cut_object(portal: LoopbackPortal, filed: Filed) -> None:
    """A byte less is another object."""
    name = listed(portal, "originals")[0]
    portal.case["objects"][name] = portal.case["objects"][name][:-1]
    refused(filed, "object")


@pytest.mark.parametrize(("joins", "code"), [(True, "object"), (False, "object_missing")])
def test_an_object_held_back(portal: LoopbackPortal, filed: Filed, joins: bool, code: str) -> None:
    """A missing piece is a finding, not an empty field; fetched together or one by one."""
    portal.joins = joins
    del portal.case["objects"][listed(portal, "statement")[0]]
    refused(filed, code)


def test_an_object_longer_than_the_manifest_says(portal: LoopbackPortal, filed: Filed) -> None:
    """An endless object is cut off at the size that the filer signed."""
    name = listed(portal, "identity")[0]
    portal.case["objects"][name] += bytes(10_000_000)
    refused(filed, "too_large", NetworkError)


def test_another_case_behind_the_sign_in(portal: LoopbackPortal, filed: Filed) -> None:
    """What is served after the sign-in is what was verified before it."""
    portal.lies["/api/v1/case"] = altered(lambda answer: answer.update(genesis="other"))
    refused(filed, "genesis")


def test_the_client_signs_no_text_of_the_portals(portal: LoopbackPortal, filed: Filed) -> None:
    """A nonce that is a text of its own, such as a manifest's type line, is not signed."""
    for nonce in ("resguardo/manifest/v1\n{}", "", "x" * 5000, 7, None):
        body = json.dumps({"nonce": nonce}).encode()
        portal.lies["/api/v1/sign-in/challenge"] = lambda _, body=body: (200, "application/json", body)  # type: ignore[misc]  # bound now
        portal.seen.clear()
        refused(filed, "answer", NetworkError)
        assert ("POST", "/api/v1/sign-in") not in portal.seen


def test_a_relayed_sign_in_names_the_relay(portal: LoopbackPortal, filed: Filed) -> None:
    """A portal in the middle gets a signature over its own address, which the real one refuses."""
    with LoopbackPortal() as middle:
        middle.case = portal.case

        def relay(_: Answer) -> Answer:
            portal.nonces.append("a" * 64)
            return 200, "application/json", json.dumps({"nonce": "a" * 64}).encode()

        middle.lies["/api/v1/sign-in/challenge"] = relay
        middle.lies["/api/v1/sign-in"] = lambda _: portal.answer("POST", "/api/v1/sign-in", middle.bodies[-1])
        case = filed.case.__class__(**(vars(filed.case) | {"url": middle.url}))
        case.save(filed.folder)
        refused(filed, "sign_in", NetworkError)


def test_the_session_ends_with_the_command(portal: LoopbackPortal, filed: Filed) -> None:
    """No session stays open on a machine that may be taken away."""
    read(filed)
    assert portal.seen[-1] == ("DELETE", "/api/v1/session")


def test_original_files_are_written_privately(filed: Filed, tmp_path: Path) -> None:
    """The evidence comes back byte for byte, under its name, for its owner only."""
    paths = write_files(filed, tmp_path / "files")
    assert [path.name for path in paths] == ["carta.pdf"]
    assert paths[0].read_bytes() == LETTER
    assert paths[0].stat().st_mode & 0o777 == 0o600


def test_a_changed_file_leaves_nothing_behind(portal: LoopbackPortal, filed: Filed, tmp_path: Path) -> None:
    """A file that does not verify has no name, not even for a moment that lasts."""
    name = listed(portal, "file")[0]
    data = portal.case["objects"][name]
    portal.case["objects"][name] = data[:-1] + bytes([data[-1] ^ 1])
    with pytest.raises(TamperingError):
        write_files(filed, tmp_path / "files")
    assert list((tmp_path / "files").iterdir()) == []


def write_files(filed: Filed, folder: Path) -> list[Path]:
    """Open a case and write its files."""
    with Transport(filed.case.url, "es", lambda _: None) as transport:
        opened = open_case(transport, filed.case, ROOT)
        with signed_in(transport, opened, lambda: 1_773_306_000.0):
            story = read_story(fetch_contents(transport, opened))
            return list(save_files(transport, opened, story.named_files(), folder))


def test_what_is_filed_names_nobody(portal: LoopbackPortal, filed: Filed) -> None:
    """Nothing that reached the portal holds a name, a statement, a number or a file's name (laws L2, L6)."""
    everything = b"".join(portal.bodies) + b"".join(portal.case["objects"].values())
    everything += base64.b64decode(base64.b64encode(everything))
    for secret in (
        "Ximena",
        "Arrayán",
        "Bracamontes",
        "77123",
        "Me citaron",
        "carta.pdf",
        "ficticia ",
        sha256_hex(LETTER),
    ):
        assert secret.encode() not in everything.lower() + everything


def _nonce(portal: LoopbackPortal) -> bytes:
    return base64.b64decode(json.loads(portal.case["genesis"].split("\n")[1])["nonce"])


def test_an_opening_that_is_not_proved_to_be_logged_is_refused(portal: LoopbackPortal, filed: Filed) -> None:
    """Law L4: the answer must carry the proof of this very access; an older entry does not stand in for it."""
    portal.lies["/api/v1/case"] = altered(lambda answer: answer.update(entry=portal.line(0)))
    refused(filed, "access_unproved")
    portal.lies["/api/v1/case"] = altered(lambda answer: answer.pop("entry"))
    refused(filed, "access_unproved")
