"""Retiring a week: a page says what would be lost, and a second press destroys the keys."""

import re

from flask import Blueprint, Response, request

from crypto.errors import CryptoError
from crypto.primitives.week import Week
from reviewer.desk.page import absolute, home, page
from reviewer.desk.round_offers import RoundStep, remember, twin_offers
from reviewer.exchange.missing_items import give_up
from reviewer.keys.retire import retire_weeks
from reviewer.keys.retirement_proof import missing_proof, what_is_lost
from reviewer.languages.staff_language import marked, said
from reviewer.twin.twin import clear_unfinished, has_twin
from system.clock import today
from system.errors import ProgramError

_OPTION = re.compile(r" \(--[^)]*\)")

views = Blueprint("retire", __name__, url_prefix="/rounds/retire")


@views.get("", provide_automatic_options=False)
def ask() -> Response:
    return _page(_week(request.args.get("week", "")))


@views.post("", provide_automatic_options=False)
def destroy() -> Response:
    """The same checks as the command: without the whole proof nothing is destroyed."""
    week = _week(request.form.get("week", ""))
    typed = request.form.get("twin", "").strip()
    place = typed or request.form.get("place", "")
    try:
        twin = absolute(place) if place else None
        given_up = give_up(home(), request.form.getlist("give_up"), today=today())
        told = [said("Given up: %(item)s.", item=one) for one in given_up]
        gone = retire_weeks(
            home(),
            [week],
            twin=twin,
            give_up_unopenable="give_up_unopenable" in request.form,
            today=today(),
        )
        if twin is not None:
            remember(home(), RoundStep.TWIN, twin)
    except ProgramError as error:
        return _page(week, problem=error, typed=typed)
    told += [said("Destroyed: %(names)s.", names=", ".join(gone.names))]
    told += [said("Warning: %(warning)s.", warning=line) for line in gone.lost]
    tried = (
        marked("%(count)s keys that are left here were tried: none opens what is sealed to these weeks.")
        if twin is None
        else marked(
            "%(count)s keys that are left here and on the twin medium were tried: none opens what is sealed to"
            " these weeks."
        )
    )
    told += [
        said(tried, count=gone.tried),
        said("Write a backup now: a home that is restored from an earlier one would not know of this."),
        said("Copies of this disk, and printed keys, you must destroy yourself."),
    ]
    return _page(week, told=told)


def _week(untrusted_text: str) -> Week:
    try:
        week = Week.parse(untrusted_text)
    except CryptoError as error:
        raise ProgramError(str(error)) from error
    if week not in home().keyring.intake_weeks():
        raise ProgramError(f"no key of week {week} is here", hint="the rounds page lists the weeks with a key")
    return week


def _page(
    week: Week, *, told: list[str] | None = None, problem: ProgramError | None = None, typed: str = ""
) -> Response:
    opened = home()
    submissions = opened.casebook.submissions.of_week(week)
    awaited = opened.casebook.awaited.may_be_of(week)
    missing = missing_proof(opened, week, today=today())
    given_up = missing_proof(opened, week, today=today(), give_up_unopenable=True)
    return page(
        "retire.html",
        422 if problem else 200,
        week=str(week),
        told=told,
        problem=problem,
        typed=typed,
        notes=_unfinished_twins(),
        envelopes=len(submissions),
        lost=what_is_lost(opened, week),
        missing=[_OPTION.sub("", line) for line in missing],
        # What is awaited can be given up with a tick as well.
        can_go=len(given_up) <= len(awaited),
        unopenable=len(missing) > len(given_up),
        gives_up="give_up_unopenable" in request.form,
        awaited=awaited,
        given_up=request.form.getlist("give_up"),
        has_twin=has_twin(opened),
        twins=twin_offers(opened),
    )


def _unfinished_twins() -> list[str]:
    """Of media that were to become the twin when the program was killed: keys may lie on them."""
    notes = []
    for one in clear_unfinished(home(), going_on_with=None):
        if one.is_empty:
            notes.append(
                said(
                    "%(folder)s was never finished as a twin medium: the keys on it were destroyed now.",
                    folder=one.folder,
                )
            )
        elif one.sole_copies:
            notes.append(
                said(
                    "%(folder)s, never finished as a twin medium, has keys that this home lacks: take them in a"
                    " terminal with keys restore.",
                    folder=one.folder,
                )
            )
        else:
            notes.append(
                said(
                    "Keys may lie on a medium that was at %(folder)s, never finished as a twin: plug it in there"
                    " and show this page again, or destroy it.",
                    folder=one.folder,
                )
            )
    return notes
