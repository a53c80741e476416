"""The tree of a page that Firefox gives to a screen reader: role, name, description and state of each thing,
in the order in which it is read. It is the browser's own tree, the one that Orca, NVDA or TalkBack is given."""

from dataclasses import dataclass
from typing import Any, Final

from demo.firefox import Firefox
from lab.accessibility.inside_firefox import in_window

_TREE: Final = """async () => {
    const service = Cc["@mozilla.org/accessibilityService;1"].getService(Ci.nsIAccessibilityService);
    const busy = Ci.nsIAccessibleStates.STATE_BUSY;
    const states = one => {
        const plain = {}, extra = {};
        one.getState(plain, extra);
        const names = service.getStringStates(plain.value, extra.value);
        return Array.from({length: names.length}, (_, place) => names.item(place));
    };
    const address = window.gBrowser.selectedBrowser.currentURI.spec;
    const page = () => {
        const frame = service.getAccessibleFor(window.gBrowser.selectedBrowser);
        const found = frame?.childCount ? frame.getChildAt(0) : null;
        const document = found?.QueryInterface(Ci.nsIAccessibleDocument);
        return document?.URL === address && !states(found).includes("busy") && found.childCount ? found : null;
    };
    let root;
    for (let tries = 0; tries < 500 && !(root = page()); tries++) await new Promise(next => setTimeout(next, 10));
    if (!root) throw new Error("the page is not told to any screen reader");
    const attribute = (one, name) => {
        try { return one.attributes.getStringProperty(name); } catch (_) { return ""; }
    };
    const said = one => ({
        role: service.getStringRole(one.role),
        name: one.name ?? "",
        description: one.description ?? "",
        states: states(one),
        level: Number(attribute(one, "level") || 0),
        tag: attribute(one, "tag"),
        live: attribute(one, "live"),
        language: one.language ?? "",
        parts: Array.from({length: one.childCount}, (_, place) => said(one.getChildAt(place))),
    });
    return said(root);
}"""


@dataclass(frozen=True)
class Spoken:
    """One thing on a page, and those inside of it."""

    role: str
    name: str
    description: str
    states: tuple[str, ...]
    level: int
    tag: str
    live: str
    language: str
    parts: tuple["Spoken", ...]

    def all(self) -> list["Spoken"]:
        """Itself and everything inside, in the order of reading."""
        return [self, *(each for part in self.parts for each in part.all())]

    def own(self) -> list["Spoken"]:
        """The same without the pages in its frames."""
        return [self, *(each for part in self.parts if part.role != "internal frame" for each in part.own())]

    @property
    def text(self) -> str:
        """All words in it."""
        return " ".join(each.name.strip() for each in self.all() if each.role == "text leaf").strip()


def spoken(firefox: Firefox) -> Spoken:
    """The page that ``firefox``, started with ``scripts=True``, shows."""
    return _read(in_window(firefox, _TREE))


def _read(told: dict[str, Any]) -> Spoken:
    return Spoken(**told | {"states": tuple(told["states"]), "parts": tuple(map(_read, told["parts"]))})
