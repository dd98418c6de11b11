"""The petition's JSON Schema, published as `petition.schema.json` beside this module.

After a change of the model, in `app/domain/petition`:
`python -c "from app.domain.petition.schema import schema_text as s; print(s(), end='')" > petition.schema.json`
"""

import json

from app.domain.petition.model import Petition


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of a petition file, with the hard minimum as required fields."""
    schema = Petition.model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    schema["title"] = "Rapid Response petition"
    schema["required"] = ["kind", "facility", "facts"]
    schema["properties"]["kind"] = {"const": "rapid_response"}
    schema["$defs"]["Facility"]["required"] = ["municipality", "state", "country"]
    schema["$defs"]["Facility"]["anyOf"] = [{"required": ["legal_name"]}, {"required": ["trade_name"]}]
    schema["$defs"]["Facts"]["anyOf"] = [{"required": ["narrative"]}, {"required": ["summary"]}]
    schema["$defs"]["PersonName"] = {"anyOf": [{"type": "string"}, schema["$defs"]["PersonName"]]}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
