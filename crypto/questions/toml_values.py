"""Validation of TOML values: the few shapes that our files have, with errors that name the key."""

import re
from typing import Any


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
