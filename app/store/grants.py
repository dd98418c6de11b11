"""Applies the file of grants: which role may do what, in the database's own words."""

import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from app.domain.ports import Face
from app.resources import MIGRATIONS

DEFAULT_ROLES: Final = {Face.PETITIONER: "resguardo_petitioner", Face.OFFICE: "resguardo_office"}
ROLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
"""Names that need no quoting, so that the file stays one that people can read and run themselves."""


def grant(connection: Connection, roles: Mapping[Face, str]) -> None:
    """Run the file inside the connection's transaction, with the roles' names in place of the usual ones."""
    if not all(ROLE_NAME.fullmatch(role) for role in roles.values()):
        raise ValueError("the name of a role is lower-case letters, digits and underscores")
    names = {DEFAULT_ROLES[face]: role for face, role in roles.items()}
    text = re.sub("|".join(names), lambda found: names[found[0]], (MIGRATIONS / "grants.sql").read_text())
    connection.execution_options(no_parameters=True).exec_driver_sql(text)
