"""notices: addresses to which holders are told that something waits, and what is due

Revision 0008, after 0007.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_notice",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("last_sent", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_case_notice_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_notice")),
    )
    op.create_table(
        "notice_due",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_notice_due_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_due")),
    )
    op.create_index("ix_notice_due_not_before", "notice_due", ["not_before"])


def downgrade() -> None:
    """Take back: nobody is told any more, and addresses are gone."""
    op.drop_index("ix_notice_due_not_before", "notice_due")
    op.drop_table("notice_due")
    op.drop_table("case_notice")
