"""The promises of ``docs/claims.toml``, and ``docs/claims.md``, which is written from them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).parents[2]
DATA = TREE / "docs" / "claims.toml"
PAGE = TREE / "docs" / "claims.md"
_HEAD = """# Promises, and the tests that hold them

`scripts/documents` writes this page from `docs/claims.toml`. Change that file, then run the script.
A test of the project fails when a promise names no test, or names a test that does not exist.
The [threat model](threat-model.md) says what is not promised.

Tests in `tests/` run with each change, tests in `lab/` before a release and each week
([two speeds of proof](develop/testing.md)). Only `lab/` holds a promise that says "before a release only".

Run one test with `.venv/bin/pytest FILE::NAME`.
"""
_LAB_ONLY = " *(before a release only)*"


@dataclass(frozen=True, slots=True)
class Promise:
    """``says`` is Markdown with links relative to ``docs/``; ``held_by`` has files, or functions (FILE::NAME)."""

    says: str
    held_by: tuple[str, ...]

    @property
    def is_lab_only(self) -> bool:
        """True if no test that runs with each change holds it."""
        return all(test.startswith("lab/") for test in self.held_by)


@dataclass(frozen=True, slots=True)
class Group:
    """Promises about one thing, under one heading of the page."""

    title: str
    promises: tuple[Promise, ...]


def read_groups(data: Path = DATA) -> list[Group]:
    """In the order of the file; `KeyError` where a promise lacks a part."""
    groups = tomllib.loads(data.read_text(encoding="utf-8"))["group"]
    return [
        Group(group["title"], tuple(Promise(one["says"], tuple(one["held_by"])) for one in group["promise"]))
        for group in groups
    ]


def page_of(groups: list[Group]) -> str:
    """The whole page: one table for each group."""
    parts = [_HEAD]
    for group in groups:
        rows = [
            f"| {one.says} | {'<br>'.join(f'`{test}`' for test in one.held_by)}{_LAB_ONLY * one.is_lab_only} |"
            for one in group.promises
        ]
        parts.append("\n".join([f"## {group.title}", "", "| promise | held by |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)
