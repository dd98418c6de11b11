"""From the bytes of a petition file to a petition that can be filed, or to the list of all that is in the way.

1. Read plain values (`reading`).
2. Tell petitions that belong elsewhere where to go.
3. Fit the values into the model; an unknown field names the nearest known one.
4. Check the hard minimum: kind, workplace, place in Mexico, what happened.
5. Check that marks and references fit together.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.domain.confidentiality import rule_of
from app.domain.errors import PetitionError, PetitionRefusedError, RoutedElsewhereError
from app.domain.paths import Path, path_text
from app.domain.petition import vocabulary
from app.domain.petition.advice import Advice, Completeness, completeness, warnings
from app.domain.petition.model import Confidentiality, Petition, Visibility
from app.domain.petition.reading import Source, read
from app.domain.petition.texts import resolve

_CHAPTER = frozenset({"labor_chapter", "labour_chapter", "labor_chapter_petition", "chapter_23", "capitulo_laboral"})
_TIP = frozenset({"tip", "hotline", "denuncia"})
_PYDANTIC = {
    "missing": "missing",
    "string_type": "not_text",
    "bool_type": "not_yes_or_no",
    "int_type": "not_a_number",
    "tuple_type": "not_a_list",
    "model_type": "not_a_group",
    "model_attributes_type": "not_a_group",
    "dict_type": "not_a_group",
}
_ALIKE = 60.0
"""Likeness (0 to 100) above which an unknown name inside a sealed group is shown: below it, it may be a person's."""


@dataclass(frozen=True)
class Loaded:
    """A petition that has the hard minimum, with what its authors should still look at."""

    petition: Petition
    warnings: tuple[Advice, ...]
    completeness: Completeness


def load(data: bytes) -> Loaded:
    """Return the petition of a YAML or JSON file.

    Raises:
        RoutedElsewhereError: a labor chapter petition or a tip.
        PetitionRefusedError: everything that is in the way, each with its field and line.
    """
    # 1.
    try:
        source = read(data)
    except PetitionError as error:
        problem = error
    else:
        return _fit(source)
    raise PetitionRefusedError([problem])


def load_values(value: Mapping[str, Any]) -> Loaded:
    """Return the petition of a parsed JSON body; its numbers count as the text that was written."""
    return load(json.dumps(value).encode())


def _fit(source: Source) -> Loaded:
    # 2.
    route_away(source.value)
    # 3.
    try:
        petition = Petition.model_validate(source.value)
    except ValidationError as error:
        problems = [_problem(detail, source) for detail in error.errors(include_input=False, include_url=False)]
    else:
        # 4. and 5.
        problems = [*_minimum(petition), *_references(petition, source)]
    if problems:
        raise PetitionRefusedError(problems)
    return Loaded(petition, warnings(petition), completeness(petition))


def route_away(value: Mapping[str, Any]) -> None:
    """Raise RoutedElsewhereError for what another office takes."""
    if _folded(value.get("kind")) in _CHAPTER:
        raise RoutedElsewhereError("labor_chapter", "kind")
    if _folded(value.get("intake_kind")) in _TIP or _folded(value.get("kind")) in _TIP:
        raise RoutedElsewhereError("tip", "intake_kind")


def _folded(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return text.strip().lower().replace("-", "_").replace(" ", "_").replace("í", "i")


# 3. pydantic's findings in our words


def _problem(detail: ErrorDetails, source: Source) -> PetitionError:
    path: Path = detail["loc"]
    line = source.line_of(path)
    if detail["type"] == "extra_forbidden":
        shown, best = _unknown(path)
        return PetitionError("unknown_field", shown, line=line, nearest=best)
    code = _PYDANTIC.get(detail["type"], detail["type"])
    context = {name: value for name, value in (detail.get("ctx") or {}).items() if name == "limit"}
    if code not in PetitionError.MESSAGES:
        code = "invalid"
    return PetitionError(code, path_text(path), line=line, **context)


def _unknown(path: Path) -> tuple[str, str]:
    name = str(path[-1])
    known = _names(path[:-1])
    best = vocabulary.nearest(name, known)
    plain = len(name) <= 40 and name.replace("_", "").replace("-", "").isalnum()
    sealed = path[0] in ("witnesses", "petitioners")
    if not plain or (sealed and vocabulary.likeness(name, best) < _ALIKE):
        name = "…"
    return path_text((*path[:-1], name)), path_text((*path[:-1], best))


def _names(path: Path) -> list[str]:
    """Return the names that a place in the model knows."""
    model: Any = Petition
    for step in path:
        if isinstance(step, str):
            model = _inner(model, step)
    return [entry.alias or name for name, entry in model.model_fields.items()]


def _inner(model: type[BaseModel], step: str) -> type[BaseModel]:
    if model is Confidentiality:
        return Visibility
    annotation = next(entry.annotation for name, entry in model.model_fields.items() if (entry.alias or name) == step)
    pending: list[Any] = [annotation]
    while True:
        kind = pending.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
        pending.extend(getattr(kind, "__args__", ()))


# 4. the hard minimum


def _minimum(petition: Petition) -> Iterator[PetitionError]:
    if petition.kind is None:
        yield PetitionError("missing", "kind")
    elif _folded(petition.kind) != "rapid_response":
        yield PetitionError("wrong_kind", "kind")
    if _folded(petition.intake_kind or "PETITION") != "petition":
        yield PetitionError("wrong_intake", "intake_kind")
    if petition.schema_version not in (None, 1):
        yield PetitionError("wrong_version", "schema_version")
    facility = petition.facility
    if not (facility.legal_name or facility.trade_name):
        yield PetitionError("missing_name", "facility.legal_name")
    for name in ("municipality", "state", "country"):
        if not getattr(facility, name):
            yield PetitionError("missing", f"facility.{name}")
    if facility.country and facility.country != "MX":
        yield PetitionError("wrong_country", "facility.country")
    if not (petition.facts.narrative or petition.facts.summary):
        yield PetitionError("missing_facts", "facts.narrative")


# 5. marks and references


def _references(petition: Petition, source: Source) -> Iterator[PetitionError]:
    for name in ("petitioners", "evidence", "witnesses"):
        yield from _repeated(name, [entry.id for entry in getattr(petition, name)], source)
    marks = {entry.id for entry in petition.petitioners}
    for mark in petition.confidentiality.petitioners:
        if mark not in marks:
            path: Path = ("confidentiality", mark)
            best = vocabulary.nearest(mark, [*filter(None, marks), "personal_identity", "business_confidential"])
            yield PetitionError(
                "unknown_field", path_text(path), line=source.line_of(path), nearest=f"confidentiality.{best}"
            )
    if petition.contact and petition.contact.petitioner and petition.contact.petitioner not in marks:
        path = ("contact", "petitioner")
        yield PetitionError("unknown_petitioner", path_text(path), line=source.line_of(path))
    yield from _translated(petition, source)


def _repeated(name: str, marks: list[str | None], source: Source) -> Iterator[PetitionError]:
    for place, mark in enumerate(marks):
        if mark is not None and mark in marks[:place]:
            path: Path = (name, place, "id")
            yield PetitionError("repeated_id", path_text(path), line=source.line_of(path))


def _translated(petition: Petition, source: Source) -> Iterator[PetitionError]:
    plain = petition.plain()
    for language, texts in petition.translations.items():
        for reference in texts:
            found = resolve(plain, reference)
            if found is None or not translatable(found):
                path: Path = ("translations", language, reference)
                best = vocabulary.nearest(
                    reference, ("facts.narrative", "facts.summary", "urgency.note", "evidence.E1.title")
                )
                shown = path_text(("translations", language))
                yield PetitionError("unknown_path", shown, line=source.line_of(path), nearest=best)


def translatable(path: Path) -> bool:
    """Tell whether a path is a free text of which a translation may be given."""
    rule = rule_of(path)
    return rule is not None and rule.free_text and path[0] != "translations"
