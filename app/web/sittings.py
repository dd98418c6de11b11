"""What the pages of one readable thing share: under an open sitting it is shown, without one the purpose is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, Purpose, StaffMember
from app.domain.errors import AccessError
from app.i18n import N_, t
from app.usecases.read_redacted import RedactedRecord, begin_sitting, read_redacted
from app.web.brought import brought_by
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Page, Problem
from app.web.csrf import check_form
from app.web.forms import Form
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of


@dataclass(frozen=True)
class Readable:
    """One readable thing as a request asks for it; `page` draws it, or the question for the purpose, with problems."""

    request: Request
    member: StaffMember
    case: CaseId
    record: str
    page: Callable[[RedactedRecord | None, tuple[Problem, ...]], Page]

    def shown(self, *problems: Problem) -> Response:
        """Answer with the thing under the reader's open sitting, or with the question what for. Raises AccessError.

        `problems` are those of another form on its page.
        """
        page = self.page(self._found(), problems)
        return render_for_staff(self.request, self.member, page, status=422 if problems else 200)

    def logged(self, form: Form) -> Response:
        """Log the look that a form asks for, then lead to it. Raises AccessError, ProcedureError."""
        problem = _log_look(self.request, self.member, self.case, self.record, form)
        if problem is not None:
            return render_for_staff(self.request, self.member, self.page(None, (problem,)), status=422)
        return RedirectResponse(self.request.url.path, status_code=303)

    def _found(self) -> RedactedRecord | None:
        try:
            return read_redacted(services_of(self.request).office, self.member, self.case, self.record)
        except AccessError as error:
            if error.code != "purpose_needed":
                raise
            return None


def _log_look(request: Request, member: StaffMember, case: CaseId, record: str, form: Form) -> Problem | None:
    """Log the look that a form asks for; return what is wrong with the form. Raises AccessError, ProcedureError."""
    check_form(request, form, session_token(request))
    purpose = form.text("purpose")
    if purpose not in READERS_PURPOSES:
        return Problem("purpose", t(language_of(request), N_("Say first what you read the record for.")))
    brought = brought_by(request, form)
    begin_sitting(services_of(request).office, member, case, Purpose(purpose), record, brought)
    return None
