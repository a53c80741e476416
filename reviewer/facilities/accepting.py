"""Accepting a tip for a facility: only then do the ticks of its source count there.

Reading is not accepting. A person decides, with a reason, and can undo it. The log names the tip and no facility:
after the deletion of a tip nothing tells where it belonged.
"""

import datetime as dt
from collections.abc import Sequence

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered
from reviewer.facilities.kept_refusals import keep_undone
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.supply.indicators import indicators_ticked
from system.errors import ProgramError

LONGEST_REASON = 500


def ticked(casebook: Casebook, submission: Submission) -> tuple[str, ...]:
    """The indicators for which the ticks of a tip speak, by the ILO's ids."""
    answered = Answered.from_fields(casebook.submissions.fields(submission), casebook.questionnaires)
    if answered is None or answered.questionnaire is None:
        return ()
    return indicators_ticked(answered.questionnaire.name, answered.answers)


def accept_tip(home: Home, tip: str, facility: str, *, because: str, today: dt.date) -> AcceptedTip:
    """Accept a tip for a facility.

    Raises:
        ProgramError: tip or facility is unknown, the reason is missing, or the tip is accepted there already.
    """
    casebook = home.casebook
    reason = required_reason(because)
    with casebook.changing():
        submission = casebook.submissions.find(tip)
        place = find_facility(casebook, facility)
        if submission.unopenable is not None:
            raise ProgramError("a tip must be open before it is accepted for a facility")
        if _accepted(casebook, submission, place) is not None:
            raise ProgramError(f"this tip is accepted for {place.name} already")
        casebook.facility_evidence.accept(
            *(submission.number, place.number), indicators=ticked(casebook, submission), because=reason, today=today
        )
        casebook.log.add("tip accepted for a facility", submission.short_id, today=today)
        accepted = _accepted(casebook, submission, place)
    if accepted is None:
        raise ProgramError("the tip was not accepted")
    return accepted


def undo_acceptance(home: Home, tip: str, facility: str, *, today: dt.date) -> frozenset[str]:
    """Undo it; the readers for whom a no of its source stays until staff decide.

    The ticks of the tip no longer count there. A released sentence that may rest on the tip needs a new release.

    Raises:
        ProgramError: tip or facility is unknown, or the tip is not accepted there.
    """
    casebook = home.casebook
    with casebook.changing():
        submission = casebook.submissions.find(tip)
        place = find_facility(casebook, facility)
        if (accepted := _accepted(casebook, submission, place)) is None:
            raise ProgramError(f"this tip is not accepted for {place.name}")
        kept = keep_undone(casebook, accepted)
        casebook.facility_evidence.undo(accepted, today=today)
        casebook.log.add("tip no longer accepted", submission.short_id, today=today)
    return kept


def visible_tips(casebook: Casebook, facilities: Sequence[int]) -> list[AcceptedTip]:
    """The tips that count for these facilities, without those that a colleague's quarantine hides."""
    hidden = casebook.overview.hidden()
    return [one for one in casebook.facility_evidence.tips(facilities) if one.submission not in hidden]


def required_reason(because: str) -> str:
    """The reason without blanks around it.

    Raises:
        ProgramError: it is missing or too long.
    """
    reason = because.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ProgramError(f"a reason must have 1 to {LONGEST_REASON} letters: --because REASON")
    return reason


def _accepted(casebook: Casebook, submission: Submission, facility: StoredFacility) -> AcceptedTip | None:
    found = casebook.facility_evidence.of_tip(submission.number)
    return next((one for one in found if one.facility == facility.number), None)
