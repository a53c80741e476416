"""Pages on which people write: the roster, the hand-over note, and what was taken down."""

import time

from flask import Blueprint, Response, request

from crypto.beacon.duty_roster import RosterLineError, parse_roster, people_on_duty
from duty.desk.app import duty_desk, page, problem, to

writing = Blueprint("writing", __name__)


@writing.get("/roster")
def roster() -> Response:
    """The roster, and the people of this hour."""
    service = duty_desk().service
    people = people_on_duty(service.notebook.roster, time.localtime(service.now()))
    return page("roster.html", roster=service.notebook.roster, people=people)


@writing.post("/roster")
def put_roster() -> Response:
    """Keep another roster. A line that is none of a roster is named, and nothing is changed."""
    text = request.form.get("roster", "")
    try:
        parse_roster(text)
    except RosterLineError as error:
        sentence = duty_desk().words.said(
            "Line %(number)s must be days, hours and names, as in: mon-fri 08-20 Anna, Bela", number=error.number
        )
        return problem(sentence, status=422)
    service = duty_desk().service
    with service.lock:
        service.notebook.put_roster(text)
    return to("writing.roster")


@writing.get("/hand-over")
def hand_over() -> Response:
    """The note of this shift, and those before it."""
    service = duty_desk().service
    with service.lock:
        return page("hand_over.html", notes=service.notebook.notes, waiting=service.watch.waiting())


@writing.post("/hand-over")
def put_hand_over() -> Response:
    """Keep a note."""
    service = duty_desk().service
    with service.lock:
        service.notebook.hand_over(
            by=request.form.get("by", ""), text=request.form.get("text", ""), now=service.now()
        )
    return to("writing.hand_over")


@writing.get("/taking-down")
def taking_down() -> Response:
    """Places that end, and what still hangs there."""
    service = duty_desk().service
    with service.lock:
        places = service.places()
        things = list(service.notebook.things)
        open_places = [one for one in places if not service.notebook.is_ending(one.card.number)]
    names = {one.card.number: one.name for one in places}
    return page("taking_down.html", open_places=open_places, things=things, names=names)


@writing.post("/taking-down")
def take_down() -> Response:
    """A place ends: list what hangs there."""
    service = duty_desk().service
    place = _number("place")
    with service.lock:
        if place not in {one.card.number for one in service.places()}:
            return problem(duty_desk().words.said("No week file lists this place."), status=422)
        service.notebook.take_down(place, request.form.get("things", ""))
    return to("writing.taking_down")


@writing.post("/taking-down/tick")
def tick_off() -> Response:
    """A leaflet or a button was taken down."""
    service = duty_desk().service
    with service.lock:
        service.notebook.tick_off(
            _number("place"), request.form.get("name", ""), by=request.form.get("by", ""), now=service.now()
        )
    return to("writing.taking_down")


def _number(field: str) -> int:
    """The number in a form field; 0 for any other text."""
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
