"""The pages in a real Firefox at "Safest": by keyboard, on a narrow screen, in both directions, and without asking
anybody else for anything."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from crypto.wordlist import WORD_AT
from tests.tipline.site_stage import Stage
from tipline.demo.firefox import ENTER, TAB, Firefox
from tipline.languages import ENGLISH, Direction, Language

pytestmark = pytest.mark.browser


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Browsers hold connections open that they do not use yet: one thread for each."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged."""


@contextmanager
def served(stage: Stage) -> Iterator[str]:
    with make_server("127.0.0.1", 0, stage.site.wsgi_app, server_class=_Server, handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def sticks_out(firefox: Firefox) -> bool:
    """Whether anything lies beyond the width of the page."""
    measure = (
        "node => { const root = node.ownerDocument.documentElement; return root.scrollWidth > root.clientWidth; }"
    )
    return bool(firefox._run(measure, firefox._body()))


def is_on_one_line(firefox: Firefox, css: str, word: str) -> bool:
    """Whether ``word``, put where ``css`` points, is written without a break."""
    measure = """node => {
        node.textContent = '%s';
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getClientRects().length === 1;
    }"""
    return bool(firefox._run(measure % word, firefox._find(css)))


@pytest.mark.parametrize("language", [ENGLISH, Language("en", Direction.RIGHT_TO_LEFT)], ids=["ltr", "rtl"])
def test_a_whole_journey_fits_320_pixels_and_asks_nobody_else(tmp_path: Path, language: Language) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "browser").mkdir()
    photo = tmp_path / "a photo with quite a long name that does not break.jpg"
    photo.write_bytes(b"\xff\xd8" * 5000)
    stage = Stage(tmp_path / "site", language=language)
    try:
        with served(stage) as address, Firefox(tmp_path / "browser", width=320, height=640) as firefox:
            firefox.open(f"{address}/")
            assert not sticks_out(firefox)
            firefox.fill("#text", "W" * 60)
            firefox.attach("#files", [photo])
            firefox.press("form button[type=submit]")
            assert not sticks_out(firefox)
            words = [firefox.text(f"[data-passphrase] span:nth-of-type({number})") for number in range(1, 9)]
            assert is_on_one_line(firefox, "[data-passphrase] span", max(WORD_AT, key=len))
            firefox.press("form[action^='/kept'] button")
            assert not sticks_out(firefox)
            stage.reply("M" * 500, stage.read_one().mailbox)
            firefox.open(f"{address}/return")
            firefox.fill("#passphrase", " ".join(words[:7]))
            firefox.press("form button[type=submit]")
            assert not sticks_out(firefox)
            firefox.fill("#passphrase", " ".join(words))
            firefox.press("form button[type=submit]")
            assert not sticks_out(firefox)
            assert "M" * 500 in firefox.text(".reply").replace("\n", "")
            firefox.press("input[name=reply]", loads=False)
            firefox.press("button[value=ticked]")
            assert "Deleted" in firefox.text("h1")
            firefox.press("a.leave")
            assert not sticks_out(firefox)
            assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
    finally:
        stage.close()


def test_the_keyboard_leaves_at_once_and_goes_through_the_form_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "browser").mkdir()
    stage = Stage(tmp_path / "site")
    try:
        with served(stage) as address, Firefox(tmp_path / "browser") as firefox:
            firefox.open(f"{address}/")
            focused = []
            for _ in range(6):
                firefox.press_key(TAB)
                focused.append(firefox.focused())
            assert focused[0] == "Leave now"
            assert focused[1:3] == ["Been here before? Read our answer", "In danger right now?"]
            assert focused[5] == "Send"
            for path in ("/return", "/nothing"):
                firefox.open(f"{address}{path}")
                firefox.press_key(TAB)
                assert firefox.focused() == "Leave now"
            firefox.press_key(ENTER, loads=True)
            assert firefox.address() == f"{address}/left"
    finally:
        stage.close()
