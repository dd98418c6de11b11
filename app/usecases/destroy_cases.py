"""Destroy what the schedule says is to be gone, after it was announced; leave a certificate (law L8).

The procedure for one case
    1. Sign the certificate. 2. In one transaction: delete the rows of the case, leave a stub with the certificate, and
    enter into the log that a case was destroyed, by the certificate's hash and the numbers of the entries whose
    openings end with it. 3. Destroy every key of the case. 4. Remove its sealed files, and what the engine keeps of
    deleted rows. A crash after 2 is finished by the next run (`finish`) or the hourly sweep.
The log and its proofs stay as they are: leaves hold no personal data, and nobody opens them any more.
"""

from collections.abc import Sequence
from datetime import date

from app.domain.chronicle import read_events
from app.domain.entities import CaseId, EntryKind, Role
from app.domain.moments import rfc3339
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.retention import Destroyed, Plan, Schedule, announcement, certificate_body, planned
from app.domain.standing import standing
from crypto.digest import sha256_hex
from crypto.note import NoteType

_OPERATOR = "operator"


def plan_retention(portal: Portal, schedule: Schedule, today: date) -> list[Plan]:
    """Return what the schedule says of each case that ended."""
    plans = []
    with portal.ledger.view() as view:
        for case_id in view.retention.ended([stage for stage, days in schedule.items() if days]):
            case = view.cases.get(case_id)
            if case is None:
                continue
            since = standing(case, read_events(portal, view, case_id), today).since
            plan = planned(case_id, case.stage, since, schedule, view.retention.announced(case_id))
            if plan is not None:
                plans.append(plan)
    return plans


def announce(portal: Portal, plans: Sequence[Plan], today: date) -> int:
    """Announce what is to be announced today, and take back what is no longer planned; return how many were told."""
    new = [announcement(plan, today, portal.clock()) for plan in plans if plan.is_to_announce(today)]
    still = {plan.case for plan in plans}

    def work(unit: Unit) -> None:
        for old in unit.retention.all_announced():
            if old.case not in still:
                unit.retention.withdraw(old.case)
        for each in new:
            if unit.cases.get(each.case) is None or unit.retention.announced(each.case) is not None:
                continue  # another run was faster
            unit.retention.announce(each)
            unit.append(_draft(EntryKind.DESTRUCTION_ANNOUNCED, each.case, f"{each.day.isoformat()} {each.rule}"))

    portal.ledger.write(work)
    return len(new)


def _draft(kind: EntryKind, case: CaseId, detail: str) -> EntryDraft:
    return EntryDraft(kind, _OPERATOR, Role.OPERATOR, case=case, detail=detail)


def destroy(portal: Portal, plan: Plan) -> str | None:
    """Destroy a case that is due and return its certificate; None if it moved meanwhile, and is for another run."""
    moment = portal.clock()
    with portal.ledger.view() as view:
        objects = view.cases.objects(plan.case)
        entries = [index for index, _, _ in view.log.openings_of(plan.case)]
        records = len(view.cases.record_versions(plan.case))
    # 1.
    counts = {"objects": len(objects), "bytes": sum(each.size for each in objects), "records": records}
    body = certificate_body(portal.facts.name, plan, rfc3339(moment), {**counts, "entries": len(entries)})
    certificate = portal.statements.sign(NoteType.CERTIFICATE, body)
    placeholder = portal.random(32).hex()

    # 2.
    def work(unit: Unit) -> Sequence[str] | None:
        if not _still_due(unit, plan) or [index for index, _, _ in unit.log.openings_of(plan.case)] != entries:
            return None  # an entry that the certificate does not name would be an opening that is missing
        held = unit.cases.objects(plan.case)
        unit.cases.drop_objects(plan.case, [each.sha256 for each in held])
        beside = unit.parts.drop_unused([part for each in held for part in each.parts])
        unit.retention.destroy(Destroyed(plan.case, moment, certificate), placeholder)
        numbers = ",".join(map(str, entries))
        unit.append(
            EntryDraft(
                EntryKind.CASE_DESTROYED,
                _OPERATOR,
                Role.OPERATOR,
                record=sha256_hex(certificate.encode()),
                detail=f"{plan.rule} {numbers}",
            )
        )
        return beside

    beside = portal.ledger.write(work).value
    if beside is None:
        return None
    # 3.
    portal.vault.destroy_case(plan.case)
    # 4.
    for sha256 in beside:
        portal.blobs.delete(sha256)
    portal.ledger.let_go()
    return certificate


def _still_due(unit: Unit, plan: Plan) -> bool:
    case = unit.cases.get(plan.case)
    return case is not None and case.stage is plan.stage and unit.retention.announced(plan.case) is not None


def finish(portal: Portal) -> None:
    """Destroy keys that a crash left of destroyed cases."""
    with portal.ledger.view() as view:
        gone = view.retention.all_destroyed()
    for case in gone:
        portal.vault.destroy_case(case)
