"""Less exact words for a day of one person and for what was done to them: struck out, a petition would say nothing.

They fit the sentence in the place of exactly the stretch asked about, and are those that the page offers first
(`app/static/file/wordings.js`).
"""

import re
from collections.abc import Callable

from app.domain.redaction.normalise import fold_text
from app.domain.redaction.reasons import reason

_Words = str | Callable[[list[str]], str]
"""What stands there; made from the parts of a form that are in brackets, as they were written."""


def _since(since: str, when: str) -> Callable[[list[str]], str]:
    """Return what says a month, and its year if there is one, after a word for *since* or for *in*."""

    def words(parts: list[str]) -> str:
        lead, month, year = parts
        return f"{since if lead[0] in 'dDsS' else when} {month}{year}"

    return words


_FORMS: dict[str, list[tuple[str, _Words]]] = {
    "day": [
        (r"(el|desde el) (?:dia )?(?:[a-z]+ )?(?:\d{1,2}|primero) de ([a-z]+)( del? \d+)?", _since("desde", "en")),
        (r"(on|since) (?:[a-z]+day,? )?(?:the )?([a-z]+\.?) \d+(?:st|nd|rd|th)?,?( 20\d\d)?", _since("since", "in")),
        (
            r"(on|since) (?:[a-z]+day,? )?(?:the )?\d+(?:st|nd|rd|th)? (?:of )?([a-z]+\.?),?( 20\d\d)?",
            _since("since", "in"),
        ),
        (r"(le) (?:[a-z]+ )?(?:\d{1,2}|1er) ([a-z]+)( 20\d\d)?", _since("depuis", "en")),
    ],
    "dismissed": [
        (r"corrieron|despidieron|liquidaron|cesaron|suspendieron", "perjudicaron"),
        (r"corrio|despidio|suspendio", "perjudicó"),
        (r"corren|despiden", "perjudican"),
        (r"(?:despedid|corrid|cesad|suspendid)([oa])", lambda parts: f"perjudicad{parts[0]}"),
        (r"fired|laid off|dismissed|sacked|suspended|terminated", "punished"),
        (r"(?:congedie|licencie|renvoye|suspendu)(e?)", lambda parts: f"pénalisé{parts[0]}"),
    ],
}
_BY_REASON = {reason(key): [(re.compile(form), words) for form, words in forms] for key, forms in _FORMS.items()}


def less_exact(why: str, stretch: str) -> str | None:
    """Return less exact words for a stretch asked about for a reason (a msgid); None where there are none."""
    written = " ".join(stretch.split())
    plain = fold_text(written)
    for form, words in _BY_REASON.get(why, []):
        found = form.fullmatch(plain)
        if found:
            said = words if isinstance(words, str) else words(_parts(found, written))
            return said[0].upper() + said[1:] if written[0].isupper() else said
    return None


def _parts(found: re.Match[str], written: str) -> list[str]:
    """Return what is in brackets with its accents and capitals, where folding left every character in its place."""
    text = written if len(written) == len(found.string) else found.string
    return [text[slice(*found.span(group))] for group in range(1, len(found.groups()) + 1)]
