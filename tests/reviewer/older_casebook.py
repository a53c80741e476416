"""Makes a casebook of an earlier version of the one of today: everything that the later steps made is dropped."""

import importlib.resources
import re

_MADE = re.compile("^CREATE (?:VIRTUAL )?(TABLE|INDEX|VIEW|TRIGGER) ([a-z_]+)", re.MULTILINE)
_NEWEST = 4


def as_version(version: int) -> list[str]:
    """The statements, for :meth:`Desk.tamper` in one call: the program cannot open what is half undone."""
    steps = [
        importlib.resources.files("reviewer.casebook").joinpath(f"upgrade-{number}.sql")
        for number in range(version + 1, _NEWEST + 1)
    ]
    made = [pair for step in steps for pair in _MADE.findall(step.read_text(encoding="utf-8"))]
    return [*(f"DROP {kind} IF EXISTS {name}" for kind, name in reversed(made)), f"PRAGMA user_version = {version}"]
