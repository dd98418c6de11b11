"""A sealed package, which the offline edition of the filing page made, and which anybody may hand in.

It is a tar file: `filing.json` is the filing call, `parts/<SHA-256>` are the larger sealed parts. Nothing in it has to
be opened to send it. Sent twice, it is filed once: the same manifest brings the same receipt.

Source: crypto/FORMAT.md "Packages"; written by app/static/file/package.js.
"""

import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from app.client.case import CASE_FILE, CaseFile, holds_case
from app.client.errors import ClientError
from app.client.filing import PENDING_FOLDER, Pending, send
from app.client.folder import make_folder, sync_folder, write_part
from app.client.portal import PortalKeys
from app.client.transport import MIB, RefusedError, Transport
from app.client.uploading import Progress
from app.domain.filing.manifest import MAX_PART
from app.i18n import N_
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.keys import case_id, parse_genesis

FORMAT = "resguardo/package/v1"
_FILING = "filing.json"
_PART = re.compile(r"parts/([0-9a-f]{64})")
_LIMITS = {_FILING: 64 * MIB}


class PackageError(ClientError):
    """A sealed package is none, or does not belong here."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "package_unreadable": N_("{path} is no sealed package, or it is cut off. Ask for it again."),
        "package_elsewhere": N_("This package was sealed for the portal {name}. Give the address of that one."),
        "package_or_petition": N_("Give either a petition or --package, not both and not neither."),
    }


def hand_in(transport: Transport, package: Path, folder: Path, keys: PortalKeys, progress: Progress) -> CaseFile:
    """Send a package and return the case with its verified receipt, which stays in the folder.

    A `case.json` of the same case that lies in the folder becomes *filed*; without one, none is left: whoever carries a
    package holds no case.

    Raises:
        PackageError: nothing was sent. NetworkError, TamperingError: as from `send`.
    """
    call, parts = _unpacked(package, folder)
    case = _case(call, package, keys, transport.address)
    own = _own(folder, case.case)
    pending = Pending(call, parts, b"", "")
    try:
        filed, _ = send(transport, folder, own or case, pending, progress)
    except RefusedError:
        if own is not None:
            own.save(folder)
        raise
    if own is None:
        (folder / CASE_FILE).unlink(missing_ok=True)
    return filed


def _unpacked(package: Path, folder: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Write the parts into the folder and return the filing call and their names."""
    parts = folder / PENDING_FOLDER
    make_folder(parts)
    names = []
    call: dict[str, Any] | None = None
    try:
        for name, data in _entries(package):
            part = _PART.fullmatch(name)
            if part and sha256_hex(data) == part[1]:
                write_part(parts / part[1], data)
                names.append(part[1])
            elif name == _FILING and call is None:
                call = _parsed(data)
            else:
                raise ValueError(name)
        if call is None:
            raise ValueError(_FILING)
    except (OSError, tarfile.TarError, ValueError, TypeError, KeyError, RecursionError, CryptoError) as error:
        raise PackageError("package_unreadable", path=str(package)) from error
    sync_folder(parts)
    return call, tuple(names)


def _entries(package: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(package, "r:") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or member.size > _LIMITS.get(member.name, MAX_PART):
                raise ValueError(member.name)
            yield member.name, content.read()


def _parsed(data: bytes) -> dict[str, Any]:
    body = json.loads(data)
    call: dict[str, Any] = body["filing"]
    texts = (call["genesis"], call["manifest"], call["case_log_key"])
    if body["format"] != FORMAT or not all(isinstance(text, str) for text in texts):
        raise ValueError("another form")
    parse_genesis(call["genesis"])
    return call


def _case(call: Mapping[str, Any], package: Path, keys: PortalKeys, url: str) -> CaseFile:
    portal = parse_genesis(call["genesis"]).portal
    if portal != keys.name:
        raise PackageError("package_elsewhere", name=portal, path=str(package))
    return CaseFile(
        state="pending",
        portal=keys.name,
        url=url,
        case=case_id(call["genesis"]),
        status_code="",
        log_origin=keys.log_origin,
        log_vkey=keys.log_vkey,
        statement_vkey=keys.statement_vkey,
        genesis=call["genesis"],
        manifest_sha256=sha256_hex(call["manifest"].encode()),
        manifest_version=1,
        entry_index=None,
        language="es",
    )


def _own(folder: Path, number: str) -> CaseFile | None:
    """Return what the page gave to whoever sealed the package, if it lies in the folder."""
    if not holds_case(folder):
        return None
    case = CaseFile.load(folder)
    return case if case.case == number else None
