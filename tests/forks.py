"""Processes of the command line that do not load it each time.

A portal's process spends two seconds importing before it serves, and tests start many. So one process loads everything
once (`python -m tests.forks`), and each run of `resguardo …` is a fork of it: a process of its own with its own
session, environment, standard streams and exit status, as if it had been started from nothing. What a true start
loads, and how, is the business of tests/architecture and of the documents' own commands, which do not come here.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

_ROOT = Path(__file__).parent.parent
_REQUEST_BYTES = 1 << 20


class Forked:
    """A running `resguardo …`; what tests use of subprocess.Popen."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]) -> None:
        self.args = list(arguments)
        self.returncode: int | None = None
        self._told, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = json.dumps({"arguments": self.args, "environment": dict(environment), "folder": str(Path.cwd())})
        with its:
            socket.send_fds(_parent().requests, [request.encode()], [*streams, its.fileno()])
        self.pid = int(self._told.recv(64))

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status; negative numbers are signals. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if timeout is not None and not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout)
            self.returncode = int(self._told.recv(64))
            self._told.close()
        return self.returncode

    def __del__(self) -> None:
        self._told.close()  # of a process that nobody waited for


def start(arguments: Sequence[str], environment: Mapping[str, str], output: int) -> Forked:
    """Run `resguardo …` with nothing to read, all it says going to one descriptor."""
    with Path(os.devnull).open("rb") as nothing:
        return Forked(arguments, environment, [nothing.fileno(), output, output])


def run(
    arguments: Sequence[str], environment: Mapping[str, str], *, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `resguardo …` to its end and return what it said. Raises subprocess.TimeoutExpired, after ending it."""
    with Path(os.devnull).open("rb") as nothing, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        forked = Forked(arguments, environment, [nothing.fileno(), out.fileno(), err.fileno()])
        try:
            status = forked.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(forked.pid, signal.SIGKILL)
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(forked.args, status, out.read(), err.read())


class _Parent:
    """The process that is forked, which ends with this one."""

    def __init__(self) -> None:
        self.requests, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.forks", str(its.fileno())]
        with its:
            self._process = subprocess.Popen(
                command, pass_fds=[its.fileno()], cwd=_ROOT, stdin=subprocess.DEVNULL, start_new_session=True
            )
        atexit.register(self._end)

    def _end(self) -> None:
        self.requests.close()
        self._process.wait()


_parent = functools.cache(_Parent)


def _serve(requests: socket.socket) -> None:
    """Fork for each request until the other side is gone."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the minders
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _REQUEST_BYTES, 4)
        if not message:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _mind(json.loads(message), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _load() -> None:
    import uvloop  # noqa: F401 (all of these are loaded to be forked)

    import app.cli
    import app.main
    from app.web.offline import published
    from app.web.served import code_digest

    for load, _ in app.cli.VERBS.values():
        load()
    code_digest()
    with contextlib.suppress(KeyError):  # the libraries are not built, and whoever serves says so
        published()
    gc.collect()
    gc.freeze()


def _mind(request: dict[str, Any], descriptors: Sequence[int]) -> NoReturn:
    """Fork the program itself, which says its number, wait for its end, say how it ended.

    It ends with whoever asked for it, even if they were killed.
    """
    *streams, told = descriptors
    program = os.fork()
    if program == 0:
        os.setsid()
        os.write(told, str(os.getpid()).encode())
        os.close(told)
        _run(request, streams)
    for stream in streams:
        os.close(stream)
    threading.Thread(target=_end_with, args=(told, program), daemon=True).start()
    _, status = os.waitpid(program, 0)
    with contextlib.suppress(OSError):  # whoever asked is gone
        os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _end_with(told: int, program: int) -> None:
    """Kill a program and all that it started when nobody listens any more."""
    with contextlib.suppress(OSError):
        if not os.read(told, 1):
            os.killpg(program, signal.SIGKILL)


def _run(request: dict[str, Any], streams: Sequence[int]) -> NoReturn:
    """Become `resguardo …`."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = ["resguardo", *request["arguments"]]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115 (the standard streams)
    os._exit(_status())


def _status() -> int:
    """Run the command line to its end, as the interpreter would, and return its exit status."""
    import app.cli

    status: Any = 0
    try:
        app.cli.main()
    except SystemExit as end:
        status = end.code
    except BaseException:  # noqa: BLE001 (as the interpreter does: said, and status 1)
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        _serve(asked)
