"""One row of a list, as it came: what a flag names by list and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import FacilityList
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row with its list and line. ``facility`` is its number here; None in a list of goods or of steps."""

    facility_list: FacilityList
    line: int
    facility: int | None
    cells: Mapping[str, str] = field(repr=False)


def list_row(casebook: Casebook, name: str, line: int) -> ListRow:
    """The row at a line of a list named as ``L-2``; cells are untrusted text.

    Of a list of goods or of steps the cells are those that are kept.

    Raises:
        ProgramError: there is no such list, or nothing is kept of this line.
    """
    digits = name[2:] if name[:2].upper() == "L-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.facility_lists.find(int(digits)) if is_number else None
    if found is None:
        raise ProgramError("there is no such list", hint="tipline-review supply lists HOME shows L-1, L-2, …")
    if (row := casebook.facility_lists.row_at(found.number, line)) is not None:
        return ListRow(found, line, *row)
    if (good := casebook.facility_goods.listed_at(found.number, line)) is not None:
        marks = {"child": good.child, "forced": good.forced, "derived": good.derived}
        cells = {"good": good.good, "country": good.country}
        return ListRow(found, line, None, cells | {key: "yes" for key, is_set in marks.items() if is_set})
    for step in casebook.custody.at_line(found.number, line):
        lots = "; ".join(
            " ".join(filter(None, (one.side, one.lot, str(one.quantity or ""), one.unit))) for one in step.lots
        )
        cells = {"step": step.step, "kind": step.kind, "day": step.day.isoformat(), "place": step.place}
        cells |= {"lots": lots, "document": step.document, "event": casebook.custody.raw(step.number)}
        return ListRow(found, line, step.facility, {key: value for key, value in cells.items() if value})
    raise ProgramError(f"nothing is kept of this line of {found.name}")
