"""What the domain refuses: one tree of errors, each with a code, the field, and words that never repeat a value.

Rules of this module
    1. A message names the place (field path, line, kind) and what to do, never what stood there: the text that was
       refused may be the name of a witness, and messages reach logs, screens and other people's mail.
    2. The words are a msgid in plain English; `text(language)` gives them in the reader's language.
    3. A code belongs to one class, and an undeclared code cannot be raised.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import ClassVar

from app.i18n import N_, t


class DomainError(Exception):
    """A refusal with a stable code, the field it is about, and named values for the message.

    `params` hold field names, line numbers, limits and kinds; values of a petition never.
    """

    MESSAGES: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, field: str = "", **params: object) -> None:
        self.code = code
        self.field = field
        self.params: dict[str, object] = {"field": field, **params}
        self.msgid = self.MESSAGES[code]
        super().__init__(f"{code}: {field}" if field else code)

    def text(self, language: str) -> str:
        """Return the message in a language, with its places filled in."""
        return t(language, self.msgid, **self.params)


class PetitionError(DomainError):
    """One thing that a petition must have otherwise; `line` is 0 where the line is not known."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "encoding": N_("The file is not UTF-8 text. Save it again as UTF-8."),
        "too_large": N_(
            "The file is larger than {limit} MB. Name attachments under evidence with file:, do not paste them."
        ),
        "empty": N_("The file is empty."),
        "syntax": N_(
            "Line {line} cannot be read: check the indentation, the quotation marks and the colons around it."
        ),
        "json_syntax": N_("Line {line} is not JSON: check the commas, the quotation marks and the brackets around it."),
        "not_a_mapping": N_(
            "A petition is a list of fields with their values, such as “facility:” and below it its name."
        ),
        "several_documents": N_("The file holds more than one document. File each petition on its own."),
        "alias": N_("Anchors and aliases (& and *) are not accepted. Write the text out."),
        "tag": N_("Type tags (!) are not accepted. Write the text between quotation marks."),
        "key": N_("The name of a field must be plain text."),
        "too_deep": N_("The fields are nested too deeply."),
        "too_many": N_("The file holds too many values."),
        "duplicate": N_("{field} stands twice. Keep one."),
        "characters": N_("{field} holds characters that are not text (half of a character pair). Type it again."),
        "unknown_field": N_("{field} is not a field of a petition. Did you mean {nearest}?"),
        "unknown_answer": N_("{field} is not a field of an answer. Did you mean {nearest}?"),
        "missing_answer": N_("{field} is missing: write the answer below it."),
        "missing": N_("{field} is missing: a petition cannot be filed without it."),
        "missing_name": N_("The name of the workplace is missing: facility.legal_name or facility.trade_name."),
        "missing_facts": N_("What happened is missing: facts.narrative or facts.summary."),
        "not_text": N_("{field} must be text."),
        "not_a_list": N_("{field} must be a list: each entry on a line of its own, after a dash."),
        "not_a_group": N_("{field} must have named fields below it."),
        "not_a_number": N_("{field} must be a whole number, written with digits only."),
        "not_a_percentage": N_("{field} must be a whole number from 0 to 100: percent of the page."),
        "not_yes_or_no": N_("{field} must be true or false."),
        "not_a_date": N_("{field} must be a date such as 2025-08-14 (or 2025-08, or 2025)."),
        "not_an_id": N_("{field} must be a short mark such as E1 or P1: letters, digits, hyphens, at most 32."),
        "not_a_language": N_("{field} must be a language mark such as es, en or fr."),
        "too_long": N_("{field} is too long: at most {limit} bytes of text fit."),
        "too_many_entries": N_("{field} has too many entries: at most {limit} fit."),
        "repeated_id": N_("{field} repeats a mark that another entry has. Give each its own."),
        "wrong_kind": N_(
            "kind must be rapid_response: this portal prepares Rapid Response petitions about one facility."
        ),
        "wrong_country": N_(
            "facility.country must be MX: the mechanism that this portal serves covers facilities in Mexico."
        ),
        "wrong_version": N_("schema_version must be 1: this program does not know a later form of petition."),
        "wrong_intake": N_("intake_kind must be PETITION."),
        "unknown_petitioner": N_("{field} names no petitioner of this petition."),
        "unknown_path": N_("{field} names no text of this petition. Did you mean {nearest}?"),
        "invalid": N_("{field} cannot be read."),
    }

    def __init__(self, code: str, field: str = "", line: int = 0, **params: object) -> None:
        self.line = line
        super().__init__(code, field, line=line, **params)


class RoutedElsewhereError(DomainError):
    """A petition or tip that belongs to another office; the message says which, and how it is reached."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "labor_chapter": N_(
            "This is a labor chapter petition, which has its own procedure (a first review of 20 days, then up "
            "to 60). "
            "Send it to the Office of Trade and Labor Affairs (OTLA) of the US Department of Labor, "
            "USMCA-petitions@dol.gov. This portal takes Rapid Response petitions about one facility."
        ),
        "tip": N_(
            "This is a tip, not a petition: it starts no clock and nobody has to answer it here. Tips go to the "
            "hotline of "
            "the US Department of Labor, a confidential web form that asks for no name. To start a case, set "
            "intake_kind "
            "to PETITION."
        ),
    }


class PetitionRefusedError(DomainError):
    """All that keeps a petition from being filed, one line each; nothing of it was accepted."""

    MESSAGES: ClassVar[Mapping[str, str]] = {"petition_refused": N_("The petition cannot be filed yet:")}

    def __init__(self, problems: Iterable[DomainError]) -> None:
        self.problems = tuple(problems)
        super().__init__("petition_refused", self.problems[0].field)

    def text(self, language: str) -> str:
        """Return one line for the whole and one for each problem, with its line in the file where known."""
        in_order = sorted(self.problems, key=lambda problem: getattr(problem, "line", 0) or sys.maxsize)
        return "\n".join([super().text(language), *(_located(problem, language) for problem in in_order)])


class AnswerRefusedError(PetitionRefusedError):
    """All that keeps an answer to the office from being sent; nothing of it was accepted."""

    MESSAGES: ClassVar[Mapping[str, str]] = {"petition_refused": N_("The answer cannot be sent yet:")}


def _located(problem: DomainError, language: str) -> str:
    line = getattr(problem, "line", 0)
    words = problem.text(language)
    if not line or "{line}" in problem.msgid:
        return f"  {words}"
    return "  " + t(language, N_("Line {line}: {words}"), line=line, words=words)


class FilingError(DomainError):
    """What stops the device before anything left it."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "open_questions": N_(
            "{count} marks are not settled yet; the first is in {field}. Decide each, or take the careful choice."
        ),
        "not_signed_off": N_("{field} is marked as telling who someone is. Read its redacted form and sign it off."),
        "unknown_decision": N_("A decision names a mark that the review does not have."),
        "holder_invalid": N_(
            "Holder {number} is not a key of the form age1pq1…: copy it again from the person who gave it."
        ),
        "holder_twice": N_("Holder {number} is given twice, or is your own key. Each holder needs their own."),
        "too_many_holders": N_("A case can have at most {limit} holders, you included."),
        "identity_too_large": N_(
            "{field} is too long: all that is kept about one witness must fit into {limit} KiB. Move the story "
            "into the statement."
        ),
        "file_changed": N_("The file of {field} changed while it was being sealed. File again."),
        "file_missing": N_("The file of {field} cannot be read."),
        "known_token_left": N_(
            "{field} would still show something that belongs to a protected person ({kind}). Nothing was sent."
        ),
        "guard_hit": N_("{field} still holds what looks like a personal identifier ({kind}). Nothing was sent."),
        "record_too_large": N_("What the office would read is larger than {limit} MB. Shorten the longest texts."),
        "too_many_files": N_("A petition can carry at most {limit} files."),
    }


class AdmissionError(DomainError):
    """What the portal refuses at its door; nothing was stored."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "copies": N_("{field} and the copies of evidence that were sent do not go together."),
        "copy_size": N_("The copies of evidence are larger together than a filing may be. Show fewer pages."),
        "page_guard": N_("{field} is not a page as the office's copies have them ({kind}). Nothing was stored."),
        "malformed": N_("{field} does not have the form that the filing interface asks for."),
        "missing_part": N_("A sealed part that the manifest names was not uploaded."),
        "part_hash": N_("A sealed part does not have the content that its hash promises."),
        "part_size": N_("A sealed part has a size that is not accepted."),
        "unused_part": N_("A part was sent that the manifest does not name."),
        "repeated_part": N_("The manifest names a sealed part twice."),
        "inline_size": N_("The parts inside the call are too large: upload them first."),
        "foreign_portal": N_("This petition was sealed for another portal."),
        "genesis": N_("The case's founding text is not well-formed."),
        "case_mismatch": N_("The case number does not follow from the case's founding text."),
        "manifest_form": N_("The manifest is not a well-formed signed note."),
        "manifest_signature": N_("The manifest is not signed by the key that founded the case."),
        "manifest_field": N_("{field} of the manifest is not well-formed."),
        "first_version": N_("A first filing must be version 1 of epoch 1 without a previous manifest."),
        "later_version": N_("{field} of a later version must be as it was in the version before, or as a next one is."),
        "kept_object": N_("An object is neither as the case has it nor new with everything that belongs to it."),
        "link": N_("The note that ties two cases together is not well-formed, or not signed by the keys of both."),
        "answers": N_("The answers are not those of the version before with at most one new one."),
        "recipient_mismatch": N_("The manifest's case key differs from the one in the case's founding text."),
        "roster": N_("The roster must have exactly eight different entries."),
        "status_mismatch": N_("The status code's hash differs between call and manifest."),
        "objects": N_("A filing needs exactly one {kind}."),
        "object_kind": N_("The manifest names a kind of object that is not known."),
        "object_record": N_("Two sealed objects carry the same mark, or one is not well-formed."),
        "object_hash": N_("A sealed object's parts do not add up to what the manifest promises."),
        "object_size": N_("A sealed object ({kind}) has a size that is not accepted."),
        "not_sealed": N_("An object ({kind}) is not sealed in the form that this portal accepts."),
        "wrong_recipients": N_("An object ({kind}) is sealed to another number of keys than it must be."),
        "record_hash": N_("The redacted record is not the one that the manifest names."),
        "record_form": N_("The redacted record is not canonical JSON."),
        "record_field": N_("{field} of the redacted record is not accepted."),
        "public_day": N_("{field} still has a day or an hour. A public version has months only."),
        "public_number": N_("{field} still has a label with a number. A public version calls every witness the same."),
        "release_note": N_(
            "The note that releases a public version is not well-formed, or not signed by the case's key."
        ),
        "record_guard": N_(
            "{field} still holds what looks like a personal identifier ({kind}). Redact it and file again."
        ),
    }


class AccessError(DomainError):
    """Who may not do what; the words are the same for what does not exist and what is not theirs."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "sign_in_needed": N_("Sign in first."),
        "sign_in_failed": N_(
            "Name, password and code do not fit together, or the code was used before. Try again with the next code."
        ),
        "confirm_failed": N_(
            "Password and code do not fit together, or the code was used before. Nothing was changed: try again with "
            "the next code."
        ),
        "sign_in_refused": N_(
            "The signed sign-in text was not accepted: it is for another address or case, too old, or was used "
            "before. Sign in again."
        ),
        "not_allowed": N_("Your role does not include this."),
        "not_assigned": N_(
            "This case is not assigned to you. Ask the coordinator. Your attempt was recorded in the access log."
        ),
        "case_suspended": N_(
            "The petitioner has suspended the office's access to this case. Your attempt was recorded in the access "
            "log."
        ),
        "case_withdrawn": N_(
            "The petitioner has withdrawn this petition: the office no longer has access to it. Your attempt was "
            "recorded in the access log."
        ),
        "public_unknown": N_("There is no such public version, or its petitioners called it back."),
        "held_back": N_(
            "A reader said that a person may be seen in it. It is held back until the petitioner has decided. Your "
            "attempt was recorded in the access log."
        ),
        "request_needed": N_(
            "Here records open only to requests that the reader's own device signed, and this one had no signature. "
            "Nothing was opened. Under your name, at the top, you enrol this device; it takes a browser with scripts."
        ),
        "request_wrong": N_(
            "What your device signed is not what was asked for, or its key is not one of yours. Nothing was opened. "
            "Look at your devices under your name, at the top."
        ),
        "request_old": N_("This signature was used already, or is too old. Nothing was opened. Ask for it again."),
        "log_contradicted": N_(
            "Your device knows a state of the log that is no part of this portal's. Nothing was opened, and the alarm "
            "is kept. Tell an auditor and the operator, and keep this device as it is: it is evidence."
        ),
        "device_wrong": N_("What this device said of its key does not fit. Load the page again."),
        "device_known": N_("This device is enrolled already."),
        "device_label": N_("Give the device a name of 1 to 40 characters, such as “office laptop”."),
        "devices_many": N_("There are {limit} devices already. Switch one off first."),
        "device_unknown": N_("There is no such device of yours that is switched on."),
        "devices_off": N_("Signing by devices is switched off at this portal."),
        "purpose_needed": N_("Say first what you read the record for."),
        "case_unknown": N_("There is no such case here, or the code does not belong to it."),
        "case_prefix": N_("Several cases begin like this. Give more of the case number."),
        "code_unknown": N_("No case belongs to this code. Check each group of four characters."),
        "object_unknown": N_("This case has no such sealed object."),
        "link_unknown": N_(
            "This link is not valid: it was used, has expired, or was replaced by a newer one. Ask whoever gave "
            "it to you for a new one."
        ),
        "password_short": N_(
            "The password needs at least {minimum} characters. A sentence is easier to remember than a word."
        ),
        "code_wrong": N_("The code does not fit. Check the clock of the device that shows it, and type the next code."),
        "staff_unknown": N_("There is no account with this name."),
        "staff_exists": N_("There is an account with this name already."),
        "staff_name": N_("A name has 2 to 64 letters, digits, spaces, dots, hyphens or underscores."),
        "staff_not_reader": N_("Cases are assigned to reviewers, coordinators and panel members only."),
        "staff_away": N_("This account cannot sign in at present, so it gets no cases."),
        "not_coordinator": N_("Only a coordinator can do this. Your attempt was recorded in the access log."),
        "vouch_oneself": N_(
            "Nobody vouches for themselves. Ask another coordinator, or the operator. Your attempt was recorded in the "
            "access log."
        ),
        "vouch_for": N_(
            "You can vouch for reviewers, coordinators and panel members whose account is not switched off. For others "
            "ask the operator."
        ),
        "hand_over_empty": N_("There is nothing to hand over: choose at least one case and who gets it."),
        "hand_over_changed": N_(
            "The cases changed while you were choosing. Nothing was moved: look at the list again and confirm."
        ),
        "hand_over_undone": N_(
            "This hand-over was taken back already, or its hour is over. Hand the cases back instead."
        ),
        "range": N_("{field} must be a whole number within the log."),
        "draw_count": N_("A draw takes between 1 and {limit} entries."),
        "named_entries": N_("Entries are whole numbers within the log, separated by commas, {limit} at most."),
        "trace_off": N_("No auditor's key is set (RESGUARDO_TRACE_TO): no page has a mark that could be traced."),
    }


class AssistedError(DomainError):
    """What assisted intake refuses (law L2); nothing was stored, and nothing that was sent is repeated."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "assisted_off": N_(
            "Assisted intake is switched off at this portal. File with a program that seals on your own device: "
            "“resguardo file”, or the portal's own page."
        ),
        "assisted_busy": N_(
            "Assisted intake is busy at the moment. Nothing was stored; send the same call again in a minute."
        ),
        "assisted_form": N_("The call does not have the form that assisted intake asks for. Nothing was stored."),
        "words_count": N_("There must be twelve words."),
        "words_word": N_("Word {number} is not in any of the lists. Look at it again."),
        "words_checksum": N_("Each word exists, but together they are not a key: one is wrong or two are swapped."),
        "words_ambiguous": N_("These words mean different keys in different languages. Write them out in full."),
        "preparation_form": N_("{field} must be the text that the call “prepare” returned, unchanged."),
        "key_form": N_(
            "{field} must be random and new for each petition: 32 to 128 characters of 0-9 and a-f, made by you."
        ),
        "key_used": N_(
            "{field} was used for another filing. Nothing was stored: repeat that filing unchanged, or make a new key "
            "for this one."
        ),
        "file_unknown": N_("{field} names a file that no entry of the evidence has. Compare evidence[].file."),
        "file_twice": N_("{field} brings a file that was given already."),
        "file_large": N_("{field} is too large: a file may have at most {limit} MB here. Seal it on a device instead."),
    }


class ServiceError(DomainError):
    """What the portal cannot do at the moment; nothing was stored and nothing was lost."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "storage_full": N_("The portal's storage is full. Nothing was stored; keep your file and try again later."),
        "storage_busy": N_("The portal is too busy at the moment. Nothing was stored; try again in a minute."),
        "read_only": N_(
            "The portal is read-only: its data are older than what it has already signed, as after a backup was "
            "restored. "
            "The operator must mend this before anything new is accepted."
        ),
        "case_conflict": N_("This case number already belongs to another filing."),
        "revision_behind": N_(
            "Somebody else changed this case meanwhile. Nothing was stored: fetch the newest version and make the "
            "change again."
        ),
        "upload_unknown": N_("There is no such upload. It may have been removed after 48 hours; begin again."),
        "upload_quota": N_("The upload would become larger than {limit} MB. File with fewer or smaller files."),
        "upload_space": N_("Too much is waiting to be filed at the moment. Try again in an hour."),
        "characters": N_("Some of the text holds characters that cannot be stored. Type it again."),
        "part_form": N_("A part is addressed by its SHA-256 in lower-case hex, and its bytes must fit it."),
        "part_too_large": N_("A part may have at most {limit} MB."),
    }


class NoticeError(DomainError):
    """An address for notices that cannot be taken; nothing was changed, and the address is not repeated."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "notice_off": N_("This portal sends no e-mail. Look at the status with your code instead."),
        "address": N_("The portal cannot write to this e-mail address. Check it: no accents, no spaces."),
    }


class LimitError(DomainError):
    """Too much at once, or too often; `seconds` is how long to wait."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "too_many": N_(
            "There were too many attempts from your network in a short time. Nothing is locked: try again in "
            "{seconds} seconds."
        ),
        "sign_in_busy": N_(
            "Too many people are signing in to the office at this moment. Try again in {seconds} seconds."
        ),
    }

    def __init__(self, code: str, *, seconds: int) -> None:
        super().__init__(code, seconds=seconds)
        self.seconds = seconds


class NoteError(DomainError):
    """What keeps a note of the office from being written; nothing was stored."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "note_form": N_("Write the note: up to {limit} characters."),
        "note_guard": N_(
            "The note holds what looks like a personal identifier ({kind}). Write who is meant by their mark, such as "
            "[TESTIGO-01]."
        ),
        "note_place": N_("Say which place it is about: the page and the place on it, or the part of the record."),
        "note_unknown": N_("There is no note with this number to correct."),
    }


class ViewError(DomainError):
    """What keeps a queue from being saved under a name; nothing was changed."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "name_form": N_("Give the view a name of up to {limit} characters on one line."),
        "name_taken": N_("You have a view with this name already. Choose another name."),
        "too_many": N_("You have {limit} views already. Delete one first."),
        "view_unknown": N_("There is no such view, or its hour is over."),
    }


class QueueError(DomainError):
    """A part of the queue's address that does not exist; it was left out, and the rest is shown."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "stage_unknown": N_("The address asks for a stage that does not exist. It was left out."),
        "assigned_unknown": N_("The address asks for the cases of somebody who has no account here. It was left out."),
        "due_unknown": N_("The address asks for a kind of deadline that does not exist. It was left out."),
        "waits_unknown": N_("The address asks for a kind of waiting that does not exist. It was left out."),
        "sector_unknown": N_("The address asks for a sector that does not exist. It was left out."),
        "denial_unknown": N_("The address asks for a denial of rights that is not in the list. It was left out."),
        "urgent_unknown": N_("The address asks for an urgency that is not in the list. It was left out."),
        "sort_unknown": N_("The address asks for an order that does not exist. The oldest cases come first."),
        "order_unknown": N_("The address asks for a direction that does not exist. It was left out."),
        "search_form": N_("The search was left out: it takes up to {limit} ordinary characters."),
        "page_unknown": N_("The address asks for a page that does not exist. You see the first."),
    }


class ProcedureError(DomainError):
    """A step that the table of procedure does not have, or that lacks what it must state; nothing was changed."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "step_unlisted": N_("At this stage of the case that step does not exist. Nothing was changed."),
        "step_not_yours": N_("At this stage of the case that step belongs to somebody else. Nothing was changed."),
        "same_person": N_("Whoever drafted a decision cannot approve it. A second person must read it first."),
        "vouched": N_(
            "One of the two who write and approve brought the other's account back, so they count as one person here. "
            "Another person must approve, or the operator makes a new link."
        ),
        "draft_changed": N_("There is a newer draft of this decision. Read that one before you approve."),
        "no_draft": N_("There is no draft of a decision to approve."),
        "outcome_missing": N_("Say how the review ends."),
        "day_form": N_("Write the day as year, month and day, such as 2026-03-12."),
        "day_future": N_("This day has not come yet."),
        "day_early": N_("This day is before the mechanism existed (1 July 2020)."),
        "day_before_clock": N_("This day is before the day on which the official office received the petition."),
        "day_after_decision": N_("This day is after the day of the decision."),
        "reference_missing": N_("Give the reference of the acknowledgement: up to {limit} characters on one line."),
        "reason_missing": N_("Say why: up to {limit} characters. The old entry stays and shows your reason beside it."),
        "note_missing": N_("Write the note: up to {limit} characters."),
        "codes_missing": N_("Choose at least one reason."),
        "codes_alone": N_("“No reason given” stands alone: choose it, or choose reasons."),
        "codes_unknown": N_("A reason is not one of the list."),
        "words_missing": N_(
            "Write in all three languages what was not met and what would cure it: up to {limit} characters each."
        ),
        "question_missing": N_("Write the question: up to {limit} characters."),
        "question_language": N_("Choose the language of the question."),
        "question_guard": N_(
            "The question holds what looks like a personal identifier ({kind}). A question must name nobody: write it "
            "without."
        ),
        "question_unknown": N_("There is no such question in this case."),
        "answer_unknown": N_("There is no answer to this question yet."),
        "copy_unknown": N_("There is no copy of this evidence, or no such page of it."),
        "question_closed": N_("This question was answered or withdrawn already."),
        "flag_place": N_("Say where it is: the page and the place on it, or the part of the record."),
        "flag_most": N_("{limit} flags wait for the petitioner already. Let them settle those first."),
        "flag_own": N_("Only who raised a flag, or a coordinator, takes it back."),
        "public_flagged": N_(
            "The office says of a place in this petition that a person may be seen there. Settle that first; then make "
            "the public version anew."
        ),
        "public_none": N_("No public version of this petition is in force."),
        "question_most": N_("{limit} questions are waiting already. Withdraw one, or wait for an answer."),
        "until_past": N_("The day until which you ask for an answer must be tomorrow or later."),
        "until_far": N_("The day until which you ask for an answer is more than a year away."),
        "already_acknowledged": N_(
            "The clock of this case already runs, from another day or under another reference. "
            "To correct it, say why (--reason)."
        ),
    }
