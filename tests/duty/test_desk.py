"""The pages of a duty machine, as a browser on it asks for them."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from crypto.beacon.rotating_id import Meaning
from duty.desk.app import create_app
from duty.desk.guard import DutyToken
from duty.desk.page_language import ENGLISH, PageLanguage
from duty.service import DutyService
from system.errors import ProgramError
from tests.duty.duty_place import MemoryServer, Office
from tests.relay.place_of_tests import BUTTON, NOON, PLACE, SetClock, frame
from tests.template_rules import faults

HOST = "127.0.0.1:4711"
FORM = "application/x-www-form-urlencoded"


class Browser:
    """A browser that was let in, at a desk with one place; ``press`` is a press of its button."""

    def __init__(self, folder: Path) -> None:
        self.office, self.clock, self.server = Office.made_ready(folder), SetClock(), MemoryServer()
        self.token = DutyToken()
        self.relays = [self.office.relay(number, self.clock) for number in (3, 5)]
        self.start()

    def start(self, *, fetches: bool = True) -> None:
        self.service: DutyService = self.office.service(1, self.clock)
        app = create_app(self.service, self.token, host=HOST, words=PageLanguage.of(ENGLISH))
        self.client = Client(app)
        assert self.ask(f"/open/{self.token.of_address}").status_code == 303
        if fetches:
            self.fetch()

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
        told = {"Host": HOST, "Sec-Fetch-Site": "same-origin", "Origin": f"http://{HOST}"} | headers
        if form is None:
            return self.client.get(path, headers=told)
        return self.client.post(path, data=form, headers={"Content-Type": FORM} | told)

    def page(self, path: str = "/") -> str:
        answer = self.ask(path)
        assert answer.status_code == 200, answer.status_code
        html: str = answer.text
        assert not faults(html, source=False)
        return unescape(re.sub(r"\s+", " ", html))

    def send(self, path: str, **form: str) -> None:
        assert self.ask(path, form).status_code == 303

    def fetch(self) -> None:
        self.service.fetch_once(self.server.line(1))
        self.service.tick()

    def press(self, meaning: Meaning = Meaning.HELP_1, *, at: int | None = None) -> None:
        for one in self.relays:
            one.take_frame(frame(self.clock.seconds if at is None else at, meaning), rssi=-70)
            made = one.next_post()
            one.confirm(made)
            self.server.posts.append(made.sealed)
        self.fetch()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = Browser(tmp_path)
    yield made
    made.service.close()


def test_a_press_stands_on_the_first_screen_with_its_plan_until_a_person_gives_a_name(browser: Browser) -> None:
    browser.service.close()
    browser.start(fetches=False)
    unfetched = browser.page()
    assert "No fetch yet" in unfetched
    assert "<title>NOT READY</title>" in unfetched
    assert "This machine is ready" not in unfetched
    browser.fetch()
    assert "No press waits. This machine is ready." in browser.page()
    browser.press()
    name = f"/press/{BUTTON}-help-1-{NOON // 1024}"
    shown = browser.page()
    for said in (
        "HELP: Harbour clinic",
        "It rings here.",
        "heard by relays 3, 5",
        "In the first minute",
        "Call the ward.",
        'http-equiv="refresh"',
    ):
        assert said in shown
    assert "No one has acknowledged" not in shown
    assert 'http-equiv="refresh"' not in browser.page(name)
    browser.clock.seconds += 181
    browser.fetch()
    assert "No one has acknowledged this for three minutes." in browser.page()
    assert "Stay at the desk." in browser.page()
    # No relay has posted for three minutes: the next press there would ring nowhere.
    assert "A press would not be heard at: Harbour clinic." in browser.page()
    assert browser.ask(f"{name}/acknowledge", {"by": " "}).status_code == 422
    assert "HELP: Harbour clinic" in browser.page()
    browser.send(f"{name}/acknowledge", by="Amal <b>")
    after = browser.page()
    assert "HELP" not in after
    assert "acknowledged by Amal <b>" in after
    assert "Amal &lt;b&gt;" in browser.ask("/").text
    browser.service.close()
    browser.start()
    assert "HELP" not in browser.page()


def test_a_press_is_muted_for_ten_minutes_and_another_one_rings_meanwhile(browser: Browser) -> None:
    browser.press()
    browser.send(f"/press/{BUTTON}-help-1-{NOON // 1024}/mute")
    assert "Muted on this machine until" in browser.page()
    assert not browser.service.ringing()
    browser.press(Meaning.HELP_2)
    assert len(browser.service.ringing()) == 1
    browser.clock.seconds += 601
    assert len(browser.service.ringing()) == 2


def test_a_late_press_stays_yellow_until_it_is_ticked_off(browser: Browser) -> None:
    browser.press(at=NOON)
    browser.send(f"/press/{BUTTON}-help-1-{NOON // 1024}/acknowledge", by="Amal")
    browser.relays[0].take_frame(frame(NOON, Meaning.HELP_3), rssi=-70)
    browser.clock.seconds += 6 * 3600
    browser.server.posts.append(browser.relays[0].next_post().sealed)
    browser.fetch()
    shown = browser.page()
    assert "To be ticked off" in shown
    assert "It came late." in shown
    assert "heard at" in shown
    assert "No press waits" not in shown
    assert not browser.service.ringing()
    browser.send(f"/press/{BUTTON}-help-3-{NOON // 1024}/acknowledge", by="Bela")
    assert "To be ticked off" not in browser.page()
    assert "ticked off as late by Bela" in browser.page()


def test_a_form_that_shows_a_press_as_late_does_not_acknowledge_it_once_it_rings(browser: Browser) -> None:
    began = browser.clock.seconds = NOON // 1024 * 1024
    for one, at in zip(browser.relays, (began, began + 1700), strict=True):
        browser.clock.seconds = at
        one.take_frame(frame(at), rssi=-70)
    browser.clock.seconds = began + 3 * 1024
    first, second = [one.next_post().sealed for one in browser.relays]
    browser.server.posts.append(first)
    browser.fetch()
    name = f"/press/{BUTTON}-help-1-{began // 1024}"
    assert "<title>LATE (1)</title>" in browser.page()
    assert 'name="late"' in browser.page(name)
    browser.server.posts.append(second)
    browser.fetch()
    assert 'name="late"' not in browser.page(name)
    refused = browser.ask(f"{name}/acknowledge", {"by": "Anna", "late": "yes"})
    assert refused.status_code == 422
    assert "it rings now" in refused.text
    assert browser.service.ringing()
    browser.send(f"{name}/acknowledge", by="Anna")
    assert not browser.service.ringing()


def test_the_people_of_the_hour_take_a_press_with_one_button_and_a_bad_roster_line_is_named(
    browser: Browser,
) -> None:
    refused = browser.ask("/roster", {"roster": "mon-sun 00-24 Anna, Bela\nmon 8-10 Chris"})
    assert refused.status_code == 422
    assert "Line 2 must be days" in refused.text
    assert "the roster names no one" in browser.page()
    browser.send("/roster", roster="mon-sun 00-24 Anna, Bela")
    assert "Anna, Bela" in browser.page()
    browser.press()
    assert '<button name="by" value="Anna">I have it: Anna</button>' in browser.page()
    browser.send("/roster", roster="mon-sun 00-24 Jose\u0301")
    assert "Jos\u00e9 <span" in browser.page()
    assert "one person only" in browser.page()
    # A line that an earlier program kept hides no other one while it rings.
    browser.service.notebook.roster = "mon 8-10 Chris\nmon-sun 00-24 Anna"
    assert '<button name="by" value="Anna">I have it: Anna</button>' in browser.page()


def test_notes_are_handed_over_and_outlast_a_restart(browser: Browser) -> None:
    assert browser.ask("/hand-over", {"text": "", "by": "Anna"}).status_code == 422
    browser.send("/hand-over", text="Relay 3 was moved.\nChris comes at 20.", by="Anna")
    browser.service.close()
    browser.start()
    assert "Relay 3 was moved. Chris comes at 20." in browser.page()


def test_leaflets_still_hang_until_each_is_ticked_off_by_name(browser: Browser) -> None:
    assert "Open places" in browser.page("/taking-down")
    browser.service._places.take_weeks(())
    without = browser.page("/taking-down")
    assert "this machine knows no place" in without
    assert "the operator may run" not in without
    browser.service._places.take_weeks(browser.office.homes[1].weeks())
    browser.send("/taking-down", place=str(PLACE), things="Leaflet, left door\nLeaflet, right door")
    browser.service.close()
    browser.start()
    assert "Leaflets still hang at" in browser.page()
    form = {"place": str(PLACE), "name": "Leaflet, left door"}
    assert browser.ask("/taking-down/tick", form | {"by": ""}).status_code == 422
    browser.send("/taking-down/tick", **form, by="Anna")
    assert "Leaflet, right door" in browser.page()
    browser.send("/taking-down/tick", place=str(PLACE), name="Leaflet, right door", by="Anna")
    assert "Leaflets still hang at" not in browser.page()
    assert "All that was listed is down" not in browser.page("/taking-down")  # the other place is open
    browser.send("/taking-down", place="7", things="Leaflet")
    browser.send("/taking-down/tick", place="7", name="Leaflet", by="Anna")
    assert "All that was listed is down" in browser.page("/taking-down")
    assert browser.ask("/taking-down", {"place": "99", "things": "x"}).status_code == 422


def test_a_drill_counts_presses_at_the_desk_and_rings_nothing(browser: Browser) -> None:
    assert browser.ask("/drill/begin", {"button": "99"}).status_code == 422
    browser.send("/drill/begin", button=str(BUTTON))
    for number in (1, 2):
        browser.send("/drill/pressed")
        assert f"Press {number} is awaited." in browser.page("/drill")
        assert browser.ask("/drill/pressed", {}).status_code == 422
        browser.press(Meaning.DRILL)
        assert not browser.service.ringing()
        browser.clock.seconds += 60
    assert "<dt>Heard</dt><dd>2</dd>" in browser.page("/drill")
    browser.send("/drill/end")
    assert "<dt>Heard</dt>" not in browser.page("/drill")


def test_places_show_their_cards_and_their_hours_without_cover(browser: Browser) -> None:
    shown = browser.page("/places")
    for said in ("Harbour clinic", "0.0 hours without a working relay or desk", "Stay at the desk.", "buttons 12"):
        assert said in shown


@pytest.mark.parametrize(
    ("path", "form", "headers"),
    [
        ("/", None, {"Host": "duty.example.org"}),
        ("/", None, {"Sec-Fetch-Site": "cross-site"}),
        ("/bell", {}, {"Origin": "http://example.org"}),
        ("/bell", {}, {"Sec-Fetch-Site": "cross-site"}),
        ("/bell", {}, {"Content-Type": "text/plain"}),
    ],
)
def test_a_page_of_a_stranger_in_the_same_browser_reads_and_presses_nothing(
    browser: Browser, path: str, form: dict[str, str] | None, headers: dict[str, str]
) -> None:
    answer = browser.ask(path, form, **headers)
    assert answer.status_code == 403
    assert "clinic" not in answer.text


def test_a_browser_without_the_address_is_let_in_nowhere(browser: Browser) -> None:
    browser.client = Client(browser.client.application)
    assert browser.ask("/open/wrong").status_code == 403
    for path in ("/", "/places", "/roster", f"/press/{BUTTON}-help-1-{NOON // 1024}"):
        assert browser.ask(path).status_code == 403
    answer = browser.ask(f"/open/{browser.token.of_address}")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["x", "12", "12-help-9-1", "12-help-1-x", "12-help-1-1", "-1-help-1-1"])
def test_an_address_of_no_press_is_no_page(browser: Browser, name: str) -> None:
    assert browser.ask(f"/press/{name}").status_code == 404


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ProgramError, match="readable file"):
        PageLanguage.of("xx")
