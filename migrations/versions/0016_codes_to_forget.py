"""an index of the sittings whose mark is not forgotten yet

Revision 0016, after 0015.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    kept = sa.text("code IS NOT NULL")
    op.create_index("ix_sitting_code", "sitting", ["started"], sqlite_where=kept, postgresql_where=kept)


def downgrade() -> None:
    """Take back: forgetting reads every sitting again."""
    op.drop_index("ix_sitting_code", "sitting")
