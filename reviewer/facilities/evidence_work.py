"""Findings, documents and goods of a facility, as staff say them; and withdrawing them."""

import datetime as dt
from dataclasses import replace
from typing import Final

from reviewer.casebook.facility_evidence import DOCUMENT, FacilityFinding
from reviewer.casebook.facility_goods import FacilityGood
from reviewer.facilities.accepting import required_reason
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.supply.flags import CONTEXT, Rule, weights
from reviewer.supply.goods import MOST_LETTERS, good_key
from reviewer.supply.indicators import indicator_titles
from system.errors import ProgramError

FINDING_KINDS: Final = ("visit", "audit", "court")
LONGEST_TEXT: Final = 500


def add_finding(
    home: Home,
    facility: str,
    *,
    kind: str,
    points: int,
    sentence: str,
    source: str,
    day: dt.date,
    indicator: str,
    today: dt.date,
) -> FacilityFinding:
    """Keep a finding of staff, of an audit or of a court. ``indicator`` is an id of the ILO, or empty.

    Raises:
        ProgramError: the facility is unknown, or a value is missing or wrong.
    """
    most = weights()[Rule.FINDING]["most"]
    if kind not in FINDING_KINDS:
        raise ProgramError(f"a finding must be of one of these kinds: {', '.join(FINDING_KINDS)}")
    if not 1 <= points <= most:
        raise ProgramError(f"a finding must have 1 to {most} points")
    if indicator and indicator not in indicator_titles():
        raise ProgramError(
            "an indicator must be one of the ILO's", hint=f"they are: {', '.join(indicator_titles())}"
        )
    if day > today:
        raise ProgramError("the day of a finding must not lie in the future")
    found = FacilityFinding(
        *(0, 0, kind, indicator or CONTEXT, points, _text("a finding", sentence), _text("a source", source), day)
    )
    return _keep(home, facility, found, today=today)


def add_document(
    home: Home, facility: str, *, document: str, source: str, valid_until: dt.date | None, today: dt.date
) -> FacilityFinding:
    """Keep that a document is there until a day, or that it is missing.

    Raises:
        ProgramError: the facility is unknown, or a value is missing.
    """
    found = FacilityFinding(
        *(0, 0, DOCUMENT, CONTEXT, 0, _text("a document", document), _text("a source", source), today, valid_until)
    )
    return _keep(home, facility, found, today=today)


def _keep(home: Home, facility: str, finding: FacilityFinding, *, today: dt.date) -> FacilityFinding:
    casebook = home.casebook
    with casebook.changing():
        place = find_facility(casebook, facility)
        values = {
            name: getattr(finding, name) for name in ("kind", "indicator", "points", "sentence", "source", "day")
        }
        number = casebook.facility_evidence.add_finding(
            FacilityFinding(0, place.number, **values, valid_until=finding.valid_until)
        )
        casebook.log.add("facility finding", f"S-{number} {place.name}", today=today)
        kept = casebook.facility_evidence.finding(number)
    if kept is None:
        raise ProgramError("the finding was not kept")
    return kept


def withdraw(home: Home, name: str, *, because: str, today: dt.date) -> FacilityFinding:
    """Withdraw a finding or a document, which takes its points; it stays readable with the reason.

    Raises:
        ProgramError: there is none of this name, it was withdrawn, or the reason is missing.
    """
    reason = required_reason(because)
    digits = name[2:] if name[:2].upper() == "S-" else ""
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
    casebook = home.casebook
    with casebook.changing():
        found = casebook.facility_evidence.finding(number)
        if found is None:
            raise ProgramError(
                "there is no such finding", hint="tipline-review supply why HOME F-N names S-1, S-2, …"
            )
        if found.withdrawn_day is not None:
            raise ProgramError(f"{found.name} was withdrawn already")
        casebook.facility_evidence.withdraw(number, because=reason, today=today)
        casebook.log.add("facility finding withdrawn", f"{found.name} F-{found.facility}", today=today)
    return replace(found, withdrawn_day=today, withdrawn_because=reason)


def say_good(home: Home, facility: str, good: str, *, because: str, today: dt.date) -> None:
    """Keep that a facility makes, grows or digs a good.

    Raises:
        ProgramError: the facility is unknown, a value is missing, or the good is there already.
    """
    reason = required_reason(because)
    if not good_key(good) or len(good) > MOST_LETTERS:
        raise ProgramError(f"the name of a good must have 1 to {MOST_LETTERS} letters")
    casebook = home.casebook
    with casebook.changing():
        place = find_facility(casebook, facility)
        if not casebook.facility_goods.add(FacilityGood(place.number, good.strip(), good_key(good), reason, today)):
            raise ProgramError(f"this good is there already for {place.name}")
        casebook.log.add("facility good", place.name, today=today)


def take_back_good(home: Home, facility: str, good: str, *, today: dt.date) -> None:
    """Delete a good that staff said; one from a list goes with its list.

    Raises:
        ProgramError: the facility is unknown, or staff said no such good.
    """
    casebook = home.casebook
    with casebook.changing():
        place = find_facility(casebook, facility)
        if not casebook.facility_goods.remove(place.number, good_key(good)):
            raise ProgramError(
                f"no person said this good for {place.name}", hint="one from a list goes with its list"
            )
        casebook.log.add("facility good taken back", place.name, today=today)


def _text(what: str, text: str) -> str:
    plain = text.strip()
    if not 1 <= len(plain) <= LONGEST_TEXT:
        raise ProgramError(f"{what} must have 1 to {LONGEST_TEXT} letters")
    return plain
