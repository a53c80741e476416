"""Works out cells that were left out of published tables, by integer programming. It knows the rules, and no count.

Reads JSON lines: ``rows``, ``columns``, ``numbers`` (row by row with totals, null where left out), ``slack`` (of
totals). Writes one JSON line each: for every hidden cell its lowest and highest possible count.

Run by an environment that has SciPy: ``scripts/judge-environment``. It imports nothing of the project.
"""

import json
import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

_MOST = 10_000


def intervals(rows: int, columns: int, numbers: list[int | None], slack: int) -> dict[str, list[int]]:
    """The interval of each hidden cell that is no total; ``columns`` is 0 in a table of one dimension."""
    width, line = max(1, columns), columns + 1 if columns else 1
    shown = {(n // line, n % line): number for n, number in enumerate(numbers)}
    places = [(row, column) for row in range(rows) for column in range(width)]
    index = {place: n for n, place in enumerate(places)}
    lower = np.array([0 if shown[place] is None else shown[place] for place in places], dtype=float)
    upper = np.array([_MOST if shown[place] is None else shown[place] for place in places], dtype=float)
    sums, least, most = [], [], []
    for place, number in shown.items():
        row, column = place
        is_total = row == rows or (columns and column == width)
        if not is_total or number is None:
            continue
        covered = [
            one for one in places if (row == rows or one[0] == row) and (column == width or one[1] == column)
        ]
        line_of = np.zeros(len(places))
        line_of[[index[one] for one in covered]] = 1
        sums.append(line_of)
        least.append(number - slack)
        most.append(number + slack)
    constraints = [LinearConstraint(np.array(sums), least, most)] if sums else []
    found = {}
    for place in places:
        if shown[place] is not None:
            continue
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(places))
            goal[index[place]] = sign
            answer = milp(
                goal, integrality=np.ones(len(places)), bounds=Bounds(lower, upper), constraints=constraints
            )
            if answer.x is None:
                raise SystemExit(f"no table fits what was published: {answer.message}")
            ends.append(round(float(answer.x[index[place]])))
        found[f"{place[0]},{place[1]}"] = ends
    return found


def main() -> None:
    """Attack each table of the standard input."""
    for line in sys.stdin:
        table = json.loads(line)
        found = intervals(len(table["rows"]), len(table["columns"]), table["numbers"], table["slack"])
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
