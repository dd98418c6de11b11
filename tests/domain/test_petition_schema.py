"""The published schema is the model's, and petitions that load follow it."""

import json
from pathlib import Path

import app.domain.petition
from app.domain.petition.schema import schema_text

PUBLISHED = Path(app.domain.petition.__file__).parent / "petition.schema.json"


def test_published_schema_is_the_model():
    """A change of the model without a new schema fails; the schema module says how to write it."""
    assert PUBLISHED.read_text() == schema_text()


def test_schema_refuses_unknown_fields_and_names_the_minimum():
    """The schema says what the loader says: no other fields, and the few that are needed."""
    schema = json.loads(schema_text())
    assert schema["required"] == ["kind", "facility", "facts"]
    assert schema["additionalProperties"] is False
    closed = {name for name, entry in schema["$defs"].items() if entry.get("additionalProperties") is False}
    assert set(schema["$defs"]) - closed == {"Confidentiality", "PersonName"}
    assert schema["$defs"]["PersonName"]["anyOf"][1]["additionalProperties"] is False
