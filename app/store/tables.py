"""The schema: every table and column with its confidentiality class.

Two metadata: `PORTAL`, the database proper, and `VAULT`, the wrapped data keys, which live in a store of their own so
that their backups can be short-lived (law L8). Times are unix seconds; hashes are lower-case hex SHA-256.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.columns import operational, public, redacted, sealed, secret

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PORTAL = MetaData(naming_convention=_NAMES)
VAULT = MetaData(naming_convention=_NAMES)

# --- the public log: INSERT and SELECT only, the head excepted ---------------------------------------------------

log_head = Table(
    "log_head",
    PORTAL,
    public("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    public("size", BigInteger),
    public("edge", LargeBinary),  # compact range: at most 64 subtree hashes
    public("last_time", BigInteger),
)
log_entry = Table(
    "log_entry",
    PORTAL,
    public("idx", BigInteger, primary_key=True, autoincrement=False),
    public("leaf", LargeBinary),
)
log_tile = Table(
    "log_tile",
    PORTAL,
    public("level", Integer, primary_key=True, autoincrement=False),
    public("idx", BigInteger, primary_key=True, autoincrement=False),
    public("root", LargeBinary),
    public("hashes", LargeBinary),
)
log_batch = Table(
    "log_batch",
    PORTAL,
    operational("size", BigInteger, primary_key=True, autoincrement=False),  # not public: sizes between ticks
    operational("root", LargeBinary),
)
log_publication = Table(
    "log_publication",
    PORTAL,
    public("tick", BigInteger, primary_key=True, autoincrement=False),
    public("size", BigInteger),
    public("checkpoint", Text),
)
log_cosigner = Table(  # the one table of the log whose rows change, besides its head
    "log_cosigner",
    PORTAL,
    public("origin", String, primary_key=True),
    operational("address", String, primary_key=True),
    public("size", BigInteger),
    public("time", BigInteger),
    public("lines", Text),  # cosignatures of the newest checkpoint that it cosigned
    operational("asked", BigInteger),
    operational("asked_size", BigInteger),
    operational("outcome", String),
    operational("told", BigInteger, nullable=True),
)
log_alarm = Table(
    "log_alarm",
    PORTAL,
    public("origin", String, primary_key=True),
    operational("address", String, primary_key=True),
    operational("kind", String, primary_key=True),
    operational("size", BigInteger, primary_key=True, autoincrement=False),
    operational("told", BigInteger, primary_key=True, autoincrement=False),
    operational("at", BigInteger),
    operational("checkpoint", Text),
)
log_opening = Table(
    "log_opening",
    PORTAL,
    operational("idx", BigInteger, primary_key=True, autoincrement=False),
    operational("case_id", String, nullable=False, index=True),  # "" for the portal's own entries
    operational("sealed", LargeBinary),  # entry key and fields, encrypted under the case's data key
)

# --- cases ---------------------------------------------------------------------------------------------------------

case = Table(
    "petition_case",
    PORTAL,
    operational("id", String, primary_key=True),
    sealed("genesis", Text),
    secret("status_hash", String, unique=True),
    sealed("sign_in_vkey", String),
    operational("stage", String),
    operational("received_at", BigInteger),
    operational("entry_index", BigInteger),
    operational("log_counter", BigInteger),
    operational("version", Integer),
    operational("suspended", BigInteger, nullable=True),  # since when the petitioner lets nobody of the office in
)
case_recipient = Table(
    "case_recipient",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("epoch", Integer),
    operational("recipient", String),  # a public key: the office seals its questions to it
)
case_card = Table(
    "case_card",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("body", LargeBinary),  # encrypted under the case's data key
)
manifest = Table(
    "manifest",
    PORTAL,
    sealed("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    sealed("version", Integer, primary_key=True, autoincrement=False),
    sealed("sha256", String, unique=True),
    sealed("note", Text),
    operational("entry_index", BigInteger),
)
case_link = Table(
    "case_link",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("earlier", String, ForeignKey("petition_case.id")),
    operational("note", Text),
    operational("entry_index", BigInteger),
)
redacted_record = Table(
    "redacted_record",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("record", String, primary_key=True),  # "record", or an answer's name
    operational("version", Integer, primary_key=True, autoincrement=False),
    operational("sha256", String),
    redacted("body", LargeBinary),  # encrypted under a key of this version's own
)
copy_page = Table(
    "copy_page",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("record", String, primary_key=True),  # the copy's name
    operational("version", Integer, primary_key=True, autoincrement=False),
    operational("page", Integer, primary_key=True, autoincrement=False),  # from 1
    redacted("body", LargeBinary),  # a page as a picture, encrypted under the key of its copy's version
)
public_version = Table(
    "public_version",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("version", Integer, primary_key=True, autoincrement=False),  # of the record "public", from 1
    operational("sha256", String, index=True),
    operational("audience", String),  # "office" or "everyone"
    operational("note", Text),  # signed by the case's key
    operational("released", BigInteger),
    operational("entry_index", BigInteger),
    operational("withdrawn", BigInteger, nullable=True),  # since when it was called back
)
case_event = Table(
    "case_event",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("seq", Integer, primary_key=True, autoincrement=False),  # of the case, from 1
    operational("action", String),
    operational("stage", String),  # the stage after it
    operational("milestone", String, nullable=True),
    operational("day", String, nullable=True),  # ISO date
    operational("basis", String, nullable=True),
    operational("precision", String, nullable=True),
    operational("role", String),
    operational("staff_id", Integer, ForeignKey("staff.id"), nullable=True),
    operational("recorded", BigInteger),
    operational("entry_index", BigInteger),
    operational("body", LargeBinary),  # reference, reasons and words, encrypted under the case's data key
)
message = Table(
    "message",
    PORTAL,
    sealed("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    sealed("question", Integer, primary_key=True, autoincrement=False),  # the number of the event that asked
    sealed("epoch", Integer),
    sealed("record", String),
    sealed("sha256", String),
    sealed("body", LargeBinary),
)
case_notice = Table(
    "case_notice",
    PORTAL,
    sealed("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    sealed("address", LargeBinary, nullable=True),  # encrypted under the case's data key; NULL: nobody wants mail
    sealed("last_sent", BigInteger, nullable=True),
)
notice_due = Table(
    "notice_due",
    PORTAL,
    sealed("id", String, primary_key=True),  # random; the office adds rows and reads none
    sealed("case_id", String, ForeignKey("petition_case.id")),
    sealed("not_before", BigInteger),
    sealed("attempts", Integer),
    Index("ix_notice_due_not_before", "not_before"),
)
sealed_object = Table(
    "sealed_object",
    PORTAL,
    sealed("id", Integer, primary_key=True),
    sealed("case_id", String, ForeignKey("petition_case.id")),
    sealed("sha256", String),
    sealed("kind", String),
    sealed("record", String),
    sealed("size", BigInteger),
    sealed("parts", Text),  # hashes in order, separated by spaces
    UniqueConstraint("case_id", "sha256"),
)
part = Table(
    "part",
    PORTAL,
    sealed("sha256", String, primary_key=True),
    sealed("size", BigInteger),
    sealed("data", LargeBinary, nullable=True),  # NULL: content-addressed beside the database
)
part_use = Table(
    "part_use",
    PORTAL,
    sealed("part", String, ForeignKey("part.sha256"), primary_key=True),
    sealed("object_id", Integer, ForeignKey("sealed_object.id"), primary_key=True),
    Index("ix_part_use_object", "object_id"),
)
upload = Table(
    "upload",
    PORTAL,
    secret("id_hash", String, primary_key=True),
    operational("created", BigInteger),
    operational("bytes", BigInteger),
)
upload_part = Table(
    "upload_part",
    PORTAL,
    secret("upload", String, ForeignKey("upload.id_hash", ondelete="CASCADE"), primary_key=True),
    sealed("part", String, primary_key=True),
    operational("size", BigInteger),
)
assisted_filing = Table(
    "assisted_filing",
    PORTAL,
    secret("key_hash", String, primary_key=True),
    secret("call_hash", String),  # of what was sent, under the caller's own key: it confirms nothing to anyone else
    sealed("case_id", String, ForeignKey("petition_case.id"), unique=True),
)

# --- holders -------------------------------------------------------------------------------------------------------

holder_challenge = Table(
    "holder_challenge",
    PORTAL,
    secret("nonce_hash", String, primary_key=True),
    secret("browser_hash", String),
    operational("case_id", String),
    operational("expires", BigInteger),
)
holder_session = Table(
    "holder_session",
    PORTAL,
    secret("token_hash", String, primary_key=True),
    operational("case_id", String),
    operational("created", BigInteger),
    operational("expires", BigInteger),
    operational("entry_index", BigInteger),
)

# --- staff ---------------------------------------------------------------------------------------------------------

staff = Table(
    "staff",
    PORTAL,
    operational("id", Integer, primary_key=True),
    operational("name", String, unique=True),
    operational("role", String),
    operational("state", String),
    operational("created", BigInteger),
    secret("password_hash", String, nullable=True),
    secret("totp", LargeBinary, nullable=True),  # encrypted under the vault's system key
    secret("totp_last_step", BigInteger, default=0),
    operational("vouched_by", Integer, nullable=True),  # the account that brought this one back, if one did
    operational("last_sign_in", BigInteger, nullable=True),
)
enrolment = Table(
    "enrolment",
    PORTAL,
    secret("token_hash", String, primary_key=True),
    operational("staff_id", Integer, ForeignKey("staff.id")),
    operational("expires", BigInteger),
    secret("totp", LargeBinary),
    operational("used", Boolean),
)
recovery_code = Table(
    "recovery_code",
    PORTAL,
    operational("staff_id", Integer, ForeignKey("staff.id"), primary_key=True),
    secret("code_hash", String, primary_key=True),  # unused ones only: using a code deletes its row
)
staff_session = Table(
    "staff_session",
    PORTAL,
    secret("token_hash", String, primary_key=True),
    operational("staff_id", Integer, ForeignKey("staff.id")),
    operational("created", BigInteger),
    operational("last_seen", BigInteger),
    operational("previous", BigInteger, nullable=True),  # the account's sign-in before this one
)
reader_device = Table(
    "reader_device",
    PORTAL,
    operational("entry_index", BigInteger, primary_key=True, autoincrement=False),  # where the log has its key
    operational("staff_id", Integer, ForeignKey("staff.id"), index=True),
    operational("vkey", String, unique=True),
    operational("label", String),
    operational("note", Text),
    operational("created", BigInteger),
    operational("ended", BigInteger, nullable=True),
)
request_nonce = Table(
    "request_nonce",
    PORTAL,
    secret("nonce_hash", String, primary_key=True),  # of one that was used; a row goes when its nonce expired
    operational("expires", BigInteger),
)
signing_rule = Table(
    "signing_rule",
    PORTAL,
    operational("entry_index", BigInteger, primary_key=True, autoincrement=False),
    operational("rule", String),  # whether requests must be signed, from that entry on
)
assignment = Table(
    "assignment",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("staff_id", Integer, ForeignKey("staff.id"), primary_key=True),
    operational("since", BigInteger),
)
sitting = Table(
    "sitting",
    PORTAL,
    operational("id", Integer, primary_key=True),
    operational("staff_id", Integer, ForeignKey("staff.id")),
    operational("case_id", String, ForeignKey("petition_case.id")),
    operational("record", String, server_default="record"),
    operational("version", Integer),
    operational("purpose", String),
    operational("started", BigInteger),
    operational("entry_index", BigInteger),
    operational("ended", BigInteger, nullable=True),  # before its time: the case was taken away
    secret("code", LargeBinary, nullable=True),  # the mark while it is open, under the case's data key
    Index("ix_sitting_staff_case", "staff_id", "case_id"),
    Index(  # each new sitting asks for those whose mark is to be forgotten
        "ix_sitting_code", "started", sqlite_where=text("code IS NOT NULL"), postgresql_where=text("code IS NOT NULL")
    ),
)
mark_share = Table(
    "mark_share",
    PORTAL,
    operational("entry_index", BigInteger, primary_key=True, autoincrement=False),  # of the sitting's log entry
    operational("case_id", String, ForeignKey("petition_case.id"), index=True),
    operational("started", BigInteger),
    secret("operator", LargeBinary),  # one share of the mark's key and whose sitting it is, under the case's data key
    secret("auditor", LargeBinary),  # the other share, sealed to the auditor: the portal cannot open it
)
hand_over = Table(
    "hand_over",
    PORTAL,
    operational("id", Integer, primary_key=True),
    operational("giver_id", Integer, ForeignKey("staff.id")),
    operational("made_by", Integer, ForeignKey("staff.id")),
    operational("made", BigInteger),
    operational("undone", BigInteger, nullable=True),
)
hand_over_case = Table(
    "hand_over_case",
    PORTAL,
    operational("hand_over_id", Integer, ForeignKey("hand_over.id"), primary_key=True),
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("receiver_id", Integer, ForeignKey("staff.id")),
    operational("had_it", Boolean),  # the receiver read this case already
)
case_note = Table(
    "case_note",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("seq", Integer, primary_key=True, autoincrement=False),  # of the case, from 1
    operational("staff_id", Integer, ForeignKey("staff.id")),
    operational("written", BigInteger),
    operational("corrects", Integer, nullable=True),  # the number of the note that this one puts right
    operational("entry_index", BigInteger),
    operational("body", LargeBinary),  # encrypted under the case's data key
)
saved_view = Table(
    "saved_view",
    PORTAL,
    operational("id", String, primary_key=True),
    operational("staff_id", Integer, ForeignKey("staff.id"), index=True),
    operational("created", BigInteger),
    operational("deleted", BigInteger, nullable=True),
    operational("body", LargeBinary),  # name and address, encrypted under the vault's system key
)

retention = Table(
    "retention",
    PORTAL,
    operational("case_id", String, ForeignKey("petition_case.id"), primary_key=True),
    operational("announced", BigInteger),
    operational("day", String),  # ISO date from which the case may be destroyed
    operational("rule", String),
    operational("destroyed", BigInteger, nullable=True),
    secret("status_hash", String, unique=True, nullable=True),  # once destroyed: the code leads to the certificate
    operational("certificate", Text, nullable=True),
)

# --- the vault's own store -----------------------------------------------------------------------------------------

data_key = Table(
    "data_key",
    VAULT,
    operational("name", String, primary_key=True),
    secret("wrapped", LargeBinary),
)

LOG_TABLES = (log_entry, log_tile, log_batch, log_publication, log_alarm, case_event, case_note, signing_rule)
"""Rows of these are never updated or deleted by anyone (law L5): the log's, what cosigners refused, the procedure's
events, the notes, the rules about signing."""
