"""`resguardo refile`: a case filed again as a new one, tied to the earlier one in both histories."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.file import LARGEST_PETITION, Filing, holder_key, resume
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile, holds_case
from app.client.folder import read_file
from app.client.keyring import has_key
from app.client.opening import open_case
from app.client.refiling import earlier_petition, link
from app.client.signin import signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.filing import FileSource
from app.domain.filing.told import Told
from app.i18n import LANGUAGES, N_


@click.command("refile", cls=Verb, help=N_("File a case again as a new one, tied to the earlier one."))
@click.argument("petition", required=False, type=click.Path(path_type=Path))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder of the earlier case."))
@option(
    "--out", "new", required=True, type=click.Path(path_type=Path, file_okay=False), help=N_("Case folder to make.")
)
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option(
    "--holder",
    "holders",
    multiple=True,
    help=N_("Key (age1pq1…, or its file) of another person who shall open the case."),
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--yes", "careful", is_flag=True, help=N_("Ask nothing: hide whatever could tell who somebody is, and send."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    petition: Path | None,
    folder: Path,
    new: Path,
    key: Path | None,
    holders: tuple[str, ...],
    lang: str | None,
    careful: bool,
    as_json: bool,
) -> None:
    """Refile a case."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        earlier = filed_case(folder)
        root = find_root(key, folder)
        with at_portal(earlier, folder) as (transport, earlier):
            opened = open_case(transport, earlier, root)
            refiling = _Refiling(transport, opened, petition, new, careful=careful)
            chosen = key or (folder if has_key(folder) and not has_key(new) else None)
            case = refiling.case(chosen, [holder_key(text) for text in holders])
            later = open_case(transport, case, find_root(key, new if has_key(new) else folder))
            link(transport, opened, later, clock, folder)
    if as_json:
        out_json({"case": case.case, "status_code": case.status_code, "earlier": earlier.case})
        return
    out(say(N_("Case number: {case}"), case=case.case))
    out(say(N_("Status code: {code}"), code=case.status_code))
    note(say(N_("Both histories say that it refiles case {case}."), case=earlier.case))


@dataclass
class _Text:
    """What is filed again."""

    path: Path
    data: bytes
    told: Told
    files: Mapping[str, FileSource] | None
    transcripts: Mapping[str, str]


class _Refiling:
    """The new case: filed, or what an earlier run of the same command left of that."""

    def __init__(
        self, transport: Transport, opened: OpenedCase, petition: Path | None, folder: Path, *, careful: bool
    ) -> None:
        self._transport = transport
        self._opened = opened
        self._petition = petition
        self._folder = folder
        self._careful = careful

    def case(self, key: Path | None, holders: list[str]) -> CaseFile:
        """Return the new case, filed; one that was filed by an earlier run is only to be tied."""
        waiting = CaseFile.load(self._folder) if holds_case(self._folder) else None
        if waiting is not None and waiting.state == "filed":
            return waiting
        with signed_in(self._transport, self._opened, clock):
            text = self._text()
            if waiting is not None:
                return resume(self._transport, self._folder, waiting, text.data)
            filing = Filing(
                self._transport,
                text.path,
                text.data,
                self._folder,
                careful=self._careful,
                files=text.files,
                told=text.told,
                transcripts=text.transcripts,
            )
            return filing.run(key, holders, (self._opened.case.log_vkey,))

    def _text(self) -> _Text:
        earlier = earlier_petition(self._transport, self._opened)
        if self._petition is not None:
            return _Text(self._petition, read_file(self._petition, LARGEST_PETITION), earlier.told, None, {})
        data = json.dumps(earlier.petition, ensure_ascii=False).encode()
        return _Text(self._folder, data, earlier.told, earlier.files, earlier.transcripts)
