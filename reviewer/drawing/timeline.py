"""A timeline: a day is a mark, a span from one day to another a bar, each on a line of its own.

The axis runs from the first to the last day, with marks at years, months or days, as many as can be read.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.drawing.layout import LINE, MARGIN, WIDTH, Anchor, LabelPlace, label_letters

_AXIS: Final = 30
_LEFT: Final = 250
"""The left end of the axis; the labels stand left of it."""

_MOST_MARKS: Final = 8
_FEWEST_DAYS: Final = 6
_DAY_WIDTH: Final = 8
_STEPS_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600)
_STEPS_DAYS: Final = (1, 2, 7, 14)


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A mark of the axis, and the text below it."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class TimeBar:
    """A line of the timeline: a bar of some width, or a mark if ``is_day``."""

    x: int
    y: int
    width: int
    is_day: bool
    label: LabelPlace
    letters: int


@dataclass(frozen=True, slots=True)
class TimelineDrawing:
    """Bars in the order of the input."""

    width: int
    height: int
    axis_y: int
    left: int
    right: int
    marks: Sequence[TimeMark]
    bars: Sequence[TimeBar]


def draw_timeline(spans: Sequence[tuple[dt.date, dt.date]]) -> TimelineDrawing:
    """The drawing of spans, each from its first to its last day.

    Raises:
        ValueError: there is none, or one ends before it begins.
    """
    if not spans or any(last < first for first, last in spans):
        raise ValueError("a timeline needs spans that do not end before they begin")
    begins, ends = min(first for first, _ in spans), max(last for _, last in spans)
    days = max((ends - begins).days, _FEWEST_DAYS)
    right = WIDTH - MARGIN - 10

    def x_of(day: dt.date) -> int:
        return _LEFT + round((day - begins).days * (right - _LEFT) / days)

    bars = []
    for row, (first, last) in enumerate(spans):
        x, y = x_of(first), MARGIN + _AXIS + row * LINE
        bars.append(
            TimeBar(
                x,
                y,
                max(_DAY_WIDTH, x_of(last) - x),
                first == last,
                LabelPlace(_LEFT - 14, y + 13, Anchor.END),
                label_letters(_LEFT - 14 - MARGIN),
            )
        )
    last_day = begins + dt.timedelta(days=days)
    marks = [TimeMark(x_of(day), text) for day, text in _marks(begins, last_day)]
    return TimelineDrawing(
        WIDTH, MARGIN + _AXIS + len(spans) * LINE + MARGIN, MARGIN + _AXIS - 8, _LEFT, right, marks, bars
    )


def _marks(begins: dt.date, ends: dt.date) -> Iterator[tuple[dt.date, str]]:
    days = (ends - begins).days
    if days <= _STEPS_DAYS[-1] * _MOST_MARKS:
        step = next(one for one in _STEPS_DAYS if days <= one * _MOST_MARKS)
        yield from ((day, day.isoformat()[5:]) for day in _days(begins, ends, step))
        return
    months = days // 30
    step = next((one for one in _STEPS_MONTHS if months <= one * _MOST_MARKS), _STEPS_MONTHS[-1])
    month = -(-(begins.year * 12 + begins.month - (1 if begins.day == 1 else 0)) // step) * step
    while month < 12 * dt.MAXYEAR and (day := dt.date(month // 12, month % 12 + 1, 1)) <= ends:
        if day >= begins:
            yield day, str(day.year) if step % 12 == 0 else day.isoformat()[:7]
        month += step


def _days(begins: dt.date, ends: dt.date, step: int) -> Iterator[dt.date]:
    day = begins
    while day <= ends:
        yield day
        day += dt.timedelta(days=step)
