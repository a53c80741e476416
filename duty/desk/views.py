"""The first screen, presses, places and drills."""

import time

from flask import Blueprint, Response, abort, request

from crypto.beacon.duty_roster import people_on_duty
from crypto.beacon.rotating_id import Meaning
from duty.desk.app import duty_desk, page, problem, to
from duty.judgement import Doubt
from duty.notebook import checked_name
from duty.presses import Press, PressKey

views = Blueprint("views", __name__)

_LATELY_SECONDS = 12 * 3600

DOUBTS = {
    Doubt.LATE: "It came late.",
    Doubt.REPLAYED: "It is old, or was recorded and played again.",
    Doubt.CLOCK: "The clock of the relay is wrong.",
    Doubt.ELSEWHERE: "A relay of another place heard it.",
    Doubt.BAD_PLACE: "The relay gave a place that is not possible.",
}
"""The sentence for each mark of a press."""


@views.get("/")
def now() -> Response:
    """The first screen."""
    service = duty_desk().service
    moment = service.now()
    with service.lock:
        ringing = {press.key for press in service.ringing()}
        waiting = service.watch.waiting()
        unanswered = {press.key for press in service.watch.unanswered(now=moment)}
        places = {one.card.number: one for one in service.places()}
        notebook = service.notebook
        return page(
            "now.html",
            red=[press for press in waiting if not press.is_yellow],
            yellow=[press for press in waiting if press.is_yellow],
            lately=service.watch.acknowledged_since(moment - _LATELY_SECONDS),
            ringing=ringing,
            unanswered=unanswered,
            places=places,
            moment=moment,
            doubts=DOUBTS,
            alarms=service.alarms(),
            people=people_on_duty(notebook.roster, time.localtime(moment)),
            note=notebook.notes[0] if notebook.notes else None,
            hanging=notebook.hanging(),
            unheard=service.unheard(),
            is_other_silent=service.is_other_silent(),
            has_sound=service.has_sound,
            copies=service.copies_waiting(),
            is_paired=service.is_paired,
            has_places=bool(places),
            machine=service.machine,
        )


@views.get("/press/<name>")
def press(name: str) -> Response:
    """One press: its whole card, and who takes it."""
    service = duty_desk().service
    found = _press_of(name)
    moment = service.now()
    return page(
        "press.html",
        press=found,
        is_other_silent=service.is_other_silent(),
        place=service.place(found.place),
        doubts=DOUBTS,
        moment=moment,
        people=people_on_duty(service.notebook.roster, time.localtime(moment)),
    )


@views.post("/press/<name>/acknowledge")
def acknowledge(name: str) -> Response:
    """A person has seen the press, and gave a name."""
    service = duty_desk().service
    found = _press_of(name)
    by = checked_name(request.form.get("by", ""))
    with service.lock:  # more of a late press may come, and ring, while its page is open
        if request.form.get("late") and not found.is_yellow and found.acknowledged is None:
            sentence = duty_desk().words.said("More of this press has come in time: it rings now.")
            return problem(sentence, status=422)
        service.watch.acknowledge(found.key, by=by, now=service.now())
    return to("views.press", name=name)


@views.post("/press/<name>/mute")
def mute(name: str) -> Response:
    """Ten minutes of silence for this press, on this machine."""
    service = duty_desk().service
    service.watch.mute(_press_of(name).key, now=service.now())
    return to("views.now")


@views.post("/bell")
def bell() -> Response:
    """Ring once, so that the people hear that it rings."""
    said = duty_desk().words.said
    if not duty_desk().service.ring_once():
        return problem(
            said("No sound came. Turn the sound on, and try again: without it no press is heard."), status=422
        )
    return to("views.now")


@views.get("/places")
def places() -> Response:
    """Each place with its card, and its hours without cover."""
    service = duty_desk().service
    with service.lock:
        return page("places.html", places=service.places(), notebook=service.notebook)


@views.get("/drill")
def drill() -> Response:
    """The drill that runs, or the buttons that can be drilled."""
    service = duty_desk().service
    return page("drill.html", places=service.places(), result=service.drill_result(), button=service.drill_button)


@views.post("/drill/begin")
def begin_drill() -> Response:
    """Count drill presses of a button from now on."""
    try:
        duty_desk().service.begin_drill(int(request.form.get("button", "")))
    except (ValueError, KeyError):
        return problem(duty_desk().words.said("No week file lists this button."), status=422)
    return to("views.drill")


@views.post("/drill/pressed")
def drill_pressed() -> Response:
    """The person at the button presses now."""
    service = duty_desk().service
    with service.lock:
        if service.drill is None:
            abort(404)
        try:
            service.drill.pressed(now=service.now())
        except ValueError:
            sentence = duty_desk().words.said("Wait until the page offers the next press.")
            return problem(sentence, status=422)
    return to("views.drill")


@views.post("/drill/end")
def end_drill() -> Response:
    """The drill is over."""
    duty_desk().service.end_drill()
    return to("views.drill")


def _press_of(name: str) -> Press:
    """The press of an address; 404 for any other text."""
    parts = name.split("-", 1)
    try:
        button, (meaning, window) = int(parts[0]), parts[1].rsplit("-", 1)
        return duty_desk().service.watch.press(PressKey(button, Meaning(meaning), int(window)))
    except (ValueError, IndexError, KeyError):
        abort(404)
