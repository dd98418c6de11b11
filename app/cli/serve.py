"""`resguardo serve`: make the data folder ready, then serve it."""

import contextlib
import os
import sys
from pathlib import Path

import click
import uvicorn

from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.workers import serve_alone, supervise
from app.config import DEVELOPMENT_TICK, FACES, Settings, environment_of, read_settings
from app.i18n import N_
from app.wiring import assemble, note_signing_rule, note_version, prepare

STANDINGS = {
    "behind": N_("READ-ONLY: the data are older than what was already signed, as after a restored backup."),
    "restored": N_("READ-ONLY: the data come from a backup. Settle what was signed since: resguardo log recover"),
    "forked": N_("READ-ONLY: the log in the database is another than the one that was signed: rows were changed."),
    "foreign": N_("READ-ONLY: what is published is not signed by the log key in this data folder."),
    "damaged": N_("READ-ONLY: rows of the log cannot be read as what they must be."),
}
"""What the operator sees at the start, for each way in which database, guard and keys do not fit (standing.py)."""
_KEEP_ALIVE_SECONDS = 15
_STOP_SECONDS = 10
_START_SECONDS = 60  # a worker that imports on a slow machine is not taken for dead
_BACKLOG = 512
_M_ARENA_MAX = -8  # malloc.h of the GNU C library
_HEAPS = 2


@click.command(cls=Verb, help=N_("Serve the portal. An empty data folder is made ready first."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--host", help=N_("Address to listen on; other than loopback only with TLS in front (RESGUARDO_URL)."))
@option("--port", type=int, help=N_("Port to listen on."))
@option("--origin", help=N_("The portal's name, set once: case numbers and the log rest on it."))
@option("--workers", type=int, help=N_("Processes that serve."))
@option("--face", type=click.Choice(FACES), help=N_("Which side to serve; each can be a process of its own."))
def command(
    *, data: Path | None, host: str | None, port: int | None, origin: str | None, workers: int | None, face: str | None
) -> None:
    """Serve until told to stop."""
    forbid_core_dumps()
    share_heaps()
    settings = read_settings(data=data, host=host, port=port, origin=origin, workers=workers, face=face)
    prepare(settings)
    note_version(settings)
    note_signing_rule(settings)
    _greet(settings)
    os.environ.update(environment_of(settings))  # the workers read the same settings
    sys.stdout.flush()
    config = uvicorn.Config(
        "app.main:create",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        access_log=False,  # it prints addresses and queries
        server_header=False,
        proxy_headers=False,  # else uvicorn believes any local program; limits.py reads the header where it may
        log_level="warning",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_worker_healthcheck=_START_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        backlog=_BACKLOG,
    )
    if settings.workers > 1:
        supervise(config)
    else:
        serve_alone(config)


def forbid_core_dumps() -> None:
    """Keep what is in memory out of crash files (law: no plaintext anywhere it should not be)."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def share_heaps() -> None:
    """Have the threads of a process share two heaps: forty of them with one each keep 20 MiB that nobody uses.

    One thread runs Python at a time: they hardly wait for each other there. Other C libraries have no such call.
    """
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)


def _greet(settings: Settings) -> None:
    assembly = assemble(settings, publisher=False)
    facts, standing = assembly.public.facts, assembly.standing
    assembly.close()
    address = settings.url or f"http://{settings.host}:{settings.port}"
    click.echo(say(N_("Resguardo, portal {name}, at {address}"), name=facts.name, address=address))
    click.echo(say(N_("Data: {folder}"), folder=settings.data))
    click.echo(say(N_("Log key, to be given to petitioners and auditors by another way:")))
    click.echo(f"  {facts.log_vkey}")
    if settings.behind_tls and not settings.proxy_headers:
        words = N_("Limits per network are off: set RESGUARDO_PROXY_HEADERS=on if the proxy sets X-Forwarded-For.")
        click.echo(say(words), err=True)
    if standing != "whole":
        click.echo(say(STANDINGS[standing]), err=True)
    if settings.publish_every == DEVELOPMENT_TICK:
        words = N_("Development settings: the log is published every {seconds} seconds.")
        click.echo(say(words, seconds=DEVELOPMENT_TICK))
    click.echo(say(N_("Next: resguardo staff enrol NAME --role reviewer, in another terminal. Stop with Ctrl+C.")))
