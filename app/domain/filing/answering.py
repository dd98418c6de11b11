"""An answer to the office: written, settled like a petition, and sealed into the next version of its case. Pure.

1. Text and evidence are read with the case's own people around them: whoever is known in the petition is looked for in
   the answer, and has the same label.
2. Review and `settle` are those of filing; the answer's record takes the text and the evidence of what they made, and a
   random number that keeps a destroyed answer from being guessed by its hash.
3. Files and the text as written are sealed; copies for the office are those of this answer; the manifest names them
   and the answer, and keeps everything else.
4. A correction takes the place of the answer before it, which is destroyed; a file that it does not bring again stays
   while its evidence entry does.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import AnswerRefusedError, PetitionError, PetitionRefusedError
from app.domain.filing.copies import copies_named, lines_of, seal_copies, transcripts_of
from app.domain.filing.form import SALT_BYTES
from app.domain.filing.parts import PartSink, PartStore
from app.domain.filing.preparation import UPLOAD_ID_SIZE
from app.domain.filing.review import Settled
from app.domain.filing.revising import Known, Piece, Revision, is_same, next_manifest
from app.domain.filing.sealing import CaseSealer, FileSource, file_line, mark_of
from app.domain.paths import path_text
from app.domain.petition.loading import Loaded, load_values
from app.domain.petition.model import LOCAL
from app.domain.petition.reading import Source, read
from app.domain.petition.vocabulary import nearest
from crypto.canonical import canonical_json
from crypto.digest import sha256_hex
from crypto.framing import FrameKind
from crypto.secret import Random

_FIELDS = ("text", "evidence")
_AROUND = ("kind", "language", "facility", "ownership", "trade", "unions", "proceedings", "petitioners")
"""What of the petition tells whom to look for, and which names must stay readable."""
_TEXT = "facts.narrative"
"""Where the text of an answer stands while it is settled."""


def load_answer(known: Known, data: bytes) -> Loaded:
    """Return an answer, a YAML or JSON file with `text` and `evidence`, as a petition to be settled (step 1).

    Raises:
        AnswerRefusedError: everything that is in the way, each with its field.
    """
    try:
        source = read(data)
        _check_fields(source)
    except PetitionError as error:
        problem = error
    else:
        return _load(known, source)
    raise AnswerRefusedError([problem])


def _check_fields(source: Source) -> None:
    for name in source.value:
        if name not in _FIELDS:
            shown = name if name.replace("_", "").isalnum() and len(name) <= 40 else "…"
            raise PetitionError("unknown_answer", shown, source.line_of((name,)), nearest=nearest(name, _FIELDS))
    if not source.value.get("text"):
        raise PetitionError("missing_answer", "text")


def _load(known: Known, source: Source) -> Loaded:
    petition = known.petition()
    values = {name: petition[name] for name in _AROUND if name in petition}
    values["witnesses"] = [
        {name: value for name, value in witness.items() if name != "statement"} for witness in petition["witnesses"]
    ]
    values["facts"] = {"narrative": source.value["text"]}
    # Whoever keeps a piece of the petition's evidence is looked for too. Such an entry shows nothing of itself.
    keepers = [{"holder": item["holder"]} for item in petition.get("evidence", ()) if item.get("holder")]
    evidence = source.value.get("evidence") or []
    values["evidence"] = [*evidence, *keepers] if isinstance(evidence, list) else evidence
    try:
        return load_values(values)
    except PetitionRefusedError as error:
        problems = [_placed(problem) for problem in error.problems]
    raise AnswerRefusedError(problems)


def _placed(problem: Any) -> Any:
    """Return a problem at the place that the answer's file has, without a line: that was another text's."""
    params = {name: value for name, value in problem.params.items() if name not in ("field", "line")}
    return PetitionError(problem.code, "text" if problem.field == _TEXT else problem.field, **params)


def answer_record(settled: Settled, question: int, random: Random) -> str:
    """Return what the office reads of a settled answer, in canonical form (step 2)."""
    shown = settled.record
    record = {
        "v": 1,
        "question": question,
        "language": shown["language"],
        "text": shown["facts"]["narrative"],
        "evidence": shown.get("evidence", []),
        "salt": random(SALT_BYTES).hex(),
    }
    return canonical_json(record).decode()


def respond(
    known: Known,
    question: int,
    settled: Settled,
    files: Mapping[str, FileSource],
    sink: PartSink,
    random: Random,
    *,
    destroys: bool = False,
) -> Revision:
    """Return the call of the version that answers a question (steps 3 and 4); `files` by their evidence entry's path.

    Raises:
        FilingError: a file changed while it was read.
    """
    record = answer_record(settled, question, random)
    store = PartStore(sink)
    sealer = CaseSealer(known.key, store, random)
    before = known.answer_of(question)
    lines = _seal_files(sealer, settled, files, before)
    sealer.body(FrameKind.ANSWER, sealer.new_record(), _original(settled, question, lines))
    language = settled.record["language"]
    copies, named = copies_named(
        known.manifest,
        before.content.get("copies", ()) if before else (),
        settled.copies.values(),
        lambda new: seal_copies(known.key.case, new, language, store, random),
        question,
    )
    gone = _marks(before) - {line["record"] for line in lines}
    kept = [item for item in known.manifest["objects"] if item["record"] not in gone]
    objects = [*kept, *(item.entry() for item in sealer.objects)]
    changed = {
        "objects": sorted(objects, key=lambda entry: (entry["kind"], entry["record"])),
        "answers": _answers(known.manifest["answers"], question, sha256_hex(record.encode())),
        "destroys": destroys,
        "copies": named,
    }
    return Revision(
        manifest=next_manifest(known.key, known.manifest, known.manifest_sha256, changed),
        record=None,
        answer={"question": question, "record": record},
        upload=random(UPLOAD_ID_SIZE).hex() if store.uploaded else None,
        parts=store.inline,
        uploaded=tuple(store.uploaded),
        copies=copies,
    )


def line_of(before: Piece | None, evidence: str) -> Mapping[str, Any] | None:
    """Return the line of the file that belongs to a piece of an answer's evidence."""
    return next((line for line in _lines(before) if line.get("evidence") == evidence), None)


def _lines(before: Piece | None) -> list[Mapping[str, Any]]:
    return list(before.content.get("files", ())) if before else []


def _marks(before: Piece | None) -> set[str]:
    return {before.record, *(str(line["record"]) for line in _lines(before))} if before else set()


def _seal_files(
    sealer: CaseSealer, settled: Settled, files: Mapping[str, FileSource], before: Piece | None
) -> list[Mapping[str, Any]]:
    lines: list[Mapping[str, Any]] = []
    for place, item in enumerate(settled.petition.evidence):
        path = path_text(("evidence", place))
        known, source = line_of(before, item.id or path), files.get(path)
        if source is not None and not (known and is_same(known, source)):
            lines.append(file_line(sealer, sealer.new_record(), path, item, source))
        elif known is not None:
            lines.append({**known, "title": item.title or ""})
    return lines


def _original(settled: Settled, question: int, lines: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is sealed of an answer as written; how it was settled too, as with a petition."""
    petition = settled.petition
    marks = {path_text(("evidence", place)): mark_of(place, item) for place, item in enumerate(petition.evidence)}
    copies = {"copies": lines_of(settled.copies, marks)} if settled.copies else {}
    return {
        "v": 1,
        "question": question,
        "text": petition.facts.narrative,
        "evidence": [item.model_dump(mode="json", exclude_none=True, exclude=set(LOCAL)) for item in petition.evidence],
        "files": lines,
        **copies,
        **transcripts_of(settled.transcripts, marks),
        "review": [dict(entry) for entry in settled.decisions],
    }


def _answers(before: list[Mapping[str, Any]], question: int, sha256: str) -> list[dict[str, Any]]:
    """Return the manifest's answers with this one: in its place, or after the others."""
    said = {"question": question, "record": sha256}
    answers = [said if item["question"] == question else dict(item) for item in before]
    return answers if said in answers else [*answers, said]
