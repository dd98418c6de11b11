"""A process of the portal that appends entries from many threads and says which were acknowledged.

`python -m tests.attacks.appender THREADS COUNT`, settings from the environment. One line for each acknowledged entry:
its index and its leaf in hex. COUNT 0 goes on until the process is ended. An entry that was refused is tried anew.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from app.config import read_settings
from app.domain.entities import EntryKind, Role
from app.domain.errors import ServiceError
from app.domain.ports import EntryDraft, Portal
from app.wiring import assemble

DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)


def append(portal: Portal) -> None:
    """Append until one entry is acknowledged, and say so in one write, which is not torn."""
    while True:
        try:
            entry = portal.ledger.write(lambda unit: unit.append(DRAFT)).entries[0]
        except ServiceError as error:
            if error.code == "read_only":
                raise
        else:
            os.write(1, f"{entry.index} {entry.leaf.hex()}\n".encode())
            return


def main(threads: int, count: int) -> None:
    """Append through both faces, half of the threads each."""
    assembly = assemble(read_settings(os.environ), publisher=False)
    faces = [assembly.petitioner, assembly.office]

    def work(number: int) -> None:
        share = range(number, count, threads)
        for _ in share if count else iter(int, 1):
            append(faces[number % 2])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    assembly.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
