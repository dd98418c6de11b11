"""What uvicorn loads in each worker: settings from the environment, the portal assembled, the application."""

from fastapi import FastAPI

from app.config import Settings, read_settings
from app.domain.ports import Portal
from app.resources import TEMPLATES
from app.web.application import application
from app.web.assets import installed
from app.web.assisted_door import AssistedDoor
from app.web.limits import KEY_BYTES, Limits
from app.web.pages import Pages
from app.web.services import Services
from app.wiring import assemble
from crypto.secret import SecretBytes


def create() -> FastAPI:
    """Return the application of this process."""
    settings = read_settings()
    assembly = assemble(settings)
    assets = installed()
    services = Services(
        faces=assembly.faces,
        pages=Pages(
            TEMPLATES,
            assets,
            portal=assembly.public.facts.name,
            deployment=settings.deployment,
            url=settings.url,
            standing=assembly.standing,
            signing=settings.signed_requests,
        ),
        assets=assets,
        https=settings.behind_tls,
        standing=assembly.standing,
        addresses=addresses_of(settings),
        upload_limit=settings.upload_limit,
        assisted=AssistedDoor(is_open=settings.assisted),
        limits=limits_of(settings, assembly.public),
    )
    return application(services, assembly.close)


def limits_of(settings: Settings, portal: Portal) -> Limits:
    """Return this process's limits, under a key that ends with it."""
    return Limits(portal.clock, SecretBytes(portal.random(KEY_BYTES)), proxied=settings.proxy_headers)


def addresses_of(settings: Settings) -> frozenset[str]:
    """Return the addresses that a client may have called: the public one, or loopback in development."""
    if settings.url:
        return frozenset({settings.url})
    return frozenset(f"http://{host}:{settings.port}" for host in ("127.0.0.1", "localhost", "[::1]"))
