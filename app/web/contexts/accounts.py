"""A member of staff's own pages: signing in, enrolling, recovery codes, leave."""

from dataclasses import dataclass
from datetime import datetime

from app.web.contexts.frame import Page, Problem


@dataclass(frozen=True)
class SignInPage(Page):
    """`/office/sign-in`: name, password, six digits; or with `recovery`, a recovery code in their place."""

    template = "office/sign_in.html"
    forms = True
    problems: tuple[Problem, ...] = ()
    name: str = ""
    signed_out: bool = False
    recovery: bool = False


@dataclass(frozen=True)
class EnrolPage(Page):
    """`/office/enrol/{token}`: password, authenticator and its first code, on one page that needs no script."""

    template = "office/enrol.html"
    forms = True
    name: str
    role: str
    secret: str
    qr_path: str
    qr_size: int
    link_hours: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class EnrolDonePage(Page):
    """Enrolment is complete; the recovery codes are shown this once."""

    template = "office/enrol_done.html"
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class DeviceView:
    """A device that signs: what its owner calls it, the words of its key, since when, and whether it still does."""

    entry: int
    label: str
    vkey: str
    words: str
    created: datetime
    ended: datetime | None


@dataclass(frozen=True)
class AccountPage(Page):
    """`/office/account`: how many recovery codes are left, or a new set, shown this once; leave, for who reads.

    `leave` is None for who has no cases, else whether they are on leave. `devices` are those that sign, None where
    signing is switched off or nothing is read; `enrolled` says that one was just added.
    """

    template = "office/account.html"
    forms = True
    improved = True
    codes_left: int
    by_recovery: bool = False
    codes: tuple[str, ...] = ()
    leave: bool | None = None
    account: int = 0
    problems: tuple[Problem, ...] = ()
    devices: tuple[DeviceView, ...] | None = None
    device_problems: tuple[Problem, ...] = ()
    enrolled: bool = False
