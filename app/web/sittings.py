"""What the pages of one readable thing share: under an open sitting it is shown, without one the purpose is asked."""

from starlette.requests import Request

from app.domain.entities import CaseId, Purpose, StaffMember
from app.domain.errors import AccessError
from app.i18n import N_, t
from app.usecases.read_redacted import RedactedRecord, begin_sitting, read_redacted
from app.web.brought import brought_by
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import Form
from app.web.language import language_of
from app.web.office_pages import session_token
from app.web.services import services_of


def found_open(request: Request, member: StaffMember, case: CaseId, record: str) -> RedactedRecord | None:
    """Return a record under the reader's open sitting, None where the purpose is to be asked. Raises AccessError."""
    try:
        return read_redacted(services_of(request).office, member, case, record)
    except AccessError as error:
        if error.code != "purpose_needed":
            raise
        return None


def log_look(request: Request, member: StaffMember, case: CaseId, record: str, form: Form) -> Problem | None:
    """Log the look that a form asks for; return what is wrong with the form. Raises AccessError, ProcedureError."""
    check_form(request, form, session_token(request))
    purpose = form.text("purpose")
    if purpose not in READERS_PURPOSES:
        return Problem("purpose", t(language_of(request), N_("Say first what you read the record for.")))
    brought = brought_by(request, form)
    begin_sitting(services_of(request).office, member, case, Purpose(purpose), record, brought)
    return None
