"""A case that is filed again, tied to the earlier one by a note that the case keys of both sign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.client.epochs import OpenedFile
from app.client.opening import fetch_contents
from app.client.revising import known_of
from app.client.signin import Clock
from app.client.steps import Step, take_step
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.filing import FileSource
from app.domain.filing.told import Told
from app.domain.paths import path_text
from crypto.note import NoteType, sign_typed

REFILED = "case_refiled"


@dataclass(frozen=True)
class Earlier:
    """The text of a case, what people decided about it, and its files, fetched and opened when they are read."""

    petition: dict[str, Any] = field(repr=False)
    told: Told
    files: Mapping[str, FileSource]
    transcripts: Mapping[str, str] = field(default_factory=dict, repr=False)


def earlier_petition(transport: Transport, opened: OpenedCase) -> Earlier:
    """Return what can be filed again of a case; signed in only."""
    known = known_of(opened, fetch_contents(transport, opened))
    petition = known.petition()
    objects = {item.record: item for item in opened.manifest.objects}
    files: dict[str, FileSource] = {}
    said, transcripts = known.said(), dict[str, str]()
    for place, item in enumerate(petition.get("evidence", [])):
        path = path_text(("evidence", place))
        mark = item.get("id") or path
        if mark in said:
            transcripts[path] = said[mark]
        line = known.line_of(mark)
        if line is not None:
            item["file"] = line["name"]
            files[path] = OpenedFile(transport, opened, objects[line["record"]], str(line["name"]), int(line["size"]))
    return Earlier(petition, known.told(), files, transcripts)


def link(transport: Transport, earlier: OpenedCase, later: OpenedCase, clock: Clock, folder: Path) -> Step:
    """Tell the portal that the later case refiles the earlier one, and prove that its log says so.

    Raises:
        NetworkError, UnprovedError.
    """
    body = {"v": 1, "portal": earlier.case.portal, "case": later.case.case, "earlier": earlier.case.case}
    note = sign_typed(NoteType.LINK, body, [earlier.signer, later.signer])
    said = f"refiled as {later.case.case}"
    return take_step(
        transport,
        earlier,
        clock,
        folder,
        "refiled",
        {"note": note},
        lambda entry: entry.fields["kind"] == REFILED and entry.fields["detail"] == said,
    )
