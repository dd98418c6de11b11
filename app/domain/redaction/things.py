"""What the form of a phrase says about a name that stands alone: is it a thing that is called as a witness is?

No list of names decides here but what leads to a name, follows it or stands beside it. What looks like a thing becomes
a question, never nothing.

Rules of this module
    1. The noun of a house or thing before a name, also with an adjective or `de` and a noun: `la cordonnerie Rivas`,
       `el jardín de niños Rivas`; where that noun phrase opens the sentence, whoever acts: `La papelería Rivas cobra`.
    2. An article written as part of the name: `in El Prado`, `tacos de La Aurora`.
    3. A list of places around it: `Toluca, Rivas y Silao`.
    4. A common word with a capital after it, inside a sentence: `at Rivas Memorial`.
    5. A state, a street's crossing, a score or a lawsuit's other side after it: `through Rivas, Texas`.
    6. An article of things before a word in small letters: `une rosaire`.
"""

from collections.abc import Callable, Collection
from functools import cache

from app.domain.redaction.context import capital, context_places, in_a_state, opens, touches
from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import cue_set, load, particles, shared, title_words, word_set

_SMALL = 3  # letters of a word that is no noun
_UNTOLD = ("role_nouns", "title_nouns", "person_nouns", "calendar", "offices")  # what follows a person's name too


@cache
def _rule_set(name: str) -> frozenset[str]:
    return frozenset(load("patterns")["things"][name])


def like_a_thing(
    folded: Folded, start: int, end: int, own: Collection[str], known: Callable[[str], bool], *, exact: bool
) -> bool:
    """Tell whether half a name, or a nickname, looks like what something else is called.

    `own` are the small words of the witness's name; `known` tells whether a folded word may be a witness's; `exact`
    is whether the name is written as it is listed.
    """
    place = folded.words.before(start)
    if not capital(folded, start):
        return exact and place >= 0 and _counted(folded, place, start)
    return (
        _listed_among_places(folded, start, end, known)
        or _goes_on(folded, start, end, known)
        or _followed(folded, end)
        or (place >= 0 and _led(folded, place, start, end, own))
    )


def _followed(folded: Folded, end: int) -> bool:
    """Tell whether a score or a lawsuit's other side follows: `Rivas a perdu 3 à 1`, `Rivas v. Texas`."""
    if shared("things", "result").match(folded.text, end) is not None:
        return True
    suit = shared("things", "suit").match(folded.text, end)
    return suit is not None and capital(folded, suit.start(1))


def _led(folded: Folded, place: int, start: int, end: int, own: Collection[str]) -> bool:
    """Tell whether the words before lead to a thing."""
    words = folded.words
    if not touches(folded, place, start) or words.words[place] in own:
        return False
    acting = _somebody_acts(folded, end)
    if not acting and (_own_article(folded, place) or _stated(folded, place, end) or _one(folded, place, end)):
        return True
    if words.words[place] in _rule_set("ways") and shared("things", "crossing").match(folded.text, end) is not None:
        return True
    if words.words[place] in _rule_set("articles"):
        start, place = words.starts[place], place - 1
        if place < 0 or not touches(folded, place, start):
            return False
    return _called_after(folded, place, acting=acting)


def _somebody_acts(folded: Folded, end: int) -> bool:
    more = shared("context", "name_more").match(folded.text, end)
    return more is not None and more[1] in cue_set("person_acts") and more[1] not in cue_set("copulas")


def _own_article(folded: Folded, place: int) -> bool:
    """Tell whether the article before a name has a capital of its own, inside a sentence: `in El Prado`, `Chez X`."""
    words = folded.words
    word, first = words.words[place], words.starts[place]
    if word not in _rule_set("own_articles") or not capital(folded, first) or opens(folded.text, first):
        return False
    if folded.original[folded.start(first + len(word) - 1)].isupper():
        return False
    return place == 0 or words.words[place - 1] not in _rule_set("of") or not capital(folded, words.starts[place - 1])


def _stated(folded: Folded, place: int, end: int) -> bool:
    """Tell whether a preposition of places stands before and a state after: `through Rivas, Texas`."""
    return folded.words.words[place] in _rule_set("ways") and in_a_state(folded, end)


def _one(folded: Folded, place: int, end: int) -> bool:
    """Tell whether one of its kind is meant, with its number: `una Rivas 300`."""
    if folded.words.words[place] not in _rule_set("single"):
        return False
    return shared("things", "number_after").match(folded.text, end) is not None


def _called_after(folded: Folded, place: int, *, acting: bool) -> bool:
    """Tell whether the noun of a house or thing ends at a word, and names are put after it."""
    words = folded.words
    if _thing_noun(words.words[place]):
        return not acting or _opening_noun(folded, place)
    if words.words[place] in _rule_set("copulas"):
        return _is_called(folded, place - 1)
    first = _qualified(folded, place)
    if first < 0 or not _determined(folded, first):
        return False
    if acting or words.words[first] in _rule_set("workplaces"):
        return _opening_noun(folded, first)
    return True


def _is_called(folded: Folded, place: int) -> bool:
    """Tell whether a thing is said to be a name: `La parada es Rivas`; not `la jefa de la planta es Rivas`."""
    words = folded.words
    if place < 1 or not _thing_noun(words.words[place]) or not _determined(folded, place):
        return False
    return place < 2 or words.words[place - 2] not in _rule_set("of")


def _thing_noun(word: str) -> bool:
    """Tell whether a word is the noun of a house or thing, by list or by its ending (`-ería`, `-erie`)."""
    if word in cue_set("role_nouns") or word in cue_set("person_nouns"):
        return False
    if word in cue_set("venue_words") or word in cue_set("things_called"):
        return True
    return len(word) > 6 and word.endswith(tuple(_rule_set("endings"))) and word not in _rule_set("ending_not")


def _qualified(folded: Folded, place: int) -> int:
    """Return the place of a thing's noun that one adjective or `de` and a noun follow up to a word, or -1."""
    words = folded.words
    if words.words[place] in _rule_set("adjectives"):
        first = place - 1
    elif place > 1 and words.words[place - 1] in _rule_set("of") and words.lengths[place] > _SMALL:
        first = place - 2
    else:
        return -1
    if first < 0 or not _thing_noun(words.words[first]) or capital(folded, words.starts[place]):
        return -1
    return first if all(words.gap(one) == " " for one in range(first + 1, place + 1)) else -1


def _determined(folded: Folded, place: int) -> bool:
    return place > 0 and folded.words.words[place - 1] in _rule_set("determiners")


def _opening_noun(folded: Folded, place: int) -> bool:
    """Tell whether an article and a noun open a sentence, so that they and the name are who acts: `La tienda Rivas`."""
    words = folded.words
    return _determined(folded, place) and words.gap(place) in (" ", "'") and opens(folded.text, words.starts[place - 1])


def _listed_among_places(folded: Folded, start: int, end: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a name stands in a list of places: `Toluca, Silao y Rivas`, `Toluca, Rivas et Silao`."""
    if _first_of_places(folded, start, end, known):
        return True
    before = shared("things", "listed_before").search(folded.text[max(0, start - 40) : start])
    after = shared("things", "listed_after").match(folded.text, end)
    if before is None:
        return False
    sure = _sure_place(before[1], known)
    if before[2].strip(" ") == ",":
        return after is not None and (_sure_place(after[1], known) if not sure else _a_place(after[1], known))
    return sure and shared("context", "venue_end").match(folded.text, end) is not None


def _first_of_places(folded: Folded, start: int, end: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a name opens a list of places: `camiones a Rivas, Saltillo y Monclova`."""
    words = folded.words
    place = words.before(start)
    if place < 0 or words.words[place] not in _rule_set("ways") or not touches(folded, place, start):
        return False
    more = shared("things", "listed_first").match(folded.text, end)
    return more is not None and _sure_place(more[1], known) and _a_place(more[2], known)


def _a_place(words: str, known: Callable[[str], bool]) -> bool:
    """Tell whether some words begin with the name of a place that is no witness's."""
    parts = words.split(" ")
    names = (" ".join(parts[:size]) for size in range(1, len(parts) + 1))
    return any(name in context_places() and not known(name) for name in names)


def _sure_place(words: str, known: Callable[[str], bool]) -> bool:
    """Tell whether the first or last of some words is a place and nobody's name."""
    parts = words.split(" ")
    sizes = range(1, len(parts) + 1)
    names = {" ".join(parts[:size]) for size in sizes} | {" ".join(parts[-size:]) for size in sizes}
    return any(
        name in context_places() and not (name in cue_set("surnames") or name in cue_set("given_names") or known(name))
        for name in names
    )


def _goes_on(folded: Folded, start: int, end: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a common word with a capital follows inside a sentence: `at Rivas Memorial`, `Rivas City won`."""
    text, original = folded.text, folded.original
    if not text.startswith(" ", end) or original[folded.start(end - 1)].isupper():
        return False
    more = shared("things", "goes_on").match(text, end)
    if more is None or not capital(folded, more.start(1)) or known(more[1]):
        return False
    if more[1] in _rule_set("name_ends") and (opens(text, start) or _in_a_sentence(folded, start)):
        return True
    shouted = original[folded.start(more.end(1) - 1)].isupper() and len(more[1]) > 3
    return not shouted and _of_no_person(more[1]) and _in_a_sentence(folded, start)


def _of_no_person(word: str) -> bool:
    """Tell whether a word is a common one and none that follows a person's name too: an office, a month, a title."""
    if word in word_set("grammar") or word in particles() or word in title_words():
        return False
    return word in word_set("words") and not any(word in cue_set(name) for name in _UNTOLD)


def _in_a_sentence(folded: Folded, start: int) -> bool:
    """Tell whether a word in small letters stands directly before."""
    words = folded.words
    place = words.before(start)
    return (
        place >= 0
        and words.words[place].isalpha()
        and touches(folded, place, start)
        and not capital(folded, words.starts[place])
    )


def _counted(folded: Folded, place: int, start: int) -> bool:
    """Tell whether an article of things stands before a word in small letters: `une rosaire`."""
    return folded.words.words[place] in _rule_set("counting") and touches(folded, place, start)
