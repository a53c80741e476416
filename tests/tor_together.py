"""How the tests that go through the private Tor network run: first, in one process, and the network ends with the
last of them. Its authorities vote all the time, and take half a processor from all other tests.
"""

import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

NETWORKS = ExitStack()
"""Closed after the last test of them; fixtures put here what runs until then."""

_ROOT = Path(__file__).parent.parent
_FIXTURES = re.compile(r"\b(tor_network|tip_line)\b")


class TorTogether(LoadFileScheduling):
    """xdist's own way to deal out files, each whole, with all of these as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return "through tor" if _goes_through_tor(nodeid) else super()._split_scope(nodeid)


def tor_first(items: list[pytest.Item]) -> None:
    """In their own order but for these, which come first."""
    items.sort(key=lambda item: not _goes_through_tor(item.nodeid))


def close_after_last(item: pytest.Item, following: pytest.Item | None) -> None:
    """To be called when ``item`` is torn down."""
    if _goes_through_tor(item.nodeid) and (following is None or not _goes_through_tor(following.nodeid)):
        NETWORKS.close()


def _goes_through_tor(nodeid: str) -> bool:
    return _names_the_network(nodeid.partition("::")[0])


@cache
def _names_the_network(file: str) -> bool:
    return bool(_FIXTURES.search((_ROOT / file).read_text(encoding="utf-8")))
