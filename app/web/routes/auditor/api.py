"""What an auditor's tools fetch: openings of log entries, and rows. That they were fetched is logged first."""

from typing import Any

from fastapi import APIRouter, Request

from app.usecases.hand_out_openings import hand_out_openings
from app.usecases.hand_out_rows import hand_out_rows
from app.web.access import Auditor
from app.web.services import services_of

router = APIRouter(prefix="/api/v1")


@router.get("/openings")
def get_openings(request: Request, auditor: Auditor, start: int = 0, end: int = 2**53) -> dict[str, Any]:
    """Return openings from `start` up to, not including, `end`."""
    return hand_out_openings(services_of(request).office, auditor.staff, start, end)


@router.get("/rows")
def get_rows(request: Request, auditor: Auditor, since: int = 0) -> dict[str, Any]:
    """Return the rows that rest on entries from `since` on, with what these must say; no word of a petition."""
    return hand_out_rows(services_of(request).office, auditor.staff, since)
