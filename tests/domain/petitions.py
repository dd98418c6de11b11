"""Synthetic petitions for the tests: the two published examples, and one that fills every field there is."""

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent.parent / "vectors" / "petitions"
EXAMPLES = ("es", "en")

SALT = bytes(range(32))
"""What every record of these tests is salted with."""
MINIMUM = """\
kind: rapid_response
facility:
  legal_name: Muestra
  municipality: Silao
  state: Guanajuato
  country: MX
facts:
  summary: Despidieron a la mitad del turno.
"""


def example(language: str) -> bytes:
    """Return a published example as its file stands."""
    return (DATA / f"petition_example_{language}.yaml").read_bytes()


def fixture(language: str) -> dict[str, Any]:
    """Return what an example says about itself: spans that must go and that must stay."""
    value: dict[str, Any] = yaml.safe_load(example(language))["fixture"]
    return value


def with_lines(*lines: str) -> bytes:
    """Return the minimum petition with more lines."""
    return (MINIMUM + "\n".join(lines) + "\n").encode()


def full() -> dict[str, Any]:
    """Return a petition that fills every field of the model; sealed values hold `SEALED`, never sent ones `NEVER-`."""
    return {
        "synthetic": True,
        "fixture": {"note": "NEVER-fixture"},
        "schema_version": "1",
        "kind": "rapid_response",
        "intake_kind": "PETITION",
        "state": "DRAFT",
        "language": "es",
        "prepared_on": "2026-01-30",
        "facility": {
            "legal_name": "Planta Ficticia, S.A. de C.V.",
            "trade_name": "Planta Ficticia",
            "rfc": "AEB170101VZ3",
            "address": "Circuito Ficticio 118",
            "municipality": "Silao",
            "state": "Guanajuato",
            "postal_code": "36100",
            "country": "México",
            "headcount": "640",
            "business_confidential": False,
            "personal_identity": False,
        },
        "covered_basis": {"traded": "sí", "competes": "no", "detail": "Vende fuera.", "burden_note": "Que lo pruebe."},
        "priority_sector": {"class": "manufactured_goods", "subsector": "autopartes"},
        "ownership": {"parent": "Grupo Ficticio", "other_facilities": ["Otra Ficticia"], "prior_cases": ["ninguno"]},
        "trade": {"products": ["molduras"], "us_customers": ["Example Motors"], "hts_codes": ["8708.29"]},
        "denial_types": ["UNION_DISMISSAL"],
        "laws": ["Convenio 87"],
        "petitioners": [
            {
                "id": "P1",
                "name": "Sindicato Ficticio (SIFI)",
                "type": "union",
                "country": "MX",
                "lead": "true",
                "key_custodian": "SEALED custodian",
            },
            {
                "id": "P2",
                "name": {"given": "SEALEDa", "surname1": "SEALEDb", "surname2": "SEALEDc"},
                "type": "person",
                "country": "MX",
                "lead": "false",
                "aliases": ["SEALEDd"],
                "identifiers": {"curp": "SEALEDe", "plates": ["SEALEDf", "SEALEDg"]},
                "contact": {"email": "SEALED@x.example", "address": {"street": "SEALEDh"}},
            },
        ],
        "contact": {
            "petitioner": "P1",
            "language": "es",
            "email": "contacto@sifi.example",
            "phone": "+52 476 000 01 10",
            "postal": "Apartado 9",
            "channel": "correo",
            "safe_hours": "mañanas",
        },
        "confidentiality": {
            "P1": {"identity_requested": "false", "public_name_consent": "true"},
            "P2": {"identity_requested": "true", "public_name_consent": "false"},
            "personal_identity": ["facts.narrative"],
            "business_confidential": ["trade.us_customers"],
        },
        "unions": {
            "incumbent": {"name": "Sindicato Titular Ficticio", "registry": "R-1", "cba_number": "C-1"},
            "former_incumbent": {"name": "Sindicato Anterior Ficticio", "registry": "R-2", "cba_number": "C-2"},
            "petitioning": {"name": "SIFI", "registry": "R-3", "cba_number": "C-3"},
            "other": [{"name": "Otro Sindicato", "registry": "R-4", "cba_number": "C-4"}],
            "events": [{"date": "2025-09-23", "kind": "vote", "note": "Se votó."}],
        },
        "facts": {
            "period_from": "2025-08-11",
            "period_to": "2026-01",
            "summary": "Hubo presiones.",
            "timeline": [{"date": "2025-08-11", "what": "Comienza."}],
            "narrative": "La empresa presionó a la plantilla.",
        },
        "evidence": [
            {
                "id": "E1",
                "kind": "photo",
                "title": "Hoja de recibido",
                "date": "2025-09-23",
                "exact_date": "no",
                "holder": "SEALED holder",
                "contains_person_data": "true",
                "file": "NEVER-carta.jpg",
                "sha256": "SEALED" + "0" * 58,
                "show": "true",
                "transcript": "NEVER-dicho.txt",
                "boxes": [{"page": "1", "x": "10", "y": "20", "w": "30", "h": "5"}],
            }
        ],
        "witness_attestation": {
            "count": "7",
            "role_classes": {"producción": "4", "almacén": "2", "mantenimiento": "1"},
            "current_workers": "4",
            "statement": "Declaramos que los oímos.",
            "commitments": ["SEALED commitment"],
        },
        "witnesses": [
            {
                "id": "SEALEDW1",
                "name": {"given": "SEALEDi", "surname1": "SEALEDj", "surname2": "SEALEDk", "full": "SEALEDl SEALEDm"},
                "aliases": ["SEALEDn"],
                "identifiers": {"curp": "SEALEDo", "whatever they write": "SEALEDp", "list": ["SEALEDq"]},
                "contact": {"phone": "SEALED 55 0000 0000", "channel": "SEALEDr"},
                "relation": "SEALED relation",
                "statement": "SEALED statement",
                "risks": ["SEALED risk"],
                "consent": {
                    "given": "true",
                    "date": "2026-01-22",
                    "scope": ["SEALED scope"],
                    "public": "false",
                    "employer": "false",
                    "withdrawable": "true",
                },
            }
        ],
        "remedy": [{"kind": "reinstatement", "detail": "Que vuelvan."}],
        "proceedings": [{"body": "CFCRL", "note": "En trámite.", "date": "2025-12"}],
        "urgency": {"reason": "vote", "date": "2026-03-19", "note": "Ya viene."},
        "translations": {"en": {"narrative": "The firm pressed the workers.", "evidence.E1.title": "Receipt"}},
    }
