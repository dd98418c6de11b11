"""Files that an answer gives: as the answer itself, or inside a page, so that nothing is kept to be fetched later."""

import base64

from starlette.responses import Response


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """Return a file to be saved under a name of ours (plain letters, digits, dots and hyphens)."""
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def inside(data: bytes, media_type: str) -> str:
    """Return a file as the address of a link on the page itself, so that saving it asks for nothing again."""
    return f"data:{media_type.replace(' ', '')};base64,{base64.b64encode(data).decode()}"
