"""signed requests

Revision 0014, after 0013.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reader_device",
        sa.Column("entry_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reader_device_staff_id")),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_reader_device")),
        sa.UniqueConstraint("vkey", name=op.f("uq_reader_device_vkey")),
    )
    op.create_index(op.f("ix_reader_device_staff_id"), "reader_device", ["staff_id"])
    op.create_table(
        "request_nonce",
        sa.Column("nonce_hash", sa.String(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_request_nonce")),
    )
    op.create_table(
        "signing_rule",
        sa.Column("entry_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_signing_rule")),
    )


def downgrade() -> None:
    """Take back: devices are enrolled anew; signed requests stay with the openings that hold them."""
    op.drop_table("signing_rule")
    op.drop_table("request_nonce")
    op.drop_table("reader_device")
