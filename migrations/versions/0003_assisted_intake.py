"""assisted intake

Revision 0003, after 0002.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assisted_filing",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("call_hash", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_assisted_filing_case_id")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_assisted_filing")),
        sa.UniqueConstraint("case_id", name=op.f("uq_assisted_filing_case_id")),
    )


def downgrade() -> None:
    """Take back: repeated calls are then no longer recognised, and end as a conflict."""
    op.drop_table("assisted_filing")
