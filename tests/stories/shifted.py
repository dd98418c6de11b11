"""`python -m tests.stories.shifted COMMAND …`: the command line on a clock that a story moves.

The file that `STORY_CLOCK` names holds the seconds by which the clock is ahead. The product has no such setting: a
portal whose clock can be moved from outside could be made to lie. So the interpreter's clock is moved here, before any
module of the product reads it; workers that a served portal forks are moved with it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

_real = time.time


def _moved() -> float:
    return _real() + int(Path(os.environ["STORY_CLOCK"]).read_text() or 0)


time.time = _moved

if __name__ == "__main__":
    from app.cli import main

    main()
