"""Secret bytes that do not leak by accident, and the type of a source of randomness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

Random = Callable[[int], bytes]
"""Returns that many uniformly random bytes; production passes the operating system's source."""


class SecretBytes:
    """Bytes that show as ``***`` and must be asked for with :meth:`reveal`.

    Comparing, hashing, pickling, copying and truth-testing raise ``TypeError``: each is a way by which
    secrets reach logs, caches, other processes or a timing side channel. Python cannot wipe memory, so this
    guards against mistakes and not against a reader of the process's memory.
    """

    __slots__ = ("_data",)
    __hash__: ClassVar[None]  # type: ignore[assignment]  # unhashable on purpose: no secret as a key of a dict

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        """Keep a private copy of ``data``; raises ``TypeError`` for text and numbers."""
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError("a secret is made of bytes")
        self._data = bytes(data)

    def reveal(self) -> bytes:
        """Return the bytes; every call of it is a place to review."""
        return self._data

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"

    def __format__(self, format_spec: str) -> str:
        return "***"

    def __bool__(self) -> NoReturn:
        raise TypeError("a secret has no truth value; use len()")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("secrets are compared with crypto.digest.equal")

    def __ne__(self, other: object) -> NoReturn:
        raise TypeError("secrets are compared with crypto.digest.equal")

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret is not copied")

    def __deepcopy__(self, memo: dict[int, Any]) -> NoReturn:
        raise TypeError("a secret is not copied")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")
