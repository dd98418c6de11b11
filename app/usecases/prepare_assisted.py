"""Begin an assisted filing: words, case number, status code and everything to decide; nothing is stored (law L2).

1. the petition has the hard minimum; 2. words and preparation are drawn, and the case follows from them; 3. the texts
are looked through as on a device; 4. the careful choice is tried, so that the caller sees what the office would read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.assisted import Beginning, check_files, load_petition, named_files, nameless, written_in
from app.domain.errors import FilingError
from app.domain.filing import Review
from app.domain.petition import Loaded
from app.domain.ports import Portal
from crypto import phrase


@dataclass(frozen=True)
class Prepared:
    """What the caller keeps and decides; `careful_record` is None where the careful choice alone does not do."""

    words: tuple[str, ...] = field(repr=False)
    preparation: str = field(repr=False)
    case: str
    status_code: str = field(repr=False)
    loaded: Loaded = field(repr=False)
    review: Review = field(repr=False)
    files: Mapping[str, str] = field(repr=False)
    careful_record: Mapping[str, Any] | None = field(repr=False)
    careful_refusal: FilingError | None


def prepare_assisted(portal: Portal, petition: Mapping[str, Any], language: str, files: Mapping[str, int]) -> Prepared:
    """Prepare a filing; `language` of the words, `files` sizes in bytes by name.

    Raises:
        PetitionRefusedError, RoutedElsewhereError: it cannot be filed as it is.
        AssistedError: file_unknown, file_large.
    """
    loaded = load_petition(petition)  # 1
    check_files(loaded.petition, files)
    beginning = Beginning.fresh(portal.random)  # 2
    case = beginning.case(portal.facts.name)
    review = beginning.review(portal.facts.name, loaded.petition, written_in(loaded.petition, language))  # 3
    record, refusal = _careful(review)  # 4
    return Prepared(
        words=tuple(phrase.words(beginning.root, language)),
        preparation=beginning.preparation,
        case=case.case,
        status_code=case.status_code,
        loaded=loaded,
        review=review,
        files=named_files(loaded.petition),
        careful_record=record,
        careful_refusal=refusal,
    )


def _careful(review: Review) -> tuple[Mapping[str, Any] | None, FilingError | None]:
    try:
        return review.settle(careful=True).record, None
    except FilingError as error:
        refusal = nameless(error)
    assert isinstance(refusal, FilingError)
    return None, refusal
