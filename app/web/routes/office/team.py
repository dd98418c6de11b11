"""The team, for a coordinator: leave, hand-over of a colleague's cases, and a way back for who lost their device."""

from collections.abc import Collection

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, StaffMember
from app.domain.errors import AccessError
from app.domain.links import LINK_SECONDS
from app.usecases.go_on_leave import set_leave
from app.usecases.hand_over import hand_over, plan_hand_over, undo_hand_over
from app.usecases.show_team import show_colleague, show_team
from app.usecases.vouch_for_colleague import check_vouching, vouch_for_colleague
from app.web.access import Reader
from app.web.account_page import device_views
from app.web.contexts.frame import Problem
from app.web.contexts.team import ColleaguePage, HandOverPage, TeamPage, WayBackPage
from app.web.csrf import check_form
from app.web.desk_view import colleague_words, member_words, planned_words, recent_words
from app.web.forms import Form, SubmittedForm, named, number_in
from app.web.language import language_of
from app.web.limits import Act
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of
from crypto.secret import SecretBytes

router = APIRouter(prefix="/office", include_in_schema=False)
_DONE = ("moved", "back", "leave")


@router.get("/team", response_class=HTMLResponse)
def show_everybody(request: Request, session: Reader) -> Response:
    """Show who works here. Raises AccessError: not_coordinator."""
    team = show_team(services_of(request).office, session.staff)
    done = next((each for each in _DONE if each in request.query_params), "")
    colleagues, recent = map(colleague_words, team.colleagues), map(recent_words, team.recent)
    return render_for_staff(request, session.staff, TeamPage(tuple(colleagues), tuple(recent), done))


@router.get("/team/{colleague}", response_class=HTMLResponse)
def show_one(request: Request, session: Reader, colleague: int) -> Response:
    """Show one of the team. Raises AccessError: not_coordinator, staff_unknown."""
    found = show_colleague(services_of(request).office, session.staff, colleague)
    devices = tuple(each for each in device_views(request, colleague) if each.ended is None)
    page = ColleaguePage(colleague_words(found), oneself=colleague == session.staff.id, devices=devices)
    return render_for_staff(request, session.staff, page)


@router.post("/team/{colleague}/leave")
def mark_leave(request: Request, session: Reader, colleague: int, form: SubmittedForm) -> Response:
    """Mark a colleague as on leave, or back; anybody may do it for themselves. Raises AccessError."""
    check_form(request, form, session_token(request))
    set_leave(services_of(request).office, session.staff, colleague, away=form.text("away") == "yes")
    own = colleague == session.staff.id and form.text("from") == "account"
    return RedirectResponse("/office/account" if own else "/office/team?leave", status_code=303)


@router.get("/team/{colleague}/hand-over", response_class=HTMLResponse)
def plan(request: Request, session: Reader, colleague: int) -> Response:
    """Ask who gets the cases; with somebody chosen, show which case would go to whom. Raises AccessError."""
    receivers = named(request.query_params, "to-")
    return render_for_staff(request, session.staff, _plan_page(request, session.staff, colleague, receivers))


@router.post("/team/{colleague}/hand-over")
def confirm(request: Request, session: Reader, colleague: int, form: SubmittedForm) -> Response:
    """Move the cases as they were listed. Raises AccessError."""
    check_form(request, form, session_token(request))
    moves = _moves(form)
    try:
        leave = form.text("leave") == "yes"
        hand_over(services_of(request).office, session.staff, colleague, moves, leave=leave)
    except AccessError as error:
        if not error.field:
            raise
        problem = Problem("", error.text(language_of(request)))
        page = _plan_page(request, session.staff, colleague, set(moves.values()), problem)
        return render_for_staff(request, session.staff, page, status=409)
    return RedirectResponse("/office/team?moved", status_code=303)


@router.post("/hand-overs/{number}/return")
def take_back(request: Request, session: Reader, number: int, form: SubmittedForm) -> Response:
    """Take a hand-over of the last hour back. Raises AccessError."""
    check_form(request, form, session_token(request))
    undo_hand_over(services_of(request).office, session.staff, number)
    return RedirectResponse("/office/team?back", status_code=303)


@router.get("/team/{colleague}/way-back", response_class=HTMLResponse)
def ask_to_vouch(request: Request, session: Reader, colleague: int) -> Response:
    """Say what vouching does, and ask. Raises AccessError, after the attempt was logged."""
    who = check_vouching(services_of(request).office, session.staff, colleague)
    return render_for_staff(request, session.staff, WayBackPage(member_words(who), LINK_SECONDS // 3600))


@router.post("/team/{colleague}/way-back", response_class=HTMLResponse)
def vouch(request: Request, session: Reader, colleague: int, form: SubmittedForm) -> Response:
    """Start the account over and show the link, this once. Raises AccessError."""
    check_form(request, form, session_token(request))
    services, member = services_of(request), session.staff
    who = check_vouching(services.office, member, colleague)
    shown, hours = member_words(who), LINK_SECONDS // 3600
    password = SecretBytes(form.raw("password").encode())
    try:
        with services.limits.attempt(request, Act.STAFF_SIGN_IN, member.name):
            link = vouch_for_colleague(services.office, member, colleague, password, form.text("code"))
    except AccessError as error:
        if error.code != "confirm_failed":
            raise
        page = WayBackPage(shown, hours, problems=(Problem("", error.text(language_of(request))),))
        return render_for_staff(request, member, page, status=422)
    base = services.office.facts.url or str(request.base_url).rstrip("/")
    return render_for_staff(request, member, WayBackPage(shown, hours, f"{base}/office/enrol/{link.token}"))


def _moves(form: Form) -> dict[CaseId, int]:
    """Return who gets which case, as the form says; cases that stay have no receiver."""
    asked = {CaseId(name): number_in(form.text(f"case-{name}")) for name in form.names("case-")}
    return {case: receiver for case, receiver in asked.items() if receiver}


def _plan_page(
    request: Request, member: StaffMember, colleague: int, chosen: Collection[int], *problems: Problem
) -> HandOverPage:
    found = plan_hand_over(services_of(request).office, member, colleague, chosen)
    team = {each.member.id: each for each in show_team(services_of(request).office, member).colleagues}
    able = [colleague_words(team[each.id]) for each in found.receivers]
    return HandOverPage(
        giver=member_words(found.giver, len(found.cases) + found.left),
        receivers=tuple(able),
        chosen=tuple(each.id for each in able if each.id in chosen),
        cases=tuple(planned_words(each, member.name) for each in found.cases),
        left=found.left,
        problems=problems,
    )
