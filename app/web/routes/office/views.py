"""One's own saved views of the queue."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.caseload import MOST_VIEW_NAME
from app.domain.entities import StaffMember
from app.domain.errors import ViewError
from app.usecases.keep_views import delete_view, list_views, rename_view, restore_view, save_view
from app.web.access import Reader
from app.web.contexts.desk import ViewsPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.desk_view import view_words
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/views", response_class=HTMLResponse)
def show_views(request: Request, session: Reader) -> Response:
    """List the views, with their names to change and deletions to take back."""
    return render_for_staff(request, session.staff, _page(request, session.staff))


@router.post("/views")
def save(request: Request, session: Reader, form: SubmittedForm) -> Response:
    """Keep a queue under a name."""
    check_form(request, form, session_token(request))
    name, query = form.text("name"), form.text("query")
    office, member = services_of(request).office, session.staff
    return _done(request, member, "name", lambda: save_view(office, member, name, query), query)


@router.post("/views/{view}/name")
def rename(request: Request, session: Reader, view: str, form: SubmittedForm) -> Response:
    """Give a view another name."""
    check_form(request, form, session_token(request))
    office, member = services_of(request).office, session.staff
    return _done(request, member, f"name-{view}", lambda: rename_view(office, member, view, form.text("name")))


@router.post("/views/{view}/deletion")
def delete(request: Request, session: Reader, view: str, form: SubmittedForm) -> Response:
    """Delete a view; for an hour it can be taken back."""
    check_form(request, form, session_token(request))
    delete_view(services_of(request).office, session.staff, view)
    return RedirectResponse("/office/views", status_code=303)


@router.post("/views/{view}/return")
def restore(request: Request, session: Reader, view: str, form: SubmittedForm) -> Response:
    """Take a deletion back."""
    check_form(request, form, session_token(request))
    office, member = services_of(request).office, session.staff
    return _done(request, member, "", lambda: restore_view(office, member, view))


def _done(request: Request, member: StaffMember, field: str, change: Callable[[], None], query: str = "") -> Response:
    """Make a change and show the list; a mistake is shown at its field."""
    try:
        change()
    except ViewError as error:
        if error.code == "view_unknown":
            raise
        problem = Problem(field if error.field else "", error.text(language_of(request)))
        return render_for_staff(request, member, _page(request, member, problem, query=query), status=422)
    return RedirectResponse("/office/views", status_code=303)


def _page(request: Request, member: StaffMember, *problems: Problem, query: str = "") -> ViewsPage:
    found = list_views(services_of(request).office, member)
    kept, gone = (tuple(map(view_words, each)) for each in (found.kept, found.gone))
    return ViewsPage(kept, gone, MOST_VIEW_NAME, problems, query)
