"""The driver of the real Firefox, against a small site on loopback."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.errors import BrowserError
from demo.firefox import ASKED, BROKEN, FAILED, LOADED, STEP_SECONDS, TAB, Firefox
from lab.traffic.tap import Tap
from tests.end_to_end.static_site import StaticSite, serving

pytestmark = pytest.mark.browser

AT_ONCE_SECONDS = 3.0
"""A new Firefox asks its makers for news within the first one, if it does at all."""

FORM = """<!doctype html><meta charset=utf-8><title>form</title>
<body><a href="/second">first link</a><p id=said>Nothing ran.</p>
<script>document.getElementById("said").textContent = "A script ran."</script>
<svg id=drawing width=50 height=50><rect width=50 height=50 /></svg>
<form method=post action=/sent enctype=multipart/form-data>
<textarea name=text>old words</textarea><input type=file name=files multiple>
<p style="height: 3000px">far below</p><button>Send</button></form></body>"""
PAGES = {
    "/": FORM,
    "/sent": "<title>sent</title><p id=thanks data-note=kept>Thanks</p>",
    "/second": "<p>Second</p>",
}


@pytest.fixture(scope="module")
def site() -> Iterator[StaticSite]:
    with serving(PAGES) as site:
        yield site


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("profile")) as window:
        yield window


@contextlib.contextmanager
def patience(window: Firefox, seconds: float) -> Iterator[None]:
    """Within the block the window waits so long for each step."""
    before, window.step_seconds = window.step_seconds, seconds
    try:
        yield
    finally:
        window.step_seconds = before


@pytest.fixture
def own_window(tmp_path: Path) -> Iterator[Firefox]:
    """For what breaks off: the late end of a load that broke can end the next page that its window opens."""
    with Firefox(tmp_path / "profile") as window:
        yield window


def test_a_form_with_text_and_two_files_is_filled_and_sent_without_javascript(
    window: Firefox, site: StaticSite, tmp_path: Path
) -> None:
    (tmp_path / "доклад.pdf").write_bytes(b"first \x00 file")
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    window.open(f"{site.address}/")
    window.fill("textarea", "Line one\nстрока два — 🌱")
    window.attach("input[type=file]", [tmp_path / "доклад.pdf", tmp_path / "b.bin"])
    window.press("button")
    assert window.text("#thanks") == "Thanks"
    assert window.attribute("#thanks", "data-note") == "kept"
    assert window.address() == f"{site.address}/sent"
    [body] = site.posted
    assert "Line one\r\nстрока два — 🌱\r\n".encode() in body
    assert b"old words" not in body
    assert 'filename="доклад.pdf"'.encode() in body
    assert b"first \x00 file" in body
    assert bytes(range(256)) in body


def test_scripts_and_drawings_of_the_page_are_off(window: Firefox, site: StaticSite) -> None:
    window.open(f"{site.address}/")
    assert window.text("#said") == "Nothing ran."
    assert window.page.run("node => node.getBoundingClientRect().width", window.page.find("#drawing")) == 0


def test_the_keyboard_alone_follows_the_first_link(window: Firefox, site: StaticSite) -> None:
    window.open(f"{site.address}/")
    window.press_key(TAB)
    assert window.focused() == "first link"
    window.press_key("\ue007", loads=True)
    assert window.text() == "Second"


def test_only_the_site_was_asked_for_anything(window: Firefox, site: StaticSite) -> None:
    window.hosts_asked()
    window.open(f"{site.address}/")
    assert window.hosts_asked() == {"127.0.0.1"}


def test_a_screenshot_holds_the_whole_page_at_the_width_asked_for(
    window: Firefox, site: StaticSite, tmp_path: Path
) -> None:
    window.set_viewport(320, 640)
    window.open(f"{site.address}/")
    window.screenshot(tmp_path / "page.png")
    picture = (tmp_path / "page.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 320
    assert height > 3000


def test_a_missing_element_is_named(window: Firefox, site: StaticSite) -> None:
    window.open(f"{site.address}/second")
    with pytest.raises(BrowserError, match="no element '#absent' on the page at /second"):
        window.press("#absent")


def test_a_press_in_vain_is_told_from_an_answer_that_does_not_come(window: Firefox, site: StaticSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        site.pages["/deaf"] = (
            f'<!doctype html><p>No link.</p><a href="http://127.0.0.1:{deaf.getsockname()[1]}/">No one</a>'
        )
        window.open(f"{site.address}/deaf")
        with patience(window, 1.0), pytest.raises(BrowserError, match="pages asked for: 0"):
            window.press("p")
        # By then a slow one has asked.
        with patience(window, 5.0), pytest.raises(BrowserError, match="pages asked for: 1"):
            window.press("a")
        window.open(
            f"{site.address}/second"
        )  # or its failure, when no one listens any more, comes in the next test


@pytest.mark.parametrize("kind", [LOADED, FAILED, BROKEN])
def test_what_becomes_late_of_a_page_that_was_open_before_a_press_is_not_the_page_that_follows(
    window: Firefox, site: StaticSite, kind: str
) -> None:
    site.pages["/quiet"] = "<!doctype html><p>No link.</p>"
    window.open(f"{site.address}/quiet")
    asked = [event for event in window._bidi.events(ASKED) if event["request"]["url"].endswith("/quiet")]
    earlier = asked[-1]["navigation"]
    assert earlier is not None
    window.hosts_asked()

    def press_in_vain() -> None:
        with window._waiting(loads=True):
            window.page.click(window.page.find("p"))
            window._bidi._events.append((kind, {"context": window._top, "navigation": earlier}))

    with patience(window, 0.5), pytest.raises(BrowserError, match=r"took too long.*; pages asked for: 0"):
        press_in_vain()


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"])
def test_a_form_whose_answer_breaks_off_is_told_at_once_with_the_reason(
    own_window: Firefox, site: StaticSite, answer: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.pages["/broken"] = (
            f'<!doctype html><form method=post action="http://127.0.0.1:{listener.getsockname()[1]}/">'
            "<button>Send</button></form>"
        )
        # A browser may leave a connection unused, so each has someone of its own, who keeps no run from ending.
        for _ in range(4):
            threading.Thread(target=hang_up, args=(listener, answer), daemon=True).start()
        try:
            own_window.open(f"{site.address}/broken")
            begin = time.monotonic()
            with pytest.raises(BrowserError, match=r"cannot be reached \(NS_ERROR_NET_\w+\); pages asked for: 1"):
                own_window.press("button")
            assert time.monotonic() - begin < STEP_SECONDS / 2
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def hang_up(listener: socket.socket, answer: bytes) -> None:
    """On one who comes, after a beginning of an answer."""
    with contextlib.suppress(OSError):
        caller, _ = listener.accept()
        with caller:
            if caller.recv(65536):
                caller.sendall(answer)
            caller.shutdown(socket.SHUT_RDWR)


def test_a_new_browser_asks_nobody_but_the_site(tmp_path: Path, site: StaticSite) -> None:
    port = int(site.address.rpartition(":")[2])
    with Tap("site.example", port) as tap, Firefox(tmp_path / "profile", socks_port=tap.port) as window:
        window.open("http://site.example/second")
        assert window.text("p") == "Second"
        time.sleep(AT_ONCE_SECONDS)
        assert tap.strangers == []


def test_an_address_where_nobody_answers_is_an_error(window: Firefox) -> None:
    with pytest.raises(BrowserError, match="navigate"):
        window.open("http://127.0.0.1:9/")


def test_without_its_socks_port_firefox_reaches_nothing(tmp_path: Path, site: StaticSite) -> None:
    with Firefox(tmp_path / "profile", socks_port=9) as window, pytest.raises(BrowserError):
        window.open(f"{site.address}/")


def test_nothing_of_firefox_is_left_when_it_is_closed(tmp_path: Path) -> None:
    with Firefox(tmp_path / "profile"):
        assert processes_that_name(tmp_path)
    assert not processes_that_name(tmp_path)


def processes_that_name(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = entry.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(folder).encode() in arguments:
            found.append(arguments.decode(errors="replace"))
    return found
