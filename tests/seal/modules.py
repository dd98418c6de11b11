"""Driving the browser's sealing modules in Node.js: calls in, results or refusals out."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.resources import STATIC
from tests import node
from tests.assets import built

DRIVER = Path(__file__).with_name("driver.mjs")
RANDOM = {"$random": True}


@dataclass(frozen=True)
class Refused:
    """What a call threw: the code of a `SealError`, or the stack of anything else."""

    code: str
    kind: str
    details: Mapping[str, Any]


def data(value: bytes) -> dict[str, str]:
    """Return bytes as the driver takes them."""
    return {"$b": base64.b64encode(value).decode()}


def file(content: bytes, name: str) -> dict[str, str]:
    """Return a file as the driver takes it."""
    return {"$file": base64.b64encode(content).decode(), "name": name}


def result(number: int, *path: str | int) -> dict[str, Any]:
    """Return what stands for an earlier call's result, or for a member of it."""
    return {"$r": number, "path": list(path)}


def call(module: str, name: str, *args: Any) -> dict[str, Any]:
    """Return one call."""
    return {"module": module, "name": name, "args": list(args)}


def run(*calls: dict[str, Any]) -> list[Any]:
    """Run calls in one process and return the result of each, or what it was refused with."""
    built()
    answers = node.run(DRIVER, list(calls), SEAL=str(STATIC / "seal"))
    return [_decode(answer["ok"]) if "ok" in answer else _refused(answer) for answer in answers]


def one(module: str, name: str, *args: Any) -> Any:
    """Run one call."""
    return run(call(module, name, *args))[0]


def _refused(answer: Mapping[str, Any]) -> Refused:
    return Refused(answer["error"], answer["kind"], answer["details"])


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$b"}:
        return base64.b64decode(value["$b"])
    return {name: _decode(inner) for name, inner in value.items()}
