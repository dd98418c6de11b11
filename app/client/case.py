"""The case folder: what a petitioner keeps of one case, and what another holder gets a copy of.

`case.json` names the portal, the case and every key against which the portal's answers are checked later. It holds
the status code and no words: with it alone somebody sees the stage of the case and no name.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self

from app.client.errors import FolderError
from app.client.folder import make_folder, read_file, write_text
from app.i18n import LANGUAGES

FORMAT = "resguardo/case/v1"
CASE_FILE = "case.json"
RECEIPT_FILE = "receipt.tlog-proof"
PROOFS_FOLDER = "proofs"
_FORMATS = "resguardo/case/"
_CASE_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class CaseFile:
    """What case.json holds.

    `state`: *pending* until the portal's receipt was verified, then *filed*. `manifest_version` and
    `manifest_sha256`: the newest manifest seen; an older one is a rollback. `entry_index`: of the receipt in the log.
    `known`: the newest checkpoint that something was proved under; it goes along with each sign-in, so that a portal
    with two histories meets itself. `successors`: what led to the keys that the portal signs with now (succession.py).
    """

    state: Literal["pending", "filed"]
    portal: str
    url: str
    case: str
    status_code: str
    log_origin: str
    log_vkey: str
    statement_vkey: str
    genesis: str
    manifest_sha256: str
    manifest_version: int
    entry_index: int | None
    language: str
    successors: tuple[str, ...] = ()
    known: str = ""
    words_from: Literal["device", "portal"] = "device"
    """Who made the words: those that assisted intake made, the portal has had in its memory."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder's case.json.

        Raises:
            FolderError: there is none, it is damaged, or it is of a later format.
        """
        if not holds_case(folder):
            raise FolderError("not_a_case", path=str(folder))
        try:
            return cls._parse(json.loads(read_file(folder / CASE_FILE, _CASE_LIMIT)))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise FolderError("case_unreadable", path=str(folder)) from error

    @classmethod
    def _parse(cls, body: dict[str, Any]) -> Self:
        if body["format"] != FORMAT:
            raise FolderError("case_newer")
        values: dict[str, Any] = {"state": "filed", "manifest_version": 1} | {
            key: body[key] for key in body if key in _KINDS
        }
        values["successors"] = tuple(values.get("successors", ()))
        case = cls(**values)
        if not all(isinstance(getattr(case, name), kind) for name, kind in _KINDS.items()):
            raise TypeError("a field of case.json has another type")
        if case.state not in {"pending", "filed"} or case.language not in LANGUAGES or case.words_from not in _MAKERS:
            raise ValueError("a field of case.json has an unknown value")
        return case

    def save(self, folder: Path) -> None:
        """Write case.json, whole or not at all."""
        make_folder(folder)
        body = {"format": FORMAT} | asdict(self)
        write_text(folder / CASE_FILE, json.dumps(body, ensure_ascii=False, indent=1) + "\n")

    def filed(self, entry_index: int) -> Self:
        """Return the case as it stands once the receipt was verified."""
        return replace(self, state="filed", entry_index=entry_index)

    def seen(self, version: int, sha256: str) -> Self:
        """Return the case with the newest manifest that was verified."""
        return replace(self, manifest_version=version, manifest_sha256=sha256)

    def with_own_words(self) -> Self:
        """Return the case once its holder has words that were made on their own device."""
        return replace(self, words_from="device")

    def require_filed(self) -> None:
        """Raises `FolderError` while the portal has not confirmed the filing."""
        if self.state != "filed":
            raise FolderError("case_pending")


def holds_case(folder: Path) -> bool:
    """Return whether there is a case in a folder, by the program's names or by those that a telephone gave its files.

    A browser saves `caso-x7k2.json`, with the receipt in it. The first time, case.json and the receipt are written
    beside it; it stays as it was saved. Of several such files none is taken: nobody knows which is meant.
    """
    path = folder / CASE_FILE
    if not path.exists():
        brought = [text for text in map(_case_in, sorted(folder.glob("*.json"))) if text]
        if len(brought) != 1:
            return False
        write_text(path, brought[0])
    _take_receipt(folder)
    return True


def _case_in(path: Path) -> str:
    """Return what a file holds if it is a case; else nothing."""
    try:
        text = read_file(path, _CASE_LIMIT).decode()
        return text if json.loads(text)["format"].startswith(_FORMATS) else ""
    except (FolderError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""


def _take_receipt(folder: Path) -> None:
    if (folder / RECEIPT_FILE).exists():
        return
    try:
        receipt = json.loads(read_file(folder / CASE_FILE, _CASE_LIMIT)).get("receipt")
    except (ValueError, AttributeError, RecursionError):
        return
    if isinstance(receipt, str):
        write_text(folder / RECEIPT_FILE, receipt)


_MAKERS = ("device", "portal")
_KINDS: dict[str, type | tuple[type, ...]] = {item.name: str for item in fields(CaseFile)}
_KINDS |= {"manifest_version": int, "entry_index": (int, type(None)), "successors": tuple}
