"""Whoever finds a flaw learns where to tell it, from the portal itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.config import SettingError, read_settings
from app.domain.ports import Face
from app.web.application import application
from app.web.security_txt import ADDRESS
from tests.web.conftest import Desk, Site, anybody

DAY = datetime(2026, 11, 22, 13, 45, tzinfo=UTC)


def _portal(site: Site, reports_to: str | None) -> Desk:
    """Return somebody's browser on the site as if its operator had set this."""
    portal = site.services.petitioner
    told = replace(portal, facts=replace(portal.facts, reports_to=reports_to), clock=lambda: int(DAY.timestamp()))
    services = replace(site.services, faces={**site.services.faces, Face.PETITIONER: told})
    return anybody(application(services, lambda: None))


def test_the_operators_address_is_where_researchers_look(site: Site) -> None:
    """As RFC 9116 has it, good for half a year, and on the page about what cannot be protected."""
    desk = _portal(site, "mailto:security@example.org")
    answer = desk.get(ADDRESS)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"].endswith(ADDRESS)
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=170) < expires - DAY < timedelta(days=365)
    assert '<a href="mailto:security@example.org">security@example.org</a>' in desk.get("/limits").text


def test_a_portal_without_an_address_says_so(site: Site) -> None:
    """No made-up address: nothing at the known place, and a plain sentence on the page."""
    desk = _portal(site, None)
    assert desk.get(ADDRESS).status_code == 404
    assert "have given no address for this" in desk.get("/limits").text


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
def test_an_address_is_read(given: str, read: str) -> None:
    """A plain e-mail address is enough."""
    assert read_settings({"RESGUARDO_REPORTS_TO": given}).reports_to == read


@pytest.mark.parametrize(
    "given", ["nobody", "http://example.org/", "javascript:alert(1)", "https://example.org/\nExpires: x"]
)
def test_no_other_line_gets_into_the_file(given: str) -> None:
    """What is neither is refused at the start, without being repeated."""
    with pytest.raises(SettingError) as caught:
        read_settings({"RESGUARDO_REPORTS_TO": given})
    assert caught.value.code == "reports_to"
