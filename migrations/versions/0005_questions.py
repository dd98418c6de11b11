"""questions, suspension, and sittings over more than one record

Revision 0005, after 0004.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was. The key to which a case's
messages are sealed stands in its founding text, which the office cannot read: it is copied out, since it is public.
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    """Apply."""
    recipients = op.create_table(
        "case_recipient",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_case_recipient_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_recipient")),
    )
    op.create_table(
        "message",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("question", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_message_case_id")),
        sa.PrimaryKeyConstraint("case_id", "question", name=op.f("pk_message")),
    )
    op.add_column("petition_case", sa.Column("suspended", sa.BigInteger(), nullable=True))
    op.add_column("sitting", sa.Column("record", sa.String(), nullable=False, server_default="record"))
    for rows in _recipients():
        op.bulk_insert(recipients, rows)


def _recipients() -> Iterator[list[dict[str, object]]]:
    case = sa.table("petition_case", sa.column("id", sa.String()), sa.column("genesis", sa.String()))
    last = ""
    while True:
        rows = op.get_bind().execute(sa.select(case).where(case.c.id > last).order_by(case.c.id).limit(BATCH)).all()
        if not rows:
            return
        yield [{"case_id": row.id, "epoch": 1, "recipient": _recipient(row.genesis)} for row in rows]
        last = rows[-1].id


def _recipient(genesis: str) -> str:
    """Return the key in a founding text: its second line is JSON."""
    return str(json.loads(genesis.split("\n")[1])["recipient"])


def downgrade() -> None:
    """Take back: a withdrawn case becomes one of the stages that the release before knows, and questions are lost."""
    case = sa.table("petition_case", sa.column("stage", sa.String()))
    op.execute(sa.update(case).where(case.c.stage == "WITHDRAWN").values(stage="DECLINED"))
    op.drop_column("sitting", "record")
    op.drop_column("petition_case", "suspended")
    op.drop_table("message")
    op.drop_table("case_recipient")
