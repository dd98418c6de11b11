"""Rows of the redaction engine: narratives with 50 identities, in Python and in a browser's worker, and the guard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import cycle, islice

import yaml

from app.domain.redaction import Engine, KnownIdentity, guard
from app.domain.redaction.model import known_identity
from tests.bench.rows import Bench, Row, millis
from tests.browser.chromium import chromium
from tests.conftest import EXAMPLES
from tests.redaction import twin
from tests.redaction.conformance import narratives, plain
from tests.redaction.synthetic import NAMES

MEGABYTE = 1_000_000  # bytes of UTF-8
IDENTITIES = 50
FIELDS = 30  # free texts of a filing


def redaction(bench: Bench) -> list[Row]:
    """Analyse a megabyte of narratives, and guard it; both also as a filing has them: thirty short texts."""
    text, people = _megabyte(), _people()
    engine = Engine(people)
    engine.analyse(text[: MEGABYTE // 10])
    speed = 1 / _seconds(lambda: engine.analyse(text), bench.amount(2, 5))
    whole = _seconds(lambda: guard.check({"text": text}), bench.amount(2, 5))
    fields = dict(enumerate(islice(cycle(narratives()), FIELDS)))
    few = _seconds(lambda: guard.check({str(key): value for key, value in fields.items()}), 20)
    return [
        Row(f"text redaction in Python, {IDENTITIES} identities", f"{speed:.2f} MB/s", "≥ 1 MB/s", speed >= 1),
        _in_browser(bench, text, people),
        Row("guard on 1 MB", f"{whole:.2f} s", "< 2 s", whole < 2),
        Row(
            "guard of a filing's free texts",
            millis(few),
            detail=f"{FIELDS} paragraphs, {sum(map(len, fields.values()))} characters",
        ),
    ]


def _in_browser(bench: Bench, text: str, people: list[KnownIdentity]) -> Row:
    folder = twin.assemble(bench.folder / "engine")
    asked = {"identities": [plain(who) for who in people], "text": text, "rounds": bench.amount(4, 8)}
    with chromium() as browser:
        (found,) = json.loads(twin.in_browser(browser, folder, [("rate", asked)]))
    speed, guarded = found["best"], found["guard"] / 1000
    what = f"text redaction in a browser's worker, {IDENTITIES} identities"
    return Row(what, f"{speed:.2f} MB/s", "≥ 2 MB/s", speed >= 2, detail=f"guard on 1 MB {guarded:.2f} s")


def _seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the processor time of the best round."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def _megabyte() -> str:
    text = "\n\n".join(narratives())
    return (text + "\n\n") * (MEGABYTE // len(text.encode()) + 1)


def _people() -> list[KnownIdentity]:
    """Return the witnesses of the examples among invented ones."""
    people = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        petition = yaml.safe_load(path.read_text(encoding="utf-8"))
        people += [known_identity({**one, "id": f"{path.stem}-{one['id']}"}) for one in petition["witnesses"]]
    given, surnames = NAMES["es"]["given"], NAMES["es"]["surnames"]
    for number in range(IDENTITIES - len(people)):
        first, second = surnames[number % len(surnames)], surnames[(number * 7 + 3) % len(surnames)]
        identifiers = (("phone", f"81 0000 {number:04}"), ("employee_number", str(20_000 + 7 * number)))
        people.append(KnownIdentity(str(number), given[number % len(given)], first, second, identifiers=identifiers))
    return people
