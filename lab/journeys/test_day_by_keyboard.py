"""A day by the keyboard alone, in a real Firefox: answer, rounds, evidence, deletion and people."""

from pathlib import Path

import pytest

from demo.firefox import ENTER, Firefox
from lab.accessibility.inside_firefox import in_window
from lab.accessibility.keyboard import walk
from lab.journeys.day_deeds import focused_id, tabbed_to, verified_by_a_stranger
from lab.journeys.day_office import Office, at_the_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver

pytestmark = pytest.mark.browser

SPACE, UP, DOWN = " ", "\ue013", "\ue015"
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
        typed(window, "Estamos con usted.")
        tabbed_to(window, lambda: window.focused() == "Show what the source will see", most=2)
        window.press_key(ENTER, loads=True)
        tabbed_to(window, lambda: window.focused() == "Seal the answer")
        window.press_key(ENTER, loads=True)
        assert "Estamos con usted." in window.text(".reply")
        walked(window)
        tabbed_to(window, lambda: window.focused() == "Take back")
        window.press_key(ENTER, loads=True)
        assert window.count(".reply") == 0
    assert second.show(tip)["replies"] == []


def test_rounds_evidence_a_deletion_and_a_new_person_are_done_by_the_keyboard_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(Desk(tmp_path, capsys))
    desk, tip = office.desk, office.tip(3)
    (tmp_path / "receiver").mkdir()
    receiver = Receiver(tmp_path / "receiver")
    with (
        Firefox(tmp_path / "profile", scripts=True) as window,
        at_the_desk(window, desk.home, *office.unlock) as site,
    ):
        in_window(window, IN_FRONT)
        went_to(window, "Rounds")
        field(window, "rounds-take_in", str(office.file))
        pressed(window, "Take it in")
        assert "40 new submissions" in window.text(".told")
        walked(window)

        window.open(f"{site}/tip/{tip}")
        went_to(window, "Evidence package")
        walked(window)
        for name in ("passage", "file"):
            tabbed_to(window, lambda name=name: focused_name(window) == name)
            window.press_key(SPACE)
        field(window, "receiver", "Prosecutor, file 12")
        field(window, "to", receiver.key)
        pressed(window, "Show what would leave")
        assert window.text("h1") == "What would leave"
        walked(window, has_radios=True)
        tabbed_to(window, lambda: focused_name(window) == "place")
        window.press_key(UP)  # from the first place to the last: a folder that is named
        tabbed_to(window, lambda: focused_name(window) == "folder", most=2)
        typed(window, str(receiver.folder / "got"))
        pressed(window, "Write the package")
        assert window.text("h1") == "The package is written"
        digits = window.text(".digits").replace(" ", "").replace("\n", "")
        walked(window)

        window.open(f"{site}/tip/{tip}")
        tabbed_to(window, lambda: window.focused().strip() == "Keep or delete")  # the page is long: its jump there
        window.press_key(ENTER)
        pressed(window, "Show what would go")
        walked(window)
        tabbed_to(window, lambda: focused_id(window) == "because")
        for _reason in ("junk", "duplicate", "asked"):
            window.press_key(DOWN)
        pressed(window, "Delete for good")
        assert tip not in window.source()

        went_to(window, "People")
        walked(window, has_radios=True)
        field(window, "add-name", "Noor")
        tabbed_to(window, lambda: focused_name(window) == "role", most=2)
        window.press_key(SPACE)
        for name in ("add-passphrase", "add-again"):
            field(window, name, "six words that no one has")
        pressed(window, "Add")
        assert "Noor" in window.text("ul.people")
    verified_by_a_stranger(receiver, digits)


def went_to(window: Firefox, words: str) -> None:
    """Follow the link with these words."""
    tabbed_to(window, lambda: words in window.focused() and window.focused().strip().startswith(words))
    window.press_key(ENTER, loads=True)


def field(window: Firefox, identifier: str, text: str) -> None:
    tabbed_to(window, lambda: focused_id(window) == identifier)
    typed(window, text)


def pressed(window: Firefox, words: str) -> None:
    """Press the button with these words."""
    tabbed_to(window, lambda: window.focused().strip() == words)
    window.press_key(ENTER, loads=True)


def typed(window: Firefox, text: str) -> None:
    window.page.keys([(move, letter) for letter in text for move in ("down", "up")])


def focused_name(window: Firefox) -> str:
    return str(window.page.run("node => node.ownerDocument.activeElement.name", window.page.body()))


def walked(window: Firefox, *, has_radios: bool = False) -> None:
    """Tab leads through the whole page in the order in which it is read, and what has the focus is seen.

    Of a group of radio buttons Tab reaches one; arrows lead to the others. So the way ends (-1) early.
    """
    way = walk(window)
    places = list(dict.fromkeys(stop.place for stop in way.there))  # a day has three stops, for one field
    reached = places[: places.index(-1)] if -1 in places else places
    if has_radios:
        assert reached == sorted(reached)
        assert reached[0] == 0
        assert len(way.names) - len(reached) < len([one for one in way.names if one.startswith("input")])
    else:
        assert places == list(range(len(places)))
    # After the end of the page the focus is in the window, and the way back begins there.
    in_window(window, IN_FRONT)
    seen = way.there[: len(reached)] if has_radios else (*way.there, *way.back)
    assert [stop.name for stop in seen if not stop.outline] == []
