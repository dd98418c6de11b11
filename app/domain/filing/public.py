"""The public version: a second, stricter redaction that petitioners may give out, for an employer to answer. Pure.

Rules
    1. It is made from the text as its authors wrote it, by the parts that file a petition: review, sign-off, record.
    2. Only the fields of `_ALLOWED` are in it: no evidence, no witnesses' numbers or work, no contact, no address, no
       business matters; of petitioners only organizations that may be public.
    3. Days become months, hours go: what happened on a day tells who was there.
    4. One label for every witness: two things that the same person saw are not joined.
    5. Every doubtful place is a question, and every text is signed off. Without a person everything doubtful is hidden,
       also names that the office may read.
    6. It keeps its record's salt: once it is called back, nobody tries out names against the hash that stays.
    7. What a person hid from the office stays hidden.

Worked example: "El 11 de agosto a las 21:40 Rosa Ejemplo, de soldadura, vio…" for the office is "El 11 de agosto a las
21:40 [TESTIGO-02], de soldadura, vio…"; in public, hidden by the careful choice, "En agosto [TESTIGO], [DATO], vio…".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.domain.filing.review import LESS, Decision, Review, Settled
from app.domain.filing.told import Told
from app.domain.petition.loading import load_values
from app.domain.redaction.surrogates import surrogate_pattern
from crypto.canonical import canonical_json
from crypto.secret import Random

_ALLOWED: Final[Mapping[str, Any]] = {
    "language": True,
    "facility": ("legal_name", "trade_name", "municipality", "state", "country"),
    "denial_types": True,
    "laws": True,
    "facts": ("period_from", "period_to", "summary", "narrative", "timeline"),
    "remedy": True,
    "petitioners": True,
}
_AROUND: Final = ("kind", "language", "unions", "ownership")
"""What is read for the names that must stay readable, and is not shown."""
_PUBLIC: Final = ("name", "type", "country")
_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "january february march april may june july august september october november december "
    "janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre"
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS.split())})"
_ARTICLE = r"(?:(?P<article>del|el|on|le|du)\s+)?(?:the\s+)?"
_DAY = r"(?:\d{1,2}(?:°|º|er|st|nd|rd|th)?|primero)"
_BEFORE_A_MONTH: Final = {"el": "en", "del": "de", "on": "in", "le": "en", "du": "de"}
_DAYS: Final = (
    (re.compile(r"\b(?P<kept>\d{4}-\d{2})-\d{2}\b"), r"\g<kept>"),
    (re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.](?P<kept>\d{4})\b"), r"\g<kept>"),
    (re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2}\b"), "…"),
    (re.compile(rf"\b{_ARTICLE}{_DAY}\s+(?:de\s+|of\s+)?{_MONTH}\b", re.IGNORECASE), r"\g<month>"),
    (re.compile(rf"\b{_ARTICLE}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE), r"\g<month>"),
    (re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:h|hrs?|horas|[ap]\.?\s?m\.?))?(?!\w)", re.IGNORECASE), "…"),
    (re.compile(r"\b\d{1,2}\s*(?:hrs|horas|heures|[ap]\.\s?m\.|[ap]m)(?!\w)", re.IGNORECASE), "…"),
)
_NUMBER = re.compile(r"-[0-9]{2,4}\]$")


class PublicReview(Review):
    """The review of a public version: everything that filing asks about, and each text signed off."""

    def all_hidden(self) -> Settled:
        """Return it with everything doubtful hidden (rule 5)."""
        decisions: dict[str, Decision] = {finding.id: "redact" for finding in self.open}
        worded = {finding.id: self.less_exact(finding) for finding in self.open}
        said = {one: f"{LESS}{words}" for one, words in worded.items() if words is not None}
        return self.settle(decisions, signed_off=self.sign_offs, otherwise=said)


def review_for_public(petition: Mapping[str, Any], language: str, random: Random, told: Told) -> PublicReview:
    """Return the review of what may become public of a petition as written, witnesses included (rules 1 to 3)."""
    values: dict[str, Any] = {name: petition[name] for name in _AROUND if name in petition}
    values |= {name: months(_part(petition[name], kept)) for name, kept in _ALLOWED.items() if name in petition}
    values["witnesses"] = [
        {name: value for name, value in witness.items() if name != "statement"}
        for witness in petition.get("witnesses", ())
    ]
    values["confidentiality"] = _confidentiality(petition) | {"personal_identity": list(_texts(values))}
    # Whoever keeps a piece of evidence is looked for too; such an entry shows nothing of itself.
    keepers = [{"holder": item["holder"]} for item in petition.get("evidence", ()) if item.get("holder")]
    values |= {"evidence": keepers} if keepers else {}
    return PublicReview(load_values(values).petition, language, random, told=told)


def _confidentiality(petition: Mapping[str, Any]) -> dict[str, Any]:
    """Return which petitioners may be public, and what of the fields that are left is business confidential."""
    said = dict(petition.get("confidentiality", {}))
    marked = said.pop("business_confidential", ())
    return said | {"business_confidential": [path for path in marked if re.split(r"[.\[]", path)[0] in _ALLOWED]}


def public_version(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be given out of a settled record, without what is business confidential (rules 2 and 4)."""
    shown = {name: _part(record[name], kept) for name, kept in _ALLOWED.items() if name in record}
    organizations = [each for each in shown.get("petitioners", ()) if each.get("public")]
    shown["petitioners"] = [{name: each[name] for name in _PUBLIC if name in each} for each in organizations]
    unlabelled = _each_text(shown, lambda text: surrogate_pattern().sub(lambda found: _NUMBER.sub("]", found[0]), text))
    salt = {"salt": record["salt"]} if "salt" in record else {}
    return {"v": 1, **salt, **months(unlabelled)}


def canonical(version: Mapping[str, Any]) -> bytes:
    """Return a public version in the one spelling that has a hash."""
    return canonical_json(dict(version))


def months(value: Any) -> Any:
    """Return texts with months where days stood, and without hours (rule 3)."""
    return _each_text(value, _without_days)


def _without_days(text: str) -> str:
    """Go over a text until nothing changes: what one rule leaves may be a day to another."""
    before = ""
    while before != text:
        before = text
        for pattern, kept in _DAYS:
            text = pattern.sub(lambda found, kept=kept: _article(found) + found.expand(kept), text)  # type: ignore[misc]  # bound now
    return text


def _article(found: re.Match[str]) -> str:
    """Return what stands before a month where another word stood before a day."""
    article = found.groupdict().get("article")
    if not article:
        return ""
    word = _BEFORE_A_MONTH[article.lower()]
    return f"{word.capitalize() if article[0].isupper() else word} "


def _each_text(value: Any, change: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _each_text(each, change) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


def _part(value: Any, kept: Any) -> Any:
    if kept is True or not isinstance(value, Mapping):
        return value
    return {name: value[name] for name in kept if name in value}


def _texts(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of the texts that are to be signed off."""
    facts = values.get("facts", {})
    yield from (f"facts.{name}" for name in ("summary", "narrative") if facts.get(name))
    yield from (f"facts.timeline[{place}].what" for place, _ in enumerate(facts.get("timeline", ())))
    yield from (f"remedy[{place}].detail" for place, each in enumerate(values.get("remedy", ())) if each.get("detail"))
