"""copies of evidence

Revision 0012, after 0011.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "copy_page",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_copy_page_case_id")),
        sa.PrimaryKeyConstraint("case_id", "record", "version", "page", name=op.f("pk_copy_page")),
    )


def downgrade() -> None:
    """Take back: the pages go, and the heads that named them; their keys are swept."""
    op.execute("DELETE FROM redacted_record WHERE record LIKE 'evidence-%'")
    op.drop_table("copy_page")
