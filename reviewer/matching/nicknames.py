"""Short and pet names, and particles: words of names that need a table."""

import importlib.resources
import tomllib
from collections import defaultdict
from functools import cache
from typing import Final

_FILE: Final = "nicknames.toml"


@cache
def _table() -> dict[str, list[str]]:
    text = importlib.resources.files("reviewer.matching").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def particles() -> frozenset[str]:
    """Titles and particles, as Dr, bin and van, in small Latin letters."""
    return frozenset(word for row in _table()["particles"] for word in row.split())


@cache
def _rows() -> dict[str, frozenset[int]]:
    """The numbers of the rows in which each written name stands."""
    rows: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(_table()["names"]):
        for name in row.split():
            rows[name].add(number)
    return {name: frozenset(numbers) for name, numbers in rows.items()}


def are_nicknames(one: str, other: str) -> bool:
    """True if both written names, in small Latin letters, stand in one row of the table.

    The table joins nothing: it lets two names look alike, and a person decides.
    """
    return not nickname_rows(one).isdisjoint(nickname_rows(other))


def nickname_rows(written: str) -> frozenset[int]:
    """The numbers of the rows of the table in which a name stands, written in small Latin letters."""
    return _rows().get(written, frozenset())
