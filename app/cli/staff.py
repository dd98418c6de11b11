"""`resguardo staff …`: the operator brings people in, switches them off, assigns cases. Staff themselves use pages."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.command import VerbGroup, option
from app.cli.language import say
from app.config import Settings, read_settings
from app.domain.entities import STAFF_ROLES, Role
from app.domain.links import Link
from app.domain.ports import Face, Portal
from app.i18n import N_
from app.usecases import assign_case, enrol_staff
from app.wiring import assemble, prepare

_DATA = option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
_JSON = option("--json", "as_json", is_flag=True, help=N_("Answer as JSON."))


@click.group(cls=VerbGroup, help=N_("Bring reviewers, auditors and others in; switch accounts off; assign cases."))
def command() -> None:
    """Group of the staff verbs."""


@command.command("enrol", help=N_("Make a one-time link with which somebody sets password and authenticator."))
@click.argument("name")
@option("--role", type=click.Choice([role.value for role in STAFF_ROLES]), required=True, help=N_("What they do."))
@_DATA
@_JSON
def enrol(name: str, role: str, data: Path | None, *, as_json: bool) -> None:
    """Create an account and print its link."""
    with _office(data) as (settings, portal):
        _print_link(settings, enrol_staff.invite(portal, name, Role(role)), as_json=as_json)


@command.command("reset", help=N_("End an account's sessions and make a new one-time link."))
@click.argument("name")
@_DATA
@_JSON
def reset(name: str, data: Path | None, *, as_json: bool) -> None:
    """Start an account over."""
    with _office(data) as (settings, portal):
        _print_link(settings, enrol_staff.reset(portal, name), as_json=as_json)


@command.command("disable", help=N_("Switch an account off at once."))
@click.argument("name")
@_DATA
def disable(name: str, data: Path | None) -> None:
    """Switch an account off."""
    with _office(data) as (_, portal):
        enrol_staff.disable(portal, name)
    click.echo(say(N_("{name} can no longer sign in."), name=name))


@command.command("list", help=N_("List the accounts."))
@_DATA
@_JSON
def list_accounts(data: Path | None, *, as_json: bool) -> None:
    """List every account with role and state."""
    with _office(data) as (_, portal):
        members = enrol_staff.list_staff(portal)
    rows = [{"name": member.name, "role": str(member.role), "state": str(member.state)} for member in members]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo(say(N_("Nobody yet. Begin with: resguardo staff enrol NAME --role reviewer")))
    for row in rows:
        click.echo(f"{row['name']:<24} {row['role']:<12} {row['state']}")


@command.command("assign", help=N_("Let somebody read a case; the first characters of its number are enough."))
@click.argument("name")
@click.argument("case")
@_DATA
def assign(name: str, case: str, data: Path | None) -> None:
    """Assign a case."""
    with _office(data) as (_, portal):
        found = assign_case.assign_case(portal, name, case)
    click.echo(say(N_("{name} may now read case {case}."), name=name, case=found))


@contextlib.contextmanager
def _office(data: Path | None) -> Iterator[tuple[Settings, Portal]]:
    settings = read_settings(data=data)
    prepare(settings)
    assembly = assemble(settings, [Face.OFFICE], publisher=False)
    try:
        yield settings, assembly.office
    finally:
        assembly.close()


def _print_link(settings: Settings, link: Link, *, as_json: bool) -> None:
    base = settings.url or f"http://{settings.host}:{settings.port}"
    address = f"{base}/office/enrol/{link.token}"
    if as_json:
        click.echo(json.dumps({"link": address, "expires": link.expires}))
        return
    click.echo(
        say(N_("Give this link to the person by a safe way. It works once, until {expires}:"), expires=link.expires)
    )
    click.echo(f"  {address}")
