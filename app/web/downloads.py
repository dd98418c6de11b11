"""Files that an answer gives: as the answer itself, or inside a page, so that nothing is kept to be fetched later."""

import base64

from starlette.responses import Response

PDF = "application/pdf"


def saved_as(name: str) -> dict[str, str]:
    """Return what makes a browser save an answer under a name of ours (plain letters, digits, dots and hyphens)."""
    return {"content-disposition": f'attachment; filename="{name}"'}


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """Return a file to be saved under a name of ours, as `saved_as` has it."""
    return Response(data, media_type=media_type, headers=saved_as(name))


def inside(data: bytes, media_type: str) -> str:
    """Return a file as the address of a link on the page itself, so that saving it asks for nothing again."""
    return f"data:{media_type.replace(' ', '')};base64,{base64.b64encode(data).decode()}"
