"""Steps of a chain of custody: lots in, lots out, place and day; and reading them from rows.

A row of a file stands for one lot of a step. Rows with the same name of a step, one after another, are one step.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from reviewer.supply.facility_columns import BadRow
from reviewer.supply.lots import lot_key

COLUMNS: Final = ("step", "kind", "day", "place", "side", "lot", "quantity", "unit", "document", "valid_until")
"""The columns of a table of steps; those of documents, quantities and units may be left out."""

NEEDED: Final = ("step", "day", "place", "side", "lot")
ORIGIN: Final = "origin"
"""The kind of a step from which a lot comes: a field, a mine. Any other output needs something that went in."""

_KIND: Final = re.compile("[a-z]{1,20}")
_MOST_LETTERS: Final = 500
_MOST_DIGITS: Final = 40
_EXPONENT: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+[0-9]+")


class Side(StrEnum):
    """IN: a step takes the lot. OUT: it gives it. AT: the lot was there and stayed the same."""

    IN = "in"
    OUT = "out"
    AT = "at"


@dataclass(frozen=True, slots=True)
class StepLot:
    """A lot of a step. ``quantity`` is None where the file gives none."""

    side: Side
    lot: str
    quantity: Decimal | None
    unit: str

    @property
    def key(self) -> str:
        """The name of the lot in one spelling."""
        return lot_key(self.lot)


@dataclass(frozen=True, slots=True)
class CustodyStep:
    """A step. Without a ``document`` it is only a claim; ``valid_until`` is that of the document.

    ``struck`` is the reason of an error declaration, or empty. ``number`` and ``facility`` are those of the
    casebook.
    """

    step: str
    kind: str
    day: dt.date
    place: str
    lots: Sequence[StepLot]
    document: str = ""
    valid_until: dt.date | None = None
    struck: str = ""
    left_out: str = ""
    raw: str = field(default="", repr=False)
    line: int = 0
    number: int = 0
    facility: int | None = None
    facility_list: int = 0

    @property
    def name(self) -> str:
        """As ``T-7``."""
        return f"T-{self.number}"

    def some(self, side: Side) -> list[StepLot]:
        """The lots of one side."""
        return [one for one in self.lots if one.side is side]


def read_steps(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[CustodyStep]:
    """The steps of rows with their lines.

    Raises:
        BadRow: a value is no such value; its text begins with the line.
    """
    waiting: list[tuple[int, Mapping[str, str]]] = []
    for line, cells in rows:
        if waiting and cells.get("step", "").strip() != waiting[0][1].get("step", "").strip():
            yield _step(waiting)
            waiting = []
        waiting.append((line, cells))
    if waiting:
        yield _step(waiting)


def _step(rows: Sequence[tuple[int, Mapping[str, str]]]) -> CustodyStep:
    line = first_line = rows[0][0]
    lots = []
    whole: dict[str, str] = {}
    try:
        for number, cells in rows:
            line = number
            _require_row(cells, whole)
            whole |= {name: value for name, value in cells.items() if value.strip() or name not in whole}
            if cells["lot"].strip():
                lots.append(_lot(cells))
        line = first_line
        return _of_all(whole, lots, line)
    except BadRow as error:
        raise BadRow(f"line {line}: {error}") from None


def _require_row(cells: Mapping[str, str], above: Mapping[str, str]) -> None:
    for name in ("step", "side", "lot") if above else NEEDED:
        if name not in cells:
            raise BadRow(f"there is no column {name}")
    if any(len(value) > _MOST_LETTERS for name, value in cells.items() if name not in {"raw", "left_out"}):
        raise BadRow(f"a value must have at most {_MOST_LETTERS} letters")
    for name in ("kind", "day", "place", "document", "valid_until"):
        value, before = cells.get(name, "").strip(), above.get(name, "").strip()
        if value and before and value != before:
            raise BadRow(f"rows of one step must have the same {name}")


def _of_all(first: Mapping[str, str], lots: Sequence[StepLot], line: int) -> CustodyStep:
    name, kind = first["step"].strip(), first.get("kind", "").strip().lower() or "step"
    if not name:
        raise BadRow("a step must have a name")
    if not _KIND.fullmatch(kind):
        raise BadRow("the kind of a step must be one word in small letters, as origin or make")
    return CustodyStep(
        step=name,
        kind=kind,
        day=_day(first["day"]),
        place=first["place"].strip(),
        lots=tuple(lots),
        document=first.get("document", "").strip(),
        valid_until=_day(until) if (until := first.get("valid_until", "").strip()) else None,
        struck=first.get("struck", "").strip(),
        left_out=first.get("left_out", ""),
        raw=first.get("raw", ""),
        line=line,
    )


def _lot(cells: Mapping[str, str]) -> StepLot:
    try:
        side = Side(cells["side"].strip().lower())
    except ValueError:
        raise BadRow("side must be in, out or at") from None
    lot = cells["lot"].strip()
    if _EXPONENT.fullmatch(lot):
        raise BadRow("a lot was damaged by a spreadsheet: make the column a text, and export it again")
    return StepLot(side, lot, _quantity(cells.get("quantity", "").strip()), cells.get("unit", "").strip())


def _quantity(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        quantity = Decimal(text) if len(text) <= _MOST_DIGITS else None
    except InvalidOperation:
        quantity = None
    if quantity is None or not quantity.is_finite() or quantity < 0 or quantity.adjusted() > _MOST_DIGITS:
        raise BadRow("a quantity must be a number with a point before its fraction, as 12.5")
    return quantity


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise BadRow("a day must be written as 2026-11-25") from None
