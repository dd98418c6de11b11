"""Loading much code at once."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Import without collections in between: a fifth of the time went into looking for garbage among new modules."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
