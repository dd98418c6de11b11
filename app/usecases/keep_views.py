"""Keep queues under a name, for oneself: make, rename, delete, take a deletion back.

Names and addresses are encrypted: what somebody searches for may be a workplace. A deletion can be taken back for an
hour; the row goes at the next change after that.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl

from app.domain.caseload import MOST_VIEW_NAME, MOST_VIEWS, UNDO_SECONDS, StoredView
from app.domain.entities import READERS, StaffMember
from app.domain.errors import AccessError, ViewError
from app.domain.policy import may_see_cards
from app.domain.ports import Portal, Unit, View
from app.domain.queue import read_query
from app.domain.typed_text import is_readable

T = TypeVar("T")
_ID_BYTES = 8


@dataclass(frozen=True)
class SavedView:
    """A queue under a name; `query` is its address after the question mark."""

    id: str
    name: str
    query: str
    deleted: bool


@dataclass(frozen=True)
class SavedViews:
    """Those that one has, and those whose deletion can be taken back."""

    kept: tuple[SavedView, ...]
    gone: tuple[SavedView, ...]


def list_views(portal: Portal, member: StaffMember) -> SavedViews:
    """Return one's own views, oldest first. Raises AccessError: not_allowed."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        found = _opened(portal, view, member)
    return SavedViews(tuple(each for each in found if not each.deleted), tuple(each for each in found if each.deleted))


def save_view(portal: Portal, member: StaffMember, name: str, query: str) -> None:
    """Keep a queue under a name; parts of the address that do not exist are left out.

    Raises ViewError: name_form, name_taken, too_many.
    """
    identifier = portal.random(_ID_BYTES).hex()

    def work(unit: Unit) -> None:
        kept = _kept(portal, unit, member)
        if len(kept) >= MOST_VIEWS:
            raise ViewError("too_many", limit=MOST_VIEWS)
        _check_name(name, kept)
        body = _sealed(portal, member, identifier, name, _understood(unit, query))
        unit.desk.add_view(StoredView(identifier, member.id, portal.clock(), None, body))

    _change(portal, member, work)


def rename_view(portal: Portal, member: StaffMember, identifier: str, name: str) -> None:
    """Give one's view another name. Raises ViewError: view_unknown, name_form, name_taken."""

    def work(unit: Unit) -> None:
        kept = _kept(portal, unit, member)
        found = _own(kept, identifier)
        _check_name(name, [each for each in kept if each.id != identifier])
        unit.desk.set_view(identifier, _sealed(portal, member, identifier, name, found.query))

    _change(portal, member, work)


def delete_view(portal: Portal, member: StaffMember, identifier: str) -> None:
    """Delete one's view; for an hour that can be taken back. Raises ViewError: view_unknown."""

    def work(unit: Unit) -> None:
        _own(_kept(portal, unit, member), identifier)
        unit.desk.set_view_deleted(identifier, portal.clock())

    _change(portal, member, work)


def restore_view(portal: Portal, member: StaffMember, identifier: str) -> None:
    """Take a deletion back. Raises ViewError: view_unknown, name_taken, too_many."""

    def work(unit: Unit) -> None:
        found = _opened(portal, unit, member)
        gone = _own([each for each in found if each.deleted], identifier)
        kept = [each for each in found if not each.deleted]
        if len(kept) >= MOST_VIEWS:
            raise ViewError("too_many", limit=MOST_VIEWS)
        _check_name(gone.name, kept)
        unit.desk.set_view_deleted(identifier, None)

    _change(portal, member, work)


def _change(portal: Portal, member: StaffMember, work: Callable[[Unit], T]) -> T:
    def swept(unit: Unit) -> T:
        unit.desk.purge_views(portal.clock() - UNDO_SECONDS)
        return work(unit)

    if not may_see_cards(member):
        raise AccessError("not_allowed")
    return portal.ledger.write(swept).value


def _opened(portal: Portal, view: View, member: StaffMember) -> list[SavedView]:
    oldest = portal.clock() - UNDO_SECONDS
    found = []
    for each in view.desk.views(member.id):
        if each.deleted is None or each.deleted > oldest:
            body = json.loads(portal.vault.open_system(_label(member, each.id), each.body_sealed))
            found.append(SavedView(each.id, body["name"], body["query"], each.deleted is not None))
    return found


def _kept(portal: Portal, view: View, member: StaffMember) -> list[SavedView]:
    return [each for each in _opened(portal, view, member) if not each.deleted]


def _own(views: list[SavedView], identifier: str) -> SavedView:
    found = [each for each in views if each.id == identifier]
    if not found:
        raise ViewError("view_unknown")
    return found[0]


def _check_name(name: str, others: list[SavedView]) -> None:
    if not name or len(name) > MOST_VIEW_NAME or not is_readable(name):
        raise ViewError("name_form", "name", limit=MOST_VIEW_NAME)
    if name.casefold() in {each.name.casefold() for each in others}:
        raise ViewError("name_taken", "name")


def _understood(view: View, query: str) -> str:
    names = [each.name for each in view.staff.all() if each.role in READERS]
    return read_query(dict(parse_qsl(query, max_num_fields=20)), names)[0].address().removeprefix("?")


def _sealed(portal: Portal, member: StaffMember, identifier: str, name: str, query: str) -> bytes:
    body = json.dumps({"name": name, "query": query}).encode()
    return portal.vault.seal_system(_label(member, identifier), body)


def _label(member: StaffMember, identifier: str) -> str:
    return f"view/{member.id}/{identifier}"
