"""Statements that make a casebook look as an older program left it."""

import importlib.resources
import re

_CREATED = re.compile(r"^CREATE (?:VIRTUAL )?TABLE (\w+)", re.MULTILINE)


def without_tables_of(step: str) -> tuple[str, ...]:
    """Drop every table that a step of the schema created, the last one first: it may refer to those before."""
    text = importlib.resources.files("reviewer.casebook").joinpath(step).read_text(encoding="utf-8")
    return tuple(f"DROP TABLE {name}" for name in reversed(_CREATED.findall(text)))


AS_VERSION_3 = without_tables_of("upgrade-4.sql")
"""The lines of the log stay; their digests are those of lines that name a person, so that none verifies."""
