"""The sentences of errors that the desk can show, read from the modules that raise them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reviewer.desk.shown_error import AT_THE_DESK
from tests.languages.extraction import ROOT

ERRORS: Final = frozenset(
    {
        *("ProgramError", "HomeError", "CasebookError", "CannotLook", "NoSuchSubmission"),
        *("ReadableOnDisk", "Quarantined", "TracesStay", "DiskSwapOn", "SecondLook", "AnotherOwner"),
        *("MediumError", "BundleRefused", "NotProved"),
    }
)
ROOMS: Final = ("cases", "leaving", "desk", "people", "linking", "exchange", "sharing", "publication", "opening")
ONLY_COMMANDS: Final = frozenset({"age_file.py", "reexec.py", "browser.py", "digest_list.py", "raw_envelope.py"})
"""Modules whose errors no page shows."""

SINGLE: Final = (
    *("reviewer/keys/retire.py", "reviewer/keys/retirement_check.py", "reviewer/twin/twin.py"),
    *(f"reviewer/recovery/{name}.py" for name in ("recovery_sheets", "sheet_entry")),
    *(
        f"reviewer/casebook/{name}.py"
        for name in (
            *("bin", "contents", "database", "entities", "findings", "log", "member_store", "proposals"),
            *("quarantine", "retention_rules", "saved_folders", "servers", "submissions", "tip_filter"),
        )
    ),
)
"""Modules of other rooms whose errors pages show."""


def said_by_errors() -> Iterator[tuple[str, str]]:
    """Each module with a sentence of an error or a hint; a value in it is a place like ``%(number)s``."""
    for module, sentence in _all():
        if sentence not in AT_THE_DESK and not _is_of_a_command(sentence):
            yield module, sentence


def hints_of_commands() -> Iterator[tuple[str, str]]:
    """Each module with a hint that names a command, where a person at the desk may see it; values are digits."""
    for module, sentence in _all():
        if _is_of_a_command(sentence) and module.split("/")[1] in ("linking", "exchange", "sharing", "opening"):
            yield module, re.sub(r"%\(\w+\)s", "7", sentence)


def _all() -> Iterator[tuple[str, str]]:
    rooms = [path for room in ROOMS for path in sorted((ROOT / "reviewer" / room).rglob("*.py"))]
    for path in (*rooms, *(ROOT / one for one in SINGLE)):
        if path.name not in ONLY_COMMANDS:
            for sentence in _sentences(path):
                yield path.relative_to(ROOT).as_posix(), sentence


def _sentences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
            hints = (one.value for one in node.keywords if one.arg == "hint")
            words = node.args[1:2] if node.func.id == "BundleRefused" else node.args[:1]
            for part in (*words, *hints):
                sentence = _with_places(part)
                if sentence:
                    yield sentence


def _is_of_a_command(sentence: str) -> bool:
    """True for a hint that names a command or an option."""
    return "tipline-review" in sentence or sentence.startswith("--") or " --" in sentence


def _with_places(node: ast.expr) -> str:
    """The text of a literal; empty for anything else, and where it is nothing but a value."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    names: dict[str, int] = {}
    pieces = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            names[name] = names.get(name, 0) + 1
            pieces.append(f"%({name}{names[name] if names[name] > 1 else ''})s")
        elif isinstance(part, ast.Constant):
            pieces.append(str(part.value).replace("%", "%%"))
    return "".join(pieces)


def _name(value: ast.expr) -> str:
    found = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else "value"
    return found.lower().strip("_")
