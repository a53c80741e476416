"""The table of docs/threat-model.md that lists the facts which `scripts/seize` shows."""

import re
from dataclasses import dataclass
from pathlib import Path

_PAGE = Path(__file__).parents[2] / "docs" / "threat-model.md"
_ROW = re.compile(r"^\| ([^|]+) \| (yes|no) \| (yes|no)(?:: [^|]+)? \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NamedFact:
    """``differs`` where a server with tips shows something else than one that only idled."""

    needs_key: bool
    differs: bool


def named_facts() -> dict[str, NamedFact]:
    """By the names that `scripts/seize` prints."""
    section = _PAGE.read_text(encoding="utf-8").split("### Fact by fact", 1)[1].split("\n## ", 1)[0]
    return {name: NamedFact(key == "yes", differs == "yes") for name, key, differs in _ROW.findall(section)}
