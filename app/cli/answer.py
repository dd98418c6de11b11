"""`resguardo answer`: an answer to the office, settled and sealed here like a petition."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.cli.access import FROM_INPUT, clock, find_root, randomness
from app.cli.carried import carry
from app.cli.clean import cleaned, show
from app.cli.command import Verb, option
from app.cli.file import LARGEST_PETITION, show_progress, written_in
from app.cli.filed import at_portal, filed_case
from app.cli.language import language, say
from app.cli.moments import day
from app.cli.review import settle
from app.cli.supplement import files_beside, from_the_newest, plain_readers, readers_of, tell_readers
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.answering import AnswerError, choose
from app.client.case import CaseFile
from app.client.errors import ReviewError
from app.client.folder import read_file
from app.client.messages import OfficeQuestion, read_messages
from app.client.opening import fetch_contents, open_case
from app.client.proofs import ProvedEntry
from app.client.revising import PendingRevision, exchange, keep, known_of, resume, sink_of
from app.client.showing import copies_after
from app.client.signin import signed_in
from app.client.transport import Transport, printable
from app.client.trust import OpenedCase
from app.domain.filing import Review
from app.domain.filing.answering import line_of, load_answer, respond
from app.domain.filing.revising import Known, Revision
from app.domain.labels import label
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

_LONGEST = 1_000_000


@click.command(
    "answer", cls=Verb, help=N_("Answer a question of the office: settled and sealed here, like a petition.")
)
@click.argument("answer", type=click.Path(path_type=Path, allow_dash=True))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--question", "number", type=click.IntRange(min=1), help=N_("Number of the question, if several are open."))
@option(
    "--slip", is_flag=True, help=N_("A name slipped: this answer takes the place of the one before, destroyed at once.")
)
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--yes", "careful", is_flag=True, help=N_("Ask nothing: hide whatever could tell who somebody is, and send."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    answer: Path,
    folder: Path,
    number: int | None,
    slip: bool,
    key: Path | None,
    lang: str | None,
    careful: bool,
    as_json: bool,
) -> None:
    """Send an answer."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        if answer == key == FROM_INPUT:
            raise AnswerError("both_from_input")
        data = _read(answer)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, kept):
            earlier = _answered_by(PendingRevision.load(folder))
            finished = resume(transport, kept, folder, root, clock, show_progress)
            if finished is not None:
                note(say(N_("An earlier change had no answer. It was sent again, and is confirmed now.")))
            case = finished or kept
            if finished is not None and earlier is not None and number in (None, earlier) and not slip:
                # What is sealed is sent as it is: an answer counts once, and the file may be another one since.
                done = Done(case, earlier, late=None)
            else:
                beside = Path() if answer == FROM_INPUT else answer.parent
                work = _Answer(transport, folder, data, beside, number, slip=slip, careful=careful)
                done = work.run(case, root)
    _tell(done, slip=slip, as_json=as_json)


def _read(path: Path) -> bytes:
    if path == FROM_INPUT:
        return sys.stdin.buffer.read(LARGEST_PETITION + 1)
    return read_file(path, LARGEST_PETITION)


def _answered_by(pending: PendingRevision | None) -> int | None:
    """Return the question that a sealed version which waits in the folder answers."""
    said = pending.call.get("answer") if pending is not None else None
    return int(said["question"]) if said else None


@dataclass(frozen=True)
class Done:
    """What came of it: the case, the question's number, and who had read an answer that was destroyed.

    `late` is None for an answer that an earlier run sealed: when that reached the portal is in the history.
    """

    case: CaseFile
    question: int
    late: bool | None
    readers: tuple[ProvedEntry, ...] = ()


class _Answer:
    """One answer, from the newest version to its receipt; begun again where somebody else was faster."""

    def __init__(
        self,
        transport: Transport,
        folder: Path,
        data: bytes,
        beside: Path,
        number: int | None,
        *,
        slip: bool,
        careful: bool,
    ) -> None:
        self._transport = transport
        self._folder = folder
        self._data = data
        self._beside = beside
        self._number = number
        self._slip = slip
        self._careful = careful

    def run(self, case: CaseFile, root: SecretBytes) -> Done:
        """Open, choose, settle, seal, ask, send."""
        return from_the_newest(lambda: self._once(case, root))

    def _once(self, case: CaseFile, root: SecretBytes) -> Done:
        opened = open_case(self._transport, case, root)
        with signed_in(self._transport, opened, clock):
            question = self._choose(opened)
            _show_question(question)
            revision = self._sealed(known_of(opened, fetch_contents(self._transport, opened)), question)
            self._agree(revision)
            readers = readers_of(self._transport, opened, self._folder) if self._slip else ()
            pending = keep(self._folder, revision, opened)
            filed, _ = exchange(self._transport, opened, self._folder, pending, show_progress)
        return Done(filed, question.number, question.state == "OVERDUE", readers)

    def _choose(self, opened: OpenedCase) -> OfficeQuestion:
        questions = read_messages(self._transport, opened, self._folder)
        answered = {question for question, _ in opened.manifest.answers}
        return choose(questions, answered, self._number, slip=self._slip)

    def _sealed(self, known: Known, question: OfficeQuestion) -> Revision:
        loaded = load_answer(known, self._data)
        petition, before = loaded.petition, known.answer_of(question.number)
        files = files_beside(petition, lambda evidence: line_of(before, evidence), self._beside)
        spoken = written_in(loaded)
        said = known.transcripts(petition, question.number)
        shown = cleaned(petition, self._beside, spoken, careful=self._careful, asks=True, transcripts=said)
        copies = copies_after(known, petition, shown, question.number)
        labels = known.labels(petition)
        review = Review(petition, spoken, randomness, labels, copies, known.told(), {**said, **shown.transcripts})
        shown, settled = carry(shown, settle(review, careful=self._careful), careful=self._careful)
        show(self._folder, petition, shown, settled)
        note(say(N_("Sealing on this machine…")))
        sink = sink_of(self._folder)
        return respond(known, question.number, settled, files, sink, randomness, destroys=self._slip)

    def _agree(self, revision: Revision) -> None:
        """Show what the office will read, and have it confirmed."""
        assert revision.answer is not None, "a version that answers brings an answer"
        _show_record(json.loads(revision.answer["record"]))
        if self._slip:
            note("  " + say(N_("older versions of what the office reads: destroyed at once")))
        if self._careful:
            return
        if not is_interactive():
            raise ReviewError("unconfirmed")
        if not confirm(say(N_("Send it now?"))):
            raise ReviewError("stopped")


def _show_question(question: OfficeQuestion) -> None:
    note(say(N_("Question {number} of the office:"), number=question.number))
    _quote(question.text)
    if question.state == "OVERDUE":
        note(
            say(
                N_("An answer was asked for by {day}. A late one counts, and is marked as late."),
                day=day(question.until),
            )
        )


def _show_record(record: Mapping[str, Any]) -> None:
    note(say(N_("This is what the office will read of your answer:")))
    _quote(str(record["text"]))
    for item in record["evidence"]:
        kind = label(language(), "evidence", str(item.get("kind", "")))
        shown = (item.get("id"), kind, item.get("title"), item.get("date") or item.get("month"))
        note("  - " + " · ".join(printable(str(value), _LONGEST) for value in shown if value))
    note(say(N_("Files and the text as you wrote it are sealed, for holders only.")))


def _quote(text: str) -> None:
    note()
    for line in text.split("\n"):
        note(f"  {printable(line, _LONGEST)}".rstrip())
    note()


def _tell(done: Done, *, slip: bool, as_json: bool) -> None:
    version = done.case.manifest_version
    if as_json:
        readers = plain_readers(done.readers)
        said = {"case": done.case.case, "version": version, "question": done.question, "late": done.late}
        out_json(said | {"readers": readers})
        return
    words = N_("Question {number} is answered in version {version}, with a receipt whose proof was checked here.")
    out(say(words, number=done.question, version=version))
    if done.late:
        out(say(N_("It came after the day that was asked for. It counts, and is marked as late.")))
    if slip:
        tell_readers(done.readers)
