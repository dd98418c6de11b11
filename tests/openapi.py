"""The OpenAPI document of the programs' interface; `python -m tests.openapi` writes it to docs/openapi.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from fastapi import FastAPI

from app.web.application import ROUTES, TITLE, VERSION

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def document() -> str:
    """Return the document as it is committed."""
    app = FastAPI(title=TITLE, version=VERSION)
    for module in ROUTES:
        app.include_router(module.router)
    return json.dumps(cast(object, app.openapi()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    COMMITTED.parent.mkdir(exist_ok=True)
    COMMITTED.write_text(document())
