"""Show what an assisted filing would be: its marks, and with all decided what the office would read; nothing is stored.

1. words and preparation give the case again; 2. the texts are looked through, with the same labels each time; 3. what
was decided is settled, and what is left open is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.assisted import Beginning, load_petition, nameless, written_in
from app.domain.errors import FilingError
from app.domain.filing import Decision, Review
from app.domain.ports import Portal


@dataclass(frozen=True)
class Preview:
    """A filing before it is made; `record` is None while something is open or still shows, and `refusal` says what."""

    case: str
    status_code: str = field(repr=False)
    review: Review = field(repr=False)
    record: Mapping[str, Any] | None = field(repr=False)
    refusal: FilingError | None


def preview_assisted(
    portal: Portal,
    petition: Mapping[str, Any],
    language: str,
    words: str,
    preparation: str,
    decisions: Mapping[str, Decision],
) -> Preview:
    """Return what would be filed.

    Raises:
        PetitionRefusedError, RoutedElsewhereError: it cannot be filed as it is.
        AssistedError: words_…, preparation_form.
    """
    loaded = load_petition(petition)
    beginning = Beginning.read(words, preparation)
    case = beginning.case(portal.facts.name)  # 1
    review = beginning.review(portal.facts.name, loaded.petition, written_in(loaded.petition, language))  # 2
    known = {finding.id for finding in review.open}
    try:
        record = review.settle({mark: choice for mark, choice in decisions.items() if mark in known}).record  # 3
    except FilingError as error:
        refusal = nameless(error)
        assert isinstance(refusal, FilingError)
        return Preview(case.case, case.status_code, review, None, refusal)
    return Preview(case.case, case.status_code, review, record, None)
