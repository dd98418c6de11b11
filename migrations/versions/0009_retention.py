"""retention: which cases are to be destroyed when, and the certificates of those that were

Revision 0009, after 0008.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("destroyed", sa.BigInteger(), nullable=True),
        sa.Column("status_hash", sa.String(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_retention_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_retention")),
        sa.UniqueConstraint("status_hash", name=op.f("uq_retention_status_hash")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("retention")
