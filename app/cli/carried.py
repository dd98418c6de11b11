"""What was struck out of the text and can still be read in a copy: covered there, or said to be readable."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.cli.language import say
from app.cli.terminal import confirm, is_interactive, note
from app.client.cleaning.copying import Cleaned, covered
from app.client.cleaning.struck import Said, still_said, struck_words
from app.client.showing import Shown
from app.domain.filing import Settled
from app.domain.filing.told import BY_HAND
from app.domain.paths import leaves, path_text
from app.domain.redaction.model import CAPITALISED, CAREFUL_KINDS
from app.i18n import N_

_ASKED = frozenset({*CAREFUL_KINDS, CAPITALISED, BY_HAND})
"""Kinds of findings that a person is asked about: whoever is known is found on pages in every spelling."""


def carry(shown: Shown, settled: Settled, *, careful: bool) -> tuple[Shown, Settled]:
    """Carry what was struck into the copies that were made before; asked page by page where somebody can be asked."""
    struck = struck_words(_phrases(settled))
    made = (
        {path: _without(path, each, struck, careful=careful) for path, each in shown.cleaned.items()} if struck else {}
    )
    copies = {
        path: replace(copy, pages=made[path].pages) if path in made and copy.pages else copy
        for path, copy in settled.copies.items()
    }
    return replace(shown, cleaned={**shown.cleaned, **made}), replace(settled, copies=copies)


def _phrases(settled: Settled) -> Iterator[str]:
    texts = {path_text(path): value for path, value in leaves(settled.petition.model_dump(mode="json"))}
    for one in settled.decisions:
        text = texts.get(str(one["path"]))
        if isinstance(text, str) and one["decision"] != "keep" and one["kind"] in _ASKED:
            yield text[one["start"] : one["end"]]


def _without(path: str, made: Cleaned, struck: Mapping[str, str], *, careful: bool) -> Cleaned:
    for page, words in enumerate(made.words):
        said = list(still_said(words, struck))
        if said and (careful or not is_interactive() or not _may_stay(path, page + 1, said)):
            made = covered(made, page, [part for one in said for part in one.parts])
    return made


def _may_stay(path: str, page: int, said: list[Said]) -> bool:
    words = ", ".join(f"“{word}”" for word in dict.fromkeys(one.word for one in said))
    note(
        say(
            N_("{path}, page {page}: the copy still says {words}, which was struck out."),
            path=path,
            page=page,
            words=words,
        )
    )
    return confirm(say(N_("Leave it readable there? Otherwise it is covered.")))
