"""Reading among 100,000 petitions and a million log entries in PostgreSQL, beside the same portal when empty."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from app.store.postgres import PostgresDatabase
from tests.bench.engine import MILLION, fill_log
from tests.bench.http import FILERS, LIMIT, READERS, sittings, watched
from tests.bench.load import Outcome, repeated, run, shared_out
from tests.bench.rows import Bench, Row, millis, rate
from tests.bench.served import assign_all, filing_bodies, filing_units, portal_in, session_cookie, signed_in_reviewer
from tests.portal import RunningPortal
from tests.postgres import Cluster, running_cluster

PETITIONS = 100_000
_KEY = "substr(md5(n::text) || md5('x' || n), 1, 26)"
_HASH = "md5({0} || n) || md5(n || {0})"
_COPIED: Mapping[str, Mapping[str, str]] = {
    "petition_case": {"id": _KEY, "status_hash": _HASH.format("id")},
    "case_card": {"case_id": _KEY},
    "manifest": {"case_id": _KEY, "sha256": _HASH.format("sha256")},
    "redacted_record": {"case_id": _KEY},
    "sealed_object": {"case_id": _KEY, "sha256": _HASH.format("sha256")},
}
"""Tables of which a filed case's rows are copied, and what differs in a copy; ciphertexts of files are not copied."""


def scale(bench: Bench) -> list[Row]:
    """Reading load on an empty database and on a full one."""
    petitions, entries = bench.amount(PETITIONS // 10, PETITIONS), bench.amount(MILLION // 10, MILLION)
    with tempfile.TemporaryDirectory(prefix="resguardo-pg-", dir="/tmp") as short:
        Path(short).chmod(0o755)  # the server runs as another user
        with running_cluster(Path(short) / "server") as cluster:
            empty, full = _empty_and_full(bench, cluster, petitions, entries)
    ratio = full.quantile(0.95) / empty.quantile(0.95)
    detail = f"p95 {millis(full.quantile(0.95))} beside {millis(empty.quantile(0.95))}, "
    detail += f"{rate(full.rate)} beside {rate(empty.rate)}, {full.lost + empty.lost} lost"
    return [
        Row(
            f"redacted record among {petitions:,} petitions and {entries:,} entries, PostgreSQL",
            f"{ratio:.2f} × the empty database's p95",
            "≤ 1.5 × with 100,000 and 10⁶" if bench.full else "≤ 1.5 ×",
            ratio <= 1.5 and not full.lost,
            "",
            detail,
        )
    ]


def _empty_and_full(bench: Bench, cluster: Cluster, petitions: int, entries: int) -> tuple[Outcome, Outcome]:
    name = cluster.create()
    with portal_in(bench.folder, "scale", RESGUARDO_DATABASE=cluster.url(name)) as portal:
        bodies = filing_bodies(READERS)
        run(portal.port, shared_out(filing_units(bodies), FILERS, seconds=LIMIT))
        reviewer = signed_in_reviewer(portal)
        with psycopg.connect(cluster.administrators_url(name)) as connection:
            cases = [case for (case,) in connection.execute("SELECT id FROM petition_case ORDER BY id")]
        assign_all(portal, reviewer.name, cases)
        own = [sittings(case, session_cookie(reviewer)) for case in cases]
        empty = _read(bench, portal, own)
        portal.stop()
        _fill(cluster, name, cases[0], petitions, entries)
        portal.start()
        full = _read(bench, portal, own)
    cluster.drop(name)
    return empty, full


def _read(bench: Bench, portal: RunningPortal, own: Any) -> Outcome:
    run(portal.port, repeated(own, seconds=2.0))
    return watched(portal, repeated(own, seconds=bench.amount(4, 20))).outcome


def _fill(cluster: Cluster, name: str, case: str, petitions: int, entries: int) -> None:
    """Copy a case so many times, its wrapped keys too, and lengthen the log with entries that have openings."""
    with psycopg.connect(cluster.administrators_url(name), autocommit=True) as connection:
        for table, changed in _COPIED.items():
            _copy(
                connection, table, changed, f"{'id' if table == 'petition_case' else 'case_id'} = '{case}'", petitions
            )
        changed = {"name": f"split_part(name, '/', 1) || '/' || {_KEY}"}
        _copy(connection, "vault.data_key", changed, f"name LIKE '%/{case}'", petitions)
        owner = PostgresDatabase(cluster.administrators_url(name), {}).owner()
        first = fill_log(owner, entries)
        owner.dispose()
        _copy(connection, "log_opening", {"idx": f"n - 1 + {first}"}, f"idx = {first - 1}", entries - first)
        connection.execute("ANALYZE")


def _copy(connection: psycopg.Connection[Any], table: str, changed: Mapping[str, str], which: str, count: int) -> None:
    """Insert copies of some rows, numbered n from 1; what the database numbers itself it numbers."""
    schema, _, plain = table.rpartition(".")
    asked = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
        "AND NOT (column_default IS NOT NULL AND column_default LIKE 'nextval%%')"
    )
    columns = [row[0] for row in connection.execute(asked, (schema or "public", plain))]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {values} FROM {table} t, generate_series(1, {count}) n WHERE {which}"
    )
