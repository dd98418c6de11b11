"""What goes wrong on a petitioner's machine: said plainly, with what to do, and never with a secret in it.

Two classes, because two things follow: `ClientError` is something that a person can mend (exit status 2),
`TamperingError` is evidence that somebody changed what was kept or sent (exit status 1).
"""

from collections.abc import Mapping
from typing import ClassVar

from app.domain.errors import DomainError
from app.i18n import N_


class ClientError(DomainError):
    """Something could not be done; nothing was lost by it."""

    exit_status: ClassVar[int] = 2


class FolderError(ClientError):
    """A folder or file on this machine is not as it must be."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "folder_used": N_("{path} already holds a case. Give another folder for a new one."),
        "keys_present": N_("{path} already holds words or a key. They were left as they are: give another folder."),
        "not_a_case": N_("{path} is not a case folder: it has no case.json."),
        "not_a_number": N_("A case number has 26 small letters and digits from 2 to 7."),
        "case_unreadable": N_(
            "case.json in {path} cannot be read. Take a copy from your backup or from another holder."
        ),
        "case_newer": N_("case.json was written by a newer version of this program. Install that version."),
        "case_pending": N_(
            "This petition was prepared and the portal has not confirmed it yet. "
            "Run the same “resguardo file” command again: it sends the same sealed petition."
        ),
        "pending_unreadable": N_(
            "The sealed petition kept in {path} is damaged. Keep the folder, and file again into another one."
        ),
        "petition_changed": N_(
            "The petition file has changed since it was sealed into this folder, and the portal may already have the "
            "sealed one. To send that one, put the file back as it was; to file the new text, give another folder."
        ),
        "other_portal": N_("This folder belongs to the portal {url}. Give that address, or another folder."),
        "cannot_write": N_("Cannot write in {path}: {reason}."),
        "cannot_read": N_("Cannot read {path}: {reason}."),
        "exists": N_("{path} is already there. Give another folder."),
    }


class WordsError(ClientError):
    """Words, passphrases and key files that do not do."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "no_key": N_("No words were found in {path}: it has neither words.txt nor key.age."),
        "words_count": N_("There must be twelve words."),
        "words_word": N_("Word {position} is not in any of the lists. Is it one of these: {suggestions}?"),
        "words_unknown": N_("Word {position} is not in any of the lists. Look at it again."),
        "words_checksum": N_("Each word exists, but together they are not a key: one is wrong or two are swapped."),
        "words_ambiguous": N_("These words mean different keys in different languages. Write them out in full."),
        "words_same": N_("The new words are the old ones. Make others with “resguardo key new”."),
        "words_wrong": N_("These words do not open this case. Are they the words of another case or person?"),
        "passphrase_wrong": N_("The passphrase does not open this key file."),
        "passphrase_short": N_("The passphrase is too short: use at least {minimum} characters, best several words."),
        "passphrase_differs": N_("The two passphrases differ. Nothing was written."),
        "key_unreadable": N_("The key file is damaged or is not one of ours."),
        "no_terminal": N_("Your words are needed: give --key, or run this in a terminal to type them."),
        "no_passphrase": N_("A passphrase is needed: run this in a terminal, or set RESGUARDO_PASSPHRASE."),
    }


class NetworkError(ClientError):
    """The portal was not reached, or answered that it cannot."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "case_destroyed": N_(
            "This case was destroyed on {day}, by the rule {rule}; the portal signed a certificate of it. Nobody can "
            "open it any more. Your receipt stays valid: the log has not changed."
        ),
        "address": N_("{address} is not the address of a portal: it begins with https:// and has no question mark."),
        "insecure": N_("{address} is not encrypted: anyone on the way could read and change it. Use https://."),
        "unreachable": N_("{host} was not reached. Check the address and your connection, and try again."),
        "timeout": N_("{host} did not answer in time. Try again in a while."),
        "certificate": N_(
            "{host} could not prove who it is (its certificate is not valid). Do not go on. "
            "Check the address, the date of this machine, and the network you are on."
        ),
        "redirect": N_(
            "{host} sends us to another address. Nothing was sent there. Ask for the portal's right address."
        ),
        "too_large": N_("{host} answered with more than was asked for. Nothing of it was used."),
        "answer": N_("{host} answered with something that is not from a Resguardo portal."),
        "proxy": N_("RESGUARDO_PROXY is not usable: it must look like http://127.0.0.1:8118."),
        "busy": N_("{host} is busy or under repair (answer {status}). Try again in a while."),
        "refused": N_("The portal says: {words}"),
        "refused_plain": N_("The portal refused (answer {status})."),
        "case_not_found": N_("The portal knows no case with this number and code."),
        "code_not_found": N_("The portal knows no case with this status code. Check each letter and digit."),
        "code_malformed": N_("This is not a status code: it has six groups of four letters and digits."),
        "sign_in": N_("The portal did not accept the sign-in. Check the clock of this machine and try again."),
        "interrupted": N_(
            "The connection broke before the portal confirmed. Everything is kept in {path}: "
            "run the same command again, and the same sealed petition is sent."
        ),
    }


class CopyError(ClientError):
    """A log, or a copy of one, that says nothing either way."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "no_log": N_("There is no log of this portal there, or not to its end: {where}"),
        "policy": N_("The policy file cannot be read: {path}."),
        "policy_log": N_("The policy does not know this log, or knows it under another key."),
        "no_quorum": N_(
            "Too few of the policy's cosigners signed the log: it may be one of two histories. Ask the cosigners, or "
            "try another copy."
        ),
        "old_cosignatures": N_(
            "The cosignatures of the log are too old: this may be an old state, shown for the newest."
        ),
        "key_not_cosigned": N_(
            "The log announces another key, and too few of the policy's cosigners saw it do so. Ask the cosigners. The "
            "key: {key}"
        ),
        "pending": N_("This is newer than the log that was found: try again after the next publication."),
        "sealed": N_(
            "{path} has no sealed case key yet: run “resguardo history” once without --offline, while the portal is "
            "there."
        ),
        "offline": N_("--offline needs --log: where is the copy of the log?"),
    }


class ReviewError(ClientError):
    """The petitioner has still something to decide, or decided to stop."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "review_open": N_(
            "{count} places want a decision before this can be filed. Run it in a terminal to decide, "
            "or add --yes for the careful choice. Nothing was sent."
        ),
        "one_holder": N_(
            "Nobody but you could open this case. Add another holder with --holder, or --yes to go on alone. "
            "Nothing was sent."
        ),
        "unconfirmed": N_("Nobody can be asked here. Run it in a terminal, or add --yes. Nothing was sent."),
        "stopped": N_("Stopped. Nothing was sent."),
        "not_confirmed": N_("Nobody is there to confirm it. Run it in a terminal, or add --yes. Nothing was sent."),
    }


class TamperingError(ClientError):
    """Something does not verify: the portal, or somebody on the way, or on its disks, changed what must not change."""

    exit_status: ClassVar[int] = 1
    MESSAGES: ClassVar[Mapping[str, str]] = {
        "portal_key": N_(
            "The portal shows another key than the one you were given. Do not go on: ask whoever gave it to you."
        ),
        "key_unannounced": N_(
            "The portal shows another key for its log than the one that you know ({key}), and nothing in the log "
            "announces it. Do not go on; keep this folder, and ask your organization and the auditors."
        ),
        "portal_changed": N_(
            "The portal's keys are not those of the day you filed. Do not go on; keep this folder as evidence."
        ),
        "receipt": N_(
            "The receipt does not verify ({what}). Keep {path}: it may be evidence. "
            "Do not count this petition as filed."
        ),
        "log_key": N_(
            "The log is not signed by the key of the day you filed, or a signature under it is false. Keep this folder."
        ),
        "log_entries": N_("The entries of this copy do not make the root that the log signed."),
        "log_fork": N_("The log contradicts what it proved before: two histories. Keep everything: it is evidence."),
        "genesis": N_("The portal serves another founding text than this case has. Nothing was opened."),
        "chain": N_(
            "The versions of your case do not follow from each other: the portal, or somebody who was a holder, put "
            "another one among them. Nothing was opened."
        ),
        "manifest": N_("The portal serves a list of contents that your case's key did not sign. Nothing was opened."),
        "manifest_older": N_(
            "The portal serves an older list of contents: something filed later is being held back. Nothing was opened."
        ),
        "manifest_other": N_("The portal serves another list of contents than the one you filed. Nothing was opened."),
        "access_unproved": N_(
            "The portal does not prove that this opening of the case is in the log. Nothing was opened."
        ),
        "recipient": N_("The portal swapped the key to which this case is sealed. Nothing was opened."),
        "case_key": N_("The portal serves another case key than the one that was filed. Nothing was opened."),
        "roster": N_("The list of this case's holders was changed. Nothing was opened."),
        "object": N_(
            "The portal serves a sealed piece ({kind}) that is not the one that was filed. Nothing was opened."
        ),
        "object_missing": N_("The portal holds back a sealed piece ({kind}) that was filed. Nothing was opened."),
        "place": N_("A sealed piece ({kind}) belongs in another place. Nothing was opened."),
        "status": N_("The portal's statement about the case is not signed by its key. Do not trust it."),
    }
