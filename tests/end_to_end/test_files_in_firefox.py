"""The page for files in a real Firefox at "Safest", on loopback: how it looks, and what impatient people press."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.errors import BrowserError
from demo.firefox import TAB, Firefox
from tests.end_to_end.site_in_firefox import site_in_firefox, sticks_out
from tests.slow_line import SlowLine
from tests.tipline.pages.right_to_left import right_to_left

pytestmark = pytest.mark.browser

MIB = 1 << 20


def shown(window: Firefox, path: str) -> str:
    """The text of a frame; empty while it is being loaded."""
    try:
        with window.inside(path):
            return " ".join(window.text("main").split())
    except BrowserError:
        return ""


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.1)


def test_nothing_sticks_out_at_320_pixels_before_during_and_after_an_upload_pressed_twice_which_is_one_submission(
    tmp_path: Path, firefox: Firefox
) -> None:
    photo = tmp_path / "a photo with quite a long name that does not break.jpg"
    photo.write_bytes(bytes(6 * MIB))
    with (
        site_in_firefox(tmp_path, firefox, languages=right_to_left(), width=320, height=640) as site,
        SlowLine(int(site.address.rpartition(":")[2]), bytes_per_second=MIB // 4) as line,
    ):
        firefox.open(f"http://127.0.0.1:{line.port}/files")
        for number in (1, 2):
            firefox.press(f"main > details:nth-of-type({number}) summary", loads=False)
        assert not sticks_out(firefox)
        firefox.fill("#text", "W" * 60)
        firefox.attach("#files", [photo])
        firefox.press("button.send", loads=False)
        firefox.press("button.send", loads=False)
        firefox.press("a[target=progress]", loads=False)  # sooner than the frame does it by itself
        eventually(lambda: "have arrived" in shown(firefox, "/files/progress"))
        with firefox.inside("/files/progress"):
            assert not sticks_out(firefox)
        line.bytes_per_second = 64 * MIB  # slow only until that was seen
        eventually(lambda: "Everything has arrived" in shown(firefox, "/files/send"))
        assert not sticks_out(firefox)
        with firefox.inside("/files/send"):
            firefox.press("summary", loads=False)
            assert not sticks_out(firefox)
            firefox.press("form button")
        assert len(firefox.text("[data-passphrase]").split()) == 8
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
        assert [name for name, _, _ in site.stage.read_one().files] == [photo.name]


def test_the_keyboard_leaves_first_and_what_was_typed_stays_when_something_is_refused(
    tmp_path: Path, firefox: Firefox
) -> None:
    with site_in_firefox(tmp_path, firefox) as site:
        firefox.open(f"{site.address}/files")
        firefox.press_key(TAB)
        assert firefox.focused() == "Leave now"
        firefox.press("button.send", loads=False)
        eventually(lambda: "There was nothing to send yet." in shown(firefox, "/files/send"))
        firefox.fill("#text", "now there is")
        firefox.press("button.send", loads=False)
        eventually(lambda: "Everything has arrived" in shown(firefox, "/files/send"))
        assert firefox.address() == f"{site.address}/files"
        assert site.stage.read_one().text == "now there is"


def test_where_the_browser_has_not_noticed_that_the_sending_broke_off_what_the_page_says_gets_it_through(
    tmp_path: Path, firefox: Firefox
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(bytes(6 * MIB))
    with (
        site_in_firefox(tmp_path, firefox) as site,
        SlowLine(int(site.address.rpartition(":")[2]), bytes_per_second=MIB // 4) as line,
    ):
        firefox.open(f"http://127.0.0.1:{line.port}/files")
        firefox.fill("#text", "seen at the harbour")
        firefox.attach("#files", [photo])
        firefox.press("button.send", loads=False)
        eventually(lambda: "have arrived" in shown(firefox, "/files/progress"))
        line.cut_unheard()
        eventually(lambda: "Sending stopped." in shown(firefox, "/files/progress"))
        # A browser sends no form of which it believes that it is still being sent.
        firefox.press("button.send", loads=False)
        way_out = "Press Send again. If it stays like this, press “Stop sending”, then Send again."
        eventually(lambda: way_out in shown(firefox, "/files/progress"))
        firefox.press("a[target=result]", loads=False)
        eventually(lambda: "You pressed “Stop sending”" in shown(firefox, "/files/send"))
        line.bytes_per_second = 64 * MIB
        firefox.press("button.send", loads=False)
        eventually(lambda: "Everything has arrived" in shown(firefox, "/files/send"))
        assert [name for name, _, _ in site.stage.read_one().files] == [photo.name]


def test_a_recorded_voice_arrives_bit_exact_alone_and_beside_a_photo(tmp_path: Path, firefox: Firefox) -> None:
    recording, photo = tmp_path / "recording.ogg", tmp_path / "photo.jpg"
    recording.write_bytes(b"OggS" + bytes(range(256)) * 1000)
    photo.write_bytes(b"\xff\xd8" + bytes(range(255, -1, -1)) * 1000)
    with site_in_firefox(tmp_path, firefox, width=320, height=640) as site:
        for number, chosen in enumerate(([], [photo]), start=1):
            firefox.open(f"{site.address}/files")
            recorder = [firefox.attribute("#voice", name) for name in ("type", "name", "accept", "capture")]
            assert recorder == ["file", "files", "audio/*", ""], "what opens the recorder of a telephone"
            assert "The recording stays on the phone until you delete it there." in firefox.text("#voice-hint")
            if chosen:
                firefox.attach("#files", chosen)
            firefox.attach("#voice", [recording])
            firefox.press("button.send", loads=False)
            eventually(lambda: "Everything has arrived" in shown(firefox, "/files/send"))
            sent = next(one for one in site.stage.read_all() if len(one.files) == number)
            assert {name: content for name, _, content in sent.files} == {
                one.name: one.read_bytes() for one in [*chosen, recording]
            }
