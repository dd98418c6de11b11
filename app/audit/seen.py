"""What an audit saw besides its findings: what reports are made from."""

from dataclasses import dataclass, field

from app.audit.draw import Draw
from app.audit.entries import Entry
from app.audit.rules import Rules
from app.audit.served import Served
from app.audit.tree import Tree


@dataclass
class Seen:
    """The log's tree, the opened entries, and what the portal's files said; `known` is up to where all is open.

    `note` is the checkpoint under which all of it was seen, `tick` in seconds.
    """

    tree: Tree
    entries: tuple[Entry, ...]
    known: int
    rules: Rules
    note: str
    tick: int
    changes: tuple[str, ...] = ()
    """How the log's keys changed, as announced; each is verified in itself."""
    told: bytes | None = None
    """What the portal says that it ran, as it came."""
    served: list[Served] = field(default_factory=list)
    rows: int | None = None
    """How many rows rest on an entry that says the same, None without a file of rows."""
    draw: Draw | None = None
    drawn: int | None = None
    """How many drawn entries were opened, None before they were asked for."""
