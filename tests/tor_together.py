"""How the tests that go through a private Tor network run: first, in one process, those of one network after those
of the other, and each network ends with the last of its tests. Its authorities vote all the time, and take half a
processor from all other tests.
"""

import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

NETWORKS = ExitStack()
"""Closed after the last test of each; fixtures put here what runs until then."""

_ROOT = Path(__file__).parent.parent
_FIXTURES = ("tip_line", "tor_network")
"""In this order. No file names both."""


class TorTogether(LoadFileScheduling):
    """xdist's own way to deal out files, each whole, with all of these as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return "through tor" if _network_of(nodeid) else super()._split_scope(nodeid)


def tor_first(items: list[pytest.Item]) -> None:
    """In their own order but for these, which come first."""
    places = {fixture: place for place, fixture in enumerate(_FIXTURES)}
    items.sort(key=lambda item: places.get(_network_of(item.nodeid), len(places)))


def close_after_last(item: pytest.Item, following: pytest.Item | None) -> None:
    """To be called when ``item`` is torn down."""
    network = _network_of(item.nodeid)
    if network and (following is None or _network_of(following.nodeid) != network):
        NETWORKS.close()


def _network_of(nodeid: str) -> str:
    """The fixture of the network that this test goes through; empty for most."""
    return _named_in(nodeid.partition("::")[0])


@cache
def _named_in(file: str) -> str:
    """
    Raises:
        ValueError: it names two, one of which would be closed before its last test.
    """
    text = (_ROOT / file).read_text(encoding="utf-8")
    named = [fixture for fixture in _FIXTURES if re.search(rf"\b{fixture}\b", text)]
    if len(named) > 1:
        raise ValueError(f"expected {file} to name one network, and it names {' and '.join(named)}")
    return "".join(named)
