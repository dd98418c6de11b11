"""`resguardo cosign`: a cosigner of anyone's log, run by whoever others have reason to believe."""

import contextlib
import json
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

import click

from app.cli.access import clock, randomness
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import OK, TAMPERED, note, out, out_json, reported
from app.cosigner.folder import CosignerError, CosignerFolder, opened
from app.cosigner.server import CosignerServer
from app.cosigner.service import FORK, CosigningService
from app.i18n import LANGUAGES, N_
from crypto.errors import PolicyError
from crypto.log.policy import MAX_POLICY_SIZE, Policy

PORT = 8100


@click.command(
    "cosign",
    cls=Verb,
    help=N_("Cosign a log: vouch that it only grows. The folder keeps the keys, what was cosigned, and evidence."),
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option("--name", help=N_("The cosigner's name, set once, such as example.org/cosigner."))
@option("--log", "logs", multiple=True, help=N_("Verifier key of a log to cosign from now on; several are possible."))
@option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False), help=N_("Policy file whose logs are to be cosigned.")
)
@option(
    "--announcement",
    "announcements",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("File of what announces the next keys of a cosigned log, as its address /log/keys gives it."),
)
@option("--host", default="127.0.0.1", show_default=True, help=N_("Address to listen on."))
@option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help=N_("Port to listen on."))
@option("--url", help=N_("Address under which logs reach this cosigner, for the lines that are shown."))
@option("--show", is_flag=True, help=N_("Say what was cosigned and what evidence is kept, and leave."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    folder: Path,
    name: str | None,
    logs: tuple[str, ...],
    policy: Path | None,
    announcements: tuple[Path, ...],
    host: str,
    port: int,
    url: str | None,
    show: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Serve a cosigner until told to stop, or show it and leave with 1 where a fork was seen."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json), opened(folder, name, randomness) as mine:
        for vkey in (*logs, *_logs_of(policy)):
            mine.add_log(vkey)
        for path in announcements:
            mine.follow(_announced(path))
        if show:
            _show(mine, url or f"http://{host}:{port}", as_json=as_json)
        else:
            _serve(mine, host, port, url)


def _logs_of(policy: Path | None) -> list[str]:
    if policy is None:
        return []
    try:
        with policy.open("rb") as file:
            return [log.vkey for log in Policy.parse(file.read(MAX_POLICY_SIZE + 1)).logs]
    except PolicyError as error:
        raise CosignerError("policy", line=error.line) from error


def _announced(path: Path) -> list[str]:
    """Return the announcements in a file: one alone, or the list that a portal gives."""
    with path.open("rb") as file:
        text = file.read(MAX_POLICY_SIZE).decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        listed = json.loads(text)
        return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return [text]


def _serve(mine: CosignerFolder, host: str, port: int, url: str | None) -> None:
    if not mine.logs:
        raise CosignerError("no_log")
    service = CosigningService(mine, lambda: int(clock()))
    about = "".join(f"{key.vkey}\n" for key in mine.keys.both)
    with _listening(host, port, service, about) as server:
        out(
            say(N_("Cosigner {name}, at {address}"), name=mine.keys.name, address=f"http://{host}:{server.server_port}")
        )
        _tell(mine, url or f"http://{host}:{server.server_port}")
        sys.stdout.flush()
        with _until_told():
            server.serve_forever(poll_interval=0.2)


def _listening(host: str, port: int, service: CosigningService, about: str) -> CosignerServer:
    try:
        return CosignerServer(host, port, service, about)
    except OSError as error:
        raise CosignerError("address", host=host, port=port, reason=error.strerror or "I/O") from error


@contextlib.contextmanager
def _until_told() -> Iterator[None]:
    """Stop serving at Ctrl+C and at SIGTERM, both without a word: nothing is left half done."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _tell(mine: CosignerFolder, url: str) -> None:
    out(say(N_("Lines for the policy of whoever relies on it, each of them enough:")))
    for line in _witness_lines(mine, url):
        out(f"  {line}")
    for origin in mine.logs:
        known = mine.known(origin)
        size = known.checkpoint.size if known else 0
        out(say(N_("Log {origin}: cosigned up to {count} entries"), origin=origin, count=size))
    for found in mine.evidence():
        _tell_evidence(found)


def _tell_evidence(found: Mapping[str, object]) -> None:
    words = (
        N_("FORK of {origin}: it signed another history of {size} entries than the one cosigned. Evidence: {folder}")
        if found["kind"] == FORK
        else N_("{origin} showed {size} entries after {known_size} were cosigned. Kept: {folder}")
    )
    note(say(words, **{name: str(value) for name, value in found.items()}))


def _witness_lines(mine: CosignerFolder, url: str) -> list[str]:
    name = mine.keys.name
    return [f"witness {name} {mine.keys.ed25519.vkey} {url}", f"witness {name}/ml-dsa {mine.keys.mldsa.vkey} {url}"]


def _show(mine: CosignerFolder, url: str, *, as_json: bool) -> None:
    evidence = mine.evidence()
    if as_json:
        known = {origin: mine.known(origin) for origin in mine.logs}
        logs = [
            {
                "origin": origin,
                "size": each.checkpoint.size if each else 0,
                "root": each.checkpoint.root.hex() if each else "",
                "time": each.time if each else None,
            }
            for origin, each in known.items()
        ]
        keys = [key.vkey for key in mine.keys.both]
        lines = _witness_lines(mine, url)
        out_json({"name": mine.keys.name, "keys": keys, "policy": lines, "logs": logs, "evidence": evidence})
    else:
        out(say(N_("Cosigner {name}"), name=mine.keys.name))
        _tell(mine, url)
    raise click.exceptions.Exit(TAMPERED if any(found["kind"] == FORK for found in evidence) else OK)
