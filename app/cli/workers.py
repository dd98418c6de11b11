"""The processes that serve, forked from one that has loaded the portal: uvicorn's supervisor with other workers.

uvicorn starts each worker as a new interpreter, which imports for a second what the supervisor has imported already.
Everything else is its own and stays so: who is asked for signs of life, replaced, stopped, and by which signal.

1. What is forked is loaded and nothing more: no other thread, no connection, no lock, no open guard. Engines,
   sequencers, keys of sessions and limits are made in each worker (`app.main.create`).
2. Signals wait while a process is forked, and find there what a new program has: none is lost between the two.
3. A worker that cannot begin says why in one line and is tried again: a database that is away comes back.
4. A worker whose supervisor is gone ends: nobody would replace it, and it would hold the port.

Random bytes are the kernel's, or OpenSSL's, which draws anew in a forked process (tests/cli/test_workers.py).
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from typing import Any, ClassVar
from weakref import WeakSet

from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.server import Server
from uvicorn.supervisors import multiprocess
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess, Process

from app.cli.loading import loading

LOOK_SECONDS = 1.0
"""How often a worker looks whether its supervisor lives."""
_FAILED = 1


def supervise(config: Config) -> None:
    """Serve with forked workers until told to stop. Exits with an error if none can ever begin."""
    with loading():
        config.load_app()
        config.get_loop_factory()
    gc.freeze()  # what stands here is shared by all: a collection in a worker would copy it
    multiprocess.Process = ForkedWorker  # type: ignore[misc] # by this name the supervisor asks for its workers
    supervisor = Multiprocess(config, [config.bind_socket()])
    supervisor.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
        sys.exit(STARTUP_FAILURE)


def serve_alone(config: Config) -> None:
    """Serve in this process until told to stop. Exits with an error if it cannot begin."""
    with loading():
        config.load_app()
    server = Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


class ForkedWorker(Process):
    """uvicorn's worker as a fork of the supervisor."""

    _siblings: ClassVar[WeakSet["ForkedWorker"]] = WeakSet()

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._supervisor = os.getpid()
        self._mask: set[int] = set()
        self.process: Any = multiprocessing.get_context("fork").Process(target=self.target, args=(sockets,))
        self._siblings.add(self)

    def start(self) -> None:
        """Fork (rules 1 and 2)."""
        if threading.active_count() > 1:
            raise RuntimeError("a thread that is not forked may hold a lock that is")
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        self.child_conn.close()  # only the worker has it now: if it dies while it is asked, nobody waits for an answer

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, in the worker (rules 2 to 4)."""
        try:
            self._begin()
            super().target(sockets)
        except KeyboardInterrupt:
            pass  # Ctrl+C, which the supervisor hears too
        except Exception as error:  # noqa: BLE001 - a traceback may show what is stored
            what = "ended" if self.server.started else "cannot start; it is tried again"
            print(f"a worker {what}: {_words(error)}", file=sys.stderr, flush=True)  # noqa: T201 - the operator's log
            sys.exit(_FAILED)

    def _begin(self) -> None:
        """Be as a new program: nothing of the siblings, no handler of the supervisor's, and its end is ours."""
        for other in self._siblings:
            if other is not self:
                other.parent_conn.close()
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        threading.Thread(target=_end_after, args=(self._supervisor,), name="supervisor", daemon=True).start()


def _end_after(supervisor: int) -> None:
    """End this process once it is somebody else's child."""
    while os.getppid() == supervisor:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _words(error: Exception) -> str:
    """Return what went wrong without what the error may quote."""
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{reason}; `resguardo check` says more"
