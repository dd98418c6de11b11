"""The FastAPI application over an assembled portal: routers, headers, errors, and nothing that decides."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.domain.ports import Face
from app.web import errors
from app.web.finding import Finding
from app.web.headers import ProtectiveHeaders
from app.web.routes.auditor import api as auditor_api
from app.web.routes.auditor import pages as auditor_pages
from app.web.routes.office import (
    account,
    answers,
    assignment,
    devices,
    enrol,
    evidence,
    flags,
    notes,
    procedure,
    public,
    questions,
    queue,
    record,
    sign_in,
    team,
    views,
)
from app.web.routes.petitioner import api as petitioner_api
from app.web.routes.petitioner import assisted as petitioner_assisted
from app.web.routes.petitioner import assisted_pages as petitioner_assisted_pages
from app.web.routes.petitioner import notice as petitioner_notice
from app.web.routes.petitioner import pages as petitioner_pages
from app.web.routes.petitioner import released as petitioner_released
from app.web.routes.petitioner import steps as petitioner_steps
from app.web.routes.public import api as public_api
from app.web.routes.public import assets as public_assets
from app.web.routes.public import log as public_log
from app.web.routes.public import pages as public_pages
from app.web.services import Services

TITLE = "Resguardo"
VERSION = "1"
PUBLIC = (public_assets, public_api, public_log)
"""Routes of every process, whichever face it has."""
FACES = {
    Face.PETITIONER: (
        public_pages,
        petitioner_pages,
        petitioner_api,
        petitioner_steps,
        petitioner_notice,
        petitioner_released,
        petitioner_assisted,
        petitioner_assisted_pages,
    ),
    Face.OFFICE: (
        sign_in,
        enrol,
        account,
        devices,
        queue,
        views,
        assignment,
        team,
        record,
        flags,
        notes,
        procedure,
        questions,
        answers,
        evidence,
        public,
        auditor_pages,
        auditor_api,
    ),
}
"""Routes of one face: a process without the face does not have them."""
ROUTES = (*PUBLIC, *FACES[Face.PETITIONER], *FACES[Face.OFFICE])


def application(services: Services, close: Callable[[], None]) -> FastAPI:
    """Return the application; `close` runs when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            close()

    app = FastAPI(title=TITLE, version=VERSION, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.services = services
    for module in (*PUBLIC, *(module for face in services.faces for module in FACES[face])):
        app.router.routes += module.router.routes  # `include_router` would try each route through three more calls
    app.router.middleware_stack = Finding(app.router)
    errors.install(app)
    app.add_middleware(ProtectiveHeaders, https=services.https)
    return app
