"""Tests that share what is dear: a private Tor network, whose authorities vote all the time, all pages of the site,
or a Firefox. They run first, those that share one thing in one process, one after another, and what they share ends
with the last of them.
"""

import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

SHARED = ExitStack()
"""Closed after the last test of each; fixtures put here what runs until then."""

_ROOT = Path(__file__).parent.parent
_FIREFOX = "firefox: Firefox"
_MARK = "pytest.mark.tor"
"""Of a file whose tests reach the network through another fixture."""
_PROCESSES = {
    "tip_line": "through tor",
    "tor_network": "through tor",
    "every_page": "every page",
    _FIREFOX: "in firefox",
}
"""By the fixture through which tests share: the process that they all are dealt to. They run in this order, and no
file names two but for Firefox, which is then of the other group. ``every_page_at`` counts as ``every_page``."""
_LONG_FIRST = ("tests/tipline/", "tests/end_to_end/", "tests/foreign/", "tests/outreach/", "tests/reviewer/")
"""Folders with files that take many seconds: at the end of a run one process would be busy with such a file."""


class Together(LoadFileScheduling):
    """xdist's own way to deal out files, each whole, with all that share as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return _PROCESSES.get(_shared_by(nodeid)) or super()._split_scope(nodeid)


def together_first(items: list[pytest.Item]) -> None:
    """Put first those that share something, then the folders whose files take long; else in their own order."""
    items.sort(key=lambda item: _place(item.nodeid.partition("::")[0]))


@cache
def _place(file: str) -> tuple[int, int]:
    shared = _named_in(file)
    return (
        list(_PROCESSES).index(shared) if shared else len(_PROCESSES),
        next((place for place, folder in enumerate(_LONG_FIRST) if file.startswith(folder)), len(_LONG_FIRST)),
    )


def close_after_last(item: pytest.Item, following: pytest.Item | None) -> None:
    """To be called when ``item`` is torn down."""
    shared = _shared_by(item.nodeid)
    if shared and (following is None or _shared_by(following.nodeid) != shared):
        SHARED.close()


def _shared_by(nodeid: str) -> str:
    """The fixture that this test shares; empty for most."""
    return _named_in(nodeid.partition("::")[0])


@cache
def _named_in(file: str) -> str:
    """
    Raises:
        ValueError: it names two, one of which would be closed before its last test.
    """
    text = (_ROOT / file).read_text(encoding="utf-8")
    found = set(re.findall(rf"(?<![./])\b({'|'.join(map(re.escape, [*_PROCESSES, _MARK]))})(?:_at)?\b", text))
    if _MARK in found:
        found = found - {_MARK} if "tip_line" in found else found - {_MARK} | {"tor_network"}
    named = sorted(found - {_FIREFOX} or found)
    if len(named) > 1:
        raise ValueError(f"expected {file} to name one that is shared, and it names {' and '.join(named)}")
    return "".join(named)
