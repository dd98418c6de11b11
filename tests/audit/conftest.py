"""A served portal for each test."""

import pytest

from app.audit import source
from tests.audit.portal import HONEST, Portal, serving, shared_client


@pytest.fixture(scope="session", autouse=True)
def _closing():
    """Close the tests' client in the end."""
    yield
    shared_client().close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Withheld files stay withheld in most tests."""
    monkeypatch.setattr(source, "_SETTLE", 0)


@pytest.fixture
def portal(tmp_path):
    """An honest portal with 700 entries on loopback."""
    made = Portal(tmp_path / "portal")
    made.publish(HONEST)
    with serving(made):
        yield made


@pytest.fixture
def state(tmp_path, portal):
    """The state that an auditor kept of the honest log."""
    path = tmp_path / "kept" / "state.json"
    report = portal.audit(state=path, trust_portal_key=True)
    assert report.holds
    return path
