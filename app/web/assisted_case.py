"""The case file that assisted intake hands over: what `resguardo` keeps in a case folder, as the client writes it."""

from starlette.requests import Request

from app.domain.entities import PortalFacts
from app.usecases.file_assisted import AssistedFiled
from app.web.services import services_of

CASE_FORMAT = "resguardo/case/v1"


def case_file(facts: PortalFacts, assisted: AssistedFiled, address: str, language: str) -> dict[str, object]:
    """Return what `case.json` holds of a case that was filed here."""
    filed = assisted.filed
    return {
        "format": CASE_FORMAT,
        "state": "filed",
        "portal": facts.name,
        "url": address,
        "case": filed.case,
        "status_code": assisted.status_code,
        "words_from": "portal",
        "log_origin": facts.log_origin,
        "log_vkey": facts.log_vkey,
        "statement_vkey": facts.statement_vkey,
        "genesis": assisted.genesis,
        "manifest_sha256": filed.manifest_sha256,
        "manifest_version": 1,
        "entry_index": filed.entry_index,
        "language": language,
    }


def address_of(request: Request) -> str:
    """Return the address that the caller used, if it is one of ours, else the portal's own."""
    addresses = services_of(request).addresses
    called = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return called if called in addresses else min(addresses)
