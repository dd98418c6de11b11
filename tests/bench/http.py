"""Rows over HTTP: filing, reading, both beside bad logins, status, tile, memory and start."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.client import Plan, Unit
from tests.bench.load import Outcome, besides, repeated, request, run, shared_out
from tests.bench.rows import Bench, Row, against, millis, rate
from tests.bench.served import (
    answer,
    assign_all,
    bad_login,
    cpu_seconds,
    filing_bodies,
    filing_units,
    form,
    memory_row,
    portal_in,
    session_cookie,
    signed_in_reviewer,
)
from tests.portal import RunningPortal

FILERS = 8
READERS = 16
ASKERS = 8
BAD_LOGINS = 4
LIMIT = 120.0  # seconds of one load at most
TURNS = 2  # idle and disturbed in turns, so that a neighbour's noise falls on both
WARM = 16


@dataclass(frozen=True)
class Seen:
    """An outcome with the processor seconds that the portal took for each unit."""

    outcome: Outcome
    cpu: float

    @property
    def each(self) -> float:
        """Processor seconds of the portal for one unit."""
        return self.cpu / max(self.outcome.done, 1)

    def beside(self, bench: Bench) -> str:
        """Return what stands beside the figure, the cost in the machine's own hashes too: a crowded core is slower."""
        hashes = self.each * bench.calibration.node_hashes / 1000
        return f"{self.detail}, as much as {hashes:,.0f} thousand hashes from Python"

    @property
    def detail(self) -> str:
        """What happened."""
        outcome = self.outcome
        text = f"p50 {millis(outcome.quantile(0.5))}, p95 {millis(outcome.quantile(0.95))}, "
        text += (
            f"{outcome.done} done, {outcome.lost} lost; {self.each * 1000:.1f} ms of the portal's processor time each"
        )
        return text + (f" ({dict(outcome.ends)})" if outcome.lost else "")


def watched(portal: RunningPortal, plans: Sequence[Plan]) -> Seen:
    """Run load and note what the portal took for it."""
    before = cpu_seconds(portal)
    outcome = run(portal.port, plans)
    return Seen(outcome, cpu_seconds(portal) - before)


def in_turns(portal: RunningPortal, plans: Callable[[], Sequence[Plan]]) -> tuple[Seen, Outcome, Outcome]:
    """Return load on the idle portal, the same beside bad logins, and the bad logins themselves."""
    bad = repeated([[bad_login()]] * BAD_LOGINS, seconds=LIMIT)
    idle, disturbed, logins = Outcome((), {}, 0), Outcome((), {}, 0), Outcome((), {}, 0)
    cpu = 0.0
    for _ in range(TURNS):
        seen = watched(portal, plans())
        idle, cpu = idle + seen.outcome, cpu + seen.cpu
        with besides(portal.port, bad) as noise:
            disturbed += run(portal.port, plans())
        logins += noise[0]
    return Seen(idle, cpu), disturbed, logins


def disturbed_row(what: str, idle: Outcome, disturbed: Outcome, logins: Outcome) -> Row:
    """Return the row of a load beside bad logins."""
    share = disturbed.rate / idle.rate if idle.rate else 0.0
    detail = f"{rate(disturbed.rate)}, p95 {millis(disturbed.quantile(0.95))}, {disturbed.lost} lost; "
    detail += f"bad logins answered {rate(logins.rate)}"
    met = share >= 0.8 and not disturbed.lost
    return Row(
        f"{what} under {BAD_LOGINS} looping bad logins", f"{share:.0%} of idle", "≥ 80 % of idle", met, "", detail
    )


def filing(bench: Bench) -> list[Row]:
    """Sealed filings and record reads over HTTP, idle and beside bad logins, on one portal."""
    with portal_in(bench.folder, "filing") as portal:
        count = bench.amount(120, 500)
        bodies = filing_bodies(WARM + 2 * TURNS * count)
        run(portal.port, shared_out(filing_units(bodies[:WARM]), FILERS, seconds=LIMIT))
        signed_in_reviewer(portal)
        units = iter(filing_units(bodies[WARM:]))

        def plans() -> Sequence[Plan]:
            return shared_out([next(units) for _ in range(count)], FILERS, seconds=LIMIT)

        idle, disturbed, logins = in_turns(portal, plans)
        memory = memory_row("filings and logins", portal)
    seen = idle.outcome
    met = seen.rate >= 150 and seen.quantile(0.95) <= 0.1 and not seen.lost
    ratio = against(seen.rate, bench.calibration.transactions, "one-row transactions")
    target = "≥ 150/s, p95 ≤ 100 ms, none lost"
    return [
        Row("sealed filing over HTTP, 8 clients", rate(seen.rate), target, met, ratio, idle.beside(bench)),
        disturbed_row("sealed filing", seen, disturbed, logins),
        memory,
    ]


def reading(bench: Bench) -> list[Row]:
    """Redacted records, log before light: every unit opens a new sitting (its entry durable) and shows the record."""
    with portal_in(bench.folder, "reading") as portal:
        bodies = filing_bodies(READERS)
        run(portal.port, shared_out(filing_units(bodies), FILERS, seconds=LIMIT))
        reviewer = signed_in_reviewer(portal)
        cases = sorted(_cases(portal))
        assign_all(portal, reviewer.name, cases)
        own = [sittings(case, session_cookie(reviewer)) for case in cases]
        run(portal.port, repeated(own, seconds=1.0))

        def plans() -> Sequence[Plan]:
            return repeated(own, seconds=bench.amount(4, 20))

        idle, disturbed, logins = in_turns(portal, plans)
        memory = memory_row("readings and logins", portal)
    seen = idle.outcome
    met = seen.rate >= 400 and seen.quantile(0.95) <= 0.06 and not seen.lost
    ratio = against(seen.rate, bench.calibration.transactions, "one-row transactions")
    target = "≥ 400/s, p95 ≤ 60 ms"
    return [
        Row(
            "redacted record, new sitting and page, 16 clients", rate(seen.rate), target, met, ratio, idle.beside(bench)
        ),
        disturbed_row("redacted record", seen, disturbed, logins),
        memory,
    ]


def _cases(portal: RunningPortal) -> list[str]:
    import sqlite3

    with sqlite3.connect(portal.data / "portal.db") as db:
        return [case for (case,) in db.execute("SELECT id FROM petition_case")]


def sittings(case: str, cookie: tuple[str, str]) -> list[Unit]:
    """Return two looks at a record for two purposes: each is another sitting than the one before."""
    page = request("GET", f"/office/cases/{case}/record", cookie="=".join(cookie))
    return [
        Unit((form(f"/office/cases/{case}/sitting", {"purpose": purpose}, cookie), page), frozenset({200, 303}))
        for purpose in ("REVIEW", "CLARIFICATION")
    ]


def public(bench: Bench) -> list[Row]:
    """What anyone may ask: the status by its code, a tile; and the least that a request costs."""
    with portal_in(bench.folder, "public") as portal:
        bodies = filing_bodies(FILERS)
        run(portal.port, shared_out(filing_units(bodies), FILERS, seconds=LIMIT))
        _wait_for_size(portal, FILERS)
        asked = [(f'{{"code":"{code}"}}').encode() for code, _ in bodies]
        status = [request("POST", "/api/v1/status", body) for body in asked]
        seconds = bench.amount(3, 10)
        health = _asked(portal, [request("GET", "/health")] * ASKERS, seconds)
        rows = [Row("the least request: GET /health", rate(health.outcome.rate), detail=health.beside(bench))]
        for what, requests in (
            ("status by its code, signed", status),
            ("tile", [request("GET", f"/log/tile/0/000.p/{FILERS}")] * ASKERS),
        ):
            seen = _asked(portal, requests, seconds)
            ratio = against(seen.outcome.rate, health.outcome.rate, "least request")
            met = seen.outcome.rate >= 1500 and not seen.outcome.lost
            rows.append(Row(what, rate(seen.outcome.rate), "≥ 1,500/s", met, ratio, seen.beside(bench)))
    return rows


def _asked(portal: RunningPortal, requests: Sequence[bytes], seconds: float) -> Seen:
    ok = frozenset({200})
    return watched(portal, repeated([[Unit((each,), ok)] for each in requests], seconds=seconds))


def _wait_for_size(portal: RunningPortal, size: int) -> None:
    end = time.monotonic() + 30
    while int(answer(portal, "/log/checkpoint").text.split("\n")[1]) < size:
        assert time.monotonic() < end, "the log was not published"
        time.sleep(0.2)


def start(bench: Bench) -> list[Row]:
    """Cold start: from the command to the first answer, on a folder that is there already."""
    with portal_in(bench.folder, "start") as portal:
        portal.stop()
        times = []
        for _ in range(bench.amount(3, 7)):
            before = time.perf_counter()
            portal.start()
            times.append(time.perf_counter() - before)
            portal.stop()
    best, middle = min(times), sorted(times)[len(times) // 2]
    return [Row("cold start, 2 workers", f"{middle:.2f} s", "≤ 2 s", middle <= 2, "", f"best {best:.2f} s")]
