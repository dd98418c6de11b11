"""The page of one's own account, as the routes of account and devices answer with it."""

from datetime import UTC, datetime

from starlette.requests import Request

from app.domain.devices import fingerprint
from app.domain.entities import READERS, ReaderDevice, StaffMember, StaffState
from app.usecases.keep_devices import list_devices
from app.usecases.renew_recovery_codes import count_recovery_codes
from app.web.contexts.accounts import AccountPage, DeviceView
from app.web.contexts.frame import Problem
from app.web.language import language_of
from app.web.services import services_of


def account_page(
    request: Request,
    member: StaffMember,
    *,
    codes: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
    device_problems: tuple[Problem, ...] = (),
) -> AccountPage:
    """Return the account's page; `codes` is a new set, shown this once."""
    office = services_of(request).office
    reads = member.role in READERS
    signs = reads and office.facts.signed_requests != "off"
    return AccountPage(
        count_recovery_codes(office, member),
        by_recovery="recovery" in request.query_params,
        codes=codes,
        leave=member.state is StaffState.ON_LEAVE if reads else None,
        account=member.id,
        problems=problems,
        devices=device_views(request, member.id) if signs else None,
        device_problems=device_problems,
        enrolled="device" in request.query_params,
    )


def device_views(request: Request, staff: int) -> tuple[DeviceView, ...]:
    """Return an account's devices, the newest first."""
    language = language_of(request)
    found = list_devices(services_of(request).office, staff)
    return tuple(_view(device, fingerprint(device.vkey, language)) for device in reversed(found))


def _view(device: ReaderDevice, words: str) -> DeviceView:
    ended = datetime.fromtimestamp(device.ended, UTC) if device.ended is not None else None
    created = datetime.fromtimestamp(device.created, UTC)
    return DeviceView(device.entry_index, device.label, device.vkey, words, created, ended)
