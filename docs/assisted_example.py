"""File a petition by assisted intake: python assisted_example.py https://portal.example petition.yaml FOLDER"""

import json
import secrets  # noqa: TID251 - a program of the caller's own
import sys
from pathlib import Path

import httpx2
import yaml

portal, source, folder = httpx2.Client(base_url=sys.argv[1], timeout=300), Path(sys.argv[2]), Path(sys.argv[3])
petition = yaml.load(source.read_text(), yaml.BaseLoader)  # noqa: S506 - makes nothing but text, lists and groups

begun = portal.post("/api/v1/assisted/prepare", json={"petition": petition, "language": "en"}).raise_for_status().json()
kept = {name: begun[name] for name in ("words", "preparation")} | {"idempotency_key": secrets.token_hex(32)}
folder.mkdir(mode=0o700)
(folder / "kept.json").write_text(json.dumps(kept))  # before filing: with it a lost answer is asked for again
(folder / "words.txt").write_text(begun["words"] + "\n")

call = {"petition": petition, "language": "en", "careful": True, **kept}
filed = portal.post("/api/v1/assisted/petitions", json=call).raise_for_status().json()
(folder / "case.json").write_text(json.dumps(filed["case_json"]))
(folder / "receipt.tlog-proof").write_text(filed["receipt"])
