"""Why a stretch was marked or asked about, in words for people."""

from app.i18n import N_

REASONS = {
    "name": N_("The name of a witness on your list."),
    "alias": N_("A nickname or alias of a witness on your list."),
    "nickname": N_("A short form of the name of a witness on your list."),
    "typo": N_("Looks like a misspelt name of a witness on your list."),
    "listed": N_("A number or contact of a witness on your list."),
    "pattern": N_("Has the form of an identifier."),
    "cue": N_("The words around it say that it is an identifier."),
    "check": N_("Has the form and the check digit of an identifier."),
    "possible_name": N_("Could be the name of a witness, or an ordinary word. Does it mean the person?"),
    "namesake": N_("A name of your list. Is it that person, or somebody else?"),
    "other_person": N_(
        "Looks like the name of another person. Could it lead to a witness, or put that person at risk?"
    ),
    "decoy_number": N_("A long number of unknown meaning. Does it belong to a person?"),
    "case_number": N_("A file or case number. Could it lead to the person who started the case?"),
    "capitalised": N_("A name that is on no list. Is it a person?"),
    "quasi_identifier": N_("Could the employer tell from this who it is?"),
    "only_one": N_("There is only one such person. Could the employer tell who it is?"),
    "task": N_("A task or office that one person holds. Could the employer tell who it is?"),
    "position": N_("A place in a list or a row points at one person. Could the employer tell who it is?"),
    "seniority": N_("Years of service narrow down who it is. Could the employer tell?"),
    "family": N_("Says something about a family. Could the employer tell whose it is?"),
    "shift": N_("Work, shift or line together narrow down who it is. Could the employer tell?"),
    "the_one": N_("One person did this, or is this. Could the employer tell who it is?"),
    "day": N_("A day on which something happened to one person. Could the employer tell who it is?"),
    "targeted": N_("Says that the employer watches one person. Could the employer tell who it is?"),
    "together": N_("Says that you did something together with this person. Could the employer tell who you both are?"),
    "dismissed": N_("Says what the employer did to this person. Could the employer tell who it is?"),
    "body": N_("Says something about age, health, body or origin. Could the employer tell who it is?"),
    "nickname_cue": N_("Looks like a nickname. Is it one of a person?"),
}


def reason(kind: str) -> str:
    """Return the msgid of a reason."""
    return REASONS[kind]
