"""The rules travel packed, and arrive as they are."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.redaction.rules import bundle
from app.resources import STATIC
from app.web.packed_rules import packed_rules
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("rules.mjs")


def test_the_page_gets_the_rules_whole() -> None:
    """One rules file for both engines: what the page unpacks says the same, without what only people read."""
    module = (STATIC / "file" / "rules.js").as_uri()
    arrived = node.run(_SCRIPT, {"module": module, "packed": packed_rules()})
    rules: dict[str, dict[str, Any]] = json.loads(bundle())
    for rule in rules.values():
        rule.pop("about", None)
    assert arrived == rules
    assert len(gzip.compress(packed_rules().encode())) < 0.85 * len(gzip.compress(bundle().encode()))
