"""The rows of the acceptance: claims seen from outside, and what proves each. Read from ``rows.toml``."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROWS = Path(__file__).with_name("rows.toml")
COUNT = 80
"""Of the rows that always are; those from 81 on are added as they are built."""


@dataclass(frozen=True)
class Measure:
    """A command of ``benchmarks/`` in short form, and the figures to find in what it prints.

    ``finds`` is a pattern with one group, a number, for each figure; each must stay below its bound in ``below``,
    in ``unit``. Where a pattern matches several times, the worst counts.
    """

    command: str
    finds: str
    below: float
    unit: str

    def worst(self, printed: str) -> float | None:
        """The highest figure, or ``None`` where the command printed none."""
        found = [float(figure.replace(",", "")) for figure in re.findall(self.finds, printed)]
        return max(found, default=None)


@dataclass(frozen=True)
class Row:
    """One thing that must hold. ``lacks`` names what the tests do not cover yet; empty where they cover all."""

    number: int
    claim: str
    tests: Sequence[str]
    measures: Sequence[Measure]
    lacks: str
    securedrop: str

    @property
    def is_built(self) -> bool:
        return bool(self.tests or self.measures)


def read_rows(source: Path = ROWS) -> list[Row]:
    """Every row, by number."""
    tables = tomllib.loads(source.read_text(encoding="utf-8"))["row"]
    return sorted(map(_row, tables), key=lambda row: row.number)


def _row(table: dict[str, Any]) -> Row:
    unknown = set(table) - {"number", "claim", "tests", "measures", "lacks", "securedrop"}
    if unknown:
        raise ValueError(f"row {table.get('number')} has a key that none has: {unknown}")
    return Row(
        number=table["number"],
        claim=table["claim"],
        tests=table.get("tests", []),
        measures=[Measure(**measure) for measure in table.get("measures", [])],
        lacks=table.get("lacks", ""),
        securedrop=table.get("securedrop", ""),
    )
