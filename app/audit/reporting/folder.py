"""A report as a folder: what it was made from, what it says, and the proofs of the entries that it names.

    inputs/…            audit.json, the checkpoint, and whatever files the audit was given: nothing else goes in
    report.json         everything that was found, for programs
    report.html, .pdf   the same for people, in one language
    totals.csv          petitions received and decided by month
    proofs/entry-7.tlog-proof   an entry that a finding names: its place in the log, its leaf, its opening

The procedure
  1. Gather: everything that the audit was given is copied into `inputs`; nothing that only the portal says at this
     moment, nothing of this machine.
  2. Make: audit again, from the inputs and the log's files alone, at a time that the checkpoint says; write the rest.
  3. Another auditor makes 2 again from the same inputs and their own copy of the log, and compares every byte.

Rule of trust: a report's inputs name the log's key, which may be anybody's. Whoever repeats it brings the key, or one
that the announcements among the inputs lead on from, each signed by the key before and the one after.
"""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version  # noqa: TID251 - reads the wheel's metadata, imports nothing
from pathlib import Path
from typing import Any

import rfc8785

from app.audit.auditor import Auditor, Evidence, Kept
from app.audit.draw import Draw
from app.audit.finding import CannotCheckError, Obstacle, Report
from app.audit.keys import cosigned
from app.audit.openings import read_openings
from app.audit.reporting.contents import Contents
from app.audit.reporting.document import pdf_of
from app.audit.reporting.page import html_of
from app.audit.rows import load_rows, read_rows
from app.audit.rules import read_rules
from app.audit.seen import Seen
from app.audit.source import Located, Source
from app.audit.state import load_state
from crypto.errors import CryptoError, PolicyError
from crypto.log.checkpoint import parse_verifier, verify_checkpoint
from crypto.log.keychange import leading_to, read_all
from crypto.log.leaf import Leaf
from crypto.log.merkle import inclusion_proof
from crypto.log.policy import Policy, judge
from crypto.log.proof import LogProof
from crypto.log.totals import to_csv

FORMAT = "resguardo/audit-report/v1"
INPUTS = "inputs"
_ABOUT = "audit.json"
KEYS = "keys.json"
SEEN_BEFORE = "seen-before"
"""A checkpoint that the log signed and this auditor kept: where it is no part of the log, that is the evidence."""
_MOST_PROOFS = 2000
_NEVER = 253_402_300_800
"""The year 10000: without a cosigner's clock nothing says what is still to come."""


@dataclass(frozen=True)
class Inputs:
    """What a report is made from, besides the log: file contents by name, below `inputs`."""

    files: Mapping[str, bytes]

    @property
    def about(self) -> dict[str, Any]:
        """Return what audit.json says; raises ``CannotCheckError``."""
        try:
            data: dict[str, Any] = json.loads(self.files[_ABOUT])
            if data["format"] != FORMAT:
                raise ValueError("another format")
            return {**data, "earlier": [(int(size), base64.b64decode(root)) for size, root in data["earlier"]]}
        except (KeyError, ValueError, TypeError) as error:
            raise CannotCheckError(Obstacle.BAD_REPORT, file=_ABOUT) from error


def gather(report: Report, seen: Seen, kept: Kept, language: str) -> Inputs:
    """Return the inputs of an audit that was made (1.)."""
    files: dict[str, bytes] = {"checkpoint": seen.note.encode()}
    if kept.openings is not None:
        paths = sorted(kept.openings.glob("*.json")) if kept.openings.is_dir() else [kept.openings]
        files |= {f"openings/{number:04}.json": path.read_bytes() for number, path in enumerate(paths)}
    if kept.rows is not None:
        files |= {f"rows/{number:04}.json": text for number, (_, text) in enumerate(load_rows(kept.rows))}
    single = {"policy": kept.policy, "rules.toml": kept.rules}
    files |= {name: path.read_bytes() for name, path in single.items() if path is not None}
    if seen.changes:
        files[KEYS] = rfc8785.dumps(list(seen.changes))
    if seen.told is not None:
        files["served.json"] = seen.told
    if seen.draw is not None:
        files["draw.json"] = seen.draw.to_bytes()
    state = load_state(kept.state) if kept.state is not None else None
    earlier = state.seen if state is not None and state.origin == report.origin else ()
    inputs = with_about(files, report.vkey, seen.tick, earlier, language)
    if state is None or state.origin != report.origin or _signed_state(inputs, state.note) is None:
        return inputs
    return Inputs({**inputs.files, SEEN_BEFORE: state.note.encode()})


def _signed_state(inputs: Inputs, note: str) -> tuple[int, bytes] | None:
    """Return size and root of a checkpoint that the log of a report signed, None for any other."""
    try:
        known = [parse_verifier(key) for key in sorted(keys_of(inputs, None))]
        checkpoint = verify_checkpoint(note, known[0].name, known)
    except CryptoError:
        return None
    return checkpoint.size, checkpoint.root


def _earlier(inputs: Inputs) -> tuple[tuple[int, bytes], ...]:
    """Return the states that were seen before: as the auditor says, and one that the log itself signed."""
    told = tuple(inputs.about["earlier"])
    if SEEN_BEFORE not in inputs.files:
        return told
    signed = _signed_state(inputs, inputs.files[SEEN_BEFORE].decode("utf-8", "replace"))
    if signed is None:
        raise CannotCheckError(Obstacle.BAD_REPORT, file=SEEN_BEFORE)
    return tuple(dict.fromkeys((*told, signed)))


def with_about(
    files: Mapping[str, bytes], vkey: str, tick: int, earlier: Sequence[tuple[int, bytes]], language: str
) -> Inputs:
    """Return inputs with what is said about them; `tick` in seconds."""
    about: dict[str, Any] = {
        "format": FORMAT,
        "program": version("resguardo"),
        "language": language,
        "keys": [vkey],
        "tick": tick,
        "earlier": [[size, base64.b64encode(root).decode()] for size, root in earlier],
    }
    return Inputs({**files, _ABOUT: rfc8785.dumps(about) + b"\n"})


def make(inputs: Inputs, source: Source) -> dict[str, bytes]:
    """Return every other file of the report (2.).

    Raises:
        CannotCheckError: the log cannot be judged from these inputs.
    """
    about = inputs.about
    note = inputs.files["checkpoint"]
    kept = Kept(keys=tuple(about["keys"]), totals=True, earlier=_earlier(inputs))
    located = Located(_Still(source), note, {"publish_every": about["tick"]}, _announced(inputs))
    policy = _policy(inputs)
    report = Auditor(
        located, kept, _moment(note.decode(), policy), load=lambda made: _evidence(inputs, policy, made)
    ).run()
    if report.seen is None:
        obstacle = report.obstacles[0] if report.obstacles else None
        raise CannotCheckError(Obstacle(obstacle.code.value) if obstacle else Obstacle.BAD_REPORT)
    return dict(_files(report, report.seen, {**about, "earlier": kept.earlier}, note.decode()))


def _announced(inputs: Inputs) -> object:
    """Return the announcements of keys among the inputs, unverified."""
    try:
        return json.loads(inputs.files.get(KEYS, b"[]"))
    except ValueError as error:
        raise CannotCheckError(Obstacle.BAD_REPORT, file=KEYS) from error


def keys_of(inputs: Inputs, policy: Policy | None) -> set[str]:
    """Return the log keys under which a report can be made: its own, and those that the announcements lead on from.

    With a policy, those whose change its quorum cosigned.
    """
    keys = set(map(str, inputs.about["keys"]))
    changes = cosigned(read_all(_announced(inputs)), policy)
    return keys | {each.before.log for key in keys for each in leading_to(key, changes)}


def _policy(inputs: Inputs) -> Policy | None:
    try:
        return Policy.parse(inputs.files["policy"]) if "policy" in inputs.files else None
    except PolicyError as error:
        raise CannotCheckError(Obstacle.BAD_POLICY, file="policy") from error


def _evidence(inputs: Inputs, policy: Policy | None, report: Report) -> Evidence:
    """Return the inputs as an audit reads them; malformed openings are told."""
    files = inputs.files
    texts = sorted((name, data) for name, data in files.items() if name.startswith("openings/"))
    evidence = Evidence(handed=read_openings(texts, report.findings), policy=policy, told=files.get("served.json"))
    if evidence.told is not None:
        evidence.served = read_openings([("served.json", evidence.told)], report.findings)
    if "rules.toml" in files:
        evidence.rules = read_rules(files["rules.toml"], "rules.toml")
    if rows := sorted((name, data) for name, data in files.items() if name.startswith("rows")):
        evidence.rows = read_rows(rows, "rows")
    if "draw.json" in files:
        evidence.draw = Draw.from_bytes(files["draw.json"], "draw.json")
    return evidence


class _Still:
    """A log's files, read at one checkpoint that does not move."""

    live = False

    def __init__(self, source: Source) -> None:
        self._source = source
        self.workers = source.workers

    def read(self, path: str, limit: int) -> bytes:
        """Return a file."""
        return self._source.read(path, limit)


def _moment(note: str, policy: Policy | None) -> int:
    """Return the time at which the checkpoint is judged: that of its newest cosignature, else one that is never."""
    try:
        times = judge(note, policy, now=0, max_age=0).times if policy is not None else {}
    except CryptoError:
        times = {}
    return max(times.values(), default=_NEVER)


def _files(report: Report, seen: Seen, about: Mapping[str, Any], note: str) -> Iterator[tuple[str, bytes]]:
    data = Contents(report, seen, about["language"], tuple(about["earlier"])).data()
    newest = max((entry.leaf.time for entry in seen.entries), default=0)
    yield "report.json", rfc8785.dumps(plain(report, seen)) + b"\n"
    yield "report.html", html_of(data)
    yield "report.pdf", pdf_of(data, newest)
    yield "totals.csv", to_csv(report.months).encode()
    yield from _proofs(report, seen, note)


def plain(report: Report, seen: Seen) -> dict[str, Any]:
    """Return what was found as an object for programs, without a word in any language."""
    draw = seen.draw
    return {
        "format": FORMAT,
        "origin": report.origin,
        "key": report.vkey,
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "cosigned": report.cosigned,
        "quorum": report.quorum,
        "holds": report.holds,
        "findings": sorted(([each.code.value, dict(each.where)] for each in report.findings), key=str),
        "omitted": report.findings.omitted(),
        "obstacles": [[each.code.value, dict(each.where)] for each in report.obstacles],
        "remarks": [[each.code.value, dict(each.where)] for each in report.remarks],
        "acts": [[act.rule.value, list(act.entries), dict(act.about)] for act in report.acts],
        "openings": report.openings,
        "rows": seen.rows,
        "draw": None if draw is None else {"announced": draw.announced, "indexes": list(draw.indexes),
                                           "opened": seen.drawn},
        "served": [asdict(each) for each in seen.served],
        "months": [asdict(month) for month in report.months],
    }  # fmt: skip


def _proofs(report: Report, seen: Seen, note: str) -> Iterator[tuple[str, bytes]]:
    """Yield a proof of each opened entry that a finding names."""
    named = {index for act in report.acts for index in act.entries}
    named |= {index for each in report.findings if isinstance(index := each.where.get("index"), int)}
    entries = {entry.index: entry for entry in seen.entries}

    def node(level: int, index: int) -> bytes:
        return seen.tree.range_hash(index << level, (index + 1) << level)

    for index in sorted(named & entries.keys())[:_MOST_PROOFS]:
        entry = entries[index]
        leaf: Leaf = entry.leaf
        extra = rfc8785.dumps({"leaf": base64.b64encode(leaf.to_bytes()).decode(), "opening": entry.opening.to_json()})
        hashes = tuple(inclusion_proof(index, seen.tree.size, node))
        yield f"proofs/entry-{index}.tlog-proof", LogProof(index, hashes, extra, note).to_text().encode()


def write(inputs: Inputs, source: Source, folder: Path) -> dict[str, bytes]:
    """Write a report into a folder that is new or empty, and return its files.

    Raises:
        CannotCheckError: the log cannot be judged, or something lies in the folder already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CannotCheckError(Obstacle.BAD_REPORT, file=str(folder))
    made = make(inputs, source)
    _write_all(folder / INPUTS, inputs.files)
    _write_all(folder, made)
    return made


def zipped(inputs: Inputs, made: Mapping[str, bytes], name: str) -> bytes:
    """Return a report as one file whose bytes depend on nothing else: a folder of that name, not compressed."""
    out = io.BytesIO()
    files = {**made, **{f"{INPUTS}/{each}": data for each, data in inputs.files.items()}}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for each in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{name}/{each}"), files[each])
    return out.getvalue()


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(data)
        path.chmod(0o600)


def read_inputs(folder: Path) -> Inputs:
    """Return the inputs of a report; raises ``CannotCheckError`` where there is none."""
    there = folder / INPUTS
    try:
        files = {path.relative_to(there).as_posix(): path.read_bytes() for path in there.rglob("*") if path.is_file()}
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_REPORT, file=str(folder)) from error
    inputs = Inputs(files)
    if "checkpoint" not in files or not inputs.about:
        raise CannotCheckError(Obstacle.BAD_REPORT, file=str(folder))
    return inputs


def reproduce(folder: Path, source: Source) -> tuple[Inputs, list[str]]:
    """Make a report again (3.), and return its inputs and the files that differ, lack or are there besides.

    Raises:
        CannotCheckError: it cannot be made.
    """
    inputs = read_inputs(folder)
    made = make(inputs, source)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    others = {name for name in there if not name.startswith(f"{INPUTS}/")}
    differing = {name for name, data in made.items() if name not in there or (folder / name).read_bytes() != data}
    return inputs, sorted(differing | (others - made.keys()))
