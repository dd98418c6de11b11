"""A portal's parts in this process, over a folder that is thrown away, for tests that reach below HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.config import Settings, read_settings
from app.wiring import Assembly, assemble, prepare
from tests import engine


def settings_in(folder: Path, **environment: str) -> Settings:
    """Return settings for a data folder below `folder`, with its guard beside it."""
    return read_settings(environment_in(folder, **environment))


def environment_in(folder: Path, **environment: str) -> Mapping[str, str]:
    """Return the same as environment variables."""
    return {
        "RESGUARDO_DATA": str(folder / "data"),
        "RESGUARDO_GUARD": str(folder / "guard"),
        "RESGUARDO_PUBLISH_EVERY": "1",
        **engine.addresses_of(folder / "data"),
        **environment,
    }


@contextlib.contextmanager
def assembled(settings: Settings) -> Iterator[Assembly]:
    """Prepare and assemble, and close afterwards."""
    prepare(settings)
    assembly = assemble(settings, publisher=False)
    try:
        yield assembly
    finally:
        assembly.close()
