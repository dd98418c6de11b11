"""next versions

Revision 0006, after 0005.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: what is there are first versions, each with the log entry that received its case."""
    with op.batch_alter_table("manifest") as manifest:
        manifest.add_column(sa.Column("entry_index", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE manifest SET entry_index = "
        "(SELECT entry_index FROM petition_case WHERE petition_case.id = manifest.case_id)"
    )
    with op.batch_alter_table("manifest") as manifest:
        manifest.alter_column("entry_index", existing_type=sa.BigInteger(), nullable=False)
    with op.batch_alter_table("redacted_record") as record:
        record.add_column(sa.Column("record", sa.String(), nullable=False, server_default="record"))
        record.drop_constraint(op.f("pk_redacted_record"), type_="primary")
        record.create_primary_key(op.f("pk_redacted_record"), ["case_id", "record", "version"])


def downgrade() -> None:
    """Take back: answers are then no longer readable."""
    op.execute("DELETE FROM sitting WHERE record <> 'record'")
    op.execute("DELETE FROM redacted_record WHERE record <> 'record'")
    with op.batch_alter_table("redacted_record") as record:
        record.drop_constraint(op.f("pk_redacted_record"), type_="primary")
        record.drop_column("record")
        record.create_primary_key(op.f("pk_redacted_record"), ["case_id", "version"])
    with op.batch_alter_table("manifest") as manifest:
        manifest.drop_column("entry_index")
