"""Statements that bring a casebook back to an earlier version, for tests of the upgrade."""

import importlib.resources
import re

from tests.reviewer.older_casebook import AS_VERSION_3

_CREATED = re.compile(r"^CREATE (?:VIRTUAL )?(TABLE|INDEX|TRIGGER) (\w+)", re.MULTILINE)


def undone(step: str) -> list[str]:
    """Statements that drop what a step of ``reviewer/casebook`` creates, last first."""
    text = importlib.resources.files("reviewer.casebook").joinpath(step).read_text(encoding="utf-8")
    return [f"DROP {kind} IF EXISTS {name}" for kind, name in reversed(_CREATED.findall(text))]


_UNDONE_4, _UNDONE_3, _UNDONE_2 = AS_VERSION_3, undone("upgrade-3.sql"), undone("upgrade-2.sql")
# The version comes last: each statement opens the casebook again, and that would upgrade it.
BEFORE_4 = [*_UNDONE_4, "PRAGMA user_version = 3"]
BEFORE_3 = [*_UNDONE_4, *_UNDONE_3, "PRAGMA user_version = 2"]
BEFORE_2 = [*_UNDONE_4, *_UNDONE_3, *_UNDONE_2, "PRAGMA user_version = 1"]
