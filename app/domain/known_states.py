"""States of the log that somebody's device kept, compared with this log: two histories meet here."""

from app.domain.cosigners import Alarm, judge_known
from app.domain.entities import PortalFacts
from app.domain.ports import Portal
from crypto.errors import CryptoError
from crypto.log.checkpoint import Checkpoint, LogVerifier, parse_verifier, verify_checkpoint
from crypto.log.keychange import leading_to, read_all


def own_keys(facts: PortalFacts) -> list[LogVerifier]:
    """Return the keys of the present log: today's, and those that it had before."""
    changes = leading_to(facts.log_vkey, read_all(facts.key_changes))
    return [parse_verifier(key) for key in dict.fromkeys([facts.log_vkey, *(each.before.log for each in changes)])]


def compare_known(portal: Portal, known: str, whose: str) -> bool:
    """Say whether a checkpoint that a device kept contradicts this log, and keep the alarm if it does.

    `whose`: a holder's or a reader's. Only what our own log key signed counts; anything else is nobody's evidence.
    """
    facts = portal.facts
    try:
        state = verify_checkpoint(known, facts.log_origin, own_keys(facts))
    except CryptoError:
        return False
    outcome = judge_known(state.root, portal.ledger.root_at(state.size))
    if outcome is None:
        return False
    own, now = Checkpoint.of_note(portal.log.checkpoint()).size, portal.clock()
    alarm = Alarm(whose, outcome, own, state.size, now, known)
    portal.ledger.write(lambda unit: unit.alarms(facts.log_origin).add_alarm(alarm))
    return True
