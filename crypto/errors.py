"""One tree for everything that this package refuses.

Messages are one line, written for people who debug, and hold no secret and no part of a refused input. What a
person reads is chosen by class, in ``app``. A wrong *use* (a programming mistake) raises ``ValueError`` or
``TypeError`` instead.
"""

from __future__ import annotations

from typing import Literal


class CryptoError(Exception):
    """Something was refused by :mod:`crypto`."""


class AgeError(CryptoError):
    """An age file was refused."""


class HeaderError(AgeError):
    """The header, or a stanza meant for one of the identities, is malformed, or of a version not known."""


class NoMatchError(AgeError):
    """None of the identities opens this file."""


class MacError(AgeError):
    """The header was changed: its HMAC does not fit the file key."""


class PayloadError(AgeError):
    """The content was changed, cut, extended or reordered."""


class ArmorError(AgeError):
    """The PEM-like text around an age file is malformed."""


class FrameError(CryptoError):
    """A sealed object is not what its place says, or its padding is not zero."""


PhraseReason = Literal["count", "word", "checksum", "ambiguous"]


class PhraseError(CryptoError):
    """Twelve words were not understood.

    ``reason``: *count* (not twelve), *word* (one word is in no list), *checksum* (all words exist and do not belong
    together), *ambiguous* (they mean different keys in different languages). ``position``: 1 to 12, of the first
    word at fault, or None. ``suggestions``: words of the lists that are near to it. The text of the error never
    holds a word: it may be logged.
    """

    def __init__(
        self, message: str, reason: PhraseReason, position: int | None = None, suggestions: tuple[str, ...] = ()
    ) -> None:
        """Keep the parts apart from the message, which must not hold a word of the phrase."""
        super().__init__(message)
        self.reason: PhraseReason = reason
        self.position = position
        self.suggestions = suggestions


class KeyTextError(CryptoError):
    """A key, a genesis text or a status code written as text is malformed."""


class VaultError(CryptoError):
    """A vault ciphertext does not open under this key and context."""


class PasswordError(CryptoError):
    """A stored password hash is malformed."""


class TotpError(CryptoError):
    """A one-time code is wrong, expired or used before."""


class NoteError(CryptoError):
    """A signed note was refused, or is malformed."""


class UnknownSignerError(NoteError):
    """No signature of the note is by a known key."""


class BadSignatureError(NoteError):
    """A signature by a known key does not fit the text."""


class NoteTypeError(NoteError):
    """The note is authentic and of another type than the one that was asked for."""


class LogError(CryptoError):
    """Something about the transparency log was refused."""


class ProofError(LogError):
    """An inclusion or consistency proof does not prove its claim, or is malformed."""


class CheckpointError(LogError):
    """A checkpoint is malformed, of another origin, or not signed by the log."""


class TileError(LogError):
    """A tile or an entry bundle is malformed."""


class CommitmentError(LogError):
    """An opening does not fit the commitment."""


class AnnouncementError(LogError):
    """What should announce a log's next keys does not."""


class PolicyError(LogError):
    """A policy file is malformed; ``line`` is the number of the line, 0 for the whole."""

    def __init__(self, message: str, line: int) -> None:
        """Keep the line apart from the message."""
        super().__init__(message)
        self.line = line


class AccessRequestError(LogError):
    """A signed request does not fit the entry that commits to it; ``field`` names what of it differs."""

    def __init__(self, message: str, field: str) -> None:
        """Keep the field's name apart from the message."""
        super().__init__(message)
        self.field = field


class SubmissionError(LogError):
    """A request to a cosigner, or its answer, is malformed."""
