"""Controls a real Firefox ESR at "Safest": it clicks, types and chooses files as a person would.

JavaScript stays off in the pages. Code that reads an element or scrolls to it runs in the browser's own sandbox.
"""

import base64
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from demo.bidi import BidiConnection
from demo.child import Child, end_all_that_name
from demo.errors import BrowserError
from demo.profile import write_profile
from demo.shown_page import ShownPage

START_SECONDS = 60.0
STEP_SECONDS = 90.0
LOADED = "browsingContext.load"
FAILED = "browsingContext.navigationFailed"
BROKEN = "network.fetchError"
GIVEN_UP_BY_FIREFOX = "NS_BINDING_ABORTED"
"""The error of a request that another click broke off."""
ASKED = "network.beforeRequestSent"
# With a SOCKS port for loopback too, Firefox calls its own loopback by name; a bare system cannot look that up.
LISTENING = re.compile(rb"WebDriver BiDi listening on ws://(?:127\.0\.0\.1|localhost):(\d+)\s")
FOR_FIREFOX = {
    "MOZ_HEADLESS": "1",
    # Otherwise it takes "services.settings.server" of the profile for a mistake, and asks its makers for news.
    "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",
}
# Code points that WebDriver gives to keys.
ENTER, CONTROL, DELETE, TAB = "\ue007", "\ue009", "\ue017", "\ue004"


class Firefox:
    """One window of one browser with a profile of its own; the caller deletes its folder."""

    def __init__(
        self,
        folder: Path,
        *,
        socks_port: int | None = None,
        width: int = 1280,
        height: int = 900,
        scripts: bool = False,
        drawings: bool = False,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        """Start it.

        Args:
            folder: becomes its profile and its home.
            socks_port: all it may connect to, on 127.0.0.1; None to connect directly.
            width, height: of the page, in CSS pixels.
            scripts: let a tester's tool run beside the page, and read what a screen reader is told. No page of ours
                has any script, and no source allows them.
            drawings: show SVG, which only pages of the desk hold.
            step_seconds: the longest wait for an answer of the browser, or for a page.

        Raises:
            BrowserError: firefox is not installed or does not start.
        """
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if program is None:
            raise BrowserError("firefox-esr is not installed", hint="apt-get install firefox-esr")
        write_profile(folder, socks_port=socks_port, scripts=scripts, drawings=drawings)
        log = folder / "firefox.log"
        self._folder = folder
        self.step_seconds = step_seconds
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        command: list[str | Path] = [program, "--headless", "--no-remote", "--profile", folder]
        command += ["--remote-debugging-port", "0"]
        self._browser = Child(
            [*command, *(["--remote-allow-system-access"] if scripts else [])],
            log=log,
            env=kept | {"HOME": str(folder), "TMPDIR": str(folder)} | FOR_FIREFOX,
            cwd=folder,
        )
        try:
            self._bidi = BidiConnection(f"{self._remote_control(log)}/session", timeout_seconds=step_seconds)
        except BaseException:
            self._end()
            raise
        try:
            self._bidi.call("session.new", capabilities={})
            self._bidi.call("session.subscribe", events=[LOADED, FAILED, BROKEN, ASKED])
            self._top: str = self._bidi.call("browsingContext.getTree")["contexts"][0]["context"]
            self.page = ShownPage(self._bidi, self._top)
            self._asked_for: set[str | None] = set()
            self.set_viewport(width, height)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and everything it started. May be called twice."""
        try:
            if self._browser.running():
                self._bidi.call("browser.close")
        except BrowserError:
            pass  # it is ended below in any case
        finally:
            self._bidi.close()
            self._end()

    def open(self, address: str) -> None:
        """Go to an address and wait until the page is complete.

        Raises:
            BrowserError: it cannot be reached.
        """
        self._bidi.call("browsingContext.navigate", context=self.page.context, url=address, wait="complete")

    def load_again(self) -> None:
        """Load the page again, and with it send the form again that it answers; wait until it is complete.

        Raises:
            BrowserError: it cannot be reached.
        """
        self._bidi.call("browsingContext.reload", context=self.page.context, wait="complete")

    def press(self, selector: str, *, loads: bool = True) -> None:
        """Click an element; with ``loads``, wait until the page that follows is complete.

        Raises:
            BrowserError: there is no such element, or the page that follows cannot be reached.
        """
        with self._waiting(loads=loads):
            self.page.click(self.page.find(selector))

    def press_key(self, key: str, *, loads: bool = False) -> None:
        """Press one key, for example :data:`TAB` or :data:`ENTER`, wherever the focus is."""
        with self._waiting(loads=loads):
            self.page.keys([("down", key), ("up", key)])

    def fill(self, selector: str, text: str) -> None:
        """Replace the content of a field by ``text``.

        Raises:
            BrowserError: there is no such element.
        """
        self.page.click(self.page.find(selector))
        self.page.keys(
            [("down", CONTROL), ("down", "a"), ("up", "a"), ("up", CONTROL), ("down", DELETE), ("up", DELETE)]
        )
        typed = [ENTER if letter == "\n" else letter for letter in text]
        self.page.keys([(move, key) for key in typed for move in ("down", "up")])

    def attach(self, selector: str, paths: Sequence[Path]) -> None:
        """Choose files in a file field.

        Raises:
            BrowserError: there is no such element, or it does not take several files.
        """
        element = {"sharedId": self.page.find(selector)["sharedId"]}
        self._bidi.call(
            "input.setFiles",
            context=self.page.context,
            element=element,
            files=[str(path.resolve()) for path in paths],
        )

    def text(self, selector: str = "body") -> str:
        """The text of an element as it is shown.

        Raises:
            BrowserError: there is no such element.
        """
        shown: str = self.page.run("node => node.innerText", self.page.find(selector))
        return shown

    def attribute(self, selector: str, name: str) -> str | None:
        """An attribute of an element, or None."""
        value: str | None = self.page.run(f"node => node.getAttribute({name!r})", self.page.find(selector))
        return value

    def count(self, selector: str) -> int:
        """The number of elements."""
        return len(self.page.locate(selector))

    def source(self) -> str:
        """The whole page as HTML."""
        html: str = self.page.run("node => node.ownerDocument.documentElement.outerHTML", self.page.body())
        return html

    @contextmanager
    def inside(self, path: str) -> Iterator[None]:
        """Look and press inside the frame that shows an address of this path.

        A press may load a page into the whole window.

        Raises:
            BrowserError: no frame shows it.
        """
        tree = self._bidi.call("browsingContext.getTree", root=self._top)["contexts"][0]
        found = [one["context"] for one in tree["children"] if urlsplit(one["url"]).path == path]
        if len(found) != 1:
            raise BrowserError(f"no frame shows {path!r}")
        (self.page.context,) = found
        try:
            yield
        finally:
            self.page.context = self._top

    def address(self) -> str:
        """The address of the window."""
        return self.page.address()

    def focused(self) -> str:
        """The text of the element that has the focus."""
        shown: str = self.page.run("node => node.ownerDocument.activeElement.innerText", self.page.body())
        return shown

    def hosts_asked(self) -> set[str]:
        """Every host that anything was requested from since the last call, pages and parts of them."""
        self._navigations()
        addresses = [event["request"]["url"] for event in self._bidi.take_events(ASKED)]
        return {urlsplit(address).hostname or urlsplit(address).scheme for address in addresses}

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Save the page as PNG: all of it, or only the part that the window shows."""
        origin = "document" if whole else "viewport"
        shot = self._bidi.call("browsingContext.captureScreenshot", context=self.page.context, origin=origin)
        path.write_bytes(base64.b64decode(shot["data"]))

    def set_viewport(self, width: int, height: int) -> None:
        """Give the page this size in CSS pixels."""
        self._bidi.call(
            "browsingContext.setViewport", context=self.page.context, viewport={"width": width, "height": height}
        )

    def _end(self) -> None:
        self._browser.end()
        # Its crash helper leaves the group; it names the profile among its arguments, which no other program does.
        end_all_that_name(self._folder, program=b"firefox")

    def _remote_control(self, log: Path) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._browser.running():
            found = LISTENING.search(log.read_bytes())
            if found:
                return f"ws://127.0.0.1:{found[1].decode('ascii')}"
            time.sleep(0.05)
        raise BrowserError("firefox did not start", hint=f"its output is in {log}")

    @contextmanager
    def _waiting(self, *, loads: bool) -> Iterator[None]:
        self._bidi.forget_events(LOADED, FAILED, BROKEN)
        before = self._navigations()
        yield
        if loads:
            try:
                self._await_page(before)
            except BrowserError as error:
                # Either the press was in vain, or the browser does not answer.
                mine = {event["navigation"] for event in self._bidi.events(ASKED) if self._is_mine(event)}
                asked_for = len(mine - before - {None})
                raise BrowserError(f"{error}; pages asked for: {asked_for}") from error

    def _await_page(self, before: set[str | None]) -> None:
        """Until one is complete that is none of those which were asked for ``before``."""
        until = time.monotonic() + self.step_seconds
        while True:
            kind, event = self._bidi.await_event(LOADED, FAILED, BROKEN, seconds=until - time.monotonic())
            if not self._is_mine(event) or event["navigation"] in before:
                continue
            if kind == LOADED:
                return
            # Firefox shows a page of its own then, for which it tells no load.
            reason = event.get("errorText", "")
            if event["navigation"] is not None and reason != GIVEN_UP_BY_FIREFOX:
                raise BrowserError(f"the page that follows cannot be reached ({reason})")

    def _navigations(self) -> set[str | None]:
        """All so far, of the window and of every frame in it."""
        self._asked_for |= {event["navigation"] for event in self._bidi.events(ASKED)}
        return self._asked_for - {None}

    def _is_mine(self, event: dict[str, Any]) -> bool:
        """True if it happened in the current frame, or in the whole window."""
        return event["context"] in {self.page.context, self._top}
