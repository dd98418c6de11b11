"""public versions that petitioners gave out

Revision 0015, after 0014.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "public_version",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_public_version_case_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_public_version")),
    )
    op.create_index(op.f("ix_public_version_sha256"), "public_version", ["sha256"])


def downgrade() -> None:
    """Take back: nothing is public any more; events and log entries of releases stay."""
    op.drop_table("public_version")
