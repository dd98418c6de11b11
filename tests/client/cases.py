"""A small synthetic case, filed the way the command line files it, for the attacks to work on."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.client.case import CaseFile
from app.client.filing import evidence_files, seal_into, send
from app.client.keyring import write_words
from app.client.portal import fetch_portal
from app.client.transport import Transport
from app.domain.filing import Review, prepare
from app.domain.petition import load
from crypto.secret import SecretBytes
from tests.client.loopback import LoopbackPortal

PETITION = """
kind: rapid_response
language: es
facility: {legal_name: "Fábrica Ficticia, S.A. de C.V.", municipality: Silao, state: Guanajuato, country: MX}
petitioners:
  - {id: P1, name: "Sindicato Ejemplo", type: union, country: MX, lead: true}
facts:
  narrative: |
    El 11 de agosto de 2025 despidieron a Ximena Arrayán Pedroza por juntar firmas.
    Eleuterio Bracamontes Ik lo vio y también firmó.
evidence:
  - {id: E1, kind: document, title: "Carta de despido", date: "2025-09-30", file: carta.pdf}
witnesses:
  - id: W1
    name: {given: "Ximena", surname1: "Arrayán", surname2: "Pedroza"}
    identifiers: {employee_number: "77123"}
    statement: "Me citaron a solas y me pidieron la renuncia."
  - id: W2
    name: {given: "Eleuterio", surname1: "Bracamontes", surname2: "Ik"}
    statement: "Vi cómo la sacaron."
"""
LETTER = b"%PDF-1.7 carta ficticia " * 20
ROOT = SecretBytes(bytes(range(16)))
OTHER_ROOT = SecretBytes(bytes(range(1, 17)))


@dataclass(frozen=True)
class Filed:
    """A filed case: its folder, what case.json says, and the words' root."""

    folder: Path
    case: CaseFile
    root: SecretBytes


def write_petition(folder: Path, text: str = PETITION, letter: bytes = LETTER) -> Path:
    """Write the petition and its evidence file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "carta.pdf").write_bytes(letter)
    path = folder / "petition.yaml"
    path.write_text(text)
    return path


def file_case(portal: LoopbackPortal, folder: Path, holders: Sequence[str] = ()) -> Filed:
    """File the petition with the careful choice, words beside the case."""
    path = write_petition(folder.parent / "petition")
    data = path.read_bytes()
    loaded = load(data)
    write_words(folder, ROOT, "es")
    with Transport(portal.url, "es", lambda _: None) as transport:
        keys = fetch_portal(transport)
        case, pending = seal_into(
            folder,
            keys=keys,
            url=transport.address,
            prepared=prepare(keys.name, ROOT, holders, os.urandom),
            settled=Review(loaded.petition, "es", os.urandom).settle(careful=True),
            files=evidence_files(loaded.petition, path.parent),
            petition=data,
            language="es",
            random=os.urandom,
        )
        filed, _ = send(transport, folder, case, pending, lambda _done, _total: None)
    return Filed(folder, filed, ROOT)
