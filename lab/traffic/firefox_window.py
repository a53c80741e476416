"""The same visits in a real Firefox at "Safest", to learn from it and to compare with it."""

from collections.abc import Callable
from pathlib import Path

from demo.firefox import Firefox
from lab.traffic.tap import Exchange, Tap


class FirefoxWindow(Firefox):
    """A visitor as :class:`lab.traffic.quick_browser.QuickBrowser` is one."""

    def __init__(self, folder: Path, host: str, tap: Tap) -> None:
        super().__init__(folder, socks_port=tap.port)
        self._site = f"http://{host}/"
        self._tap = tap

    def visit(self, make: Callable[["FirefoxWindow"], None]) -> list[Exchange]:
        """Make a visit, and say what passed."""
        self._tap.take()
        make(self)
        return self._tap.take()

    def open(self, address: str = "") -> None:
        super().open(address or self._site)

    def follow(self, path: str) -> None:
        self.press(f"a[href^='{path}']", loads=not path.startswith("#"))

    def follow_beside(self, path: str) -> None:
        assert self.attribute(f"a[href^='{path}']", "target") == "_blank"
        before = self._tap.count()
        self.press(f"a[href^='{path}']", loads=False)
        self._tap.await_count(before + 1)
        self._bidi.call("browsingContext.activate", context=self.page.context)

    def send(self, action: str, typed: dict[str, str], button: str = "") -> None:
        form = f"form[action='{action}']"
        for name, value in typed.items():
            self.fill(f"{form} textarea[name={name}]", value)
        self.press(f"button[formaction='{action}'][value='{button}']" if button else f"{form} button:not([name])")

    @property
    def html(self) -> str:
        return self.source()
