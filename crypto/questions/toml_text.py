"""TOML as staff write it: values of the expected kind, and the line of a mistake."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

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


class WrongValue(Exception):
    """A fault at ``names``, the keys that lead to it from the table that is being read."""

    def __init__(self, reason: str, *names: str) -> None:
        super().__init__(reason)
        self.names = names


def require_only(table: dict[str, Any], allowed: set[str], where: str) -> None:
    """Return when every key of ``table`` is ``allowed``.

    Raises:
        WrongValue: names the first that is not; so do the others here.
    """
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise WrongValue(
            f"{where} holds {unknown[0][:80]!a}; expected only {', '.join(sorted(allowed))}", unknown[0]
        )


def string_value(value: object, pattern: re.Pattern[str], what: str, expected: str, *, name: str = "key") -> str:
    """A string that ``pattern`` matches whole."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise WrongValue(f"{what} must be {expected}", name)
    return value


def tables(value: object, most: int, what: str) -> list[dict[str, Any]]:
    """A list of 1 to ``most`` tables."""
    if (
        not isinstance(value, list)
        or not 1 <= len(value) <= most
        or not all(isinstance(one, dict) for one in value)
    ):
        raise WrongValue(f"{what} must be 1 to {most} tables")
    return value


def string_list(
    value: object, least: int, most: int, what: str, pattern: re.Pattern[str], *, name: str
) -> tuple[str, ...]:
    """A list of ``least`` to ``most`` strings, each once."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise WrongValue(f"{what} must be a list of {least} to {most}", name)
    found = tuple(string_value(one, pattern, what, "a list of short keys", name=name) for one in value)
    if len(set(found)) != len(found):
        raise WrongValue(f"{what} must each stand once", name)
    return found
