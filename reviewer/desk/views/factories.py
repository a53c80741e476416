"""Factories, farms and mines: the list by level, and one facility with its flags."""

import datetime as dt
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.submission import Submission
from reviewer.desk.page import bounded, home, page, typed
from reviewer.desk.views import facility_money, factory_lists, place_codes
from reviewer.desk.views.tip import find_tip, tip_page
from reviewer.diligence.sending import reports_with_finding
from reviewer.facilities.accepting import accept_tip, undo_acceptance, visible_tips
from reviewer.facilities.editions import gone_sentence
from reviewer.facilities.evidence_work import (
    FINDING_KINDS,
    LONGEST_TEXT,
    add_document,
    add_finding,
    say_good,
    take_back_good,
    withdraw,
)
from reviewer.facilities.facility_flags import flags_of
from reviewer.facilities.level_list import LevelList, ListedPlace, find_places
from reviewer.facilities.places import confirmed_place, contradictions
from reviewer.facilities.same_place import facility_page, find_facility
from reviewer.facilities.suggesting import ProposedPlace, proposed_places
from reviewer.supply.flags import LEVELS, Level
from reviewer.supply.indicators import indicator_titles
from system.clock import today
from system.errors import ProgramError

_MOST_SHOWN = 20
_NUMBER = "<int(max=1000000000):number>"
_TIP = "/tip/<short_id>/factory"
views = Blueprint("factories", __name__)


@views.get("/factories", provide_automatic_options=False)
def show_all() -> Response:
    """Places by level, the ones against which most is known first."""
    word = request.args.get("level", "")
    level = Level(word) if word in set(Level) else None
    number = max(1, request.args.get("page", 1, type=bounded))
    listed, has_more = LevelList(home().casebook, today=today()).page(number, level=level)
    home().casebook.log.add("facility levels", f"{len(listed)} places", today=today())
    return _list(listed=listed, has_more=has_more, level=level, page_number=number)


@views.post("/factories/find", provide_automatic_options=False)
def find() -> Response:
    """Find by words. They come by POST: an address would stay in the browser's history."""
    words = typed("words").strip()
    found = find_places(home().casebook, words) if words else []
    home().casebook.log.add("facilities searched", f"{len(found)} found", today=today())
    return _list(words=words, found=found)


@views.get(f"/factory/{_NUMBER}", provide_automatic_options=False)
def show(number: int) -> Response:
    return _page(number)


@views.post(f"/factory/{_NUMBER}/finding", provide_automatic_options=False)
def finding(number: int) -> Response:
    """Keep a finding of staff, an audit or a court."""

    def act() -> None:
        points = typed("points")
        add_finding(
            *(home(), f"F-{number}"),
            kind=typed("kind"),
            points=int(points) if points.isascii() and points.isdecimal() and len(points) < 3 else 0,
            sentence=typed("sentence"),
            source=typed("source"),
            day=_day(typed("day")),
            indicator=typed("indicator"),
            today=today(),
        )

    return _done(number, "finding", act)


@views.post(f"/factory/{_NUMBER}/document", provide_automatic_options=False)
def document(number: int) -> Response:
    """Keep that a document is there until a day, or missing."""

    def act() -> None:
        until = typed("until").strip()
        if bool(until) == ("missing" in request.form):
            raise ProgramError("a document must be missing, or have a last day")
        add_document(
            *(home(), f"F-{number}"),
            document=typed("document"),
            source=typed("source"),
            valid_until=_day(until) if until else None,
            today=today(),
        )

    return _done(number, "document", act)


@views.post(f"/factory/{_NUMBER}/good", provide_automatic_options=False)
def good(number: int) -> Response:
    """Keep that the facility makes a good, or take that back."""

    def act() -> None:
        if "undo" in request.form:
            take_back_good(home(), f"F-{number}", typed("good"), today=today())
        else:
            say_good(home(), f"F-{number}", typed("good"), because=typed("because"), today=today())

    return _done(number, "good", act)


@views.post(f"/factory/{_NUMBER}/withdraw", provide_automatic_options=False)
def withdraw_finding(number: int) -> Response:
    """Withdraw a finding or a document, with a reason."""
    return _done(
        number, "withdraw", lambda: withdraw(home(), typed("name"), because=typed("because"), today=today())
    )


@views.post(_TIP, provide_automatic_options=False)
def accept(short_id: str) -> Response:
    """Accept a tip for a facility; then back to the tip.

    A look at the facility right behind it would tell in the log which one it was.
    """
    submission = find_tip(short_id)
    try:
        accept_tip(home(), short_id, typed("facility"), because=typed("because"), today=today())
    except ProgramError as error:
        return tip_page(submission, drafts={"factory": typed("because")}, problem=("factory", error))
    return Response(status=303, headers={"Location": url_for("tip.show", short_id=submission.short_id)})


@views.post(f"{_TIP}/undo", provide_automatic_options=False)
def undo(short_id: str) -> Response:
    """Undo the acceptance of a tip; then back to the tip, which says if sentences are held back."""
    kept = undo_acceptance(home(), short_id, typed("facility"), today=today())
    held, anchor = ("yes", "factories-in-tip") if kept else (None, None)
    where = url_for("tip.show", short_id=short_id, held=held, _anchor=anchor)
    return Response(status=303, headers={"Location": where})


def accepted_for(submission: Submission) -> list[str]:
    """For the page of a tip: the facilities for which it is accepted."""
    return [f"F-{one.facility}" for one in home().casebook.facility_evidence.of_tip(submission.number)]


def proposed_for(submission: Submission) -> list[ProposedPlace]:
    """For the page of a tip: facilities that it may be about, without those for which it is accepted."""
    accepted = set(accepted_for(submission))
    return [one for one in proposed_places(home().casebook, submission) if one.facility.name not in accepted]


def has_facilities() -> bool:
    """True once a list of facilities is here."""
    return bool(home().casebook.facility_lists.after(0, most=1))


def _done(number: int, where: str, act: Callable[[], object]) -> Response:
    try:
        act()
    except ProgramError as error:
        return _page(number, problem=(where, error))
    return _to(number)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ProgramError("a day must be written as 2026-11-25") from None


def _to(number: int) -> Response:
    return Response(status=303, headers={"Location": url_for("factories.show", number=number)})


def _list(
    *,
    listed: Sequence[ListedPlace] | None = None,
    has_more: bool = False,
    level: Level | None = None,
    page_number: int = 1,
    words: str = "",
    found: Sequence[StoredFacility] | None = None,
) -> Response:
    return page(
        "factories.html",
        listed=listed,
        has_more=has_more,
        level=level,
        page_number=page_number,
        words=words,
        found=found,
        levels=LEVELS,
        has_any=has_facilities(),
    )


def _page(number: int, *, problem: tuple[str, ProgramError] | None = None) -> Response:
    casebook = home().casebook
    name = find_facility(casebook, f"F-{number}").name
    shown = facility_page(home(), name)
    place = confirmed_place(casebook, number)
    facilities = sorted(place)
    tips = visible_tips(casebook, facilities)
    steps = casebook.custody.at(facilities)
    withdrawn = [one for one in casebook.facility_evidence.findings(facilities) if one.withdrawn_day]
    casebook.log.add("facility show", name, today=today())
    return page(
        "factory.html",
        422 if problem else 200,
        shown=shown,
        gone_sentence=gone_sentence,
        place=place,
        opposite=contradictions(casebook, number),
        lists={one.number: one for one in casebook.facility_lists.all()},
        weighed=flags_of(casebook, number, today=today()),
        titles=indicator_titles(),
        tips=tips,
        short_ids=casebook.submissions.short_ids({one.submission for one in tips}),
        goods=casebook.facility_goods.goods(facilities),
        buyers=casebook.facility_goods.buyers(facilities)[:_MOST_SHOWN],
        steps=steps[:_MOST_SHOWN],
        step_count=len(steps),
        withdrawn=withdrawn,
        left_with={one.number: reports_with_finding(casebook, one.name) for one in withdrawn},
        most_shown=_MOST_SHOWN,
        finding_kinds=FINDING_KINDS,
        longest=LONGEST_TEXT,
        typed=request.form,
        problem=problem[1] if problem else None,
        problem_at=problem[0] if problem else "",
    )


ALL_VIEWS = (views, factory_lists.views, place_codes.views, facility_money.views)
FOR_PAGES = {
    "has_facilities": has_facilities,
    "accepted_for": accepted_for,
    "proposed_for": proposed_for,
    "cards_in": place_codes.cards_in,
}
"""Functions that the page of a tip calls."""
