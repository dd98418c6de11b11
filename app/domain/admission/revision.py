"""Letting in the next version of a case (rules 11 to 15, and 1, 4 to 10 for what is new)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.admission.calls import Note, Parts, RecordText, Upload, read_call, read_inline
from app.domain.admission.copies import (
    AdmittedCopy,
    CopyCalls,
    Look,
    admit_copies,
    check_index,
    look_here,
    parts_of,
)
from app.domain.admission.notes import check_keys, open_manifest
from app.domain.admission.objects import PartSource, check_objects, check_parts, check_roster
from app.domain.admission.records import admit_answer, admit_record
from app.domain.errors import AdmissionError, ServiceError
from app.domain.filing.form import Strict
from app.domain.filing.manifest import LATER_KINDS, Answered, Copied, Manifest, ObjectEntry
from crypto.digest import sha256_hex
from crypto.framing import FrameKind


class _AnswerCall(Strict):
    """The answer to one question, as the office reads it."""

    question: int
    record: RecordText


class _Call(Strict):
    """The call of a revision (rule 1); `record` is None where the record stays as it is."""

    manifest: Note
    record: RecordText | None
    answer: _AnswerCall | None
    upload: Upload
    parts: Parts
    copies: CopyCalls


@dataclass(frozen=True)
class Before:
    """The version that is the newest so far, and the hash of its note."""

    manifest: Manifest
    sha256: str


@dataclass(frozen=True)
class Changes:
    """What a version changes, in hashes and marks: what the portal stores and deletes, and what the log says."""

    version: int
    record: bool
    answer: int | None
    epoch: int | None
    """The new epoch, None within the old one."""
    destroys: bool
    brought: tuple[ObjectEntry, ...]
    dropped: tuple[ObjectEntry, ...]
    copies: tuple[int, ...] = ()
    """Numbers of the copies of evidence that it brings, also in place of earlier ones."""
    ended: tuple[int, ...] = ()
    """Numbers of those that it takes away or replaces: they are destroyed at once."""

    @property
    def detail(self) -> str:
        """What changed, in plain tokens."""
        tokens = [f"version {self.version}"]
        tokens += ["record"] if self.record else []
        tokens += [f"answer {self.answer}"] if self.answer is not None else []
        tokens += [f"epoch {self.epoch}"] if self.epoch is not None else []
        tokens += [" ".join(map(str, ("evidence", *self.copies)))] if self.copies else []
        tokens += [" ".join(map(str, ("evidence-gone", *self.ended)))] if self.ended else []
        tokens += ["destroys"] if self.destroys else []
        return " ".join(tokens)


@dataclass(frozen=True)
class AdmittedRevision:
    """A next version that passed every rule; `record` and `answer` are None where it brings none."""

    manifest: Manifest
    manifest_note: str
    manifest_sha256: str
    previous: str
    changes: Changes
    record: dict[str, Any] | None
    record_text: str | None
    answer_text: str | None
    upload: str | None
    inline: Mapping[str, bytes] = field(repr=False)
    copies: tuple[AdmittedCopy, ...] = ()

    @property
    def uploaded(self) -> frozenset[str]:
        """The parts that were put before the call."""
        named = {part for entry in self.changes.brought for part in entry.parts}
        return frozenset(named - set(self.inline))


def admit_revision(
    call: Mapping[str, Any], part_source: PartSource, before: Before, look: Look = look_here
) -> AdmittedRevision:
    """Return a revision call that passes every rule of a revision; `look` looks at pages of copies.

    Raises:
        AdmissionError: the first rule that is broken. ServiceError: revision_behind, for a version after another one.
    """
    read = read_call(_Call, call)  # 1
    inline = read_inline(read.parts)
    manifest = _read_manifest(read.manifest, before)  # 11, 12
    _check_epoch(manifest, before.manifest)  # 13
    check_roster(manifest)  # 4
    record = _read_record(read, manifest, before.manifest)  # 5
    answer = _read_answers(read, manifest, before.manifest)  # 15
    check_objects(manifest, LATER_KINDS)  # 6
    brought, dropped = _compare(manifest, before.manifest)  # 13, 14
    _check_indexes(record, answer, manifest, before.manifest)  # 17
    copies = admit_copies(read.copies, manifest, before.manifest.copies, inline, part_source, look)  # 16, 18
    inline = {name: data for name, data in inline.items() if name not in parts_of(read.copies)}
    check_parts(manifest, brought, inline, part_source)  # 7 to 10
    changes = Changes(
        version=manifest.version,
        record=record is not None,
        answer=read.answer.question if read.answer else None,
        epoch=manifest.epoch if manifest.epoch != before.manifest.epoch else None,
        destroys=manifest.destroys,
        brought=brought,
        dropped=dropped,
        copies=tuple(copy.number for copy in copies),
        ended=tuple(entry.copy_ for entry in before.manifest.copies if entry not in manifest.copies),
    )
    return AdmittedRevision(
        manifest=manifest,
        manifest_note=read.manifest,
        manifest_sha256=sha256_hex(read.manifest.encode()),
        previous=before.sha256,
        changes=changes,
        record=record,
        record_text=read.record,
        answer_text=read.answer.record if read.answer else None,
        upload=read.upload,
        inline=inline,
        copies=copies,
    )


# 17.


def _check_indexes(
    record: dict[str, Any] | None, answer: dict[str, Any] | None, manifest: Manifest, before: Manifest
) -> None:
    """Check the index of a new record and of an answer; of what stays, the numbers of the copies stay too."""
    now, then = _by_readable(manifest), _by_readable(before)
    if record is not None:
        check_index(record, now.get(None, ()))
    if answer is not None:
        check_index(answer, now.get(answer["question"], ()), "answer")
    new = {None} if record is not None else set[int | None]()
    new |= {answer["question"]} if answer is not None else set()
    for place in (now.keys() | then.keys()) - new:
        if _numbers(now.get(place, ())) != _numbers(then.get(place, ())):
            raise AdmissionError("copies", "manifest.copies")


def _by_readable(manifest: Manifest) -> dict[int | None, list[Copied]]:
    """Return a manifest's copies by the question of their answer, None for those of the petition."""
    found: dict[int | None, list[Copied]] = {}
    for entry in manifest.copies:
        found.setdefault(entry.question, []).append(entry)
    return found


def _numbers(copies: Iterable[Copied]) -> set[int]:
    return {entry.copy_ for entry in copies}


# 11. and 12.


def _read_manifest(note: str, before: Before) -> Manifest:
    newest = before.manifest
    if _claimed_place(note) != (newest.version + 1, before.sha256):
        # Asked before the signature: after a new epoch, an honest holder who is behind has the old signer's.
        raise ServiceError("revision_behind")
    manifest = open_manifest(note, newest.signer)
    if manifest.portal != newest.portal:
        raise AdmissionError("foreign_portal", "manifest.portal")
    if manifest.case != newest.case:
        raise AdmissionError("case_mismatch", "manifest.case")
    check_keys(manifest)
    return manifest


def _claimed_place(note: str) -> tuple[object, object]:
    """Return version and previous hash as a note has them, unverified: they only choose the words of a refusal."""
    try:
        body = json.loads(note.split("\n")[1])
        return body["version"], body["previous"]
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise AdmissionError("manifest_form", "manifest")


# 13.


def _check_epoch(manifest: Manifest, before: Manifest) -> None:
    names = ("recipient", "signer", "sign_in")
    same = [name for name in names if getattr(manifest, name) == getattr(before, name)]
    if manifest.epoch == before.epoch:
        changed = [name for name in (*names, "status") if getattr(manifest, name) != getattr(before, name)]
        if changed:
            raise AdmissionError("later_version", f"manifest.{changed[0]}")
    elif manifest.epoch != before.epoch + 1:
        raise AdmissionError("later_version", "manifest.epoch")
    elif same:
        raise AdmissionError("later_version", f"manifest.{same[0]}")


# 14.


def _compare(manifest: Manifest, before: Manifest) -> tuple[tuple[ObjectEntry, ...], tuple[ObjectEntry, ...]]:
    """Return what a version brings and what it drops."""
    had = {entry.sha256: entry for entry in before.objects}
    marks = {entry.record: entry.sha256 for entry in before.objects}
    parts = {part for entry in before.objects for part in entry.parts}
    brought = []
    for entry in manifest.objects:
        kept = had.get(entry.sha256)
        place = f"manifest.objects.{entry.record}"
        if kept is None:
            _check_kind(entry, begins_epoch=manifest.epoch != before.epoch)
            if parts & set(entry.parts) or (manifest.epoch == before.epoch and _reuses_mark(entry, marks)):
                raise AdmissionError("kept_object", place)
            brought.append(entry)
        elif kept != entry or manifest.epoch != before.epoch:
            raise AdmissionError("kept_object", place)
    named = {entry.sha256 for entry in manifest.objects}
    dropped = tuple(entry for entry in before.objects if entry.sha256 not in named)
    for entry in dropped:
        _check_kind(entry, begins_epoch=manifest.epoch != before.epoch)
    return tuple(brought), dropped


def _check_kind(entry: ObjectEntry, *, begins_epoch: bool) -> None:
    """Refuse a message that no new case key calls for: questions come from the office, and the log has them."""
    if entry.kind == FrameKind.MESSAGE and not begins_epoch:
        raise AdmissionError("object_kind", f"manifest.objects.{entry.record}")


def _reuses_mark(entry: ObjectEntry, marks: Mapping[str, str]) -> bool:
    """Tell whether an object takes the mark of another: a reader who asked for the one could be given the other."""
    return entry.record in marks


# 5. and 15.


def _read_record(call: _Call, manifest: Manifest, before: Manifest) -> dict[str, Any] | None:
    if call.record is None:
        if manifest.record != before.record:
            raise AdmissionError("record_hash", "record")
        return None
    if manifest.record == before.record:
        raise AdmissionError("later_version", "record")
    return admit_record(call.record, manifest.record)


def _read_answers(call: _Call, manifest: Manifest, before: Manifest) -> dict[str, Any] | None:
    """Return the answer that a version brings, None if there is none."""
    new = _new_answer(manifest, before)
    if (new is None) != (call.answer is None):
        raise AdmissionError("answers", "manifest.answers")
    if new is None or call.answer is None:
        return None
    if new.question != call.answer.question:
        raise AdmissionError("answers", "answer.question")
    return admit_answer(call.answer.record, new.record, new.question)


def _new_answer(manifest: Manifest, before: Manifest) -> Answered | None:
    """Return the answer that a version adds or replaces, None if there is none."""
    answers, known = manifest.answers, before.answers
    questions = [answer.question for answer in answers]
    kept = [answer.question for answer in known]
    if questions[: len(kept)] != kept or len(set(questions)) != len(questions):
        raise AdmissionError("answers", "manifest.answers")
    added = answers[len(known) :]
    replaced = [now for now, then in zip(answers, known, strict=False) if now != then]
    if len(added) + len(replaced) > 1 or (replaced and not manifest.destroys):
        raise AdmissionError("answers", "manifest.answers")
    return next(iter([*added, *replaced]), None)
