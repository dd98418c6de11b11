"""readers' marks

Revision 0013, after 0012.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("sitting", sa.Column("code", sa.LargeBinary(), nullable=True))
    op.create_table(
        "mark_share",
        sa.Column("entry_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("operator", sa.LargeBinary(), nullable=False),
        sa.Column("auditor", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_mark_share_case_id")),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_mark_share")),
    )
    op.create_index(op.f("ix_mark_share_case_id"), "mark_share", ["case_id"])


def downgrade() -> None:
    """Take back: codes on pages that left already lead nowhere any more."""
    op.drop_index(op.f("ix_mark_share_case_id"), table_name="mark_share")
    op.drop_table("mark_share")
    op.drop_column("sitting", "code")
