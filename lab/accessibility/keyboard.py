"""The way of a keyboard through a page, forwards and back: what has the focus, and how that is seen."""

from dataclasses import dataclass
from typing import Final

from demo.firefox import TAB, Firefox
from lab.accessibility.inside_firefox import in_page, in_window

_SHIFT: Final = "\ue008"
# All that a keyboard should reach, in the order in which it is written. What is folded away is unfolded first, and
# frames, which are pages of their own, are taken away. When a key goes up, the window has been scrolled already.
_BEGIN: Final = """async () => {
    for (const closed of document.querySelectorAll("details")) closed.open = true;
    for (const frame of document.querySelectorAll("iframe")) frame.remove();
    const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const stops = [...document.querySelectorAll(reached)].filter(one => one.checkVisibility());
    globalThis.way = [];
    const shown = (one, box, down) => {
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * down);
        return top !== null && (top === one || one.contains(top) || top.contains(one));
    };
    document.addEventListener("keyup", event => {
        const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
        way.push({
            stop: stops.indexOf(one),
            outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
            covered: ![0.1, 0.5, 0.9].some(down => shown(one, box, down)),
        });
    });
    // The heading of a refused page gets the focus with the first frame that is drawn: wait, then to the beginning.
    const first = document.querySelector("[autofocus]");
    while (first?.checkVisibility() && document.activeElement === document.body)
        await new Promise(requestAnimationFrame);
    if (document.activeElement.matches("[autofocus]")) {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
    }
    document.activeElement.blur();
    return stops.map(one => `${one.localName}: ${one.textContent.trim().slice(0, 40) || one.name}`);
}"""
_END: Final = "async () => way.splice(0)"
# A window that no one sees is not in front by itself, and shows no focus.
_IN_FRONT: Final = """async () => {
    window.focus();
    window.gBrowser.selectedBrowser.focus();
}"""


@dataclass(frozen=True)
class Stop:
    """One press of Tab: what has the focus then, its place among all that can have it (-1: something else), how
    wide its outline is in CSS pixels, and whether all of it is covered."""

    name: str
    place: int
    outline: float
    covered: bool


@dataclass(frozen=True)
class Way:
    """All that can have the focus, by name; where Tab leads from the beginning; where Shift and Tab lead back.

    ``covered``: places of stops over all of which something lay. The browser scrolls when it can, which may be a
    moment too late: what is really covered is so each time.
    """

    names: tuple[str, ...]
    there: tuple[Stop, ...]
    back: tuple[Stop, ...]

    @property
    def covered(self) -> set[int]:
        return {stop.place for stop in (*self.there, *self.back) if stop.covered}


def walk(firefox: Firefox) -> Way:
    """Through the page that ``firefox``, started with ``scripts=True``, shows."""
    in_window(firefox, _IN_FRONT)
    names: list[str] = in_page(firefox, _BEGIN)
    firefox.page.keys([("down", TAB), ("up", TAB)] * len(names))
    there = _stops(firefox, names)
    firefox.page.keys([("down", _SHIFT), *[("down", TAB), ("up", TAB)] * (len(names) - 1), ("up", _SHIFT)])
    back = _stops(firefox, names)[: len(names) - 1]  # without that of Shift itself
    return Way(tuple(names), there, back)


def _stops(firefox: Firefox, names: list[str]) -> tuple[Stop, ...]:
    way = in_page(firefox, _END)
    return tuple(
        Stop(names[one["stop"]] if one["stop"] >= 0 else "", one["stop"], one["outline"], one["covered"])
        for one in way
    )
