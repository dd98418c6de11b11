"""The names of the keys of versions of records in the vault's store."""

from app.domain.entities import RecordPlace

RECORDS = "record/"
"""How they begin."""


def record_name(place: RecordPlace) -> str:
    """Return the name of the key of a version of a record."""
    return f"{RECORDS}{place.case}/{place}"
