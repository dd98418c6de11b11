"""`resguardo messages`: the office's questions, opened and proved on this machine."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.history import WHO
from app.cli.language import language, say
from app.cli.moments import day, day_and_time
from app.cli.supplement import plain_readers
from app.cli.terminal import note, out, out_json, reported
from app.client.messages import OfficeFlag, OfficeQuestion, read_messages, readers_of_flagged
from app.client.opening import open_case
from app.client.proofs import ProvedEntry
from app.client.signin import signed_in
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
        case = filed_case(folder)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, case):
            opened = open_case(transport, case, root)
            with signed_in(transport, opened, clock):
                found = read_messages(transport, opened, folder)
                seen = {
                    question.number: readers_of_flagged(opened, folder, transport, question.flag.record)
                    for question in found
                    if question.flag is not None
                }
    if as_json:
        out_json([question.plain() | {"readers": plain_readers(seen.get(question.number, ()))} for question in found])
    else:
        _tell(found, folder, seen)


def _tell(found: tuple[OfficeQuestion, ...], folder: Path, seen: Mapping[int, Sequence[ProvedEntry]]) -> None:
    if not found:
        out(say(N_("The office has asked you nothing.")))
        return
    for question in found:
        _tell_one(question)
        if question.flag is not None:
            _tell_flag(question.flag, seen[question.number], folder, is_open=question.is_open)
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
    if question.flag is not None:
        out(say(N_("✓ Flag {number}. {who} says that a person may be seen in what the office reads; {day}."), **values))
    else:
        out(say(N_("✓ Question {number}. {who} asked it on {day}."), **values))
    out(label(language(), "question", question.state))
    if question.is_open:
        out(say(N_("Answer asked for by {day}."), day=day(question.until)))
    out()
    for line in question.text.split("\n"):
        out(f"  {printable(line, _LONGEST)}".rstrip())
    out()


def _tell_flag(flag: OfficeFlag, readers: Sequence[ProvedEntry], folder: Path, *, is_open: bool) -> None:
    out("  " + say(N_("Where: {place}"), place=place_words(flag)))
    if is_open and flag.hold:
        out("  " + say(N_("Held back: nobody of the office opens it until you decide.")))
    out("  " + (say(N_("Who has seen it:")) if readers else say(N_("Nobody else has seen it."))))
    for entry in readers:
        out(f"    {say(WHO.get(entry.fields['role'], N_('Somebody')))} · {day_and_time(entry.fields['time'])}")
    if is_open:
        note("  " + say(N_("Decide it together:")))
        redact = N_("cover it: “resguardo supplement --case {folder} PETITION.yaml” makes it anew, this one goes;")
        note("  · " + say(redact, folder=folder))
        keep = N_("or let it be seen: “resguardo answer --case {folder} ANSWER.yaml” with your reason.")
        note("  · " + say(keep, folder=folder))
    out()


def place_words(flag: OfficeFlag) -> str:
    """Return a place in words."""
    name, _, version = flag.record.partition("/")
    if not name.startswith("evidence-"):
        return say(
            N_("the record, version {version}: {part}"), version=version, part=label(language(), "part", flag.part)
        )
    copy = name.removeprefix("evidence-")
    if not flag.page:
        return say(N_("copy {copy} of evidence, version {version}"), copy=copy, version=version)
    where = N_("copy {copy} of evidence, version {version}, page {page}: {across} % from left, {down} % from top")
    return say(where, copy=copy, version=version, page=flag.page, across=flag.across, down=flag.down)
