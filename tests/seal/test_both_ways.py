"""What the browser's modules seal, Python admits and opens; what Python seals, they open: the same bytes' meaning."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.trust import OpenedCase, check_chain, check_genesis, open_case_key, open_object
from app.domain.admission import admit
from app.domain.filing import Copy
from app.resources import STATIC
from crypto.framing import FrameKind
from crypto.keys import holder_keys, standing_keys, status_hash
from crypto.note import strict_base64
from crypto.secret import SecretBytes
from tests import node
from tests.assets import built
from tests.filings import make_filing, settled
from tests.seal.modules import RANDOM, Refused, call, data, file, result, run
from tests.usecases.test_evidence import page as evidence_page
from tests.usecases.test_evidence import settled_with

pytestmark = pytest.mark.node
PORTAL = {
    "name": "portal.invalid",
    "deployment": "custodian",
    "log_origin": "portal.invalid/log",
    "log_vkey": "unused",
    "statement_vkey": "unused",
}
ROOT = bytes(range(16))
WITNESSES = [
    {"id": "W1", "name": {"given": "Ximena", "surname1": "Arrayán"}, "label": "[TESTIGO-01]"},
    {"id": "W2", "name": {"given": "Eleuterio", "surname1": "Ik 🐦"}, "label": "[TESTIGO-02]"},
]
LARGE = os.urandom(1024) * (9 * 1024) + b"end"
"""A file whose sealed form has 16 MiB: four parts to be put beforehand, and a small last one inside the call."""
LARGE_PARTS = 4


def filing(*, files: dict[str, bytes], record: str, witnesses: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return what the page gives to the sealing, for the case that call 0 prepared."""
    return {
        "prepared": result(0),
        "record": record,
        "review": {"settled": 3, "careful": True, "kept": []},
        "identities": WITNESSES if witnesses is None else witnesses,
        "statements": [{"witness": 0, "id": "W1", "statement": "Me citaron a solas."}],
        "originals": {
            "petition": {"facts": {"narrative": "Despidieron a Ximena."}, "evidence": [{"id": "E0", "file": "a.pdf"}]},
            "witnesses": ["W1", "W2"],
            "surrogates": {"witnesses[0]": "[TESTIGO-01]"},
            "decisions": [],
        },
        "files": [
            {"path": f"evidence[{at}]", "evidence": f"E{at}", "title": name, "blob": file(content, name)}
            for at, (name, content) in enumerate(files.items())
        ],
    }


def opened(submission: Any, prepared: Any, root: bytes, parts: dict[str, bytes]) -> tuple[OpenedCase, dict[str, bytes]]:
    """Open in Python as the command line does: the case, and every object's ciphertext by its hash."""
    body = submission["body"]
    case = CaseFile(
        state="filed",
        portal=PORTAL["name"],
        url="http://127.0.0.1",
        case=prepared["case"],
        status_code=prepared["statusCode"],
        log_origin=PORTAL["log_origin"],
        log_vkey="",
        statement_vkey="",
        genesis=body["genesis"],
        manifest_sha256=submission["manifestSha256"],
        manifest_version=1,
        entry_index=None,
        language="es",
    )
    genesis = check_genesis(case, body["genesis"])
    chain = check_chain(case, genesis, [body["manifest"]])
    manifest = chain[-1]
    note = json.loads(body["manifest"].split("\n")[1])
    ciphertexts = {item["sha256"]: b"".join(parts[part] for part in item["parts"]) for item in note["objects"]}
    [key] = manifest.of_kind(FrameKind.CASE_KEY)
    return open_case_key(case, genesis, chain, ciphertexts[key.sha256], SecretBytes(root)), ciphertexts


def all_parts(files: dict[str, bytes], holders: list[str] | None = None) -> tuple[Any, Any, dict[str, bytes]]:
    """Seal in one process and make every part of the larger files anew, as after a lost connection."""
    record = settled().record_text
    calls = [
        call("preparation.js", "prepare", {"portal": PORTAL, "root": data(ROOT), "holders": holders or []}, RANDOM),
        call("sealing.js", "sealAll", filing(files=files, record=record), RANDOM),
        *(
            call("parts.js", "makePart", result(1, "uploads", at, "sealed"), result(1, "uploads", at, "part"))
            for at in range(LARGE_PARTS if any(len(content) >= len(LARGE) for content in files.values()) else 0)
        ),
    ]
    prepared, sealed, *made = run(*calls)
    assert not isinstance(sealed, Refused), sealed
    uploads = sealed["uploads"]
    parts = {name: strict_base64(text) for name, text in sealed["submission"]["body"]["parts"].items()}
    for upload, again in zip(uploads, made, strict=True):
        assert hashlib.sha256(again).hexdigest() == upload["sha256"]
        assert len(again) == upload["size"]
        parts[upload["sha256"]] = again
    return prepared, sealed["submission"], parts


def test_python_admits_and_opens_what_the_modules_seal():
    """Laws L1, L2: a filing of the browser passes the portal's strict rules, and its holder opens every piece."""
    files = {"carta de Ximena.pdf": b"%PDF carta", "vacío.txt": b"", "video.mp4": LARGE}
    prepared, submission, parts = all_parts(files)
    body = submission["body"]
    admitted = admit(body, parts.get, PORTAL["name"])
    assert admitted.case == prepared["case"]
    case, ciphertexts = opened(submission, prepared, ROOT, parts)
    pieces = {
        (item.kind, item.record): open_object(case, item, ciphertexts[item.sha256])
        for item in case.manifest.objects
        if item.kind != FrameKind.CASE_KEY
    }
    identities = {record: json.loads(text) for (kind, record), text in pieces.items() if kind == "identity"}
    assert {body["name"]["given"] for body in identities.values()} == {"Ximena", "Eleuterio"}
    assert all(len(base64.b64decode(body["slip_key"])) == 32 and body["v"] == 1 for body in identities.values())
    [statement] = [json.loads(text) for (kind, _), text in pieces.items() if kind == "statement"]
    assert identities[statement["identity"]]["id"] == "W1"
    [index] = [json.loads(text) for (kind, _), text in pieces.items() if kind == "file-index"]
    for line in index["files"]:
        content = pieces["file", line["record"]]
        assert content == files[line["name"]]
        assert (line["size"], line["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    [originals] = [json.loads(text) for (kind, _), text in pieces.items() if kind == "originals"]
    assert [identities[entry["record"]]["id"] for entry in originals["petition"]["witnesses"]] == ["W1", "W2"]
    assert "file" not in originals["petition"]["evidence"][0]
    assert body["status_hash"] == status_hash(prepared["statusCode"])


def test_python_admits_the_copies_of_evidence_that_the_modules_encrypt():
    """Laws L2, L6: pages travel encrypted under a key that only the call brings, and open at the door as they were."""
    pages = (evidence_page(10), evidence_page(20))
    number, settled_copies = 1, settled_with({"evidence[0]": Copy(1, pages)})
    shown = {"path": "evidence[0]", "evidence": "E0", "copy": number, "pages": [file(page, "") for page in pages]}
    asked = {**filing(files={}, record=settled_copies.record_text), "copies": [shown]}
    prepare = call("preparation.js", "prepare", {"portal": PORTAL, "root": data(ROOT), "holders": []}, RANDOM)
    prepared, sealed = run(prepare, call("sealing.js", "sealAll", asked, RANDOM))
    submission = sealed["submission"]
    parts = {name: strict_base64(text) for name, text in submission["body"]["parts"].items()}
    assert not any(page[:200] in part for page in pages for part in parts.values())
    [admitted] = admit(submission["body"], parts.get, PORTAL["name"]).copies
    assert (admitted.number, admitted.pages) == (number, pages)
    case, ciphertexts = opened(submission, prepared, ROOT, parts)
    [item] = case.manifest.of_kind(FrameKind.ORIGINALS)
    [line] = json.loads(open_object(case, item, ciphertexts[item.sha256]))["copies"]
    assert line == {"evidence": "E0", "copy": number, "content": Copy(1, pages).content}


def test_another_holder_opens_what_the_modules_seal():
    """Law L7: a colleague's standing key, given beforehand, opens the case."""
    colleague = bytes(range(1, 17))
    recipient = standing_keys(SecretBytes(colleague)).recipient
    prepared, submission, parts = all_parts({}, [recipient])
    case, _ = opened(submission, prepared, colleague, parts)
    assert case.case.case == prepared["case"]


def test_modules_open_what_python_seals():
    """The reverse: every piece of a filing of the command line, the large file in three parts too."""
    made = make_filing(PORTAL["name"], evidence=LARGE)
    parts = {name: strict_base64(text) for name, text in made.body["parts"].items()} | dict(made.uploads)
    note = json.loads(made.body["manifest"].split("\n")[1])
    objects = [(item, b"".join(parts[part] for part in item["parts"])) for item in note["objects"]]
    [key] = [ciphertext for item, ciphertext in objects if item["kind"] == "case-key"]
    asked = {"portal": PORTAL, "case": made.prepared.case, "root": data(made.root.reveal())}
    served = {"genesis": made.body["genesis"], "manifests": [made.body["manifest"]], "caseKey": data(key)}
    others = [(item, ciphertext) for item, ciphertext in objects if item["kind"] != "case-key"]
    case, *pieces = run(
        call("trust.js", "openCaseKey", asked, served),
        *(call("trust.js", "openObject", result(0), item, data(ciphertext)) for item, ciphertext in others),
    )
    assert case["statusCode"] == made.prepared.status_code
    assert case["caseLogKey"] == made.prepared.case_log_key.reveal()
    assert case["signIn"] == made.prepared.case_keys.sign_in.reveal()
    assert [entry["own"] for entry in case["roster"]].count(True) == 1
    names = set()
    for (item, _), piece in zip(others, pieces, strict=True):
        if item["kind"] == "file":
            assert piece == LARGE
        else:
            names.add(json.loads(piece).get("name", {}).get("given") if item["kind"] == "identity" else None)
    assert {witness.name.given for witness in settled().petition.witnesses} <= names


def test_words_of_nobody_open_nothing():
    """Words of somebody who holds no share are told apart from tampering."""
    made = make_filing(PORTAL["name"])
    note = json.loads(made.body["manifest"].split("\n")[1])
    [key] = [item for item in note["objects"] if item["kind"] == "case-key"]
    ciphertext = b"".join(strict_base64(made.body["parts"][part]) for part in key["parts"])
    served = {"genesis": made.body["genesis"], "manifests": [made.body["manifest"]], "caseKey": data(ciphertext)}
    asked = {"portal": PORTAL, "case": made.prepared.case, "root": data(bytes(16))}
    [refused] = run(call("trust.js", "openCaseKey", asked, served))
    assert (refused.kind, refused.code) == ("WordsError", "words_wrong")


def test_holder_keys_are_the_same():
    """Both derive one status code, filer key and standing recipient from one root."""
    nonce = bytes(range(32))
    theirs, standing = run(
        call("keys.js", "holderKeys", data(ROOT), PORTAL["name"], data(nonce)),
        call("keys.js", "standingRecipient", data(ROOT)),
    )
    ours = holder_keys(SecretBytes(ROOT), PORTAL["name"], nonce)
    assert theirs["statusCode"] == ours.status_code
    assert (theirs["seed"], theirs["filer"]) == (ours.seed.reveal(), ours.filer.reveal())
    assert standing == standing_keys(SecretBytes(ROOT)).recipient


@pytest.mark.long
def test_file_hashed_on_the_way_has_the_right_hash():
    """A file larger than what is hashed in one piece: its hashes are right, by one worker and by two; it opens."""
    built()
    alone = beside_another = [True, True, 7]
    found = node.run(Path(__file__).with_name("large_file.mjs"), None, SEAL=str(STATIC / "seal"))
    assert found == [*alone, *beside_another, True]
