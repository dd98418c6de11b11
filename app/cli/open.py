"""`resguardo open`: the case with its names, opened on this machine and nowhere else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from app.cli.access import clock, find_root, reach
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.contents import Story, read_story
from app.client.opening import fetch_contents, open_case, save_files
from app.client.signin import signed_in
from app.client.transport import printable
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

_LONGEST = 1_000_000


@click.command("open", cls=Verb, help=N_("Open your case on this machine, names included."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--files", type=click.Path(path_type=Path), help=N_("Folder into which the original evidence is written."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(folder: Path, key: Path | None, files: Path | None, lang: str | None, *, as_json: bool) -> None:
    """Open a case."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = CaseFile.load(folder)
        case.require_filed()
        story = _open(case, folder, find_root(key, folder), files)
    if as_json:
        out_json(story.plain())
    else:
        _tell(story)


def _open(case: CaseFile, folder: Path, root: SecretBytes, files: Path | None) -> Story:
    with reach(case.url) as transport:
        opened = open_case(transport, case, root)
        with signed_in(transport, opened, clock):
            story = read_story(fetch_contents(transport, opened))
            if files is not None:
                for path in save_files(transport, opened, story.named_files(), files):
                    note(say(N_("Written: {path}"), path=path))
    case.seen(opened.manifest.version, opened.manifest.sha256).save(folder)
    return story


def _tell(story: Story) -> None:
    note(say(N_("From here on there are names on this screen. See that nobody looks over your shoulder.")))
    for number, witness in enumerate(story.witnesses, start=1):
        out()
        out(say(N_("Witness {number}"), number=number))
        _tell_group(witness, "  ")
    out()
    out(say(N_("What happened, as it was written")))
    out()
    _tell_text(story.narrative, "  ")
    if story.files:
        out()
        out(say(N_("Original files (add --files FOLDER to write them out)")))
        for _, name in story.named_files():
            out(f"  {name}")


def _tell_group(group: Mapping[str, Any], indent: str) -> None:
    for name, value in group.items():
        label = f"{indent}{printable(name, 60)}:"
        if isinstance(value, Mapping):
            out(label)
            _tell_group(value, indent + "  ")
        elif isinstance(value, list):
            out(f"{label} {_joined(value)}")
        elif isinstance(value, str) and "\n" in value:
            out(label)
            _tell_text(value, indent + "  ")
        else:
            out(f"{label} {_shown(value)}")


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(_shown(value) for value in values)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return say(N_("yes")) if value else say(N_("no"))
    return printable(str(value), _LONGEST)


def _tell_text(text: str, indent: str) -> None:
    for line in text.split("\n"):
        out(f"{indent}{printable(line, _LONGEST)}".rstrip())
