"""Opening and verifying a case of 1,000 identities with the command line's own code, over HTTP."""

from __future__ import annotations

import os
import time
from pathlib import Path

from app.client.case import CaseFile
from app.client.filing import evidence_files, seal_into, send
from app.client.opening import fetch_contents, open_case
from app.client.portal import fetch_portal
from app.client.signin import signed_in
from app.client.transport import Transport
from app.domain.filing import prepare
from app.domain.filing.review import Settled, review
from app.domain.petition import load
from crypto.framing import FrameKind
from crypto.secret import SecretBytes
from tests.bench.rows import Bench, Row, against
from tests.bench.served import portal_in

IDENTITIES = 1000
ROOT = SecretBytes(bytes(range(16)))
_HEAD = """
kind: rapid_response
language: es
facility: {legal_name: "Fábrica Ficticia, S.A. de C.V.", municipality: Silao, state: Guanajuato, country: MX}
petitioners:
  - {id: P1, name: "Sindicato Ejemplo", type: union, country: MX, lead: true}
facts:
  narrative: "El 11 de agosto de 2025 despidieron a quienes juntaban firmas."
witnesses:
"""


def petition(count: int) -> str:
    """Return a petition with so many witnesses and hardly a text: sealing them is what it is for."""
    return _HEAD + "".join(f'  - {{id: W{n}, name: "Testigo Ficticio {_word(n)}"}}\n' for n in range(count))


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}").capitalize() + "ez"


def _settle(text: str) -> Settled:
    return review(load(text.encode()).petition, "es", os.urandom).settle(careful=True)


def _file(transport: Transport, folder: Path) -> CaseFile:
    text = petition(IDENTITIES)
    keys, settled = fetch_portal(transport), _settle(text)
    case, pending = seal_into(
        folder,
        keys=keys,
        url=transport.address,
        prepared=prepare(keys.name, ROOT, [], os.urandom),
        settled=settled,
        files=evidence_files(settled.petition, folder),
        petition=text.encode(),
        language="es",
        random=os.urandom,
    )
    return send(transport, folder, case, pending, lambda _done, _all: None)[0]


def opening(bench: Bench) -> list[Row]:
    """File once, open a few times."""
    with portal_in(bench.folder, "opening") as portal, Transport(portal.url, "es", time.sleep) as transport:
        folder = bench.folder / "opening-case"
        folder.mkdir()
        case = _file(transport, folder)
        times = []
        for _ in range(3):
            wall, cpu = time.perf_counter(), time.process_time()
            opened = open_case(transport, case, ROOT)
            with signed_in(transport, opened, time.time):
                contents = fetch_contents(transport, opened)
            times.append((time.perf_counter() - wall, time.process_time() - cpu))
            assert len(contents.of_kind(FrameKind.IDENTITY)) == IDENTITIES
    wall, cpu = min(times)
    ratio = against(IDENTITIES / wall, bench.calibration.seals, "hybrid seals")
    detail = f"best of 3; {cpu:.2f} s of it the client's processor time"
    return [Row("1,000 identities fetched, opened and verified", f"{wall:.2f} s", "≤ 2 s", wall <= 2, ratio, detail)]
