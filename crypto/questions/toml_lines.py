"""Line numbers of the tables and keys in a TOML file, for error messages; tomllib gives none.

Only for files that ``tomllib`` has read: a syntax error has its line in tomllib's own message.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

Place = tuple[str | int, ...]
"""The way to a table or a value, such as ``("sections", 1, "questions", 0, "type")``."""

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?")
_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
# A dot between any two parts: where a line could be cut into parts in many ways, trying all of them takes for ever.
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_LONG_STRING = re.compile(r'"""|' + "'''")


def lines_of(text: str) -> Mapping[Place, int]:
    """The line, from 1, of each table header and each key.

    The content of an inline table or array on one line has no line of its own.
    """
    return dict(_found(text))


def nearest_line(place: Place, text: str) -> int | None:
    """The line of the nearest place that has one: a missing key has none, but its table has."""
    lines = lines_of(text)
    found = (lines.get(place[:length]) for length in range(len(place), 0, -1))
    return next(filter(None, found), None)


def _found(text: str) -> Iterator[tuple[Place, int]]:
    counts: dict[Place, int] = {}
    table: Place = ()
    is_string = False
    for number, line in enumerate(text.splitlines(), start=1):
        was_string = is_string
        is_string ^= len(_LONG_STRING.findall(line)) % 2 == 1
        if was_string:
            continue
        header = _HEADER.fullmatch(line)
        if header and (names := _names(header[2])):
            table = _in_their_last(names, counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, *_names(key[1])), number


def _in_their_last(names: Place, counts: Mapping[Place, int]) -> Place:
    """With the place in its list behind each name that stands for a list of tables, but for the last one."""
    place: Place = ()
    for number, name in enumerate(names, start=1):
        place = (*place, name)
        if place in counts and number < len(names):
            place = (*place, counts[place])
    return place


def _names(dotted: str) -> Place:
    """The parts of a key as tomllib reads it, with quotes and dots in quotes; empty if it is no key."""
    try:
        found: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    names: list[str] = []
    while isinstance(found, dict) and found:
        ((name, found),) = found.items()
        names.append(name)
    return tuple(names)
