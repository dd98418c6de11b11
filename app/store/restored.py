"""The mark of a restored data folder: it stays until somebody settled what became of what was signed since the backup.

A folder that comes from a backup cannot know whether more was signed after it. Without the mark, a new host without a
guard would sign a second history at its first start (law L5).
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "restored.json"


@dataclass(frozen=True)
class RestoredMark:
    """When the backup was made and when it was restored, in unix seconds; size and root (hex) of the log in it."""

    made: int
    restored: int
    size: int
    root: str


def put_mark(folder: Path, mark: RestoredMark) -> None:
    """Write the mark of a restored folder durably."""
    fd = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w") as file:
        json.dump({"v": 1, **asdict(mark)}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def read_mark(folder: Path) -> RestoredMark | None:
    """Return the mark, None for a folder that was not restored. One that cannot be read counts as a mark."""
    try:
        found = json.loads((folder / _NAME).read_text())
        return RestoredMark(int(found["made"]), int(found["restored"]), int(found["size"]), str(found["root"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return RestoredMark(0, 0, 0, "")


def take_mark_away(folder: Path) -> None:
    """Remove the mark durably."""
    (folder / _NAME).unlink(missing_ok=True)
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
