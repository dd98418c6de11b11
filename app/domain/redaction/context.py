"""What surrounds a name: does it stand for a person here, or for a town, a street, a union, a feast?

Rules of this module
    1. A title before it (Sr., Mr., compañera) makes it a person, whatever else.
    2. A whole name (given name and surname of one witness side by side) is a person, unless it stands inside a name
       that the petition itself declares (facility, union, organization, place).
    3. A name without its other half is kept only on a clear sign: a street, venue or settlement word before it, a
       state after it, a place preposition before a place of the gazetteer, an organization's name around it, a saint,
       a feast, a month's day.
    4. A doubtful sign makes it a question: a capitalised stranger beside it (`Rosa Luxemburgo`), a plural article, a
       town's name after `de`, `of`, `from` and no word of what a person has (`firma de León` is a person's).
    5. An office or title of somebody else beside half a name (`el supervisor Ramírez`, Juana's boss) makes it a
       question as well, though it goes where nobody answers.
    6. In doubt it is a witness.
"""

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from typing import Any, Literal

from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import compiled, cue_set, load, particles, place_names, shared, title_words, word_set
from app.domain.redaction.variants import nicknames

Reading = Literal["person", "other", "doubtful"]

_QUOTES = "\"'"
_THINGS: frozenset[str] = frozenset(load("patterns")["context"]["thing_heads"])
_CALLING: frozenset[str] = frozenset(load("patterns")["context"]["calling"])
_KINDS = ("venue_words", "organization_words", "place_words", "kinds_of_things")
_OFFICE_REACH = 60  # characters before a name in which its office is looked for
_OFFICE_WORDS = 6  # words that may lead from an office to a name: `la jefa de la nave de corte Ramírez`
_BREAKS: frozenset[str] = frozenset(load("patterns")["context"]["breaks"])


def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = load("patterns")["context"]
    return rules


@cache
def _rule_set(name: str) -> frozenset[str]:
    return frozenset(_rules()[name])


def titled(folded: Folded, start: int) -> bool:
    """Tell whether a form of address stands directly before."""
    words = folded.words
    place = words.before(start)
    if place < 0:
        return False
    word = words.words[place]
    if word not in title_words():
        return False
    end = words.starts[place] + len(word)
    if end > start or start - end > 8:
        return False
    if place and words.words[place - 1] in _rules()["ours"]:
        return False  # Nuestra Señora, Notre-Dame
    gap = folded.text[max(end, start - 3) : start]
    if "," in gap or "\n" in gap:
        return False
    return len(word) > 1 or folded.text[start - 2 : start] == ". "


def reading(
    folded: Folded, start: int, end: int, *, lone: bool, own: Collection[str], known: Callable[[str], bool]
) -> Reading:
    """Tell what a name of a witness stands for here: the person, something else (a town, a firm), or who knows.

    `lone` is false for a whole name; `own` are the small words of the witness's name (`san`, `de la`); `known` tells
    whether a folded word may be a witness's.
    """
    if titled(folded, start) and not _heroic(folded, start, end):
        return "other" if lone and _titled_venue(folded, folded.words.starts[folded.words.before(start)]) else "person"
    if in_quoted_organization(folded, start):
        return "other"
    if not lone:
        more = _in_organization(folded, start, end) and _stranger_after(folded, start, end, known)
        longer = _in_phrase(folded.text, start, end, longer=True) or _saintly(folded, start, own)
        if more or longer:
            return "other"
        # "en avenida Álvaro Obregón": a street, or whoever is called as it is
        return "doubtful" if _after_street_word(folded, start) or _after_prize(folded, start) else "person"
    if _holy(folded, start, own) or _stands_for_other(folded, start, end) or _in_named_venue(folded, start, known):
        return "other"
    unsure = _one_of_many(folded, start, end) or beside_stranger(folded, start, end, known)
    # "en la calle Heriberto": a street of that name, or the fired man himself; never settled without being asked
    unsure = unsure or _after_place_word(folded, start, end)
    unsure = unsure or _partnered(folded, end, known)
    unsure = (
        unsure
        or _a_model(folded, start, end)
        or _of_somewhere(folded, start, end)
        or _said_to_be(folded, start, end)
        or _a_thing(folded, start, end, own, known)
    )
    return "doubtful" if unsure else "person"


def of_an_office(folded: Folded, start: int, end: int) -> bool:
    """Tell whether an office stands beside half a name: `el jefe de turno Ramírez`, `Ramírez, el gerente`."""
    after = shared("context", "office_after").match(folded.text, end)
    if after is not None and after[1] in cue_set("offices"):
        return True
    if not _office_near(folded, start):
        return False
    before = shared("context", "office_before").search(folded.text[max(0, start - _OFFICE_REACH) : start])
    if before is None or before[1] not in cue_set("offices"):
        return False
    return before[2] is None or before[2].split(" ")[-1] not in word_set("grammar")


def _office_near(folded: Folded, start: int) -> bool:
    """Tell whether one of the words before is an office, or is cut by the reach: a cheap look before the pattern."""
    words = folded.words
    last = words.before(start)
    first = max(0, last - _OFFICE_WORDS + 1)
    if first <= last and words.starts[first] < start - _OFFICE_REACH:
        return True
    return not cue_set("offices").isdisjoint(words.words[first : last + 1])


def given_before(folded: Folded, start: int, known: Callable[[str], bool]) -> int:
    """Return where given names begin that no witness has, directly before a surname: `Pedro Ramírez`; else `start`."""
    words, place = folded.words, folded.words.before(start)
    while place >= 0 and touches(folded, place, start) and capital(folded, words.starts[place]):
        word = words.words[place]
        if known(word) or not (word in cue_set("given_names") or nicknames((word,))):
            break
        start, place = words.starts[place], place - 1
    return start


def titled_otherwise(folded: Folded, start: int, given: Collection[str]) -> bool:
    """Tell whether a title before a surname is one that none of these given names has: `el Sr. Ramírez` for Juana."""
    if not titled(folded, start):
        return False
    title = folded.words.words[folded.words.before(start)]
    ending = "a" if title in cue_set("sir_titles") else "o" if title in cue_set("madam_titles") else " "
    return bool(given) and all(name.endswith(ending) for name in given)


def is_declared(text: str) -> bool:
    """Tell whether a folded stretch of several words is a place's or a feast's name as a whole: `santa cruz`."""
    return " " in text and (text in context_places() or text in cue_set("idioms"))


def named_after(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a hero's or town's whole name, which a witness has too, is that of a school, a street, a firm."""
    text = folded.text[start:end]
    if " " not in text or not (text in cue_set("heroes") or text in context_places()) or titled(folded, start):
        return False
    return (
        _after_venue(folded, start, end)
        or _after_place_word(folded, start, end)
        or company_follows(folded, end)
        or (text in context_places() and (_placed(folded, start) or in_a_state(folded, end)))
    )


def of_a_place(folded: Folded, start: int, end: int) -> bool:
    """Tell whether an alias is the name of a venue or town here: `la cantina El Norteño`, `en La Marquesa`."""
    if titled(folded, start):
        return False
    longer = _in_phrase(folded.text, start, end, longer=True)
    return longer or _after_venue(folded, start, end) or _is_place(folded, start, end)


def nickname_reading(
    folded: Folded, start: int, end: int, own: Collection[str], known: Callable[[str], bool]
) -> Reading:
    """Tell what an alias or nickname stands for: `la cantina El Norteño`, `Pepe Jeans`, the star sign Leo."""
    if titled(folded, start):
        return "other" if _titled_venue(folded, folded.words.starts[folded.words.before(start)]) else "person"
    if of_a_place(folded, start, end):
        return "other"
    unsure = _holy(folded, start, own) or _said_to_be(folded, start, end) or _english_article(folded, start)
    return "doubtful" if unsure or _stranger_after(folded, start, end, known) else "person"


def _said_to_be(folded: Folded, start: int, end: int) -> bool:
    """Tell whether what is said beside a name makes it a thing's: `patrulla Ángel 4`, `Olvera, el pueblo de Cádiz`."""
    text, name = folded.text, folded.text[start:end]
    before = text[max(0, start - 56) : start]
    lead = _last_words(folded, start, 6)
    if not _THINGS.isdisjoint(lead) and shared("context", "thing_before").search(before) is not None:
        return True
    if name in _rule_set("signs") and shared("context", "zodiac").search(text[max(0, start - 56) : end + 30]):
        return True
    if name in context_places() and shared("context", "whole_place").search(before[-24:]) is not None:
        return True
    if not _CALLING.isdisjoint(lead[-2:]):
        named = shared("context", "named_thing").search(before)
        if named is not None and _a_kind(named[1]):
            return True
    return text.startswith((" ", ",", "'"), end) and _said_after(folded, start, end)


def _last_words(folded: Folded, start: int, count: int) -> list[str]:
    """Return the words before an offset, the nearest last: a cheap look before a pattern that begins with one."""
    place = folded.words.before(start) + 1
    return folded.words.words[max(0, place - count) : place]


def _said_after(folded: Folded, start: int, end: int) -> bool:
    """Tell whether what follows a name makes it a thing's: `Mendoza, the wine`, `Alberto's Tacos`, `Bravo brand`."""
    text = folded.text
    gloss = shared("context", "gloss_after").match(text, end)
    if gloss is not None and _a_kind(gloss[1]):
        return True
    place = shared("context", "gloss_place").match(text, end) if text.startswith(",", end) else None
    if place is not None and any(name in context_places() for name in _beginnings(place[1])):
        return True
    if not capital(folded, start):
        return False
    if _numbered_or_playing(folded, start, end):
        return True
    owned = shared("context", "owner_after").match(text, end) if text.startswith("'", end) else None
    if owned is not None and capital(folded, owned.start(1)) and _a_kind(owned[1]):
        return True
    more = shared("context", "name_more").match(text, end)
    return more is not None and more[1] in cue_set("attributive_endings")


def _numbered_or_playing(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a word has a number, or a town a team to play against: `Memo No. 58`, `León contra Tigres`."""
    name = folded.text[start:end]
    if name in word_set("words") and shared("context", "numbered").match(folded.text, end) is not None:
        return True
    more = shared("context", "match_after").match(folded.text, end)
    return more is not None and name in context_places() and capital(folded, more.start(1))


def _a_kind(word: str) -> bool:
    """Tell whether a word says what kind of place, house or thing something is."""
    return any(word in cue_set(name) for name in _KINDS)


def _beginnings(words: str) -> list[str]:
    parts = words.split(" ")
    return [" ".join(parts[:size]) for size in range(1, len(parts) + 1)]


def _english_article(folded: Folded, start: int) -> bool:
    """Tell whether the English article stands before, in an English sentence: `around a memo`, not `dije a memo`."""
    words = folded.words
    place = words.before(start)
    if place < 1 or words.words[place] != "a" or not touches(folded, place, start):
        return False
    return words.words[place - 1] in cue_set("article_before")


def _after_street_word(folded: Folded, start: int) -> bool:
    """Tell whether a street's word leads to a name: `avenida Álvaro Obregón`."""
    found = _place_word(folded, start)
    return found is not None and found[0] in cue_set("street_words")


def _after_prize(folded: Folded, start: int) -> bool:
    """Tell whether a prize's, law's or river's word stands before a whole name: `le prix Pierre Lafontaine`."""
    place = _venue_before(folded, start)[1]
    return place >= 0 and folded.words.words[place] in cue_set("sure_venues")


def _stands_for_other(folded: Folded, start: int, end: int) -> bool:
    core = _core(folded, start, end)
    return (
        _in_phrase(folded.text, core, end, start, longer=" " in folded.text[core:end])
        or _written_as_a_place(folded, start, end)
        or _after_venue(folded, start, end)
        or (core > start and _after_venue(folded, core, end))
        or _before_place_word(folded, start, end)
        or _in_organization(folded, start, end)
        or _is_place(folded, start, end)
        or (core > start and _is_place(folded, core, end))
        or _is_date(folded, start, end)
        or _honoured(folded, start)
        or _between_places(folded, start, end)
        or _glossed(folded, end)
    )


def _core(folded: Folded, start: int, end: int) -> int:
    """Return where a name begins without the particles before it: `hospital de León` where `de León` is a witness."""
    name = folded.text[start:end]
    if " " not in name and "'" not in name:
        return start
    lead = shared("context", "lead").match(folded.text, start, end)
    return lead.end() if lead is not None and lead.end() < end else start


def _heroic(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a title belongs to a hero's name: `Don Bosco`, `Don Quijote`."""
    first = folded.words.starts[folded.words.before(start)]
    return folded.text[first:end] in cue_set("heroes")


def _titled_venue(folded: Folded, title: int) -> bool:
    """Tell whether a school's or union's word leads to a title that begins at an offset: `Sindicato Lic. Garza`."""
    for word, offset in path_before(folded, title):
        if word in cue_set("titled_venues") and touches(folded, folded.words.before(offset + 1), title):
            return True
        if word in particles() or word in title_words() or not capital(folded, offset):
            return False
        if word in cue_set("titled_venues"):
            return True
    return False


def _in_named_venue(folded: Folded, start: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a venue's own name in capitals leads to a name: `the bakery La Espiga de García`."""
    path = path_before(folded, start)
    if len(path) < 2 or path[0][0] in _rule_set("joining"):
        return False
    word, offset = path[-1]
    if capital(folded, offset) or not (word in cue_set("organization_words") or word in cue_set("venue_words")):
        return False
    named = [one for one, place in path[:-1] if one not in particles() and capital(folded, place)]
    return bool(named) and not any(one in title_words() or known(one) for one in named)


def _honoured(folded: Folded, start: int) -> bool:
    """Tell whether a name is that of a saint or hero who is remembered: `natalicio de Juárez`, `feast of Santiago`."""
    words = folded.words
    place = words.before(start)
    if place < 0 or not touches(folded, place, start):
        return False
    if words.words[place] in _rule_set("popes"):
        return True
    return place > 0 and words.words[place] in _rule_set("honouring") and words.words[place - 1] in cue_set("honours")


def _of_somewhere(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a town's name follows `de`, `of` or `from`, and nothing that a person has stands before these."""
    if folded.text[start:end] not in context_places():
        return False
    words = folded.words
    place = words.before(start)
    if place < 0 or words.words[place] not in cue_set("from_words") or not touches(folded, place, start):
        return False
    return place == 0 or words.words[place - 1] not in cue_set("person_nouns")


def _holy(folded: Folded, start: int, own: Collection[str]) -> bool:
    """Tell whether a saint's or shrine's word leads to a name: San Ignacio, Virgen de las Mercedes, fiesta de la …"""
    place = folded.words.before(start)
    if place < 0 or folded.words.words[place] not in cue_set("holy_last") or _new_line(folded, start - 1):
        return False
    match = shared("context", "holy").search(folded.text[max(0, start - 40) : start])
    return match is not None and not any(word in own for word in compiled("{W}+").findall(match[0])[:1])


def named_before(folded: Folded, start: int, end: int) -> bool:
    """Tell whether words stand before that a name follows, also one in small letters: `hola soy eva`, `att ana`."""
    if shared("context", "naming").search(folded.text[max(0, start - 24) : start]) is None:
        return False
    return shared("context", "naming_not").match(folded.text, end) is None


def acting(folded: Folded, start: int, end: int) -> bool:
    """Tell whether somebody acts or is acted on: a name in small letters, as in `le dije a memo`, `lola dijo que`."""
    words = folded.words
    place = words.before(start)
    if place > 0 and words.words[place] == "a" and words.gap(place + 1) == " " == words.gap(place):
        earlier = words.words[place - 1]
        name = folded.text[start:end]
        placed = name in context_places() or name in cue_set("feasts")
        return earlier.isalpha() and not (placed or earlier in cue_set("smells") or earlier in cue_set("calendar"))
    if place >= 0 and words.words[place] in cue_set("person_objects") and words.gap(place + 1) == " ":
        return folded.text[start:end] not in context_places()
    more = shared("context", "name_more").match(folded.text, end)
    if more is None or more[1] not in cue_set("person_acts"):
        return False
    if opens(folded.text, start) or folded.text[start - 2 : start] == ", ":
        return True
    return place >= 0 and words.words[place] in cue_set("person_before") and words.gap(place + 1) == " "


def _venue_before(folded: Folded, start: int) -> tuple[int, int]:
    """Return where a name with its article begins, and the place of the venue's word before it, or -1."""
    words = folded.words
    place = words.before(start)
    if place >= 0 and words.words[place] in _rule_set("articles") and touches(folded, place, start):
        start, place = words.starts[place], place - 1
    if place < 0 or words.words[place] not in cue_set("venue_words") or not touches(folded, place, start):
        return start, -1
    return start, place


def _unsure_venue(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a venue's word stands before, and no verb of a person follows: `la clínica Esperanza nos ayudó`."""
    if _venue_before(folded, start)[1] < 0:
        return False
    more = shared("context", "name_more").match(folded.text, end)
    return more is None or more[1] not in cue_set("person_acts") or more[1] in cue_set("copulas")


def _after_venue(folded: Folded, start: int, end: int) -> bool:
    """Tell whether the word of a venue stands before, and nobody acts: `hotel Rivas,`, not `mercado Rosa dijo`."""
    words = folded.words
    begin, place = _venue_before(folded, start)
    if place < 0:
        return False
    written = capital(folded, words.starts[place]) and not opens(folded.text, words.starts[place])
    named = begin < start and capital(folded, begin)
    if written or named or words.words[place] in cue_set("sure_venues"):
        return True
    if shared("context", "venue_end").match(folded.text, end) is not None:
        return True
    more = shared("context", "after_name").match(folded.text, end)
    return more is not None and capital(folded, more.start(1))


def touches(folded: Folded, place: int, start: int) -> bool:
    """Tell whether nothing but a space, a quotation mark or an apostrophe stands between a word and an offset."""
    gap = folded.text[folded.words.starts[place] + folded.words.lengths[place] : start]
    if not 0 < len(gap) <= 3 or gap.strip(" \"'«"):
        return False
    return not (folded.returns and any(_new_line(folded, place) for place in range(start - len(gap), start)))


def _new_line(folded: Folded, offset: int) -> bool:
    """Tell whether a space of the folded text was a carriage return, which is a new line once it is cleaned."""
    return folded.returns and folded.original[folded.start(offset)] == "\r"


def _is_date(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a month's or day's name is just that: `in April`, `April 6`, `April of this year`."""
    if folded.text[start:end] not in cue_set("calendar"):
        return False
    if shared("context", "calendar_after").match(folded.text, end) is not None:
        return True
    words = folded.words
    place = words.before(start)
    if (place >= 0 and words.words[place].isdecimal() and touches(folded, place, start)) or _beside_month(folded, end):
        return True
    if place < 0 or not touches(folded, place, start) or words.words[place] not in cue_set("calendar_before"):
        return False
    earlier = words.words[place - 1] if place else ""
    if words.words[place] in ("of", "de"):
        return earlier.isdecimal() or earlier in cue_set("calendar") or earlier in _rules()["days"]
    return earlier not in cue_set("person_verbs")


def _beside_month(folded: Folded, end: int) -> bool:
    """Tell whether another month or day stands beside a month's name: `May and June`, `abril a junio`."""
    words = folded.words
    place = words.before(end)
    for step in (1, -1):
        joining, other = place + step, place + 2 * step
        if not 0 <= other < len(words.words) or words.words[joining] not in cue_set("calendar_and"):
            continue
        low, high = min(place, other), max(place, other)
        if words.words[other] in cue_set("calendar") and not any(
            words.gap(one).strip(" ") for one in range(low + 1, high + 1)
        ):
            return True
    return False


def _between_places(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a way leads from one place to another: `de Morelos a Durango`, `from Laredo to Austin`."""
    if folded.text[start:end] not in context_places():
        return False
    match = shared("context", "way_before").search(folded.text[max(0, start - 48) : start])
    if match is not None and match[1] in context_places():
        return True
    more = shared("context", "way_after").match(folded.text, end)
    before = shared("context", "way_from").search(folded.text[max(0, start - 8) : start])
    return before is not None and more is not None and more[1] in context_places()


def _glossed(folded: Folded, end: int) -> bool:
    """Tell whether a bracket says what a name is: `La Mercedes (la pastelería)`, `the Marina (navy)`."""
    following = folded.text[end : end + 3]
    if "(" not in following and not following.startswith("-"):
        return False  # most names
    if shared("context", "index_entry").match(folded.text, end) is not None:
        return True  # `Noël (trêve de)`
    if shared("context", "hyphen_place").match(folded.text, end) is not None:
        return True  # `Beaulieu-sur-Mer`
    more = shared("context", "gloss").match(folded.text, end)
    return more is not None and (more[1] in cue_set("venue_words") or more[1] in cue_set("organization_words"))


def _saintly(folded: Folded, start: int, own: Collection[str]) -> bool:
    """Tell whether a saint's word stands directly before a whole name: `24 de junio, San Juan Bautista`."""
    words = folded.words
    place = words.before(start)
    if place < 0 or words.words[place] not in _rule_set("saints") or words.words[place] in own:
        return False
    return touches(folded, place, start)


def _one_of_many(folded: Folded, start: int, end: int) -> bool:
    """Tell whether an article of things stands before a name that is a word too: `los Reyes`, `una Mercedes`.

    A family (`los Valenzuela`) tells who the witness is.
    """
    words = folded.words
    place = words.before(start)
    if place < 0 or not touches(folded, place, start):
        return False
    name, article = folded.text[start:end], words.words[place] in cue_set("families")
    if name in cue_set("feasts") and words.words[place] in cue_set("feast_before"):
        return True
    return article and (name in word_set("also_names") or name in word_set("words"))


def strange_initials(folded: Folded, start: int, own: Collection[str]) -> bool:
    """Tell whether several initials stand before a name, none of which is the witness's: `T. S. Elizondo`."""
    match = shared("context", "strange_initials").search(folded.text[max(0, start - 16) : start])
    if match is None:
        return False
    letters = match[0].replace(".", "").replace(" ", "")
    places = range(start - len(match[0]), start)
    written = all(
        not folded.text[place].isalpha() or folded.original[folded.start(place)].isupper() for place in places
    )
    return written and not any(letter in own or letter in title_words() for letter in letters)


def beside_stranger(folded: Folded, start: int, end: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a capitalised word that is no witness's stands beside a name: `Carlos Santana`, `Torres Landa`."""
    if _stranger_after(folded, start, end, known):
        return True
    shouted = folded.original[folded.start(end - 1)].isupper()
    words = folded.words
    place = words.before(start)
    gap = folded.text[words.starts[place] + words.lengths[place] : start] if place >= 0 else ""
    if gap not in (" ", "-") or _new_line(folded, start - 1):
        return False
    first = words.starts[place]
    first_of_all = opens(folded.text, first)
    return capital(folded, first) and _strange(
        words.words[place], known, listed=shouted or first_of_all, common=False, any_word=False
    )


def _a_thing(folded: Folded, start: int, end: int, own: Collection[str], known: Callable[[str], bool]) -> bool:
    """Tell whether a name looks like that of a thing: `the Victor brand`, `Port of Hugo`, `Hope you are well`."""
    words = folded.words
    place = words.before(start)
    if _plain_word(folded, start, end) or _unsure_venue(folded, start, end):
        return True
    if place < 0 or not touches(folded, place, start) or words.words[place] in own:
        return False
    if _english_article(folded, start) or words.words[place] in cue_set("thing_articles"):
        one = folded.text[start : end - 1].split(" ")[-1]
        plural = words.words[place] == "the" and folded.text[end - 1] == "s"
        if plural and one not in word_set("words") and known(one):
            return False  # `the Harpers`: a family tells who the witness is
        more = shared("context", "name_more").match(folded.text, end)
        return more is None or more[1] not in cue_set("person_endings")
    return _of_a_title(folded, place, known)


def _partnered(folded: Folded, end: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a firm's partner follows a name: `Harper & Dunn`, `Olvera & Kline`."""
    if not folded.text.startswith(("&", " &"), end):
        return False
    more = shared("context", "partner").match(folded.text, end)
    return more is not None and capital(folded, more.start(1)) and not known(more[1])


def _a_model(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a short name in capitals is a machine's, with a number after it: `la prensa UC-40`."""
    if end - start > 3 or shared("context", "model").match(folded.text, end) is None:
        return False
    return folded.original[slice(*folded.span(start, end))].isupper()


def _of_a_title(folded: Folded, place: int, known: Callable[[str], bool]) -> bool:
    """Tell whether a capitalised thing leads to a name, inside a sentence: `the Port of Hugo`, `la Marcha de Reyes`."""
    words = folded.words
    last = place
    while place >= 0 and last - place < 3 and words.words[place] in _rule_set("leading"):
        place -= 1
    if place < 0:
        return False
    first = words.starts[place]
    word = words.words[place]
    if place == 0 or not capital(folded, first) or not (word.isalpha() and words.words[place - 1].isalpha()):
        return False
    if any(words.gap(one) != " " for one in range(place, last + 1)) or folded.text[first + len(word)] != " ":
        return False
    if folded.original[folded.start(first + len(word) - 1)].isupper() or len(word) < 3:
        return False
    titles = (title_words(), *map(cue_set, ("role_nouns", "title_nouns", "person_nouns", "calendar")))
    if known(word) or any(word in one for one in titles):
        return False
    return word in word_set("words") and word not in word_set("grammar")


def _plain_word(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a name that is a word opens a sentence as that word: `Hope you are well`, `Mark the date`."""
    name = folded.text[start:end]
    if not opens(folded.text, start) or not (name in word_set("words") or name in word_set("also_names")):
        return False
    more = shared("context", "name_more").match(folded.text, end)
    return more is not None and more[1] in cue_set("plain_after") and not capital(folded, more.start(1))


def _stranger_after(folded: Folded, start: int, end: int, known: Callable[[str], bool]) -> bool:
    shouted = folded.original[folded.start(end - 1)].isupper()
    ordinary = folded.text[start:end] in word_set("words") or folded.text[start:end] in word_set("also_names")
    more = shared("context", "after_word" if ordinary else "after_name").match(folded.text, end)
    if more is None or folded.text[more.end() : more.end() + 1] == ":" or _new_line(folded, end):
        return False
    strange = _strange(more[1], known, listed=shouted, common=not shouted, any_word=ordinary)
    return strange and capital(folded, more.start(1))


def opens(text: str, start: int) -> bool:
    """Tell whether a sentence or a line begins at an offset."""
    before = text[max(0, start - 8) : start].rstrip(" \"'*_-—¿¡([")
    return not before or before[-1] in ".!?:\n"


def _strange(word: str, known: Callable[[str], bool], *, listed: bool, common: bool, any_word: bool) -> bool:
    """Tell whether a capitalised word beside a name is somebody else's.

    If `listed`, only a frequent name is; with `common`, also one that is a word as well: `Amador Bueno`; with
    `any_word`, because the name is a word itself, any word: `Norma Oficial`.
    """
    if not word.isalpha() or len(word) < 3 or known(word):
        return False
    if word in particles() or word in title_words() or word in cue_set("calendar") or word in word_set("grammar"):
        return False
    if word in cue_set("role_nouns"):
        return False
    named = word in cue_set("given_names") or word in cue_set("surnames") or word in word_set("also_names")
    ordinary = word in word_set("words") or word in word_set("also_names")
    return (common and (named or any_word)) or ((named or not listed) and not ordinary)


def _in_phrase(text: str, start: int, end: int, first: int = -1, *, longer: bool = False) -> bool:
    """Tell whether a stretch stands in a hero's, feast's or town's name; if `longer`, with more words around it.

    With `first`, where the witness's name begins, more than that name must be of the other: not `De la Cruz`.
    """
    phrases = _phrases_with(text[start:end])
    if not phrases:
        return False
    offset = max(0, start - 40)
    around = text[offset : end + 40]
    for phrase in phrases:
        place = around.find(phrase)
        while place >= 0:
            inside = offset + place <= start and end <= offset + place + len(phrase)
            own = 0 <= first < start and first < offset + place and offset + place + len(phrase) <= end
            if inside and not own and not (longer and len(phrase) == end - start):
                return True
            place = around.find(phrase, place + 1)
    return False


@cache
def context_places() -> frozenset[str]:
    """Return the places that a witness's name may be, the small and the far ones as well."""
    return place_names() | cue_set("more_places")


@lru_cache(maxsize=4096)
def _phrases_with(word: str) -> tuple[str, ...]:
    data = load("gazetteer")
    places = (place for place in context_places() if " " in place)
    return tuple(phrase for phrase in (*data["idioms"], *data["heroes"], *sorted(places)) if word in phrase)


def capital(folded: Folded, offset: int) -> bool:
    character = folded.original[folded.start(offset)]
    return character.isupper() or character.isdecimal()


def path_before(folded: Folded, start: int) -> list[tuple[str, int]]:
    """Return the words before, nearest first, as far as capitals and small words lead; the last is the cue."""
    path = folded.paths.get(start)
    if path is None:
        path = folded.paths[start] = _path_before(folded, start)
    return path


def _path_before(folded: Folded, start: int) -> list[tuple[str, int]]:
    words, text, following = folded.words, folded.text, start
    path: list[tuple[str, int]] = []
    place, floor = words.before(start), start - _rules()["reach"]
    while place >= 0 and len(path) < 7:
        word, begin = words.words[place], words.starts[place]
        if begin < floor or _breaks(word, text[begin + len(word) : following]):
            break
        path.append((word, begin))
        if not (capital(folded, begin) or word in particles()):
            break
        place, following = place - 1, begin
    return _of_one_line(folded, path, start)


def _of_one_line(folded: Folded, path: list[tuple[str, int]], start: int) -> list[tuple[str, int]]:
    """Cut a path at a carriage return, which the folded text shows as a space, and which is a new line once cleaned."""
    if not path or not folded.returns:
        return path
    last = folded.start(start)
    return [(word, begin) for word, begin in path if "\r" not in folded.original[folded.start(begin) : last]]


def _breaks(word: str, gap: str) -> bool:
    """Tell whether what stands after a word ends the path: a comma, a bracket, a sentence's full stop."""
    if gap == " ":
        return False
    if not _BREAKS.isdisjoint(gap):
        return True
    stop = gap.find(". ")
    if stop < 0:
        stop = gap.find(".\t")
    return stop >= 0 and (stop > 0 or not _abbreviation(word))


def _abbreviation(word: str) -> bool:
    """Tell whether a full stop after a word abbreviates it (av. col. sta.) rather than ends a sentence."""
    found = shared("context", "word_end").search(word)
    return found is not None and found[0] in _rule_set("shortened")


def _place_word(folded: Folded, start: int) -> tuple[str, int] | None:
    """Return the street's or settlement's word that leads to a name, and where it begins."""
    for word, offset in path_before(folded, start):
        if word in title_words() and len(word) > 1:
            return None
        if word in cue_set("place_words"):
            return (word, offset) if len(word) > 3 or _abbreviated(folded.text, offset, word) else None
    return None


def _written_as_a_place(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a place's word in capitals leads to a name, or any to a town's: Calle Rivas, colonia Guadalupe."""
    found = _place_word(folded, start)
    return found is not None and (capital(folded, found[1]) or folded.text[start:end] in context_places())


def _after_place_word(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a street's word leads to a name, also in small letters: calle Hidalgo, Plaza Juárez.

    Of plain nouns only those written as names count: `en el mercado Lupe dijo`.
    """
    found = _place_word(folded, start)
    return found is not None and (found[0] in cue_set("street_words") or _written_as_a_place(folded, start, end))


def _before_place_word(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a street's word follows: Hidalgo Street, `the Marco museum`, `his Victoria beer`."""
    more = shared("context", "name_more").match(folded.text, end)
    if more is None:
        return False
    if more[1] in cue_set("street_endings") and capital(folded, more.start(1)):
        return True
    words = folded.words
    place = words.before(start)
    return (
        more[1] in cue_set("attributive_endings")
        and place >= 0
        and words.words[place] in _rule_set("attributive_before")
    )


def _abbreviated(text: str, offset: int, word: str) -> bool:
    return word not in _rule_set("short_place_words") or text[offset + len(word) : offset + len(word) + 1] == "."


def _in_organization(folded: Folded, start: int, end: int) -> bool:
    if company_follows(folded, end):
        return True
    path = path_before(folded, start)
    for place, (word, offset) in enumerate(path):
        if word in title_words() and len(word) > 1 and not _inside_quotes(folded.text, offset, start):
            return _titled_venue(folded, offset)
        if place == 0 and word in cue_set("role_nouns"):
            return False
        if word in cue_set("organization_words") and capital(folded, offset):
            direct = place == 0 or all(small in particles() for small, _ in path[:place])
            return not (direct and place > 0)
    return False


def company_follows(folded: Folded, end: int) -> bool:
    """Tell whether the ending of a firm's name follows: `Hidalgo, S.A.`, `Ruiz & Paz LLP`, `Ruiz Paz Abogados`."""
    if not folded.text.startswith((" ", ","), end):  # many names: every ending stands apart
        return False
    words = folded.words
    place = words.before(end) + 1
    if _ending_words().isdisjoint(words.words[place : place + 3]):
        return False
    ending = _company_endings().match(folded.text, end)
    if ending is None or (ending[1] and not capital(folded, ending.start(1))):
        return False
    return ending[2] in cue_set("sure_endings") or capital(folded, ending.start(2))


@cache
def _ending_words() -> frozenset[str]:
    """Return the first words of the endings; before one stand at most two words: `& Paz`, `y Paz`, `Paz`."""
    return frozenset(compiled("{W}+").findall(ending)[0] for ending in load("gazetteer")["organization_endings"])


@cache
def _company_endings() -> re.Pattern[str]:
    endings = sorted(load("gazetteer")["organization_endings"], key=lambda ending: (-len(ending), ending))
    # Grouped by the first letter, which decides most places at once; the order inside a group is what counts.
    letters = dict.fromkeys(ending[0] for ending in endings)
    groups = (
        f"{re.escape(letter)}(?:{'|'.join(re.escape(ending[1:]) for ending in endings if ending[0] == letter)})"
        for letter in letters
    )
    return compiled(f"{_rules()['firm']}({'|'.join(groups)})(?!{{W}})")


def _inside_quotes(text: str, start: int, end: int) -> bool:
    return any(mark in text[max(0, start - 2) : start] or mark in text[start:end] for mark in _QUOTES)


def in_quoted_organization(folded: Folded, start: int) -> bool:
    """Tell whether a name stands between quotation marks that follow an organization's word."""
    floor = max(0, start - _rules()["reach"])
    window = folded.text[floor:start]
    if '"' not in window and "'" not in window:
        return False
    opening = max(window.rfind('"'), window.rfind("' "), window.rfind(" '") + 1 if " '" in window else -1)
    if opening < 0 or _path_break(window[opening + 1 :]):
        return False
    if window.count('"') % 2 == 0 and window[opening] == '"' and window.find('"') != opening:
        return False
    return _organization_leads(folded, floor, floor + opening)


def _organization_leads(folded: Folded, floor: int, quote: int) -> bool:
    """Tell whether an organization's word leads, by capitals and small words, to a quotation mark."""
    words = folded.words
    last = words.before(quote)
    for place in range(last, max(-1, last - 5), -1):
        end = words.starts[place] + words.lengths[place]
        begin = max(floor, words.starts[place])
        word = folded.text[begin:end]
        if word in cue_set("organization_words"):
            return not _path_break(folded.text[end:quote])
        if end <= floor or not (capital(folded, begin) or word in particles()):
            return False
    return False


def _path_break(text: str) -> bool:
    return ". " in text or ".\t" in text or not _BREAKS.isdisjoint(text)


def _is_place(folded: Folded, start: int, end: int) -> bool:
    text = folded.text
    known = text[start:end] in context_places()
    if not known and shared("context", "in_before").search(text[max(0, start - 6) : start]) is None:
        return False
    stated = in_a_state(folded, end)
    if not known:
        return stated
    if stated or (text[start:end] in cue_set("states") and _after_town(text, start)):
        return True
    more = shared("context", "name_more").match(text, end)
    if (
        more
        and capital(folded, more.start(1))
        and more[1] not in word_set("words")
        and more[1] not in word_set("grammar")
    ):
        return False
    return _placed(folded, start)


def in_a_state(folded: Folded, end: int) -> bool:
    """Tell whether a state or country follows a town: `Guadalupe, Nuevo León`, `León (Guanajuato)`."""
    after = shared("context", "state_after").match(folded.text, end)
    return after is not None and _is_state(after[1])


def _after_town(text: str, start: int) -> bool:
    """Tell whether a town and a comma stand before: `Pachuca, Hidalgo`."""
    match = shared("context", "town_before").search(text[max(0, start - 40) : start])
    if match is None:
        return False
    words = match[1].split(" ")
    return any(" ".join(words[-size:]) in place_names() for size in range(1, len(words) + 1))


@cache
def _states() -> frozenset[str]:
    return cue_set("states") | cue_set("places_abroad")


def _is_state(text: str) -> bool:
    words = text.strip().split(" ")
    states = _states()
    shortened = (" ".join(words[:size]).rstrip(".") for size in range(1, min(4, len(words)) + 1))
    return any(name in states or name + "." in states for name in shortened)


def _placed(folded: Folded, start: int) -> bool:
    text, rules = folded.text, _rules()
    before = list(compiled("{W}+").finditer(text, max(0, start - 40), start))
    gap = text[max(0, start - 2) : start]
    if not before or any(mark in gap for mark in ",;.:"):
        return False
    apart = len(before) < 2 or not _BREAKS.isdisjoint(text[before[-2].end() : before[-1].start()])
    last, earlier = before[-1][0], "" if apart else before[-2][0]
    if last in rules["in_prepositions"] or folded.original[folded.start(before[-1].start())] in "àÀ":
        return earlier not in cue_set("person_verbs")
    if last in rules["to_prepositions"]:
        return earlier in cue_set("motion_verbs") or last in rules["sure_prepositions"]
    if last not in rules["of_prepositions"]:
        return False
    return earlier in load("gazetteer")["place_prepositions"]["nouns"] or (
        not apart and _is_acronym(folded, before[-2])
    )


def _is_acronym(folded: Folded, word: re.Match[str]) -> bool:
    """Tell whether a word is written in capitals: an office, as in `CFCRL de Celaya`."""
    return len(word[0]) > 1 and folded.original[slice(*folded.span(*word.span()))].isupper()
