"""The address bar of a window: a person taps it, types, and taps Go.

WebDriver reaches pages only. What types here is the browser's own input method, in the browser's own window. Only a
browser that was started with ``scripts=True`` lets a tester do that. Scripts of pages are off again before any page
is opened.
"""

import json
from typing import Any

from demo.firefox import Firefox

_SCRIPTS_OFF = 'Services.prefs.setBoolPref("javascript.enabled", false)'
_TAP = "gURLBar.inputField.click(); gURLBar.focus(); gURLBar.select(); document.activeElement.id"
_TYPE = """{{
    const input = Cc["@mozilla.org/text-input-processor;1"].createInstance(Ci.nsITextInputProcessor);
    input.beginInputTransactionForTests(window);
    for (const key of {keys}) {{
        const press = new KeyboardEvent("", {{key}});
        input.keydown(press);
        input.keyup(press);
    }}
    gURLBar.untrimmedValue
}}"""


class AddressBar:
    """Of the window that ``firefox`` drives; from now on its pages run no script."""

    def __init__(self, firefox: Firefox) -> None:
        self._firefox = firefox
        tree = firefox._bidi.call("browsingContext.getTree", **{"moz:scope": "chrome"})
        self._window: str = tree["contexts"][0]["context"]
        self._in_window(_SCRIPTS_OFF)

    def go_to(self, typed: str) -> None:
        """Tap the bar, type letter by letter, tap Go, and wait until the page is complete: two taps, one page."""
        assert self._in_window(_TAP) == "urlbar-input"
        assert self._in_window(_TYPE.format(keys=json.dumps(list(typed)))) == typed
        with self._firefox._waiting(loads=True):
            self._in_window(_TYPE.format(keys=json.dumps(["Enter"])))

    def _in_window(self, expression: str) -> Any:
        target = {"context": self._window}
        answer = self._firefox._bidi.call(
            "script.evaluate", expression=expression, target=target, awaitPromise=False
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")
