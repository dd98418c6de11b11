"""File a petition by assisted intake: python assisted_example.py https://portal.example petition.yaml FOLDER"""

import base64
import json
import secrets  # noqa: TID251 - a program of the caller's own
import sys
from pathlib import Path

import httpx2
import yaml

portal, source, folder = httpx2.Client(base_url=sys.argv[1], timeout=300), Path(sys.argv[2]), Path(sys.argv[3])
petition = yaml.load(source.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts, lists and groups only
call, kept = {"petition": petition, "language": "en"}, folder / "kept.json"

if not kept.exists():  # kept before filing: if no answer comes, run this again, and it asks for the same
    begun = portal.post("/api/v1/assisted/prepare", json=call).raise_for_status().json()
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "words.txt").write_text(begun["words"] + "\n", encoding="utf-8")
    own = {"idempotency_key": secrets.token_hex(32), "files": sorted({one["file"] for one in begun["files"]})}
    kept.write_text(json.dumps(own | {name: begun[name] for name in ("words", "preparation")}), encoding="utf-8")

call |= json.loads(kept.read_text(encoding="utf-8")) | {"careful": True}  # the careful choice wherever nobody decided
data = [(name, base64.b64encode((source.parent / name).read_bytes()).decode()) for name in call["files"]]
call["files"] = [{"file": name, "data": text} for name, text in data]
filed = portal.post("/api/v1/assisted/petitions", json=call).raise_for_status().json()
(folder / "case.json").write_text(json.dumps(filed["case_json"]), encoding="utf-8")
(folder / "receipt.tlog-proof").write_text(filed["receipt"], encoding="utf-8")
