"""Works out cells that were left out of published tables, by integer programming.

It knows how tables are made up, and no count. It does not use which number the rule would choose to leave out.

Reads JSON lines, one for all tables of one quarter: ``slack`` (of totals), ``grows`` (true: the attacker holds that
no count fell between a release and its correction), and ``tables``, each with ``rows``, ``columns``, ``numbers``
(row by row with totals, null where left out), ``counts`` (what it counts: tables with the same word have the same
grand total at the same time), ``within`` (null, or what each thing of the table is too: then a thing stands in one
row, there in any number of columns, and all things together are at most that grand total), ``corrects`` (the place
of an earlier table in the list, or null), and ``every`` (1 to attack each hidden cell, 5 for every fifth). Writes
one JSON line each: for every table, for the hidden cells its lowest and highest possible count.

With ``rests`` the tables have a ``quarter``, from 0: what lies within conversations lies within those of all
quarters until then. For every table is written how many of these are nothing that it counts; null where nothing
bounds that.

Run by an environment that has SciPy: ``scripts/judge-environment``. It imports nothing of the project.
"""

import json
import os
import sys
from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

_MOST = 10_000
_FEWEST = 11
_SIZE = -1
"""In place of a column: the number of things in a row."""


def whole(table: dict) -> str:
    """The word for the tables that are one system."""
    return table["within"] or table["counts"]


class System:
    """All tables of a quarter that count the same, or what is within it, as one system of equations."""

    def __init__(self, told: dict, counts: str) -> None:
        self.tables, self.slack, self.grows = told["tables"], told["slack"], told["grows"]
        self.numbers = [number for number, table in enumerate(self.tables) if whole(table) == counts]
        self.index: dict[tuple[int, int, int], int] = {}
        for number in self.numbers:
            table = self.tables[number]
            for row in range(len(table["rows"])):
                for column in range(max(1, len(table["columns"]))):
                    self.index[number, row, column] = len(self.index)
                if table["within"]:
                    self.index[number, row, _SIZE] = len(self.index)
        self.lower, self.upper = np.zeros(len(self.index)), np.full(len(self.index), float(_MOST))
        self.lines: list[tuple[np.ndarray, float, float]] = []
        for number in self.numbers:
            self._publish(number)
        self._same_totals()
        self._within()
        self._corrections()
        self.constraints = (
            [
                LinearConstraint(
                    np.array([line for line, _least, _most in self.lines]),
                    [least for _line, least, _most in self.lines],
                    [most for _line, _least, most in self.lines],
                )
            ]
            if self.lines
            else []
        )

    def shown(self, number: int) -> dict[tuple[int, int], int | None]:
        """The numbers of a table by their places."""
        table = self.tables[number]
        line = len(table["columns"]) + 1 if table["columns"] else 1
        return {(n // line, n % line): one for n, one in enumerate(table["numbers"])}

    def intervals(self, number: int) -> dict[str, list[int]]:
        """The interval of each hidden cell of a table that is no total."""
        shown = self.shown(number)
        hidden = [one for one in self.index if one[0] == number and shown.get(one[1:], 0) is None]
        return {
            f"{row},{column}": self._ends({self.index[table, row, column]: 1})
            for table, row, column in hidden[:: self.tables[number]["every"]]
        }

    def rest(self, number: int) -> list[int] | None:
        """The interval of what lies in the whole and is not counted by a table."""
        rest = self._rest(number)
        return self._ends(rest) if rest else None

    def _ends(self, factors: dict[int, int]) -> list[int]:
        return [self._end(factors, sign) for sign in (1, -1)]

    def _end(self, factors: dict[int, int], sign: int) -> int:
        goal = np.zeros(len(self.index))
        for at, factor in factors.items():
            goal[at] = sign * factor
        answer = milp(
            goal,
            integrality=np.ones(len(self.index)),
            bounds=Bounds(self.lower, self.upper),
            constraints=self.constraints,
        )
        if answer.x is None:
            raise SystemExit(f"no table fits what was published: {answer.message}")
        return sign * round(float(goal @ answer.x))

    def _publish(self, number: int) -> None:
        table = self.tables[number]
        rows, columns = len(table["rows"]), len(table["columns"])
        width = max(1, columns)
        for (row, column), known in self.shown(number).items():
            if known is None:
                continue
            if row < rows and column < width:
                self.lower[self.index[number, row, column]] = known
                self.upper[self.index[number, row, column]] = known
                continue
            covered = [
                self.index[number, one, other]
                for one in (range(rows) if row == rows else (row,))
                for other in (range(width) if column == width or (row == rows and not columns) else (column,))
            ]
            self._line(dict.fromkeys(covered, 1), known - self.slack, known + self.slack)

    def _same_totals(self) -> None:
        """Tables of the same units at the same time have the same sum."""
        for number, before in self._pairs(_are_same):
            if not self.tables[number]["within"]:
                self._line(self._sum(number, 1) | self._sum(before, -1), 0, 0)

    def _within(self) -> None:
        """A cell is at most the size of its row, and this at most their sum; all rows are at most the whole."""
        for (number, row, column), at in self.index.items():
            if self.tables[number]["within"] and column != _SIZE:
                self._line({self.index[number, row, _SIZE]: 1, at: -1}, 0, _MOST)
                if self.shown(number)[row, column] is not None:
                    self.lower[self.index[number, row, _SIZE]] = _FEWEST
        for number in self.numbers:
            for row in range(len(self.tables[number]["rows"]) if self.tables[number]["within"] else 0):
                cells = {
                    at: 1 for (*line, column), at in self.index.items() if line == [number, row] and column >= 0
                }
                self._line(cells | {self.index[number, row, _SIZE]: -1}, 0, _MOST)
            if rest := self._rest(number):
                self._line(rest, 0, _MOST)

    def _rest(self, inner: int) -> dict[int, int]:
        """The whole less the rows of a table; empty where a quarter of the whole was not published."""
        outer = [other for one, other in self._pairs(_lies_within) if one == inner]
        by_quarter = {_quarter(self.tables[one]): self._sum(one, 1) for one in outer}
        if by_quarter.keys() != set(range(_quarter(self.tables[inner]) + 1)):
            return {}
        sizes = {at: -1 for (one, _row, column), at in self.index.items() if (one, column) == (inner, _SIZE)}
        return {at: factor for some in (*by_quarter.values(), sizes) for at, factor in some.items()}

    def _pairs(self, fits: Callable[[dict, dict], bool]) -> list[tuple[int, int]]:
        """Pairs of different tables of one time that fit."""
        later = {number: self.tables[number]["corrects"] is not None for number in self.numbers}
        return [
            (one, other)
            for one in self.numbers
            for other in self.numbers
            if one != other and later[one] == later[other] and fits(self.tables[one], self.tables[other])
        ]

    def _corrections(self) -> None:
        for number in self.numbers:
            table = self.tables[number]
            if self.grows and table["corrects"] is not None:
                for (one, row, column), at in self.index.items():
                    if one == number and column != _SIZE:
                        self._line({at: 1, self.index[table["corrects"], row, column]: -1}, 0, _MOST)

    def _sum(self, number: int, sign: int) -> dict[int, int]:
        return {at: sign for (one, _row, column), at in self.index.items() if one == number and column != _SIZE}

    def _line(self, factors: dict[int, int], least: float, most: float) -> None:
        line = np.zeros(len(self.index))
        for at, factor in factors.items():
            line[at] = factor
        self.lines.append((line, least, most))


def _quarter(table: dict) -> int:
    return int(table.get("quarter", 0))


def _are_same(one: dict, other: dict) -> bool:
    return (one["counts"], _quarter(one)) == (other["counts"], _quarter(other))


def _lies_within(one: dict, other: dict) -> bool:
    return one["within"] == other["counts"] and _quarter(other) <= _quarter(one)


def main() -> None:
    """Attack each quarter of the standard input."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the solver writes notes of its own
    for line in sys.stdin:
        told = json.loads(line)
        systems = {counts: System(told, counts) for counts in {whole(table) for table in told["tables"]}}
        attack = System.rest if told.get("rests") else System.intervals
        found = [attack(systems[whole(table)], number) for number, table in enumerate(told["tables"])]
        answers.write(json.dumps(found) + "\n")
    answers.close()


if __name__ == "__main__":
    main()
