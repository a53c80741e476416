"""Consents of one entity at the desk: noted, withdrawn, and who received what."""

from flask import Blueprint, Response, url_for

from reviewer.casebook.link_operations import PEOPLE
from reviewer.cases.marking import parse_day
from reviewer.desk.page import home, page, typed
from reviewer.leaving.evidence_choice import LONGEST_RECEIVER
from reviewer.linking.consent_work import Permissions, note_consent, note_reason, shown_consents, withdraw_consent
from reviewer.linking.masking import Masks
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_NUMBER = "<int(max=1000000000):number>"
views = Blueprint("consents", __name__)


@views.get(f"/entity/{_NUMBER}/consents", provide_automatic_options=False)
def show(number: int) -> Response:
    """Consents, reasons and withdrawals of an entity and of those that are the same, and what left."""
    return _page(number)


@views.post(f"/entity/{_NUMBER}/consents", provide_automatic_options=False)
def note(number: int) -> Response:
    """Note a consent, or a reason in place of one."""
    try:
        if "reason" in typed("act"):
            note_reason(home(), number, receiver=typed("receiver"), because=typed("because"), today=today())
        else:
            day = typed("day").strip()
            note_consent(
                home(),
                number,
                said_by=typed("by"),
                receiver=typed("receiver"),
                purpose=typed("what"),
                day=parse_day(day) if day else None,
                today=today(),
            )
    except ProgramError as error:
        return _page(number, problem=error, problem_at=typed("act") or "consent")
    return Response(status=303, headers={"Location": url_for("consents.show", number=number)})


@views.post(f"/entity/{_NUMBER}/consents/withdraw", provide_automatic_options=False)
def withdraw(number: int) -> Response:
    """End every consent of a person, and list who received what."""
    try:
        withdraw_consent(home(), number, said_by=typed("by"), today=today())
    except ProgramError as error:
        return _page(number, problem=error, problem_at="withdraw")
    return _page(number, has_withdrawn_now=True)


def _page(
    number: int, *, has_withdrawn_now: bool = False, problem: ProgramError | None = None, problem_at: str = ""
) -> Response:
    entity = home().casebook.entities.find(number)
    masks = Masks(home())
    permissions = Permissions(home(), masks)
    home().casebook.log.add("consents shown", f"E-{number}", today=today())
    return page(
        "consents.html",
        422 if problem else 200,
        number=number,
        name=masks.name(number),
        is_person=entity.kind in PEOPLE,
        lines=shown_consents(home(), number),
        received=permissions.referrals(number),
        is_withdrawn=bool(permissions.withdrawals(number)),
        has_withdrawn_now=has_withdrawn_now,
        problem=problem,
        problem_at=problem_at,
        typed=typed,
        longest=LONGEST_RECEIVER,
        name_letters=NAME_LETTERS,
        reason_letters=REASON_LETTERS,
        today=today(),
    )
