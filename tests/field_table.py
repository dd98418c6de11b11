"""The field table for the filing page: what `app.domain` says of fields and reasons, as a module for the browser.

`python -m tests.field_table --update` writes `app/static/file/table.js` anew. Run as a test by tests/filing_page.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from app.domain.confidentiality import TABLE
from app.domain.filing.form import MAX_RECORD, SALT_BYTES, Record
from app.domain.filing.record import _PETITIONER, DEFAULT_LANGUAGE, OTHER_ROLES, SMALLEST_CLASS
from app.domain.petition import vocabulary
from app.domain.redaction.reasons import REASONS
from app.i18n import LANGUAGES, t
from app.resources import STATIC

FILE = STATIC / "file" / "table.js"
_HEAD = (
    "// Made by `python -m tests.field_table --update` from app/domain/confidentiality.py; a test compares them.\n"
    "export const TABLE = "
)


def table() -> dict[str, Any]:
    """Return the rows as (steps, class, wording, by owner), and the few constants of the record's rules."""
    return {
        "rows": [[list(rule.shape), rule.level.value, rule.wording.value, rule.by_owner] for rule in TABLE],
        "recordFields": sorted(Record.model_fields),
        "maxRecord": MAX_RECORD,
        "saltBytes": SALT_BYTES,
        "smallestClass": SMALLEST_CLASS,
        "otherRoles": OTHER_ROLES,
        "defaultLanguage": DEFAULT_LANGUAGE,
        "petitioner": {language: t(language, _PETITIONER) for language in LANGUAGES},
        "organizationTypes": list(vocabulary.ORGANIZATION_TYPES),
        "languages": list(vocabulary.LANGUAGES),
        "reasons": REASONS,
    }


def module_text() -> str:
    """Return the module: one row a line, so that a change of the table is a change of one line."""
    rows = ",\n    ".join(json.dumps(row) for row in table()["rows"])
    rest = {name: value for name, value in table().items() if name != "rows"}
    lines = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in rest.items())
    return f'{_HEAD}{{\n  "rows": [\n    {rows}\n  ],\n  {lines}\n}};\n'


if __name__ == "__main__":
    if "--update" in sys.argv:
        FILE.write_text(module_text())
    print("same" if FILE.exists() and FILE.read_text() == module_text() else "differs")
