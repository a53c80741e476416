"""Sentences on what rows of the acceptance measured, from docs/evidence/acceptance.json."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lab.acceptance.proof import Verdict
from lab.acceptance.results import read_results

BEACON_PRESSES, BEACON_KILLS, BEACON_ARRIVALS = "beacon.presses", "beacon.kills", "beacon.arrivals"
TRAFFIC_TIMES = "traffic.times"
NOT_YET = "Not measured with this version yet."


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A row of the acceptance, the form of its figures, and the sentence that is made of them."""

    number: int
    figures: str
    sentence: str


ROWS = {
    BEACON_PRESSES: MeasuredRow(
        223,
        r"(\d+) presses lost, ([\d.]+) seconds, median, ([\d.]+) seconds, 95 %",
        "of 100 presses {} were lost. Half of them reached the desk within {} s, and 95 of 100 within {} s",
    ),
    BEACON_KILLS: MeasuredRow(
        225,
        r"(\d+) presses lost, (\d+) acknowledged presses that rang again,"
        r" (\d+) unacknowledged presses that were silent",
        "of 120 presses {} were lost. After a restart of the desk {} acknowledged presses rang again, and {} others"
        " were silent",
    ),
    BEACON_ARRIVALS: MeasuredRow(
        228,
        r"([\d.]+) of 100 windows told rightly; 50 are chance",
        "it told {} of 100 windows rightly, where 50 are chance",
    ),
    TRAFFIC_TIMES: MeasuredRow(
        20,
        r"([\d.]+) % of openings told apart by time, 50 is chance, ([\d.]+) % of buttons",
        "the highest pair of openings was told apart in {} of 100, and the highest pair of buttons in {} of 100",
    ),
}


def sentence_of(row: MeasuredRow) -> str:
    """The sentence of the row's last outcome, with its day. A row that did not hold says so."""
    outcome = read_results().rows.get(row.number)
    found = re.fullmatch(row.figures, outcome.figure) if outcome is not None else None
    if outcome is None or found is None:
        return NOT_YET
    held = "" if outcome.came_out == Verdict.HOLDS.value else " The row did not hold."
    return f"On {outcome.day} {row.sentence.format(*found.groups())}.{held}"


def quotes_of_measured_rows() -> dict[str, Callable[[], str]]:
    """The quotes by name."""
    return {name: partial(sentence_of, row) for name, row in ROWS.items()}
