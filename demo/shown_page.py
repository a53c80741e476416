"""The page that a window of Firefox shows: its elements, its mouse and its keys, over WebDriver BiDi."""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from demo.bidi import BidiConnection
from demo.errors import BrowserError

HOVER_TRIES, HOVER_SECONDS = 50, 0.05


class ShownPage:
    """One browsing context: the window, or a frame in it.

    Code that reads runs in a sandbox of the browser.
    """

    def __init__(self, bidi: BidiConnection, context: str) -> None:
        self._bidi = bidi
        self.context = context
        """The context in which elements are looked for; a frame for a while."""

    def address(self) -> str:
        """The address that it shows."""
        place: str = self._bidi.call("browsingContext.getTree", root=self.context)["contexts"][0]["url"]
        return place

    def locate(self, selector: str) -> list[dict[str, Any]]:
        """All elements that fit a CSS selector."""
        found: list[dict[str, Any]] = self._bidi.call(
            "browsingContext.locateNodes", context=self.context, locator={"type": "css", "value": selector}
        )["nodes"]
        return found

    def find(self, selector: str) -> dict[str, Any]:
        """The first element that fits a CSS selector.

        Raises:
            BrowserError: there is none.
        """
        nodes = self.locate(selector)
        if not nodes:
            raise BrowserError(f"no element {selector!r} on the page at {urlsplit(self.address()).path}")
        return nodes[0]

    def body(self) -> dict[str, Any]:
        """The body of the page."""
        # Not the root element: Firefox 140 looks below it only.
        return self.find("body")

    def run(self, function: str, node: dict[str, Any]) -> Any:
        """The value of a JavaScript function of one element."""
        answer = self._bidi.call(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=False,
            target={"context": self.context, "sandbox": "tipline-demo"},
            arguments=[{"sharedId": node["sharedId"]}],
        )
        if answer["type"] != "success":
            raise BrowserError("firefox could not read the page")
        return answer["result"].get("value")

    def click(self, node: dict[str, Any]) -> None:
        """Move the mouse to an element and press its button."""
        self.hover(node)
        # Once more to the element, in one go with the press.
        press = [_to_the_middle_of(node), {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._perform({"type": "pointer", "id": "mouse", "actions": press})

    def hover(self, node: dict[str, Any]) -> None:
        """Move the mouse over an element, and wait until the element stays there.

        A window scrolls later than it is asked to, and back to a field in which something was typed, unless the
        field has lost the focus.
        """
        self.run("node => node.focus({preventScroll: true})", node)
        seen_at: float | None = None
        for _ in range(HOVER_TRIES):
            self.run("node => node.scrollIntoView({block: 'center', behavior: 'instant'})", node)
            try:
                self._perform({"type": "pointer", "id": "mouse", "actions": [_to_the_middle_of(node)]})
            except BrowserError:
                pass  # outside the window, as it has not been scrolled yet
            else:
                height = self.run("node => node.matches(':hover') ? node.getBoundingClientRect().top : null", node)
                if height is not None and height == seen_at:
                    return
                seen_at = height
            time.sleep(HOVER_SECONDS)
        raise BrowserError("the mouse cannot reach an element: something lies over it, or it is not shown")

    def keys(self, moves: Sequence[tuple[str, str]]) -> None:
        """Press and release keys; each move is ``down`` or ``up``, and a key."""
        actions = [{"type": "keyDown" if move == "down" else "keyUp", "value": key} for move, key in moves]
        self._perform({"type": "key", "id": "keyboard", "actions": actions})

    def _perform(self, source: dict[str, Any]) -> None:
        self._bidi.call("input.performActions", context=self.context, actions=[source])


def _to_the_middle_of(node: dict[str, Any]) -> dict[str, Any]:
    origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
    return {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
