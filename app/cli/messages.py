"""`resguardo messages`: the office's questions, opened and proved on this machine."""

from pathlib import Path

import click

from app.cli.access import clock, find_root, reach
from app.cli.command import Verb, option
from app.cli.history import WHO
from app.cli.language import language, say
from app.cli.moments import day
from app.cli.succeeded import followed
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.messages import OfficeQuestion, fetch_messages
from app.client.opening import open_case
from app.client.transport import printable
from app.domain.labels import label
from app.i18n import LANGUAGES, N_

_LONGEST = 10_000


@click.command("messages", cls=Verb, help=N_("Read what the office asks you, opened and proved on this machine."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(folder: Path, key: Path | None, lang: str | None, *, as_json: bool) -> None:
    """Show the questions of a case."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = CaseFile.load(folder)
        case.require_filed()
        root = find_root(key, folder)
        with reach(case.url) as transport:
            case = followed(transport, case, folder)
            found = fetch_messages(transport, open_case(transport, case, root), clock, folder)
    if as_json:
        out_json([question.plain() for question in found])
    else:
        _tell(found, folder)


def _tell(found: tuple[OfficeQuestion, ...], folder: Path) -> None:
    if not found:
        out(say(N_("The office has asked you nothing.")))
        return
    for question in found:
        _tell_one(question)
    note(say(N_("✓ means: proved on this machine against the public log.")))
    if any(question.is_open for question in found):
        note(say(N_("Nobody has to answer. Decide it together, and put no name in an answer.")))
        note(
            say(
                N_(
                    "To answer: “resguardo answer --case {folder} ANSWER.yaml”, with “text:” in the file, and "
                    "“evidence:” as in a petition."
                ),
                folder=folder,
            )
        )


def _tell_one(question: OfficeQuestion) -> None:
    who = say(WHO.get(question.role, N_("Somebody")))
    values = {"number": question.number, "who": who, "day": day(question.asked)}
    out(say(N_("✓ Question {number}. {who} asked it on {day}."), **values))
    out(label(language(), "question", question.state))
    if question.is_open:
        out(say(N_("Answer asked for by {day}."), day=day(question.until)))
    out()
    for line in question.text.split("\n"):
        out(f"  {printable(line, _LONGEST)}".rstrip())
    out()
