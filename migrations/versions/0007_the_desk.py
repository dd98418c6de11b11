"""the desk: hand-over, notes, saved views

Revision 0007, after 0006.

Rules: nothing that a running older version needs is removed in the same release; a column has a confidentiality class
in app/store/tables.py; data are moved in batches; up, down, up leaves the schema as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ADDED = {
    "staff": (("vouched_by", sa.Integer()), ("last_sign_in", sa.BigInteger())),
    "staff_session": (("previous", sa.BigInteger()),),
    "sitting": (("ended", sa.BigInteger()),),
}


def upgrade() -> None:
    """Apply: who has never signed in since sees every case as new once."""
    for table, columns in _ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    _hand_overs()
    op.create_table(
        "case_note",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("entry_index", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_note_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_note")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_staff_id"), "saved_view", ["staff_id"])


def _hand_overs() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["giver_id"], ["staff.id"], name=op.f("fk_hand_over_giver_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_hand_over_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_table(
        "hand_over_case",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("had_it", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_case_hand_over_id")),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"], name=op.f("fk_hand_over_case_case_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["staff.id"], name=op.f("fk_hand_over_case_receiver_id")),
        sa.PrimaryKeyConstraint("hand_over_id", "case_id", name=op.f("pk_hand_over_case")),
    )


def downgrade() -> None:
    """Take back: notes and views are gone, and who was on leave is at work."""
    staff = sa.table("staff", sa.column("state", sa.String()))
    op.execute(sa.update(staff).where(staff.c.state == "on_leave").values(state="active"))
    for table in ("saved_view", "case_note", "hand_over_case", "hand_over"):
        op.drop_table(table)
    for table, columns in _ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
