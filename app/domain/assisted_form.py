"""The questions of the assisted page, and the petition that their answers make (law L2's other door, for people).

Rules
    1. Plain questions in place of the content model's fields; what nobody asked for is not in the petition.
    2. Each question says who will see its answer: the office (after blacking out), or only the holders of the case.
    3. Only few are needed: the workplace, where it is, what happened. Witnesses are optional, each for themselves.
    4. An answer that no question has, or a choice that no list has, is refused: it did not come from the page.

Worked example: `story-happened`, `story-who` and `story-after` are three questions, and `facts.narrative` holds their
answers as paragraphs, which the review then looks through as one text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.errors import AssistedError
from app.domain.labels import TABLES
from app.domain.petition import vocabulary
from app.i18n import N_

Kind = Literal["line", "area", "month", "day", "one", "many", "list"]
Sees = Literal["office", "sealed"]
LONGEST_LINE = 200
LONGEST_STORY = 8000
"""Characters of one text; the whole of a filing stays far below what a form may carry."""
MOST_WITNESSES = 20
MOST_EVIDENCE = 8
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
STATES = (
    *("Aguascalientes", "Baja California", "Baja California Sur", "Campeche", "Chiapas", "Chihuahua"),
    *("Ciudad de México", "Coahuila", "Colima", "Durango", "Estado de México", "Guanajuato", "Guerrero", "Hidalgo"),
    *("Jalisco", "Michoacán", "Morelos", "Nayarit", "Nuevo León", "Oaxaca", "Puebla", "Querétaro", "Quintana Roo"),
    *("San Luis Potosí", "Sinaloa", "Sonora", "Tabasco", "Tamaulipas", "Tlaxcala", "Veracruz", "Yucatán", "Zacatecas"),
)
MISSING = N_("This is needed. Without it the petition cannot be filed.")
TOO_LONG = N_("This is too long: at most {limit} characters fit.")
NOT_A_MONTH = N_("Write year and month with digits, such as 2025-08.")
NOT_A_DAY = N_("Write year, month and day with digits, such as 2025-08-14.")
NAME_OR_STORY = N_("Write a name, or what this person saw. If you want neither, go back to the list.")


@dataclass(frozen=True)
class Question:
    """One question; `table` names the labels of its options, `options` their codes, `words` and `hint` are msgids."""

    name: str
    words: str
    kind: Kind = "line"
    hint: str = ""
    sees: Sees = "office"
    needed: bool = False
    table: str = ""
    options: tuple[str, ...] = ()
    longest: int = LONGEST_LINE


@dataclass(frozen=True)
class Step:
    """One page of questions; with `most` it is asked again for each entry of a list, at most so often."""

    name: str
    title: str
    lead: str
    questions: tuple[Question, ...]
    most: int = 0
    entry: str = ""
    """Title of one entry's page."""

    @property
    def names(self) -> frozenset[str]:
        """The names of its questions."""
        return frozenset(question.name for question in self.questions)


YES_NO = ("yes", "no", "unsure")
FILERS = ("organization", "workers", "nobody")

STEPS = (
    Step(
        "workplace",
        N_("The workplace"),
        N_("Which company, and where. The office must know it to do anything."),
        (
            Question("workplace-name", N_("Name of the company or workplace"), needed=True),
            Question("workplace-address", N_("Street and number"), hint=N_("If you know it.")),
            Question("workplace-municipality", N_("Town or municipality"), needed=True),
            Question("workplace-state", N_("State"), "list", needed=True, options=STATES),
        ),
    ),
    Step(
        "story",
        N_("What happened"),
        N_(
            "Tell it as you would tell a friend. Could your employer tell from it who you are? On a later page you see "
            "every name and detail that was found, and choose what is hidden."
        ),
        (
            Question(
                "story-happened",
                N_("What happened?"),
                "area",
                hint=N_("What they did, to whom and where. If you can, say how you know it."),
                needed=True,
                longest=LONGEST_STORY,
            ),
            Question(
                "story-who",
                N_("Who did it?"),
                "area",
                hint=N_("Their post is enough: supervisor, head of personnel, union delegate."),
                longest=LONGEST_STORY,
            ),
            Question(
                "story-after",
                N_("What happened afterwards?"),
                "area",
                hint=N_("Dismissals, threats, changes of post, promises."),
                longest=LONGEST_STORY,
            ),
            Question("story-from", N_("When did it begin?"), "month", hint=N_("Year and month, such as 2025-08.")),
            Question("story-to", N_("When was the last time?"), "month", hint=N_("Leave it empty if it goes on.")),
        ),
    ),
    Step(
        "rights",
        N_("What they keep you from"),
        N_("Choose everything that fits. If you are not sure, leave it: the story counts."),
        (Question("rights-denied", N_("What did the company or the union do?"), "many", table="denial_plain"),),
    ),
    Step(
        "witness",
        N_("Who saw it"),
        N_(
            "You need not name anyone. Names help to find people again if the case goes on. Whatever you write here is "
            "sealed: the office does not see it."
        ),
        (
            Question("witness-name", N_("Name"), hint=N_("First name and both surnames, if you know."), sees="sealed"),
            Question(
                "witness-alias",
                N_("What people call them"),
                hint=N_("A nickname. It is searched for in your story, to be hidden."),
                sees="sealed",
            ),
            Question("witness-number", N_("Employee number"), hint=N_("If you know it."), sees="sealed"),
            Question("witness-post", N_("Post and shift"), sees="sealed"),
            Question("witness-reach", N_("How to reach this person"), hint=N_("Telephone or e-mail."), sees="sealed"),
            Question("witness-saw", N_("What did they see?"), "area", sees="sealed", longest=LONGEST_STORY),
            Question(
                "witness-agrees",
                N_("Does this person know that you give their name?"),
                "one",
                hint=N_("Ask first. They can say no."),
                sees="sealed",
                table="answer",
                options=YES_NO,
            ),
            Question(
                "witness-exposed",
                N_("Could your employer tell from your story who this is?"),
                "one",
                hint=N_("If so, look at your story again: leave out what only this person could know."),
                sees="sealed",
                table="answer",
                options=YES_NO,
            ),
        ),
        MOST_WITNESSES,
        N_("A person who saw it"),
    ),
    Step(
        "proof",
        N_("What shows it"),
        N_(
            "Papers, photographs, messages. Here you only say what there is. You choose the files on the last page, "
            "and they are sealed there. The office sees this list, and no file."
        ),
        (
            Question(
                "proof-title", N_("What is it?"), hint=N_("Such as: letter of dismissal. Without names."), needed=True
            ),
            Question("proof-kind", N_("Kind"), "list", table="evidence", options=tuple(vocabulary.EVIDENCE_KINDS)),
            Question("proof-month", N_("From when?"), "month", hint=N_("Year and month, such as 2025-08.")),
            Question(
                "proof-people",
                N_("Do names or faces of people stand in it?"),
                "one",
                table="answer",
                options=YES_NO,
            ),
        ),
        MOST_EVIDENCE,
        N_("One thing that shows it"),
    ),
    Step(
        "you",
        N_("Who files"),
        N_(
            "Name and contact of an organization go to the office. Name and contact of a person are sealed. You can "
            "leave it all empty: then nobody can ask you anything, and you follow the case with its code."
        ),
        (
            Question("you-filer", N_("Who files this petition?"), "one", table="filer", options=FILERS),
            Question("you-organization", N_("Name of the organization"), hint=N_("Only if an organization files.")),
            Question(
                "you-type",
                N_("Kind of organization"),
                "list",
                table="petitioner",
                options=tuple(vocabulary.ORGANIZATION_TYPES),
            ),
            Question(
                "you-name", N_("Your name"), hint=N_("Only if workers file, and only if you want."), sees="sealed"
            ),
            Question("you-phone", N_("Telephone"), hint=N_("Not one of the company.")),
            Question("you-email", N_("E-mail"), hint=N_("Not one of the company.")),
            Question("you-hours", N_("When is it safe to reach you?")),
        ),
    ),
    Step(
        "more",
        N_("What else helps"),
        N_("The office asks for these. Answer what you know."),
        (
            Question(
                "more-sector",
                N_("What does the workplace do?"),
                "one",
                table="sector_plain",
                options=vocabulary.SECTORS,
            ),
            Question(
                "more-traded",
                N_("Does it sell to the United States or Canada, or compete with what comes from there?"),
                "one",
                table="answer",
                options=YES_NO,
            ),
            Question("more-remedy", N_("What do you ask for?"), "many", table="remedy"),
            Question("more-urgency", N_("Is something about to happen?"), "list", table="urgency"),
            Question("more-day", N_("On which day?"), "day", hint=N_("Such as 2025-08-14.")),
        ),
    ),
)
BY_NAME = {step.name: step for step in STEPS}
QUESTIONS = {question.name: question for step in STEPS for question in step.questions}


def codes_of(question: Question) -> tuple[str, ...]:
    """Return the codes that one may choose."""
    return question.options or tuple(TABLES[question.table]) if question.kind in {"one", "many", "list"} else ()


@dataclass(frozen=True)
class Answers:
    """What was answered: texts and choices by question, and the entries of lists by step."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    entries: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict, repr=False)

    def check(self) -> None:
        """Raise AssistedError, assisted_form, for what the page does not send (rule 4)."""
        single = {name for step in STEPS if not step.most for name in step.names}
        fits = set(self.texts) <= single and set(self.chosen) <= single and set(self.entries) <= set(BY_NAME)
        fits = fits and all(
            set(entry) <= BY_NAME[step].names and len(entries) <= BY_NAME[step].most
            for step, entries in self.entries.items()
            for entry in entries
        )
        if not fits:
            raise AssistedError("assisted_form")


def problem_of(question: Question, text: str) -> tuple[str, dict[str, int]] | None:
    """Return what is wrong with an answer, as a msgid and its values."""
    if question.needed and not text:
        return MISSING, {}
    if len(text) > question.longest:
        return TOO_LONG, {"limit": question.longest}
    if text and question.kind == "month" and not (_MONTH.fullmatch(text) or _DAY.fullmatch(text)):
        return NOT_A_MONTH, {}
    if text and question.kind == "day" and not _DAY.fullmatch(text):
        return NOT_A_DAY, {}
    return None


def problems_of(step: Step, texts: Mapping[str, str]) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Yield question, msgid and values of what is wrong with one page's answers."""
    for question in step.questions:
        wrong = problem_of(question, texts.get(question.name, ""))
        if wrong is not None:
            yield question.name, *wrong
    if step.name == "witness" and not (texts.get("witness-name") or texts.get("witness-saw")):
        yield "witness-name", NAME_OR_STORY, {}


# The petition


def petition_of(answers: Answers, language: str, files: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return the petition in the content model; `files` are names of files by number of the evidence.

    Raises AssistedError: assisted_form.
    """
    answers.check()
    said = answers.texts.get
    petition: dict[str, Any] = _filled(
        {
            "schema_version": "1",
            "kind": "rapid_response",
            "language": language,
            "facility": {
                "legal_name": said("workplace-name"),
                "address": said("workplace-address"),
                "municipality": said("workplace-municipality"),
                "state": said("workplace-state"),
                "country": "MX",
            },
            "facts": {
                "narrative": "\n\n".join(filter(None, map(said, ("story-happened", "story-who", "story-after")))),
                "period_from": said("story-from"),
                "period_to": said("story-to"),
            },
            "denial_types": list(answers.chosen.get("rights-denied", ())),
            "witnesses": [_witness(n, entry) for n, entry in enumerate(answers.entries.get("witness", ()), 1)],
            "evidence": [
                _evidence(n, entry, (files or {}).get(n)) for n, entry in enumerate(answers.entries.get("proof", ()), 1)
            ],
            "priority_sector": {"class": said("more-sector")},
            "covered_basis": {"traded": _flag(said("more-traded"))},
            "remedy": [{"kind": kind} for kind in answers.chosen.get("more-remedy", ())],
            "urgency": {"reason": said("more-urgency"), "date": said("more-day")} if said("more-urgency") else None,
            **_filer(answers.texts),
        }
    )
    return petition


def _witness(number: int, entry: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": f"W{number}",
        "name": {"full": entry.get("witness-name")},
        "aliases": [entry.get("witness-alias")],
        "identifiers": {"employee_number": entry.get("witness-number")},
        "relation": entry.get("witness-post"),
        "contact": {"reach": entry.get("witness-reach")},
        "statement": entry.get("witness-saw"),
        "consent": {"given": _flag(entry.get("witness-agrees"))},
        "risks": ["EMPLOYER_COULD_TELL"] if entry.get("witness-exposed") == "yes" else [],
    }


def _evidence(number: int, entry: Mapping[str, str], file: str | None) -> dict[str, Any]:
    return {
        "id": f"E{number}",
        "kind": entry.get("proof-kind") or "other",
        "title": entry.get("proof-title"),
        "date": entry.get("proof-month"),
        "contains_person_data": _flag(entry.get("proof-people")),
        "file": file,
    }


def _filer(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return petitioners and contact: without an organization's name whoever files is a person, and sealed."""
    said, filer = texts.get, texts.get("you-filer", "")
    contact = {"email": said("you-email"), "phone": said("you-phone"), "safe_hours": said("you-hours")}
    if not any(contact.values()) and filer in {"", "nobody"}:
        return {}
    if filer == "organization" and said("you-organization"):
        named = {"name": {"full": said("you-organization")}, "type": said("you-type") or "organization"}
    elif filer == "workers":
        named = {"name": {"full": said("you-name")}, "type": "group_of_workers"}
    else:
        return {"contact": contact}
    petitioner = {"id": "P1", **named, "country": "MX", "lead": "true"}
    return {"petitioners": [petitioner], "contact": {"petitioner": "P1", **contact} if any(contact.values()) else None}


def _flag(answer: str | None) -> str | None:
    return {"yes": "true", "no": "false"}.get(answer or "")


def _filled(value: Any) -> Any:
    """Return a value without the places that nothing was written into."""
    if isinstance(value, dict):
        found = {name: _filled(inner) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if inner not in (None, "", [], {})}
    if isinstance(value, list):
        return [inner for inner in map(_filled, value) if inner not in (None, "", [], {})]
    return value
