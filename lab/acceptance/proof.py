"""Runs the proof of each row, and says how it came out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lab.acceptance.measuring import TREE, Measurements
from lab.acceptance.pytest_run import Ran, run_tests
from lab.acceptance.rows import Measure, Row


class Verdict(StrEnum):
    HOLDS = "holds"
    PARTLY = "partly"
    FAILS = "does not hold"
    NOT_BUILT = "not built yet"


@dataclass(frozen=True)
class Proved:
    """A row, what came out, its figure where there is one, and why it does not hold, or not wholly."""

    row: Row
    verdict: Verdict
    figure: str
    reason: str
    day: dt.date


def prove(rows: Sequence[Row], *, today: dt.date, measurements: Measurements | None = None) -> Iterator[Proved]:
    """Each row in turn, with all tests of all of them in one run, because many share what is slow to set up."""
    tests = sorted({test for row in rows for test in row.tests})
    ran = run_tests(tests, tree=TREE) if tests else Ran()
    measured = measurements or Measurements()
    for row in rows:
        yield _prove(row, ran, measured, today)


def _prove(row: Row, ran: Ran, measured: Measurements, today: dt.date) -> Proved:
    if not row.is_built:
        return Proved(row, Verdict.NOT_BUILT, "", row.lacks, today)
    figures: list[str] = []
    wrong = [_fault(test, ran) for test in row.tests if not ran.passed(test)]
    for measure in row.measures:
        figure, fault = _measure(measure, measured)
        figures.append(figure)
        wrong += [fault] if fault else []
    verdict = Verdict.FAILS if wrong else Verdict.PARTLY if row.lacks else Verdict.HOLDS
    reason = "; ".join(wrong) if wrong else f"lacks: {row.lacks}" if row.lacks else ""
    return Proved(row, verdict, ", ".join(filter(None, figures)), reason, today)


def _fault(test: str, ran: Ran) -> str:
    endings = sorted({ending.value for ending in ran.of(test)}) or ["did not run"]
    return f"{test}: {', '.join(endings)}"


def _measure(measure: Measure, measured: Measurements) -> tuple[str, str]:
    """Its figure, and what is wrong with it: too high, none, or a command that says itself that something is."""
    ended_with, printed = measured.printed_by(measure.command)
    worst = measure.worst(printed)
    if worst is None:
        return "", f"{measure.command} ended with {ended_with} and no figure"
    figure = f"{worst:g} {measure.unit}".strip()
    if worst >= measure.below:
        return figure, f"{figure} is not below {measure.below:g} ({measure.command})"
    return figure, f"{measure.command} ended with {ended_with}" if ended_with else ""
