"""cosigners

Revision 0011, after 0010.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "log_cosigner",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("asked_size", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "address", name=op.f("pk_log_cosigner")),
    )
    op.create_table(
        "log_alarm",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "address", "kind", "size", "told", name=op.f("pk_log_alarm")),
    )


def downgrade() -> None:
    """Take back: what cosigners know is at the cosigners; the log says the same without their signatures."""
    op.drop_table("log_alarm")
    op.drop_table("log_cosigner")
