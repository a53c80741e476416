"""The page of buttons for help at the desk: places, drills and presses, and nothing that changes them."""

from crypto.beacon.drill_rule import heard_at_least
from reviewer.beacon.buttons import record_drill
from reviewer.casebook.help_records import HelpDrill, HelpSighting
from system.clock import today
from tests.reviewer.beacon.beacon_home import make_ready, unlocked
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk

NOON = 1_795_608_000


def test_the_page_shows_each_place_with_its_drill_and_each_press_with_its_relays(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home, today=today())
        for relay in (1, 2):
            home.casebook.help_records.put_sighting(
                HelpSighting(number, "help-1", NOON // 1024, relay, NOON, NOON + 60, 9, -70)
            )
    with open_desk(desk.home) as opened:
        shown = seen(opened.page("/help-buttons"))
        for said in (
            "Harbour clinic",
            "Region: North",
            "Relays in use: 2",
            "60 of 60 heard",
            "At least 95.1 of 100 presses are heard",
            "served",
            "2026-11-25 12:00:00",
            "1, 2",
        ):
            assert said in shown, said
        assert "not served" not in shown
        assert 'method="post" action="/help-buttons' not in opened.page("/help-buttons")
    with unlocked(desk) as home:
        record_drill(home, HelpDrill(number, today(), 20, 19), today=today())
        assert any("sightings of presses listed" in line for line in home.casebook.log.lines())
    with open_desk(desk.home) as opened:
        assert "not served: a drill is due" in seen(opened.page("/help-buttons"))


def test_without_a_place_the_page_says_so(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        shown = seen(opened.page("/help-buttons"))
    assert "There is no place yet." in shown
    assert "There is no press yet." in shown


def test_the_figure_of_a_place_is_the_lower_bound_of_its_own_drills() -> None:
    assert heard_at_least(0, 0) == heard_at_least(0, 20) == 0
    assert abs(heard_at_least(60, 60) - 0.05 ** (1 / 60)) < 1e-6
    assert heard_at_least(92, 93) >= 0.95 > heard_at_least(91, 93)
