"""A tester's functions inside a Firefox that was started with ``scripts=True``: beside the page, or in the window
around it."""

import json
from collections.abc import Sequence
from typing import Any, Final

from demo.firefox import Firefox

_AT_ONCE: Final = 8
SHOW: Final = """async (address, look) => {
    const text = await (await fetch(address)).text();
    const root = new DOMParser().parseFromString(text, "text/html").documentElement;
    root.className = look;
    root.querySelector("meta[http-equiv=refresh]")?.remove();  // it would lead the window away
    const styles = [...root.querySelectorAll("link[rel=stylesheet]")].map(
        link => new Promise((done, failed) => Object.assign(link, {onload: done, onerror: failed})));
    document.documentElement.replaceWith(root);
    await Promise.all(styles);
}"""
"""Shows another page of the same site in place: the window stays, and with it what was put beside the page."""


def in_page(firefox: Firefox, function: str, **asked: object) -> Any:
    """Run an async ``function`` on ``asked`` in the page; both are JSON values. Its globals are those of the page,
    which
    has no script that could change them; from globals of its own each look at the page would take twice as long."""
    return _call(firefox, function, {"context": firefox.page.context}, asked)


def in_turn(firefox: Firefox, function: str, addresses: Sequence[str], **asked: object) -> list[Any]:
    """The same for a ``function`` that makes a list of ``addresses``, some of them at a time: a busy machine needs
    long for all."""
    some = [addresses[at : at + _AT_ONCE] for at in range(0, len(addresses), _AT_ONCE)]
    return [one for few in some for one in in_page(firefox, function, addresses=few, **asked)]


def in_window(firefox: Firefox, function: str, **asked: object) -> Any:
    """The same among what the browser itself is made of."""
    windows = firefox._bidi.call("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"]
    return _call(firefox, function, {"context": windows[0]["context"]}, asked)


def _call(firefox: Firefox, function: str, target: dict[str, str], asked: dict[str, object]) -> Any:
    answer = firefox._bidi.call(
        "script.callFunction",
        functionDeclaration=f"async asked => JSON.stringify(await ({function})(JSON.parse(asked)) ?? null)",
        arguments=[{"type": "string", "value": json.dumps(asked)}],
        target=target,
        awaitPromise=True,
    )
    assert answer["type"] == "success", answer
    return json.loads(answer["result"]["value"])
