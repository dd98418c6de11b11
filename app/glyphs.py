"""Text that the embedded fonts can show. What they cannot show is written as its code, and never dropped unseen.

An archival PDF may hold no character without a shape, and a direction mark can turn a sentence around on paper: both
become `[U+2028]`. Source: the coverage of Libertinus Serif and DejaVu Sans Mono, tried character by character.
"""

import re
import unicodedata

_LATIN = r"\x20-\x7e\xa0-\xac\xae-\u024f\u1e00-\u1eff\ufb01\ufb02"
_GREEK_AND_CYRILLIC = r"\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0477"
_PUNCTUATION = r"\u2010-\u2027\u2030-\u2037\u2039-\u203f\u2044\u2070\u2071\u2074-\u208e\u20a0-\u20b5\u20bd\u20bf"
_SIGNS = r"\u2116\u2117\u2122\u2126\u2153-\u215e\u2190-\u21ff\u2248\u2260\u2264\u2265\u25a0-\u25cf\u2605\u2606"
_UNSHOWN = re.compile(f"[^{_LATIN}{_GREEK_AND_CYRILLIC}{_PUNCTUATION}{_SIGNS}]")


def shown(text: str) -> str:
    """Return one line of text as the document can show it."""
    return _UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", unicodedata.normalize("NFC", text))


def lines(text: str) -> list[str]:
    """Return the lines of a text as the document can show them; tabs become spaces."""
    return [shown(line.replace("\t", " ")) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text)]
