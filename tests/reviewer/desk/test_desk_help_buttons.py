"""The page of buttons for help at the desk: places, drills and presses, and what is to be taken down."""

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
    with unlocked(desk) as home:
        record_drill(home, HelpDrill(number, today(), 20, 19), today=today())
        assert any("sightings of presses listed" in line for line in home.casebook.log.lines())
    with open_desk(desk.home) as opened:
        assert "not served: a drill is due" in seen(opened.page("/help-buttons"))


def test_at_the_desk_leaflets_still_hang_until_each_is_ticked_off(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home, today=today())
    with open_desk(desk.home) as opened:
        opened.post("/help-buttons/place/1/take-down", leaflets="leaflet inside of door 2\r\n\r\nposter\r\n")
        shown = seen(opened.page("/help-buttons"))
        assert "Leaflets still hang at Harbour clinic" in shown
        for name in ("leaflet inside of door 2", "poster", "button 1"):
            assert name in shown
        for path, fields in (("down/1", {"by": " "}), ("take-down", {"leaflets": "poster\n" + "x" * 61})):
            refused = opened.post(f"/help-buttons/place/1/{path}", **fields)
            assert refused.status_code == 422
            assert "Not done" in seen(refused.text)
        for number in (1, 2, 3):
            assert "Leaflets still hang" in seen(opened.page("/help-buttons"))
            opened.post(f"/help-buttons/place/1/down/{number}", by="Anna")
        assert "Leaflets still hang" not in seen(opened.page("/help-buttons"))


def test_without_a_place_the_page_says_so(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        shown = seen(opened.page("/help-buttons"))
    assert "There is no place yet." in shown
    assert "There is no press yet." in shown


def test_the_figure_of_a_place_is_the_lower_bound_of_its_own_drills() -> None:
    assert heard_at_least(0, 0) == heard_at_least(0, 20) == 0
    assert abs(heard_at_least(60, 60) - 0.05 ** (1 / 60)) < 1e-6
    assert heard_at_least(92, 93) >= 0.95 > heard_at_least(91, 93)
