"""The screens of a working day: each is kept as it was shown, and looked at as a narrow and an enlarged one.

``JOURNEY_PICTURES=FOLDER`` keeps pictures of each: wide, as narrow as a telephone, and dark.
"""

import os
import re
from pathlib import Path
from typing import Final

from demo.firefox import Firefox
from lab.accessibility import axe
from lab.accessibility.inside_firefox import SHOW, in_turn, in_window
from tests.end_to_end.static_site import serving

WIDE: Final = (1280, 900)
_HIGHEST: Final = 20_000
"""In CSS pixels; of a higher page only what the window shows is drawn."""
_ENLARGE: Final = "async ({times}) => { window.gBrowser.selectedBrowser.fullZoom = times; }"
_SIDEWAYS: Final = f"""async ({{addresses}}) => {{
    const found = [];
    for (const address of addresses) {{
        await ({SHOW})(address, "light");
        const root = document.documentElement, width = root.clientWidth;
        if (root.scrollWidth <= width) continue;
        const wide = [...document.querySelectorAll("body *")].filter(
            one => one.getBoundingClientRect().right > width + 1 || one.getBoundingClientRect().left < -1);
        const named = wide.map(one => one.outerHTML.slice(0, 100)).slice(0, 3);
        found.push(`${{address}} sticks out at ${{width}}: ${{named}}`);
    }}
    return found;
}}"""
_READ_STYLE: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_STYLE: Final = Path(__file__).parents[2] / "templates" / "reviewer" / "desk.css"
_DARK: Final = "node => { node.ownerDocument.documentElement.className = 'dark'; }"
_LIGHT: Final = "node => { node.ownerDocument.documentElement.className = ''; }"


class Screens:
    """The screens that a window showed, by name, until :meth:`faults` looks at all of it at once."""

    def __init__(self) -> None:
        self._pages: dict[str, str] = {}
        pictures = os.environ.get("JOURNEY_PICTURES")
        self._pictures = Path(pictures) if pictures else None

    def keep(self, window: Firefox, name: str) -> None:
        """Keep what ``window`` shows now; what is folded away is looked at unfolded."""
        style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"
        shown = _READ_STYLE.sub(lambda _found: style, window.source())
        assert style in shown, name
        self._pages[f"/{len(self._pages)}-{name}"] = shown.replace("<details", "<details open")
        if self._pictures is not None:
            self._take_pictures(window, self._pictures, name)

    def faults(self, folder: Path) -> list[str]:
        """Faults that hinder a person: what sticks out at 320 pixels or 200 %, and what axe finds there or in the
        dark.

        A second browser looks, with a profile in ``folder``: it runs the tester's tool, for which pages of the
        window above have no script.
        """
        found: list[str] = []
        with serving(self._pages) as site, Firefox(folder, scripts=True) as inspector:
            addresses = [f"{site.address}{path}" for path in self._pages]
            inspector.open(addresses[0])
            axe.begin(inspector)
            inspector.set_viewport(*axe.TELEPHONE)
            found += in_turn(inspector, _SIDEWAYS, addresses)
            found += _told(axe.faults_of(inspector, addresses), "320")
            found += _told(axe.faults_of(inspector, addresses, rules=axe.LOOKS, dark=True), "dark")
            inspector.set_viewport(*WIDE)
            in_window(inspector, _ENLARGE, times=2)
            found += in_turn(inspector, _SIDEWAYS, addresses)
            found += _told(axe.faults_of(inspector, addresses, rules=axe.LOOKS), "200 %")
        return found

    def _take_pictures(self, window: Firefox, folder: Path, name: str) -> None:
        height = window.page.run("node => node.ownerDocument.documentElement.scrollHeight", window.page.body())
        whole = height < _HIGHEST
        window.screenshot(folder / f"{name}-wide.png", whole=whole)
        window.page.run(_DARK, window.page.body())
        window.screenshot(folder / f"{name}-dark.png", whole=False)
        window.page.run(_LIGHT, window.page.body())
        window.set_viewport(320, 640)
        window.screenshot(folder / f"{name}-320.png", whole=whole)
        window.set_viewport(*WIDE)


def _told(faults: dict[str, list[str]], where: str) -> list[str]:
    return [f"{where}: {address}: {fault}" for address, some in faults.items() for fault in some]
