"""Reading the bodies of API calls: bounded, in memory only, and refused without an echo."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

SMALL = 64 * 1024
FILING = 16 * 1024 * 1024  # inline parts of 4 MiB in base64, the record, the manifest, heads of copies
PART = 4 * 1024 * 1024
M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """A body with exactly the declared fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


async def read_bounded(request: Request, limit: int) -> bytes:
    """Return a body of at most `limit` bytes. Raises HTTPException 413."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413)
    return bytes(body)


def bounded(limit: int) -> Any:
    """Return a dependency that gives the raw body."""

    async def read(request: Request) -> bytes:
        return await read_bounded(request, limit)

    return Depends(read)


def json_body(model: type[M], limit: int = SMALL) -> Any:
    """Return a dependency that gives the body as a model. Raises HTTPException 413, 422."""

    async def read(request: Request) -> M:
        body = await read_bounded(request, limit)
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            raise HTTPException(422) from error

    return Depends(read)


def documents(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the OpenAPI document says of a body that `json_body` reads."""
    whole = model.model_json_schema()
    schema = _inlined(whole, whole.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _inlined(value: Any, defined: dict[str, Any]) -> Any:
    """Return a schema with what it refers to in its place: the document around it has no place for definitions."""
    if isinstance(value, list):
        return [_inlined(item, defined) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _inlined(defined[value["$ref"].rsplit("/", 1)[-1]], defined)
    return {name: _inlined(item, defined) for name, item in value.items()}


RawPart = Annotated[bytes, bounded(PART)]
