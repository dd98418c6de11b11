"""What keeping refuses, in words that name files and numbers and never what is in them."""

from collections.abc import Mapping
from typing import ClassVar

from app.domain.errors import DomainError
from app.i18n import N_


class KeepingError(DomainError):
    """Something of an operator's task could not be done; nothing that was there is changed by it."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "file_there": N_("{path} is already there and was left as it is. Give another name."),
        "no_portal": N_("{path} holds no portal: there is no portal.json in it."),
        "no_room": N_("The disk of {path} is too full for it. Nothing was left behind."),
        "recipient": N_(
            "{name} is no key to seal to. Give an age1pq1… line, or the holder.txt that “resguardo key new” made."
        ),
        "owner_needed": N_(
            "This needs the database owner's address in RESGUARDO_DATABASE: the sides' own roles do not see everything."
        ),
        "not_verified": N_("{path} does not read back as it was written. It was removed: look at that disk."),
        "no_backup": N_("{path} is not there."),
        "not_a_backup": N_("{path} is not a backup of a portal, or is not whole. Nothing was restored from it."),
        "other_key": N_("{path} was not sealed to this key. Nothing was restored."),
        "changed": N_("{path} was changed or cut off after it was made. Nothing was restored from it."),
        "other_portal": N_("{path} belongs to another portal than the backup. Nothing was restored."),
        "data_there": N_("{path} already holds something. A backup is restored into an empty place only."),
        "database_there": N_("The database already holds a portal. A backup is restored into an empty one only."),
        "newer": N_(
            "The backup was made by a newer version of this program. Install that version, and restore with it."
        ),
        "keys_older": N_(
            "{path} lacks the keys of {count} cases: it is older than the backup. Give the file of keys that was made "
            "with it, or restore the older backup that fits."
        ),
        "blobs_lacking": N_(
            "The backup lacks {count} sealed files that its cases name, or they are damaged. Use another backup, or "
            "give --accept-damage to restore what there is."
        ),
        "log_damaged": N_(
            "The log in the backup does not fit together. Use another backup, or give --accept-damage to restore what "
            "there is: the portal then stays read-only, and an audit says where."
        ),
        "nothing_to_recover": N_(
            "The portal is not read-only: its data and what it signed agree. There is nothing to recover."
        ),
        "not_recoverable": N_(
            "The database in {path} does not hold what this portal signed ({standing}). Restore a backup first; a "
            "successor of a false history would convict you."
        ),
        "decide": N_("Nothing was changed. Decide for one of the ways above."),
        "not_continuable": N_(
            "The log cannot simply go on: nothing here shows that nothing was signed after the backup. Look for newer "
            "data, or make a successor with --successor."
        ),
        "one_step": N_("One step at a time: --announce, --switch or --finish."),
        "change_begun": N_("The keys are being changed already. “resguardo log rotate” says how far it is."),
        "change_read_only": N_("The portal is read-only: its log takes no entry. First settle that: log recover."),
        "change_not_announced": N_("No new keys were announced. Begin with --announce."),
        "change_not_published": N_(
            "The announcement is not public yet. Wait for the next publication of the log; nothing was changed."
        ),
        "change_not_cosigned": N_(
            "The announcement is public, but too few cosigners signed it. “resguardo log cosigners” says why; nothing "
            "was changed."
        ),
        "change_damaged": N_("The announcement in the log does not fit the new keys. Nothing was changed."),
        "change_not_switched": N_("Only one set of keys signs: there is nothing to finish."),
        "change_overlap": N_(
            "Both sets of keys sign until {day}, so that everybody learns the new ones. If somebody else has the old "
            "keys, finish with --at-once."
        ),
        "change_unsigned": N_(
            "The published log does not bear the new key yet. Start the portal again and wait for the next publication."
        ),
        "bad_checkpoint": N_("{path} is no checkpoint of this log, or not signed by its key."),
        "checkpoint_differs": N_(
            "What is known of the log ({path}, {size} entries) contradicts the data here. Restore another backup; a "
            "successor of a false history would convict you."
        ),
    }
