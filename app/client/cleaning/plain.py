"""Plain text, tables in text and exports of chats. Runs in the child only."""

import codecs
import re
import unicodedata

from app.client.cleaning.frames import Refused, Written

_MOST_ODD = 0.01
"""Share of characters that no text has, above which it is not one."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_EMBEDDED = re.compile(r"(?:^[A-Za-z0-9+/=]{48,}[ \t]*\r?\n){12}|\S{4000}", re.MULTILINE)
"""A file in letters, as mails carry them: what stands in it would go out unread."""
for _codec in ("utf-8-sig", "utf-16", "cp1252", "cp437"):
    codecs.lookup(_codec)  # else looked for on the disk once the child has no files left; the last for ZIP


def text_of_plain(data: bytes) -> Written:
    """Return the text of a file. Raises Refused."""
    text = _decoded(data)
    odd = sum(unicodedata.category(letter) in ("Cc", "Co", "Cn") and letter not in "\t\n\r\f" for letter in text)
    if odd > _MOST_ODD * len(text):
        raise Refused("unknown")
    if _EMBEDDED.search(text):
        raise Refused("embedded")
    return Written(text)


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Refused("unknown") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in data:
            raise Refused("unknown") from None
        return data.decode("cp1252", "replace")  # what spreadsheets in Mexico and the United States write


def reflowed(text: str) -> str:
    """Return a text in our own form: no invisible or private characters, one kind of line end, no padding.

    What only a program sees (format characters, tags, bidirectional marks) can hide a name from a reader and the
    review alike.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    kept = _INVISIBLE.sub("", composed).replace(_BLANK_BRAILLE, " ")
    kept = "".join(letter for letter in kept if letter in "\n\t" or unicodedata.category(letter) not in _UNSEEN)
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    result: list[str] = []
    for line in lines:
        if line or (result and result[-1]):
            result.append(line)
    return "\n".join(result).strip("\n")


_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""What Unicode lets a program draw as nothing: fillers, and selectors, which carry whole texts behind one emoji."""
_BLANK_BRAILLE = "\u2800"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
