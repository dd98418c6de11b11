"""The review before filing: what the rules found in every free text, settled by a person before anything is sealed.

1. Collect the free texts (`app.domain.confidentiality`), the known people and the names to keep.
2. Analyse each text in its language. A certain mark is settled: it will be replaced. A likely mark and every
   suggestion is a question.
3. Settle: each question is answered "redact" or "keep"; the careful choice redacts what may tell who someone is and
   keeps what merely looks unusual. Of a day it leaves the month, and of what was done to a witness that it was harm:
   blacked out, nobody would know what the petition is about. Texts that their author flagged `personal_identity` are
   signed off one by one, even if nothing was found in them. Any mark can be said otherwise: another person on the
   list, another person (`[PERSONA-01]`), or no more than a detail; half a name of the list can stay readable, never a
   whole name, an alias or a number of it. With an open question nothing can be filed: only `settle` makes the
   `Settled` that sealing asks for.
4. Build the record from the field table; names and codes lose what belongs to a known person.
5. Look once more, as the portal will (guard) and as only this device can (no token of a known person is left).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.domain.confidentiality import free_texts
from app.domain.errors import FilingError
from app.domain.filing.copies import Copy
from app.domain.filing.form import SALT_BYTES
from app.domain.filing.leftovers import leftovers
from app.domain.filing.people import kept_names, known_people
from app.domain.filing.record import (
    DEFAULT_LANGUAGE,
    build_record,
    flagged,
    free_texts_of_record,
    person_numbers,
    petitioner_label,
)
from app.domain.filing.told import BY_HAND, NOTHING, Told
from app.domain.paths import Path, parse_path, path_text
from app.domain.petition import vocabulary
from app.domain.petition.model import Petition
from app.domain.petition.texts import resolve
from app.domain.redaction import Analysis, Engine, KnownIdentity, Mark, Suggestion, Surrogates, apply, guard
from app.domain.redaction.model import CAPITALISED, CAREFUL_KINDS, OTHER_PERSON, POSSIBLE_NAME, QUASI_IDENTIFIER
from app.domain.redaction.normalise import fold_text
from app.domain.redaction.reasons import reason
from app.domain.redaction.wordings import less_exact
from crypto.canonical import canonical_json
from crypto.secret import Random

Decision = Literal["redact", "keep"]
DETAIL, OTHER, PERSON, LESS = "detail", "other:", "is:", "less:"
"""How a mark is said otherwise: without telling who, another person by number, a known person by their path, in less
exact words."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Finding:
    """One place in one text: code-point offsets, what it is, why it was found, and whether a person must decide."""

    id: str
    path: str
    start: int
    end: int
    kind: str
    reason: str
    open: bool
    careful: bool
    """Whether the careful choice replaces it."""
    person: bool = False
    """Whether it is held for the name of somebody, rather than for a number or a detail."""


@dataclass(frozen=True)
class Settled:
    """A petition whose redaction is settled, and the record that follows from it; made by `Review.settle` only."""

    petition: Petition
    record: Mapping[str, Any]
    record_text: str
    summary: Mapping[str, Any]
    surrogates: Mapping[str, str]
    """The label of each known person by their path in the petition; sealed with the originals."""
    decisions: tuple[Mapping[str, Any], ...]
    copies: Mapping[str, Copy] = field(default_factory=dict)
    """The office's copies of evidence, by the path of their entry; their texts settled like every other."""
    unshown: Mapping[str, str] = field(default_factory=dict)
    """Copies in which something would still show, by path, with its kind: those files stay sealed only."""
    transcripts: Mapping[str, str] = field(default_factory=dict)
    """What is said in recordings, as it was written, by the path of their entry; sealed with the originals."""


class Review:
    """All findings over all free texts of a petition, until they are settled."""

    def __init__(
        self,
        petition: Petition,
        language: str,
        random: Random,
        labels: Mapping[str, str] | None = None,
        copies: Mapping[str, Copy] | None = None,
        told: Told = NOTHING,
        transcripts: Mapping[str, str] | None = None,
    ) -> None:
        """Look at every free text; `labels` are those that witnesses have from an earlier version, by their path.

        `copies` of evidence by the path of their entry: their texts are looked at too. `told`: what people decided
        about an earlier version. `transcripts` are the words from which copies were made, to be sealed.
        """
        self._transcripts = dict(transcripts or {})
        self._petition = petition
        self._random = random
        # Labels are part of the text they stand in; whoever reads the screen in another language reads the same text.
        self.language = petition.language if petition.language in vocabulary.LANGUAGES else language
        self.people = known_people(petition)
        self._keep = kept_names(petition)
        self._engines: dict[str, Engine] = {}
        self._labels = _Labels(petition, self.people, self.language, random, labels)
        self._copies = dict(copies or {})
        self.texts = {path_text(path): text for path, text in free_texts(petition)}
        self.texts |= {_in(path): copy.text for path, copy in self._copies.items() if copy.text is not None}
        self._told = told
        self._relabelled = bool(labels)
        self._said: dict[str, str] = {}
        self._analyses = {path: self._analysed(path, text) for path, text in self.texts.items()}
        self.findings = tuple(_findings(self._analyses))
        self.sign_offs = tuple(_sign_offs(petition, self.texts))

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that a person must decide."""
        return tuple(finding for finding in self.findings if finding.open)

    def quote(self, finding: Finding) -> str:
        """Return the text of a finding, to be shown on this device only."""
        return self.texts[finding.path][finding.start : finding.end]

    def candidates(self, finding: Finding) -> tuple[KnownIdentity, ...]:
        """Return the known people whom a finding may mean: those who share a word with it."""
        words = set(_words(self.quote(finding)))
        return (
            tuple(person for person in self.people if words & set(_words(whole_name(person)))) if finding.person else ()
        )

    def may_stay(self, finding: Finding) -> bool:
        """Tell whether a place may stay readable: what is open, and half a name, which others have too."""
        return finding.open or (finding.person and self._is_half(self.quote(finding)))

    def _is_half(self, quote: str) -> bool:
        names = [_words(whole_name(person)) for person in self.people]
        words = _words(quote)
        return len(words) == 1 and any(words[0] in name for name in names) and not any(name == words for name in names)

    def _kept_halves(self) -> dict[str, Decision]:
        refused = [one for one in self.findings if self._said.get(one.id) == "keep" and not self.may_stay(one)]
        if refused:
            raise FilingError("unknown_decision")
        return {one: "keep" for one, said in self._said.items() if said == "keep"}

    def _told_before(self) -> dict[str, str]:
        """Return what was said of the same words in an earlier text, by the labels that stand for people now."""
        # Without the labels of before, those of now were drawn anew and mean others.
        labels = self._labels.by_person() if self._relabelled else {}
        people = {label: f"{PERSON}{path}" for path, label in labels.items()}
        said = dict[str, str]()
        for finding in self.findings:
            label = self._told.named.get((finding.kind, self.quote(finding).lower()))
            way = None if label is None else people.get(label) or self._labels.otherwise(label)
            if way is not None:
                said[finding.id] = way
        return said

    def _decided(self, finding: Finding, decision: Decision) -> dict[str, Any]:
        where = {"path": finding.path, "start": finding.start, "end": finding.end, "kind": finding.kind}
        said = self._said.get(finding.id)
        # Less exact words are no label: whoever writes the next version without being asked again blacks the place out.
        unlabelled = said in (None, "keep") or str(said).startswith(LESS)
        label = {} if unlabelled else {"as": self._labels.said(str(said))}
        return where | {"decision": decision} | (label if decision == "redact" else {})

    def settle(
        self,
        decisions: Mapping[str, Decision] | None = None,
        *,
        careful: bool = False,
        signed_off: Collection[str] = (),
        otherwise: Mapping[str, str] | None = None,
    ) -> Settled:
        """Return the petition with its redaction settled.

        `decisions` by finding id; `signed_off` are paths of `sign_offs`; with `careful` whatever is not decided takes
        the careful choice and every text is signed off. `otherwise`: what a person said of any finding, also a
        settled one, by its id: `detail`, `other:1`, `is:witnesses[0]`, `less:en agosto`, or `keep` where it may stay.

        Raises:
            FilingError: a question is open, a decision names no question, or something protected would still show.
        """
        self._said = self._told_before() | dict(otherwise or {})
        chosen = self._decide(decisions or {}, careful=careful) | self._kept_halves()
        unsigned = [path for path in self.sign_offs if path not in signed_off]
        if unsigned and not careful:
            raise FilingError("not_signed_off", unsigned[0])
        copies, unshown = self._settle_copies(chosen)
        numbers = {int(parse_path(path)[1]): copy.number for path, copy in copies.items()}
        salt = self._random(SALT_BYTES)
        record = build_record(
            self._petition, lambda path, text: self._redact(path, text, chosen), salt, self.language, numbers
        )
        self._look_again(record)
        kept = [finding for finding in self.findings if chosen.get(finding.id) == "keep"]
        summary = {
            "settled": len(self.findings),
            "careful": careful,
            "kept": _told(kept),
        }
        decided = tuple(self._decided(finding, chosen.get(finding.id, "redact")) for finding in self.findings)
        text = canonical_json(dict(record)).decode()
        return Settled(
            self._petition, record, text, summary, self._labels.by_person(), decided, copies, unshown, self._transcripts
        )

    def _decide(self, decisions: Mapping[str, Decision], *, careful: bool) -> dict[str, Decision]:
        open_ids = {finding.id for finding in self.open}
        if set(decisions) - open_ids:
            raise FilingError("unknown_decision")
        chosen = dict(decisions)
        undecided = [finding for finding in self.open if finding.id not in chosen]
        if undecided and not careful:
            raise FilingError("open_questions", undecided[0].path, count=len(undecided))
        chosen.update({finding.id: "redact" if self._hides(finding) else "keep" for finding in undecided})
        worded = {finding.id: self.less_exact(finding) for finding in undecided if finding.id not in self._said}
        self._said |= {one: f"{LESS}{words}" for one, words in worded.items() if words is not None}
        return chosen

    def less_exact(self, finding: Finding) -> str | None:
        """Return less exact words that may stand in a finding's place; None where there are none."""
        return less_exact(finding.reason, self.quote(finding))

    def _hides(self, finding: Finding) -> bool:
        """Tell whether the careful choice hides it: so it does what somebody hid before."""
        return finding.careful or self._told.hides(finding.kind, self.quote(finding))

    def _analysed(self, path: str, text: str) -> Analysis:
        analysis = self._engine(parse_path(path)).analyse(text)
        return replace(analysis, suggestions=(*analysis.suggestions, *self._told.stretches(text)))

    def _redact(self, path: Path, text: str, chosen: Mapping[str, Decision]) -> str:
        analysis = self._analyses.get(path_text(path))
        if analysis is None:
            # A name or a code: only what belongs to a known person goes.
            marks = [mark for mark in self._engine(path).analyse(text).marks if _is_of_a_known_person(mark)]
        else:
            marks = _marks(path_text(path), analysis, chosen, self._said)
        return apply(text, marks, self._labels)

    def _settle_copies(self, chosen: Mapping[str, Decision]) -> tuple[dict[str, Copy], dict[str, str]]:
        """Return the copies with their texts settled, and those that do not pass the last look, with its reason."""
        copies, unshown = dict[str, Copy](), dict[str, str]()
        for path, copy in self._copies.items():
            if copy.text is None:
                copies[path] = copy
                continue
            text = self._redact(parse_path(_in(path)), copy.text, chosen)
            try:
                self._look_again({"text": text}, {"text": text})
            except FilingError as error:
                unshown[path] = str(error.params.get("kind", ""))
            else:
                copies[path] = replace(copy, text=text)
        return copies, unshown

    def _look_again(self, record: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> None:
        texts = free_texts_of_record(record) if texts is None else texts
        hits = guard.check(texts)
        if hits:
            raise FilingError("guard_hit", hits[0].path, kind=hits[0].kind)
        left = [*self._marked_again(texts), *leftovers(record, self.people)]
        if left:
            raise FilingError("known_token_left", left[0][0], kind=left[0][1])

    def _marked_again(self, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for path, text in texts.items():
            marks = self._engine(parse_path(path)).analyse(text).marks
            kept = {self.quote(one).lower() for one in self.findings if one.path == path and self._stays(one)}
            left = (mark for mark in marks if mark.certainty == "certain")
            yield from ((path, mark.kind) for mark in left if text[mark.start : mark.end].lower() not in kept)

    def _stays(self, finding: Finding) -> bool:
        return self._said.get(finding.id) == "keep" and self._is_half(self.quote(finding))

    def _engine(self, path: Path) -> Engine:
        wanted = str(path[1]) if path[0] == "translations" else self.language
        language = wanted if wanted in vocabulary.LANGUAGES else DEFAULT_LANGUAGE
        if language not in self._engines:
            self._engines[language] = Engine(self.people, self._keep, language)
        return self._engines[language]


def review(petition: Petition, language: str, random: Random) -> Review:
    """Return everything that must be settled in a petition; `language` counts where the petition says none."""
    return Review(petition, language, random)


def _in(path: str) -> str:
    """Return the path of a copy's text, by the path of its evidence."""
    return f"{path}.copy"


def _told(kept: Collection[Finding]) -> list[dict[str, str]]:
    """Return what the manifest says of marks that stay readable; of a copy each kind once, a chat has thousands."""
    marks = [{"path": finding.path, "kind": finding.kind} for finding in kept]
    once = {(mark["path"], mark["kind"]): mark for mark in marks if mark["path"].endswith(".copy")}
    return [*(mark for mark in marks if not mark["path"].endswith(".copy")), *once.values()]


class _Labels(Surrogates):
    """Which label stands for what: the engine's for witnesses, `[PETICIONARIA-1]` for persons who petition."""

    def __init__(
        self,
        petition: Petition,
        people: Collection[KnownIdentity],
        language: str,
        random: Random,
        known: Mapping[str, str] | None = None,
    ) -> None:
        numbers = person_numbers(petition)
        self._petitioners = {
            path_text(("petitioners", place)): petitioner_label(number, language) for place, number in numbers.items()
        }
        self._people = [person.id for person in people]
        ids = [person for person in self._people if person not in self._petitioners]
        super().__init__(ids, language, random, known)

    def for_mark(self, mark: Mark) -> str:
        """Return what replaces a mark."""
        if mark.label == "PERSON" and mark.identity_id in self._petitioners:
            return self._petitioners[mark.identity_id]
        if (mark.identity_id or "").startswith(LESS):
            return str(mark.identity_id).removeprefix(LESS)
        if (mark.identity_id or "").startswith(OTHER):
            number = int(str(mark.identity_id).removeprefix(OTHER))
            return f"{self.for_label('PERSON')[:-1]}-{number:02d}]"
        return super().for_mark(mark)

    def said(self, otherwise: str) -> str:
        """Return the label that a mark said otherwise has."""
        return self.for_mark(_otherwise(Mark(0, 0, "", None, "", "certain", ""), otherwise))

    def otherwise(self, label: str) -> str | None:
        """Return what was said of a mark that has a label of no known person; None where it means nothing here."""
        if label == self.for_label("DETAIL"):
            return DETAIL
        before = f"{self.for_label('PERSON')[:-1]}-"
        number = label.removeprefix(before).removesuffix("]")
        return f"{OTHER}{int(number)}" if label.startswith(before) and number.isdecimal() else None

    def by_person(self) -> dict[str, str]:
        """Return the label of each known person."""
        return {person: self._petitioners.get(person) or self.for_identity(person) for person in self._people}


def _findings(analyses: Mapping[str, Analysis]) -> Iterator[Finding]:
    for path, analysis in analyses.items():
        for mark in analysis.marks:
            likely = mark.certainty != "certain"
            where = (_id(path, mark), path, mark.start, mark.end)
            yield Finding(*where, mark.kind, mark.reason, open=likely, careful=True, person=mark.label == "PERSON")
        for item in analysis.suggestions:
            by_hand = item.kind == BY_HAND
            careful = by_hand or item.kind in CAREFUL_KINDS
            where = (_id(path, item), path, item.start, item.end)
            person = _LABELS.get(item.kind) == "PERSON"
            yield Finding(*where, item.kind, item.reason, open=not by_hand, careful=careful, person=person)


def _id(path: str, found: Mark | Suggestion) -> str:
    return f"{path}:{found.start}-{found.end}:{found.kind}"


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_text(text))


def whole_name(person: KnownIdentity) -> str:
    """Return the name as it is usually written."""
    return person.name or " ".join((person.given, person.surname1, person.surname2))


def _is_of_a_known_person(mark: Mark) -> bool:
    sure = mark.certainty == "certain" or mark.reason == reason("namesake")
    return sure and (mark.label == "PERSON" or mark.identity_id is not None)


def _sign_offs(petition: Petition, texts: Collection[str]) -> Iterator[str]:
    """Yield the free texts that their author flagged: by a path, by the mark of an entry, or by a flag on it."""
    plain = petition.plain()
    listed = (resolve(plain, reference) for reference in petition.confidentiality.personal_identity)
    flags = [path_text(path) for path in listed if path] + list(flagged(petition, "personal_identity"))
    for path in texts:
        if any(path == flag or path.startswith((f"{flag}.", f"{flag}[")) for flag in flags):
            yield path


# Suggestions become marks where a person said "redact"


def _otherwise(mark: Mark, said: str) -> Mark:
    """Return a mark as a person said it is."""
    if said == DETAIL:
        return replace(mark, label="DETAIL", identity_id=None)
    if said.startswith(LESS):
        return replace(mark, label="DETAIL", identity_id=said)
    return replace(mark, label="PERSON", identity_id=said.removeprefix(PERSON))


def _marks(path: str, analysis: Analysis, chosen: Mapping[str, Decision], said: Mapping[str, str]) -> list[Mark]:
    as_said = {one: way for one, way in said.items() if way != "keep"}
    marks = [
        _otherwise(mark, as_said[_id(path, mark)]) if _id(path, mark) in as_said else mark
        for mark in analysis.marks
        if chosen.get(_id(path, mark), "redact") == "redact"
    ]
    for item in analysis.suggestions:
        if item.kind == BY_HAND or chosen[_id(path, item)] == "redact":
            way = as_said.get(_id(path, item))
            pieces = _uncovered(item, marks)
            if way and way.startswith(LESS) and [(one.start, one.end) for one in pieces] != [(item.start, item.end)]:
                way = None  # the words fit the whole stretch only
            marks += [_otherwise(mark, way) if way else mark for mark in pieces]
    return sorted(marks, key=lambda mark: mark.start)


def _uncovered(item: Suggestion, marks: Collection[Mark]) -> list[Mark]:
    """Return marks for what of a suggestion no other mark covers, so that none overlap."""
    pieces = []
    start = item.start
    inside = sorted((mark for mark in marks if mark.start < item.end and mark.end > item.start), key=lambda m: m.start)
    for mark in inside:
        if mark.start > start:
            pieces.append((start, mark.start))
        start = max(start, mark.end)
    if start < item.end:
        pieces.append((start, item.end))
    label = _LABELS.get(item.kind, "IDENTIFIER")
    return [Mark(first, last, label, None, item.kind, "certain", item.reason) for first, last in pieces]


_LABELS = {
    OTHER_PERSON: "PERSON",
    POSSIBLE_NAME: "PERSON",
    CAPITALISED: "PERSON",
    QUASI_IDENTIFIER: "DETAIL",
    BY_HAND: "DETAIL",
}
