"""Reading what arrived: fields, base64, and the small parts that travel inside a call (rule 1)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from app.domain.errors import AdmissionError
from app.domain.filing.form import MAX_RECORD, Strict
from app.domain.filing.manifest import MAX_INLINE, MAX_INLINE_PART
from app.domain.paths import path_text
from crypto.note import MAX_NOTE_SIZE

MAX_INLINE_PARTS = 4096

Note = Annotated[str, StringConstraints(max_length=MAX_NOTE_SIZE)]
RecordText = Annotated[str, StringConstraints(max_length=MAX_RECORD)]
Upload = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32,128}$")] | None
Parts = Annotated[dict[str, str], Field(max_length=MAX_INLINE_PARTS)]

Call = TypeVar("Call", bound=Strict)


def read_call(form: type[Call], submission: Mapping[str, Any]) -> Call:
    """Return a call in its strict form; raises AdmissionError naming the first field that is not."""
    try:
        return form.model_validate(dict(submission))
    except ValidationError as error:
        place = path_text(error.errors(include_input=False, include_url=False)[0]["loc"][:1])
    raise AdmissionError("malformed", place)


def decoded(text: str) -> bytes | None:
    """Return the bytes of a base64 text, None if it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def read_inline(parts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the parts inside a call. Raises AdmissionError."""
    inline = {}
    for name, text in parts.items():
        data = decoded(text)
        if data is None:
            raise AdmissionError("malformed", "parts")
        if len(data) > MAX_INLINE_PART:
            raise AdmissionError("inline_size", "parts")
        inline[name] = data
    if sum(map(len, inline.values())) > MAX_INLINE:
        raise AdmissionError("inline_size", "parts")
    return inline
