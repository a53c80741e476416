"""The desk's own Firefox: its profile lies in memory, keeps nothing that it showed, and its link is in no argument.

A real Firefox each time; a control shows that the same search finds what a profile of everyday use keeps.
"""

import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from demo.bidi import BidiConnection
from demo.errors import BrowserError
from demo.shown_page import ShownPage
from reviewer.desk.browser import MemoryBrowser, memory_browser
from system.memory_folders import lies_in_memory, memory_place
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.tipline.processes import ended_after, eventually

pytestmark = pytest.mark.browser

WORDS, DRAWN, HEARD = b"canary-words-51c7", b"canary-drawn-8e02", b"canary-heard-3bd9"
LISTENING = re.compile(r"ws://(?:127\.0\.0\.1|localhost):\d+")
SOUND_BYTES = 24 << 20
"""More than a media cache keeps in memory by default."""


def _sound() -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        pattern = HEARD + bytes(3)
        file.writeframes(pattern * (SOUND_BYTES // len(pattern) // 4 * 4))
    return made.getvalue()


def _picture() -> bytes:
    made, notes = BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", DRAWN.decode("ascii"))
    Image.new("RGB", (64, 64), (200, 30, 30)).save(made, "PNG", pnginfo=notes)
    return made.getvalue()


PARTS = {
    "/": (
        "text/html",
        b"<!doctype html><title>look</title><p>" + WORDS + b"</p><img src=/picture.png>"
        b"<audio src=/sound.wav preload=auto controls></audio>",
    ),
    "/picture.png": ("image/png", _picture()),
    "/sound.wav": ("audio/wav", _sound()),
}


class _Pages(http.server.BaseHTTPRequestHandler):
    """A page, a picture and a sound that a browser may keep as long as it likes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, content = PARTS.get(self.path, ("text/plain", b""))
        first, behind = 0, len(content)
        if asked := re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, behind = int(asked[1]), int(asked[2]) + 1 if asked[2] else behind
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{behind - 1}/{len(content)}")
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "max-age=86400")
        self.send_header("Content-Length", str(behind - first))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content[first:behind])
        if self.path == "/sound.wav" and behind == len(content):
            self.server.heard.set()  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def _pages() -> Iterator[tuple[str, threading.Event]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.heard = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", server.heard  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _held(*folders: Path) -> set[bytes]:
    """The canaries in any file below, also in a file that is open and has no name any more."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    content = path.read_bytes()
                    found |= {one for one in (WORDS, DRAWN, HEARD) if one in content}
    return found


def _open_without_a_name(*, on_a_disk: bool) -> set[bytes]:
    """The canaries in files that some Firefox has open and that were deleted, as its media cache is."""
    found = set()
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            target = str(opened.readlink())
            is_temporary = target.endswith("(deleted)") and "memfd:" not in target and "/org.mozilla" not in target
            if is_temporary and "firefox" in opened.parent.parent.joinpath("comm").read_text().lower():
                is_on_disk = not target.startswith(("/dev/shm/", "/run/user/"))  # noqa: S108 -- told, not used
                if is_on_disk == on_a_disk:
                    content = opened.read_bytes()
                    found |= {one for one in (WORDS, DRAWN, HEARD) if one in content}
    return found


def test_after_text_a_picture_and_a_sound_its_folder_and_the_home_hold_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    with _pages() as (address, heard), memory_browser() as browser:
        assert lies_in_memory(browser.folder)
        assert browser.folder.stat().st_mode & 0o777 == 0o700
        browser.start(address, arguments=("--headless",))
        assert heard.wait(90)
        time.sleep(2)  # what it writes late, it writes within a second
        assert browser.is_running()
        assert (browser.folder / "profile" / "user.js").stat().st_mode & 0o777 == 0o600
        assert _held(browser.folder, home) == set()
        assert _open_without_a_name(on_a_disk=True) | _open_without_a_name(on_a_disk=False) == set()
        folder = browser.folder
        _end_softly(browser)
        assert _held(folder, home) == set()
    assert not folder.exists()
    assert list(home.iterdir()) == []


def test_the_control_finds_all_three_in_a_profile_of_everyday_use(tmp_path: Path) -> None:
    profile, home = tmp_path / "profile", tmp_path / "home"
    profile.mkdir()
    home.mkdir()
    (profile / "user.js").write_text('user_pref("browser.aboutwelcome.enabled", false);\n', encoding="ascii")
    program = shutil.which("firefox-esr")
    assert program is not None
    with _pages() as (address, _heard):
        process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", profile, address],
            env={"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with ended_after(process):
            held: set[bytes] = set()

            def all_three() -> bool:
                held.update(_held(profile, home) | _open_without_a_name(on_a_disk=True))
                return {WORDS, DRAWN, HEARD} <= held

            assert eventually(all_three, seconds=90), held


def _end_softly(browser: MemoryBrowser) -> None:
    """As when its window is closed: it writes what it writes at its end."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = command.read_bytes().split(b"\0")
            if str(browser.folder / "profile").encode() in words:
                os.kill(int(command.parent.name), signal.SIGTERM)
    assert eventually(lambda: not browser.is_running())


def _command_lines() -> bytes:
    said = b""
    for kind in ("cmdline", "environ"):
        for path in Path("/proc").glob(f"[0-9]*/{kind}"):
            with suppress(OSError):
                said += path.read_bytes() + b"\n"
    return said


def test_the_command_opens_the_desk_in_it_and_closing_either_ends_both(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    place = memory_place()
    assert place is not None
    above = place / f"tipline-desk-{os.getuid()}"
    before = set(above.iterdir()) if above.exists() else set()
    log = tmp_path / "firefox.log"
    # Firefox without a screen, and with a way for the test to press: the rest is as staff have it.
    wrapper = tmp_path / "bin" / "firefox-esr"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\nexec {shutil.which("firefox-esr")} --headless --remote-debugging-port 0 "$@" 2>{log}\n',
        encoding="utf-8",
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--beside-network", "desk", desk.home, "--browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ended_after(process):
        assert eventually(lambda: log.exists() and LISTENING.search(log.read_text()) is not None)
        (address,) = LISTENING.findall(log.read_text())[:1]
        bidi = BidiConnection(f"{address}/session", timeout_seconds=60)
        try:
            bidi.call("session.new", capabilities={})
            (tab,) = bidi.call("browsingContext.getTree")["contexts"]
            assert eventually(lambda: "/open/" not in _address(bidi) and "127.0.0.1" in _address(bidi))
            (folder,) = set(above.iterdir()) - before
            link = re.search(
                r'"(http://127\.0\.0\.1:\d+/open/[^"]+)"', (folder / "profile" / "user.js").read_text()
            )
            assert link is not None
            token = link[1].rpartition("/")[2]
            assert token.encode() not in _command_lines()
            shot = bidi.call(
                "browsingContext.locateNodes", context=tab["context"], locator={"type": "css", "value": "h1"}
            )
            assert shot["nodes"]
            page = ShownPage(bidi, tab["context"])
            assert short_id in _shown(page)
            # A locked desk begins again in its own process, and the same browser goes on.
            page.click(page.find("form[action='/lock'] button"))
            assert eventually(lambda: "Locked" in _shown(page))
            page.click(page.find("form[action='/unlock'] button"))
            assert eventually(lambda: short_id in _shown(page))
            assert process.poll() is None
            bidi.call("browser.close")
        finally:
            bidi.close()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out == ""
    assert token not in err
    assert "Traceback" not in err
    assert not folder.exists()
    desk.do("list", desk.home)  # the home is free again


def _address(bidi: BidiConnection) -> str:
    contexts = bidi.call("browsingContext.getTree")["contexts"]
    return str(contexts[0]["url"])


def _shown(page: ShownPage) -> str:
    """The text of the page; empty while another one is loading."""
    try:
        return str(page.run("node => node.innerText", page.find("main")))
    except BrowserError:
        return ""
