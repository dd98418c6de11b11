"""refiling

Revision 0010, after 0009.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("earlier", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_case_link_case_id")),
        sa.ForeignKeyConstraint(["earlier"], ["petition_case.id"], name=op.f("fk_case_link_earlier")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_link")),
    )


def downgrade() -> None:
    """Take back: refiled cases stand alone; the log still says what they are."""
    op.drop_table("case_link")
