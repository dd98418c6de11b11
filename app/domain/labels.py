"""Words for codes: what a person reads in place of `UNION_DISMISSAL`.

A code without words here is shown as it was written: a petition may use kinds that we have not met.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.procedure import STATES
from app.domain.reasons import REASON_NAMES
from app.i18n import N_, t

_DENIAL = {
    "EMPLOYER_INTERFERENCE": N_("Employer interference"),
    "UNION_DISMISSAL": N_("Dismissal for union activity"),
    "THREATS_COERCION": N_("Threats or coercion"),
    "BLACKLISTING": N_("Blacklisting"),
    "FAVOURING_UNION": N_("Favouring one union"),
    "REFUSAL_TO_BARGAIN": N_("Refusal to bargain"),
    "ACCESS_REFUSED": N_("Union denied access"),
    "BALLOT_IRREGULARITY": N_("Irregular vote"),
    "CBA_NOT_PROVIDED": N_("Collective agreement not handed over"),
    "CBA_IMPOSED": N_("Collective agreement imposed"),
    "SECTOR_AGREEMENT_NOT_APPLIED": N_("Sector-wide agreement not applied"),
    "DUES_WITHHELD": N_("Union dues withheld"),
    "STRIKE_INTERFERENCE": N_("Interference with a strike"),
    "LEADERSHIP_DISMISSED": N_("Union leaders dismissed"),
    "OTHER": N_("Other"),
}

_DENIAL_PLAIN = {
    "UNION_DISMISSAL": N_("Dismissals because of the union"),
    "THREATS_COERCION": N_("Threats or pressure"),
    "BLACKLISTING": N_("A blacklist"),
    "EMPLOYER_INTERFERENCE": N_("The company meddles in the union"),
    "FAVOURING_UNION": N_("The company favours one union"),
    "LEADERSHIP_DISMISSED": N_("They dismissed the leaders of the union"),
    "REFUSAL_TO_BARGAIN": N_("The company will not bargain with our union"),
    "ACCESS_REFUSED": N_("They do not let the union in"),
    "BALLOT_IRREGULARITY": N_("Cheating in a vote"),
    "CBA_NOT_PROVIDED": N_("They do not give us the contract"),
    "CBA_IMPOSED": N_("A contract imposed without us"),
    "SECTOR_AGREEMENT_NOT_APPLIED": N_("They do not apply the agreement of the sector"),
    "DUES_WITHHELD": N_("They keep the union dues"),
    "STRIKE_INTERFERENCE": N_("They got in the way of a strike"),
    "OTHER": N_("Something else"),
}
"""The same codes as `_DENIAL`, as a worker would say it."""

_ANSWER = {"yes": N_("Yes"), "no": N_("No"), "unsure": N_("I am not sure")}

_FILER = {
    "organization": N_("A union or another organization"),
    "workers": N_("One or several workers, without an organization"),
    "nobody": N_("I do not want to say"),
}

_SECTOR_PLAIN = {
    "manufactured_goods": N_("It makes things"),
    "services": N_("It provides services, such as calls or transport"),
    "mining": N_("It is a mine"),
}

_WISH = {
    "reinstatement": N_("That they take back who was dismissed"),
    "back_pay": N_("The lost wages"),
    "new_vote": N_("To vote again"),
    "vote_safeguards": N_("To vote without pressure"),
    "neutrality": N_("The company out of the union"),
    "access": N_("That our union may come in"),
    "dues": N_("That they hand over the dues"),
    "bargaining": N_("That they negotiate with us"),
    "recognition": N_("That they recognize our union"),
    "cba_copy": N_("A copy of our contract"),
    "blacklist_end": N_("That the blacklist ends"),
    "training": N_("Training on our rights"),
    "sanctions": N_("That those who did it are punished"),
    "monitoring": N_("That somebody watches that they comply"),
    "other": N_("Something else"),
}

_FILES = {
    "nobody": N_("Without any name"),
    "person": N_("I do, and my name is sealed"),
    "organization": N_("A union or organization"),
}

_STAGE = {
    **{state.stage.value: state.name for state in STATES},
    "CLOSED_EARLY": N_("Closed early"),
    "CLOSED_IN_SCREEN": N_("Closed during the first review"),
    "MX_ACCEPTED": N_("Request admitted by Mexico"),
    "MX_REFUSED": N_("Request not admitted by Mexico"),
    "MX_SILENT": N_("Mexico did not answer in time"),
    "MX_REVIEW": N_("Under review in Mexico"),
    "MX_FOUND_DENIAL": N_("Mexico found a denial of rights"),
    "MX_FOUND_NONE": N_("Mexico found no denial of rights"),
    "MX_FOUND_LIMITED": N_("Mexico found part of it"),
    "REMEDIATION": N_("Remediation"),
    "REMEDIATION_AGREED": N_("Course of remediation agreed"),
    "REMEDIATION_MONITORING": N_("Remediation being monitored"),
    "RESOLVED": N_("Resolved"),
    "PANEL": N_("Before a panel"),
    "PANEL_REQUESTED": N_("Panel requested"),
    "PANEL_CONSTITUTED": N_("Panel formed"),
    "PANEL_VERIFICATION": N_("Panel verification on site"),
    "PANEL_DETERMINATION": N_("Panel deciding"),
    "PANEL_DENIAL": N_("Panel found a denial of rights"),
    "PANEL_NO_DENIAL": N_("Panel found no denial of rights"),
    "PANEL_NO_JURISDICTION": N_("Panel found that it had no jurisdiction"),
    "REMEDIES": N_("Trade remedies"),
    "REMEDIES_IMPOSED": N_("Trade remedies imposed"),
    "FACILITY_CLOSED": N_("Workplace closed"),
    "UNLISTED": N_("Not listed"),
}

_STEP = {
    "acknowledge_for": N_("Enter the acknowledgement of the official office"),
    "correct_d0": N_("Correct the day of receipt by the official office"),
    "correct_decision": N_("Correct the day of the decision"),
    "note_clock": N_("Add a note to the clock"),
}

_MILESTONE = {
    "D0": N_("Receipt by the official office"),
    "R0": N_("Request sent to Mexico"),
    "N0": N_("Negative answer"),
    "W0": N_("Withdrawn by the petitioner"),
    "note": N_("Note on the clock"),
}

_QUESTION = {
    "WAITING": N_("Waiting for an answer"),
    "OVERDUE": N_("Overdue: no answer yet"),
    "ANSWERED": N_("Answered"),
    "ANSWERED_LATE": N_("Answered late"),
    "WITHDRAWN": N_("Withdrawn by the office"),
    "LAPSED": N_("Ended with the case, without an answer"),
}

_OUTCOME = {
    "TAKE_UP": N_("Take the case up: request a review by Mexico"),
    "DECLINE": N_("Decline it, with reasons"),
}

_CLOCK = {
    "K1": N_("First review, 30 days"),
    "K2": N_("Mexico answers, 10 days"),
    "K3": N_("Mexico's report, 45 days"),
    "K4": N_("Agreeing a remedy, 10 days"),
    "K9": N_("Decision on a panel, 60 days"),
}

_REASONS = {
    "REASONS_RECEIVED": N_("Reasons received"),
    "REASONS_PARTIAL": N_("Only part of the reasons received"),
    "NO_REASONS_RECEIVED": N_("No reasons received"),
    "REASONS_WITHHELD_BY_PETITIONER": N_("Reasons kept private by the petitioner"),
    **REASON_NAMES,
    "WITHDRAWN_BY_PETITIONER": N_("Withdrawn by the petitioner"),
}

_PURPOSE = {
    "REVIEW": N_("To review the petition"),
    "CLARIFICATION": N_("To prepare a question to the petitioner"),
    "EXPORT": N_("To export the file"),
    "REPRISAL_RESPONSE": N_("To answer a reprisal"),
    "LEGAL_ORDER": N_("Because of a legal order"),
    "AUDIT": N_("To audit"),
    "KEY_RECOVERY": N_("To help recover keys"),
    "CORRECTION": N_("To correct the record"),
}

_SECTOR = {
    "manufactured_goods": N_("Manufactured goods"),
    "services": N_("Services"),
    "mining": N_("Mining"),
    "other": N_("Other"),
}

_REMEDY = {
    "reinstatement": N_("Reinstatement"),
    "back_pay": N_("Back pay"),
    "new_vote": N_("New vote"),
    "neutrality": N_("Neutrality"),
    "access": N_("Access to the workplace"),
    "dues": N_("Union dues"),
    "cba_copy": N_("Copy of the collective agreement"),
    "blacklist_end": N_("End of the blacklist"),
    "vote_safeguards": N_("Safeguards for the vote"),
    "recognition": N_("Recognition of the union"),
    "bargaining": N_("Collective bargaining"),
    "training": N_("Training"),
    "sanctions": N_("Sanctions"),
    "monitoring": N_("Monitoring"),
    "other": N_("Other"),
}

_EVIDENCE = {
    "document": N_("Document"),
    "photo": N_("Photograph"),
    "screenshot": N_("Screenshot"),
    "audio": N_("Audio recording"),
    "video": N_("Video recording"),
    "log": N_("Written log"),
    "message": N_("Messages"),
    "email": N_("E-mail"),
    "payslip": N_("Payslip"),
    "contract": N_("Contract"),
    "spreadsheet": N_("Spreadsheet"),
    "press": N_("Press report"),
    "testimony": N_("Testimony"),
    "other": N_("Other"),
}

_UNION_EVENT = {
    "cba_revision": N_("Collective agreement revised"),
    "representativeness_certificate": N_("Representativeness certificate"),
    "representation_vote": N_("Representation vote"),
    "legitimation_vote": N_("Legitimation vote"),
    "registration": N_("Union registered"),
    "bargaining_proposal": N_("Bargaining proposal"),
    "strike_notice": N_("Strike notice"),
    "strike_notice_expiry": N_("Strike notice runs out"),
    "strike": N_("Strike"),
    "other": N_("Other"),
}

_URGENCY = {
    "vote": N_("Upcoming vote"),
    "strike": N_("Strike"),
    "planned_dismissal": N_("Planned dismissals"),
    "closure_risk": N_("Risk of closure"),
    "violence": N_("Risk of violence"),
    "other": N_("Other"),
}

_PETITIONER = {
    "union": N_("Union"),
    "federation": N_("Union federation"),
    "confederation": N_("Union confederation"),
    "ngo": N_("Civil society organization"),
    "network": N_("Network"),
    "law_firm": N_("Law firm"),
    "organization": N_("Organization"),
    "association": N_("Association"),
    "worker_center": N_("Worker center"),
    "group_of_workers": N_("Group of workers"),
    "person": N_("Person"),
    "other": N_("Other"),
}

_ROLE = {
    "reviewer": N_("Reviewer"),
    "coordinator": N_("Coordinator"),
    "panel": N_("Panel member"),
    "auditor": N_("Auditor"),
    "operator": N_("Operator"),
    "holder": N_("Key holder"),
    "petitioner": N_("Petitioner"),
    "portal": N_("The portal"),
}

_FACT = {
    "legal_name": N_("Legal name"),
    "trade_name": N_("Trade name"),
    "rfc": N_("Tax number (RFC)"),
    "address": N_("Address"),
    "municipality": N_("Municipality"),
    "state": N_("State"),
    "postal_code": N_("Postal code"),
    "country": N_("Country"),
    "headcount": N_("Workers"),
    "class": N_("Priority sector"),
    "subsector": N_("Subsector"),
    "traded": N_("Trades goods or services between the Parties"),
    "competes": N_("Competes with goods or services of the other Party"),
    "detail": N_("How it is covered"),
    "burden_note": N_("Who should prove it"),
    "parent": N_("Parent company"),
    "other_facilities": N_("Other workplaces of the owner"),
    "prior_cases": N_("Earlier cases"),
    "products": N_("Products"),
    "us_customers": N_("Customers in the United States"),
    "hts_codes": N_("Tariff codes (HTS)"),
    "incumbent.name": N_("Title-holding union"),
    "incumbent.cba_number": N_("Number of the collective agreement"),
    "incumbent.registry": N_("Registry of the title-holding union"),
    "former_incumbent.name": N_("Former title-holding union"),
    "former_incumbent.registry": N_("Registry of the former title-holding union"),
    "former_incumbent.cba_number": N_("Number of the former collective agreement"),
    "other.name": N_("Another union"),
    "other.registry": N_("Its registry"),
    "other.cba_number": N_("Number of its collective agreement"),
    "petitioning.name": N_("Petitioning union"),
    "petitioning.registry": N_("Registry of the petitioning union"),
    "petitioning.cba_number": N_("Number of its collective agreement"),
    "language": N_("Language"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "postal": N_("Postal address"),
    "count": N_("Witnesses"),
    "current_workers": N_("Who still work there"),
    "statement": N_("Statement of the organization"),
    "facts.summary": N_("Summary"),
    "facts.narrative": N_("Narrative"),
}

_WORD = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "es": N_("Spanish"),
    "en": N_("English"),
    "fr": N_("French"),
    "MX": N_("Mexico"),
    "US": N_("United States"),
    "CA": N_("Canada"),
}

_PART = {
    "workplace": N_("Workplace"),
    "petitioners": N_("Petitioners"),
    "denial": N_("Denial of rights"),
    "summary": N_("Summary"),
    "narrative": N_("Narrative"),
    "timeline": N_("Timeline"),
    "unions": N_("Unions"),
    "witnesses": N_("Witnesses"),
    "evidence": N_("Evidence"),
    "remedy": N_("Remedy asked for"),
    "urgency": N_("Urgency"),
    "translations": N_("Translations"),
}
"""The parts of a record at which a note or a flag points."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "denial": _DENIAL,
        "denial_plain": _DENIAL_PLAIN,
        "answer": _ANSWER,
        "filer": _FILER,
        "sector_plain": _SECTOR_PLAIN,
        "wish": _WISH,
        "files": _FILES,
        "stage": _STAGE,
        "step": _STEP,
        "milestone": _MILESTONE,
        "question": _QUESTION,
        "outcome": _OUTCOME,
        "clock": _CLOCK,
        "reasons": _REASONS,
        "purpose": _PURPOSE,
        "sector": _SECTOR,
        "remedy": _REMEDY,
        "evidence": _EVIDENCE,
        "union_event": _UNION_EVENT,
        "urgency": _URGENCY,
        "petitioner": _PETITIONER,
        "role": _ROLE,
        "fact": _FACT,
        "word": _WORD,
        "part": _PART,
    }
)


def label(language: str, table: str, code: str) -> str:
    """Return the words for a code of one of the tables, or the code as written if it has none."""
    known = TABLES[table].get(code)
    return code if known is None else t(language, known)


def labels(language: str, table: str) -> tuple[tuple[str, str], ...]:
    """Return every code of a table with its words, for a page that learns only later which codes it shows."""
    return tuple((code, t(language, words)) for code, words in TABLES[table].items())
