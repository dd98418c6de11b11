"""What was struck out of the text and can still be read on a page of a copy, such as the area where a witness worked.

The engine looks on pages for people and for phrases, not for the words of such a phrase. The twin of
app/static/copies/struck.js.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.client.cleaning.apart import parted
from app.client.cleaning.frames import Word
from app.domain.redaction.normalise import fold_text

_SHORTEST = 4
"""Letters: shorter words stand on every page."""
_LETTERS = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")
_COMMON = """
algo alguien alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui aunque cada casi como con
contra cual cuales cuando cuya cuyo desde despues donde durante ella ellas ellos entonces entre eran eres esas esos
esta estaba estaban estamos estan estar estas este esto estos estoy estuvo fueron habia haber hace hacer hacia
haciendo hasta hizo hubo incluso junto luego mediante menos mias mientras mios misma mismas mismo mismos mucha
muchas mucho muchos nada nadie ninguna ninguno nosotras nosotros nuestra nuestras nuestro nuestros otra otras otro
otros para pero poca poco porque pues puede pueden quien quienes segun sera siempre sido siendo sino sobre solamente
solo sola somos soy suya suyo sus tal tambien tampoco tanto tener tenia tengo tiene tienen toda todas todavia todo
todos tras unas unica unicas unico unicos unos usted ustedes vamos varias varios empleada empleadas empleado
empleados empresa persona personas trabajador trabajadora trabajadoras trabajadores trabajo senor senora about after
again also although among another because been before being between both could does done down during each either
even ever every from have having here hers herself himself into itself just like many might more most much must
neither only other others over same shall should since some someone such than that their theirs them themselves then
there these they this those though through under until upon very was were what when where which while whom whose
will with within without would your yours company employee employees person people worker workers work afin ainsi
alors apres aucun aucune aussi autre autres avait avant avec avoir cela celle celles celui cependant cette ceux
chaque chez comme dans depuis derriere deux dont elle elles encore entre etait etaient etant etes etre eux fait
faire fois furent jamais jusque lequel laquelle leur leurs lors lorsque mais meme memes moins notre nous parce parmi
pendant peut plus plusieurs pour pourquoi puis quand quel quelle quelles quelque quelques quels quoi sans sera seul
seule seulement sinon sont souvent sous suis tous tout toute toutes tres unique vers voici voila votre vous
entreprise employe employee personne personnes salarie salariee travail travailleur travailleuse
"""
COMMON = frozenset(_COMMON.split())
"""What says nothing about anybody, folded: words between others, and what everybody in a letter is called."""


@dataclass(frozen=True)
class Said:
    """A struck word that can be read, the word that it stands for, and where its parts stand on the page."""

    word: str
    key: str
    parts: tuple[Word, ...]


def struck_words(phrases: Iterable[str]) -> dict[str, str]:
    """Return the words that are looked for, in one and in many, with the word that each stands for."""
    all_words = (fold_text(word) for phrase in phrases for word in _LETTERS.findall(phrase))
    words = dict.fromkeys(word for word in all_words if len(word) >= _SHORTEST and word not in COMMON)
    return {form: word for word in words for form in _forms_of(word)}


def _forms_of(word: str) -> Iterator[str]:
    yield word
    if any(map(str.isnumeric, word)):
        return
    yield from (f"{word}s", f"{word}es")
    for ending in ("s", "es"):
        form = word.removesuffix(ending)
        if len(form) >= _SHORTEST:
            yield form


def still_said(words: Sequence[Word], struck: Mapping[str, str]) -> Iterator[Said]:
    """Yield each struck word of what can be read on a page: whole, written apart, or letter by letter."""
    for word in words:
        hit = next((one for one in _LETTERS.findall(word.text) if fold_text(one) in struck), None)
        if hit is not None:
            yield Said(hit.lower(), struck[fold_text(hit)], (word,))
    for two in parted(words, struck.__contains__):
        parts = tuple(words[place] for place in two)
        one = fold_text("".join(_LETTERS.findall("".join(part.text for part in parts))))
        yield Said(one, struck.get(one, ""), parts)
    yield from _letter_by_letter(words, struck)


def _letter_by_letter(words: Sequence[Word], struck: Mapping[str, str]) -> Iterator[Said]:
    letters = [_LETTERS.findall(fold_text(word.text)) for word in words]
    written = "".join(found[0] if len(found) == 1 and len(found[0]) == 1 else " " for found in letters)
    for form, key in struck.items():
        for match in re.finditer(re.escape(form), written):
            yield Said(form, key, tuple(words[match.start() : match.end()]))
