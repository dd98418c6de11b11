"""A web application with our pages and errors, without a portal behind it."""

import pytest

from app.resources import STATIC, TEMPLATES
from app.web.assets import Assets
from app.web.pages import Pages


@pytest.fixture(scope="session")
def assets() -> Assets:
    """Our static files."""
    return Assets(STATIC)


@pytest.fixture(scope="session")
def pages(assets: Assets) -> Pages:
    """Our pages, of a custodian's portal."""
    return Pages(TEMPLATES, assets, portal="example.invalid", deployment="custodian", url="https://portal.example")
