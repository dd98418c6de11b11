"""Public versions given out through the portal, from a machine that knows the witnesses.

1. The text has the strict form (`app.domain.released`). 2. Nothing of a known person is left in it: somebody may have
changed the file since it was made. 3. The case's key signs which text goes to whom. 4. The portal's log proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.client.errors import NetworkError
from app.client.signin import Clock, signed_in
from app.client.steps import Step, take_step
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.errors import FilingError
from app.domain.filing.leftovers import leftovers
from app.domain.filing.people import known_people
from app.domain.petition.loading import load_values
from app.domain.released import Audience, parse_public, release_body
from crypto.digest import sha256_hex
from crypto.note import NoteType, sign_typed


def check_version(text: str, petition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a public version after the last look at it (steps 1 and 2); `petition` as it was written.

    Raises AdmissionError, FilingError: known_token_left.
    """
    version = parse_public(text)  # 1
    left = next(leftovers(version, known_people(load_values(petition).petition)), None)  # 2
    if left is not None:
        raise FilingError("known_token_left", left[0], kind=left[1])
    return version


def release(
    transport: Transport, opened: OpenedCase, clock: Clock, folder: Path, text: str, audience: Audience
) -> Step:
    """Release a version that was looked at (steps 3 and 4). Raises as `take_step`."""
    sha256 = sha256_hex(text.encode())
    note = sign_typed(
        NoteType.RELEASE, release_body(opened.case.portal, opened.case.case, sha256, audience), [opened.signer]
    )
    said = f"audience {audience} sha256 {sha256}"
    return take_step(
        transport,
        opened,
        clock,
        folder,
        "public",
        {"text": text, "note": note},
        lambda entry: entry.fields["kind"] == "public_released" and entry.fields["detail"].endswith(said),
    )


def recall(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path) -> Step:
    """Call what is in force back. Raises as `take_step`."""
    body = {"withdraw": True}
    return take_step(
        transport,
        opened,
        clock,
        folder,
        "public/withdrawal",
        body,
        lambda entry: entry.fields["kind"] == "public_withdrawn",
    )


@dataclass(frozen=True)
class GivenOut:
    """A version as the portal tells of it; `withdrawn` is a moment (RFC 3339), empty while it is in force."""

    version: int
    sha256: str
    audience: str
    released: str
    withdrawn: str
    handed: tuple[str, ...] = ()
    """To whom the office says that it gave it."""


def given_out(transport: Transport, opened: OpenedCase, clock: Clock) -> tuple[GivenOut, ...]:
    """Return what was released of a case, in order. Raises NetworkError."""
    with signed_in(transport, opened, clock):
        answer = transport.get_json("/api/v1/case/public")
    try:
        return tuple(
            GivenOut(
                int(each["version"]),
                str(each["sha256"]),
                str(each["audience"]),
                str(each["released"]),
                str(each["withdrawn"] or ""),
                tuple(str(one["to"]) for one in answer["handed"] if one["version"] == each["version"]),
            )
            for each in answer["versions"]
        )
    except (LookupError, TypeError, ValueError) as error:
        raise NetworkError("answer", host=transport.host) from error
