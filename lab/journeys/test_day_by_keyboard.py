"""From the list of tips to a sealed answer by the keyboard alone, in a real Firefox."""

from pathlib import Path

import pytest

from demo.firefox import ENTER, Firefox
from lab.accessibility.inside_firefox import in_window
from lab.accessibility.keyboard import walk
from lab.journeys.day_deeds import focused_id, tabbed_to
from lab.journeys.day_office import Office, at_the_desk
from tests.reviewer.desk_stage import Desk

pytestmark = pytest.mark.browser

IN_FRONT = "async () => { window.focus(); window.gBrowser.selectedBrowser.focus(); }"


def test_the_keyboard_alone_leads_from_the_list_through_a_tip_and_its_answer_to_the_seal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(Desk(tmp_path, capsys))
    second, tip = office.second, office.tip(1)
    second.do("import", second.home, office.file)
    second.do("owner", second.home, tip, "--to", "second")
    # The desk has no script; the tester's tool runs beside its pages, and puts the window in front.
    with Firefox(tmp_path / "profile", scripts=True) as window, at_the_desk(window, second.home) as site:
        window.open(f"{site}/")
        in_window(window, IN_FRONT)
        tabbed_to(window, lambda: "El jefe de la finca" in window.focused())
        window.press_key(ENTER, loads=True)
        assert tip in window.text("h1")
        tabbed_to(window, lambda: window.focused() == "Answer")
        window.press_key(ENTER)
        tabbed_to(window, lambda: focused_id(window) == "reply", most=12)
        window.page.keys([(move, letter) for letter in "Estamos con usted." for move in ("down", "up")])
        tabbed_to(window, lambda: window.focused() == "Show what the source will see", most=2)
        window.press_key(ENTER, loads=True)
        tabbed_to(window, lambda: window.focused() == "Seal the answer")
        window.press_key(ENTER, loads=True)
        assert "Estamos con usted." in window.text(".reply")
        way = walk(window)
        places = list(dict.fromkeys(stop.place for stop in way.there))  # a day has three stops, for one field
        assert places == list(range(len(places)))
        assert [stop.name for stop in (*way.there, *way.back) if not stop.outline] == []
        tabbed_to(window, lambda: window.focused() == "Take back")
        window.press_key(ENTER, loads=True)
        assert window.count(".reply") == 0
    assert second.show(tip)["replies"] == []
