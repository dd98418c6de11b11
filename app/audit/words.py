"""What an audit says, in words: one sentence for each finding, remark, obstacle and rule, in every language."""

from app.audit.finding import Act, Code, Obstacle, Place, Remark, Rule
from app.i18n import N_, t

FINDINGS = {
    Code.ENTRY_ALTERED: N_("what stands in the log is not what was logged: altered or replaced"),
    Code.ROW_DELETED: N_("a row was deleted; the later ones moved up"),
    Code.ROW_INSERTED: N_("a row was put in between; the later ones moved down"),
    Code.ROW_DOUBLED: N_("a row stands twice; the later ones moved down"),
    Code.ROWS_SWAPPED: N_("rows changed places"),
    Code.TAIL_CUT: N_("these entries are known and now missing: the end was cut off, or an older database restored"),
    Code.ROLLED_BACK: N_(
        "these entries are known and now missing: the log is back in an earlier state (an older database?)"
    ),
    Code.FORK: N_("the log has two histories: what is shown now contradicts what was signed before"),
    Code.KEY_CHANGED: N_("the log is signed with another key, or under another name, than the one that was kept"),
    Code.CHECKPOINT_FORGED: N_("the checkpoint carries the log's key id, and the signature is false"),
    Code.COSIGNATURE_FORGED: N_("the checkpoint shows a cosignature under a known cosigner's key, and it is false"),
    Code.ROOT_MISMATCH: N_("the published entries do not make the signed root"),
    Code.TILE_ALTERED: N_("this tile is not what the entries make"),
    Code.BUNDLE_MISMATCH: N_("this bundle of entries is damaged"),
    Code.WITHHELD: N_("the signed checkpoint promises this file, and the portal does not give it"),
    Code.LEAF_LENGTH: N_("the entry does not have 106 bytes"),
    Code.LEAF_VERSION: N_("the entry has an unknown version"),
    Code.LEAF_KIND: N_("the entry has an unknown kind"),
    Code.TIME_DECREASING: N_("the entry is dated before the one ahead of it"),
    Code.TIME_TICK: N_("the entry's time is finer than the publication tick"),
    Code.TAG_DOUBLED: N_("the entry carries a tag that another entry has"),
    Code.RECEIPT_MISSING: N_("a receipt proves this entry, and the log was published without it"),
    Code.OPENING_MISMATCH: N_("what the office says about this entry is not what the entry commits to"),
    Code.OPENING_DOUBLED: N_("the office gave two openings of this entry"),
    Code.REQUEST_UNSIGNED: N_("a look without a signature, though the log says that devices must sign"),
    Code.REQUEST_FALSE: N_(
        "the entry commits to a request that a reader's device signed; what the office shows of it is withheld or false"
    ),
    Code.REQUEST_FORK: N_("the device that signed for this look knew a log of {size} entries that is none of this one"),
    Code.OPENING_WITHHELD: N_("the office gave no opening of this entry, though it was asked for it"),
    Code.DRAW_WITHHELD: N_("this entry was drawn by lot, and the office gave no opening of it"),
    Code.ROW_WITHOUT_ENTRY: N_("the portal's table {table} says something that no entry of the log says: {said}"),
    Code.ENTRY_WITHOUT_ROW: N_("the log says something that the portal's table {table} does not know: {said}"),
    Code.ROW_DIFFERS: N_("the portal's table {table} says something else than this entry: {said}"),
    Code.SERVED_WITHHELD: N_("here what the portal runs changed, and the portal does not say to what"),
    Code.SERVED_FALSE: N_("what the portal serves, or says that it runs, is not what this entry says"),
    Code.SUCCEEDED: N_(
        "here the portal says that it lost data and went on with another log name and new keys; what was kept before "
        "is the same. Ask its operator what happened"
    ),
    Code.LOST: N_("these entries were signed and are lost: the portal says that it lost data"),
    Code.SUCCESSION_FALSE: N_("the portal says that its log succeeded another, and the log does not bear it out"),
    Code.ANNOUNCEMENT_FALSE: N_(
        "here the log is said to announce new keys, and it does not, or did so in another history"
    ),
}
REMARKS = {
    Remark.PENDING_RECEIPT: N_("newer than the last publication; it must appear with the next one"),
    Remark.PENDING_OPENING: N_("opened before its publication; check again after the next one"),
    Remark.OTHER_LOG: N_("this receipt is of another log and was left out"),
    Remark.PORTAL_KEY_DIFFERS: N_("the portal shows others another key than the one you gave"),
    Remark.PORTAL_KEY_TRUSTED: N_(
        "the key is the portal's own word: keep a state file or a receipt to be able to compare"
    ),
    Remark.OLD_TICK: N_(
        "{count} entries have times between today's publication ticks; a longer tick may have been set since"
    ),
    Remark.NO_OPENING: N_("{count} entries in between have no opening in the file"),
    Remark.SUCCESSOR: N_("here this log took another's place after a loss; {count} entries are known to be lost"),
    Remark.SUCCESSOR_KEY: N_(
        "the successor's key is the portal's own word: ask for it elsewhere, and give it with --key. Then the state "
        "file goes on with the successor"
    ),
    Remark.STATE_RENEWED: N_("the state of the former log was kept; the state file goes on with the successor"),
    Remark.KEYS_CHANGED: N_(
        "here the log announces new keys, under the ones before. The audit goes on with the new one: compare it with "
        "what the portal's operator publishes elsewhere"
    ),
    Remark.REQUEST_KEY: N_(
        "{count} looks were signed under keys whose own entries are not among the openings: ask for those, too"
    ),
    Remark.COSIGNER_ALARM: N_(
        "{count} times a cosigner refused this log as contradicting what it knows; the portal says so itself. Ask the "
        "cosigners for their evidence"
    ),
    Remark.PAST_UNKNOWN: N_(
        "entries before this one are not open, so that rules that need the past were not applied from here on"
    ),
    Remark.PENDING_DRAW: N_("the draw's announcement is not published yet; draw after the next publication"),
    Remark.DRAWN: N_("{count} entries were drawn; ask the office for the openings that the file names now"),
    Remark.DRAW_UNCOSIGNED: N_(
        "the draw rests on a checkpoint without cosigners of yours: the portal could have foreseen it"
    ),
    Remark.PENDING_ROW: N_("{count} rows are about entries that are not published yet"),
    Remark.ROW_UNOPENED: N_("{count} rows are about entries that the files of openings do not open"),
    Remark.SERVED_PENDING: N_(
        "the portal serves other modules than its newest entry says; if it still does after the next publication, it "
        "runs code that it does not log"
    ),
    Remark.ROWS_UNCOMPARED: N_(
        "who has which case was not compared: that needs the openings of everything before entry {index}"
    ),
    Remark.ROWS_UNTOLD: N_("no file of rows tells of these entries"),
    Remark.SERVED_UNTOLD: N_("where the log is read from does not say what the portal runs; ask the portal itself"),
    Remark.REPORT_KEY: N_("the log's key is the report's own word: give --key or --policy, from somewhere else"),
    Remark.DATED_BACK: N_(
        "{count} entries are new since the last audit and dated before it: dated back, or the portal published late. "
        "Ask its operator"
    ),
    Remark.DATED_AHEAD: N_("{count} entries are dated after now: the portal's clock, or this machine's, is wrong"),
    Remark.DESTROYED: N_(
        "{count} entries have no opening any more: an entry of the log says that their case was destroyed"
    ),
}
OBSTACLES = {
    Obstacle.NO_KEY: N_(
        "Which key should the log be signed with? Give --key, --receipt or --state, or --trust-portal-key."
    ),
    Obstacle.BAD_KEY: N_("A verifier key cannot be read."),
    Obstacle.OTHER_KEY: N_(
        "The log is signed with another key. Without a kept state or receipt nobody can say which is right."
    ),
    Obstacle.NO_CHECKPOINT: N_("No checkpoint of a log was found there."),
    Obstacle.BAD_CHECKPOINT: N_("The checkpoint cannot be read."),
    Obstacle.UNREACHABLE: N_("The log could not be read to its end."),
    Obstacle.BAD_STATE: N_("The state file cannot be read or written."),
    Obstacle.BAD_RECEIPT: N_("This receipt is damaged."),
    Obstacle.BAD_OPENINGS: N_("This is no file of openings of this log."),
    Obstacle.NO_RECEIPTS: N_("There is no receipt (*.tlog-proof) in this folder."),
    Obstacle.NO_MIRROR_KEY: N_("Which key should the log be signed with? Give --key or --policy."),
    Obstacle.BAD_POLICY: N_("This policy file cannot be read."),
    Obstacle.BAD_RULES: N_("This file of rules cannot be read, or says something that is no rule."),
    Obstacle.BAD_ROWS: N_("This is no file of rows of this log."),
    Obstacle.BAD_DRAW: N_("This is no draw of this log."),
    Obstacle.BAD_REPORT: N_("There is no report in this folder that can be made again."),
    Obstacle.NO_QUORUM: N_(
        "Too few of the policy's cosigners signed this checkpoint: it may be one of two histories. Ask the cosigners."
    ),
    Obstacle.OLD_COSIGNATURES: N_(
        "The cosignatures are too old, the newest of {hours} hours ago: this may be an old state, shown for the "
        "newest. Ask the cosigners."
    ),
}
PLACES = (
    ("first", N_("Entries {first} to {last}")),
    ("index", N_("Entry {index}")),
    ("path", N_("File {path}")),
    ("size", N_("Size {size}")),
    ("file", "{file}"),
)
RULES = {
    Rule.UNASSIGNED_READ: (
        N_("Read without having the case"),
        N_("{actor} read {record} of case {case}, which was not assigned to them"),
    ),
    Rule.UNASSIGNED_STEP: (
        N_("Worked on a case without having it"),
        N_("{actor} took a step ({kind}) on case {case}, which was not assigned to them"),
    ),
    Rule.BULK_READ: (
        N_("Read in bulk"),
        N_("{actor} read {count} cases within {minutes} minutes"),
    ),
    Rule.ODD_HOURS: (
        N_("Read at odd hours"),
        N_("{actor} read {record} of case {case} at {clock} ({zone})"),
    ),
    Rule.SUSPENDED_READ: (
        N_("Read while access was suspended"),
        N_("{actor} read {record} of case {case} while the petitioner had suspended access"),
    ),
    Rule.WITHDRAWN_READ: (
        N_("Read after the petition was withdrawn"),
        N_("{actor} read {record} of case {case} after the petitioner had taken the petition back"),
    ),
    Rule.LATE_READ: (
        N_("Read long after the answer"),
        N_("{actor} read {record} of case {case} {days} days after it was declined"),
    ),
    Rule.DISABLED_ACCOUNT: (
        N_("An account that was switched off"),
        N_("{actor} did something ({kind}) while the account was switched off"),
    ),
    Rule.UNKNOWN_ACCOUNT: (
        N_("An account that nobody made"),
        N_("{actor} did something ({kind}), and no entry says that this account was made"),
    ),
    Rule.UNREAD_DRAFT: (
        N_("Drafted without reading"),
        N_("{actor} drafted the answer to case {case} and had not read {record}, the version in force"),
    ),
    Rule.UNREAD_APPROVAL: (
        N_("Approved without reading"),
        N_("{actor} approved the answer to case {case} and had not read {record}, the version in force"),
    ),
    Rule.ONE_PERSON: (
        N_("One person alone"),
        N_("{actor} drafted and approved the answer to case {case}"),
    ),
    Rule.TIME_ORDER: (
        N_("A time that cannot be"),
        N_("the entry says {time}, and the log was further by then: the clock was set back, or the time is false"),
    ),
    Rule.TIME_AHEAD: (
        N_("A time after the log's own"),
        N_("the entry says {time}, and the log had it before that hour: what is said of the time is false"),
    ),
}
"""Of each rule its name and its sentence."""


def printable(value: int | str) -> int | str:
    """Return a value fit for a terminal or a page: file names, paths and what entries say are not ours."""
    return value if isinstance(value, int) else "".join(c if c.isprintable() else "?" for c in value[:300])


def sentence(language: str, where: Place, msgid: str) -> str:
    """Return a message behind its place, such as "Entry 5: the entry does not have 106 bytes"."""
    shown = {name: printable(value) for name, value in where.items()}
    message = t(language, msgid, **shown) if shown else t(language, msgid)
    places = [t(language, place, **shown) for name, place in PLACES if name in where]
    return f"{', '.join(places)}: {message}" if places else message


def act_sentence(language: str, act: Act) -> str:
    """Return what a finding of a rule says, behind the entry that it is about."""
    shown = {name: printable(value) for name, value in act.about.items()}
    return f"{t(language, N_('Entry {index}'), index=act.entries[-1])}: {t(language, RULES[act.rule][1], **shown)}"
