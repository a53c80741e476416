"""The desk in a real Firefox, as the command serves it: hostile tips do nothing, and everyone can read it."""

import base64
import io
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.firefox import ENTER, TAB, Firefox
from lab.accessibility.axe import faults
from tests.end_to_end.test_site_in_firefox import sticks_out
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.test_desk_tips import HOSTILE
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.tipline.processes import ended_after

pytestmark = pytest.mark.browser

ARABIC = "أعمل في بيت كبير منذ سنتين.\nرقمي +999 55 01 234 لكن لا تتصلوا بي.\nExample Street 5."
# A place in an EXIF block and no picture behind it: no page tells it, and no copy is made of it.
PIXEL = base64.b64decode("/9j/4QAwRXhpZgAASUkqAAgAAAABACWIBAABAAAAGgAAAAAAAAABAAEAAgACAAAATgAAAAAA/9k=")


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    return packed.getvalue()


FILES = [
    ("bomb.zip", "application/zip", zip_bomb()),
    ("form.pdf", "application/pdf", b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    ("place.jpg", "image/jpeg", PIXEL),
    ("photo\u202egpj.exe", "image/jpeg", b"MZ"),
    ("<img src=x onerror=alert(1)>", "text/html\x1b[2J", b"<script>document.title = 'owned'</script>"),
]


@contextmanager
def served(home: Path, *, ends_itself: bool = False, below: Sequence[str | Path] = ()) -> Iterator[str]:
    """The command in a process of its own; the address that it prints. Unless it ends by itself, Ctrl-C ends it.

    ``below`` is a command that starts it, such as one that mounts media first.
    """
    process = subprocess.Popen(
        [*below, sys.executable, "-c", PROGRAM, "--beside-network", "desk", home],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ended_after(process):
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            if not ends_itself:
                process.send_signal(signal.SIGINT)
            _out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """It would run scripts, were there any; the window is as wide as a telephone."""
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def test_a_hostile_tip_does_nothing_in_a_browser_that_would_run_it_and_axe_finds_nothing(
    desk: Desk, firefox: Firefox
) -> None:
    hostile, arabic = desk.take_in(
        desk.server.seal(
            fields=[("text", HOSTILE + "W" * 20_000), ("language", "\u202e<b>")], files=FILES, mailbox=a_mailbox()
        ),
        desk.server.seal(
            fields=[("text", ARABIC), ("urgent", "yes")],
            files=[("صورة.jpg", "image/jpeg", photos.jpeg()), ("film.mp4", "video/mp4", b"\0\0\0\x18ftypmp42")],
            mailbox=a_mailbox(2),
            submission_id=b"2" * 16,
        ),
    )
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        assert firefox.address() == f"{site}/"
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{hostile}")
        assert "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>" in firefox.text("article")
        assert firefox.page.run("node => node.ownerDocument.title", firefox.page.body()) == f"Tip {hostile}"
        assert firefox.count("article :is(script, img, iframe, object), article a:not([href^='/'])") == 0
        assert "photoU+202Egpj.exe" in firefox.text(".files")
        assert unfit(firefox) == []
        firefox.fill("#clean-folder", str(desk.folder / "hostile"))
        firefox.press("form[action$='/save-clean'] button")
        assert "does not lie in memory" in firefox.text("form[action$='/save-clean']")
        assert unfit(firefox) == []
        firefox.press("form[action$='/save-clean'] button[name=on_disk]")
        assert "no clean copy can be made of 5 of 5 files" in firefox.text("form[action$='/save-clean']")
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{arabic}")
        assert unfit(firefox) == []
        firefox.fill("#clean-folder", str(desk.folder / "to hand on"))
        firefox.press("input[name=leave_out]", loads=False)
        firefox.press("form[action$='/save-clean'] button")
        firefox.press("form[action$='/save-clean'] button[name=on_disk]")
        assert "sent as صورة.jpg" in firefox.text(".files")
        assert unfit(firefox) == []
        firefox.open(f"{site}/telephone")
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{arabic}")
        firefox.fill("#case-name", "The house")
        firefox.press("form[action$='/case'] button")
        assert "case 1: The house" in firefox.text(".marks")
        assert unfit(firefox) == []
        firefox.open(f"{site}/case/1")
        assert unfit(firefox) == []
        firefox.open(f"{site}/cases")
        assert unfit(firefox) == []
        firefox.open(f"{site}/")
        firefox.press("summary", loads=False)
        assert unfit(firefox) == []
        firefox.open(f"{site}/saved")
        assert unfit(firefox) == []
        firefox.press("form[action$='/destroy'] button")
        assert "A disk may still hold them" in firefox.text(".told")
        assert not (desk.folder / "to hand on").exists()
        firefox.open(f"{site}/tip/{arabic}")
        firefox.press(".files a[href*='/quarantine/']")
        assert unfit(firefox) == []
        firefox.press("form[action*='/quarantine/'] button")
        assert firefox.count("h2:not([id])") >= 3
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{arabic}")
        assert "In quarantine since" in firefox.text(".files")
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{hostile}")
        file = firefox.attribute("#what option[value^='file-']", "value")
        firefox.open(f"{site}/rounds")
        assert unfit(firefox) == []
        for path in (f"tip/{hostile}/delete?what={file}", f"tip/{arabic}/delete", "bin", "retention", "proposals"):
            firefox.open(f"{site}/{path}")
            assert unfit(firefox) == [], path
        firefox.open(f"{site}/search")
        firefox.fill("#words", "٥٥ ٠١")
        firefox.press("form[role=search] button")
        assert firefox.text("mark") == "55 01"
        assert unfit(firefox) == []
        firefox.press("form[action='/lock'] button")
        assert "Locked" in firefox.text("h1")
        assert unfit(firefox) == []
        firefox.press("form[action='/unlock'] button")
        assert arabic in firefox.text("main")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}


@pytest.mark.parametrize("tag", ["es", "fr", "ar"])
def test_in_each_language_nothing_sticks_out_of_a_telephone_and_axe_finds_nothing(
    desk: Desk, firefox: Firefox, tag: str
) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(fields=[("text", ARABIC), ("urgent", "yes")], files=FILES, mailbox=a_mailbox())
    )
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        choose = f"node => {{ node.ownerDocument.querySelector('#desk-language').value = '{tag}' }}"
        firefox.page.run(choose, firefox.page.body())
        firefox.press("footer button")
        assert firefox.attribute("html", "lang") == tag
        for path in ("", "/search", "/cases", "/rounds", "/people", "/retention", "/numbers", "/telephone"):
            firefox.open(f"{site}{path or '/'}")
            assert unfit(firefox) == [], path
        for path in ("", "/look/3", "/delete"):
            firefox.open(f"{site}/tip/{short_id}{path}")
            assert unfit(firefox) == [], path


def unfit(firefox: Firefox) -> list[str]:
    """Faults on a narrow screen, or for a person who sees little."""
    return [*(["something sticks out"] if sticks_out(firefox) else []), *faults(firefox)]


def test_the_keyboard_reaches_everything_in_its_order_and_the_page_stops_the_desk(
    desk: Desk, firefox: Firefox
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with served(desk.home, ends_itself=True) as address:
        firefox.open(address)
        focused = []
        while "What I saw." not in focused and len(focused) < 40:
            firefox.press_key(TAB)
            focused.append(firefox.focused())
        ways = ["To the content", "Tips", "Search", "Cases", "Links", "Factories", "Rounds", "People"]
        assert focused[: len(ways)] == ways
        firefox.press_key(ENTER, loads=True)
        assert short_id in firefox.text("h1")
        firefox.fill("#reply", "We read it.")
        firefox.press_key(TAB)
        assert firefox.focused() == "Show what the source will see"
        # This Firefox takes keys of a test for links and fields, and for no button of any page.
        firefox.press("form[action$='/reply'] button")
        assert "We read it." in firefox.text(".source-page")
        firefox.press("form[action$='/seal'] button")
        assert "We read it." in firefox.text(".reply")
        firefox.press("form[action='/stop'] button")
        assert "has ended" in firefox.text("main")
    assert desk.json("show", desk.home, short_id)["replies"][0]["text"] == "We read it."
