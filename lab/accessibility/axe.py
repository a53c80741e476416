"""axe-core, run beside a page in the tester's own browser: it looks at what is shown and changes nothing.

No page of ours carries it, and a source's browser runs no scripts at all. It comes from npm, held to the hash in
``tests/foreign/package-lock.json``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demo.firefox import Firefox
from lab.accessibility.inside_firefox import SHOW, in_page, in_turn

_TOOL: Final = Path(__file__).parents[2] / "tests" / "foreign" / "node_modules" / "axe-core" / "axe.min.js"
ALL: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
TELEPHONE: Final = (320, 6000)
"""As wide as one, and so high that Send, which stays in sight, lies over nothing: axe takes a link that something
covers for one that is too small. That it never covers what has the focus is tried by keyboard."""
LOOKS: Final = ("color-contrast", "target-size")
"""The rules that depend on how wide and how dark a page is."""

FAULTY: Final = b"""<!doctype html><html><head><title>x</title></head><body><h1>A</h1>
<p style="color:#999;background:#fff">pale</p><input name="text"><p><img src="data:,"></p>
<p style="line-height:8px"><button style="font-size:6px;padding:0;border:0;height:8px">a</button>
<button style="font-size:6px;padding:0;border:0;height:8px">b</button></p></body></html>"""
"""A page with a fault of each kind in :data:`_ITS_FAULTS`: what finds nothing there finds nothing anywhere."""
_ITS_FAULTS: Final = {"color-contrast", "label", "html-has-lang", "image-alt", "target-size"}

_FAULTS: Final = """async rules => {
    const options = {runOnly: rules, iframes: false, resultTypes: ["violations"]};
    const {violations} = await axe.run(document, options);
    return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}`));
}"""
# The tool is large, and a page that is loaded would need it again.
_IN_TURN: Final = f"""async ({{addresses, rules, look}}) => {{
    const found = [];
    for (const address of addresses) {{
        await ({SHOW})(address, look);
        found.push(await ({_FAULTS})(rules));
    }}
    return found;
}}"""
_HERE: Final = f"""async ({{rules, look}}) => {{
    if (look) document.documentElement.className = look;
    return await ({_FAULTS})(rules);
}}"""


def faults(firefox: Firefox) -> list[str]:
    """The faults that axe finds at level AA on the page that ``firefox`` shows, light and dark, each as ``rule:
    element``.

    The browser must have been started with ``scripts=True``.
    """
    begin(firefox)
    light: list[str] = in_page(firefox, _HERE, rules=ALL, look="")
    return light + [f"dark: {one}" for one in in_page(firefox, _HERE, rules=LOOKS, look="dark")]


def begin(firefox: Firefox) -> None:
    """Put the tool beside the page that ``firefox`` shows."""
    script = _TOOL.read_text(encoding="utf-8") + "; undefined"
    target = {"context": firefox.page.context}
    firefox._bidi.call("script.evaluate", expression=script, target=target, awaitPromise=False)


def faults_of(
    firefox: Firefox, addresses: Sequence[str], *, rules: Sequence[str] = ALL, dark: bool = False
) -> dict[str, list[str]]:
    """The faults that axe finds on pages of the site that ``firefox`` shows a page of, after :func:`begin`: by
    address, and only where there is something."""
    found = in_turn(firefox, _IN_TURN, addresses, rules=rules, look="dark" if dark else "light")
    return {address: some for address, some in zip(addresses, found, strict=True) if some}


def missed_in(found: Sequence[str]) -> set[str]:
    """The rules that :data:`FAULTY` breaks and that are not among these faults of it."""
    return _ITS_FAULTS - {fault.partition(":")[0] for fault in found}
