"""Calls of assisted intake for tests: a petition, what *prepare* returned, and the filing call that follows."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.filings import PETITIONS

PREPARE = "/api/v1/assisted/prepare"
FILE = "/api/v1/assisted/petitions"


def read(path: Path) -> dict[str, Any]:
    """Return a petition as another organization's system would send it: every value as text."""
    values: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)
    return values


@dataclass
class Caller:
    """Another organization's system; `post` sends a JSON body to a path and returns the answer."""

    post: Any
    petition: dict[str, Any] = field(default_factory=lambda: read(PETITIONS / "petition_example_en.yaml"))
    files: dict[str, bytes] = field(default_factory=dict)
    key: str = field(default_factory=lambda: os.urandom(32).hex())
    begun: dict[str, Any] = field(default_factory=dict)

    def prepare(self, **more: Any) -> Any:
        """Call *prepare* and keep what it returns."""
        answer = self.post(PREPARE, json={"petition": self.petition, "language": "en", **more})
        if answer.status_code == 200:
            self.begun = answer.json()
        return answer

    def body(self, **changed: Any) -> dict[str, Any]:
        """Return the filing call."""
        body = {
            "petition": self.petition,
            "language": "en",
            "careful": True,
            "words": self.begun["words"],
            "preparation": self.begun["preparation"],
            "idempotency_key": self.key,
            "files": [{"file": name, "data": base64.b64encode(data).decode()} for name, data in self.files.items()],
        }
        return body | changed

    def file(self, **changed: Any) -> Any:
        """Make the filing call."""
        return self.post(FILE, json=self.body(**changed))
