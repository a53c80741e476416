"""Steps of chains of custody that staff brought, and what is wrong in them."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.supply.custody import CustodyStep, Side, StepLot
from reviewer.supply.custody_trace import CustodyFault, CustodyFaultKind
from reviewer.supply.lots import place_gln

_STEP = (
    "SELECT number, list, line, step, kind, day, place, facility, document, valid_until, struck, left_out"
    " FROM custody_steps"
)
_SOME = "(SELECT value FROM json_each(?))"


class CustodySteps:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, facility_list: int, step: CustodyStep, sha256: bytes) -> int:
        """Keep a step of a list with its lots; its number."""
        self._small.run(
            "INSERT INTO custody_steps (list, line, step, kind, day, place, document, valid_until, struck, sha256,"
            " left_out, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(facility_list, step.line, step.step, step.kind, step.day.isoformat(), step.place, step.document),
                step.valid_until.isoformat() if step.valid_until else "",
                *(step.struck, sha256, step.left_out, step.raw),
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        number = int(row[0]) if row else 0
        for place, lot in enumerate(step.lots):
            self._small.run(
                "INSERT INTO custody_lots VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(number, place, str(lot.side), lot.key, lot.lot),
                    *("" if lot.quantity is None else str(lot.quantity), lot.unit),
                ),
            )
        return number

    def digests(self, step: str) -> dict[bytes, bool]:
        """The digests of the steps with this name; true for those that an error declaration came with."""
        rows = self._small.rows("SELECT sha256, struck FROM custody_steps WHERE step = ?", (step,))
        return {bytes(sha256): bool(struck) for sha256, struck in rows}

    def find_places(self) -> None:
        """Find the facility of each step that has none, by F-number, GLN or OS ID."""
        for (place,) in self._small.rows("SELECT DISTINCT place FROM custody_steps WHERE facility IS NULL"):
            if (found := self._facility_at(place)) is not None:
                self._small.run(
                    "UPDATE custody_steps SET facility = ? WHERE facility IS NULL AND place = ?", (found, place)
                )

    def _facility_at(self, place: str) -> int | None:
        digits = place[2:] if place[:2].upper() == "F-" else ""
        if digits.isascii() and digits.isdecimal() and len(digits) < 10:
            row = self._small.row("SELECT number FROM facilities WHERE number = ?", (int(digits),))
            return int(row[0]) if row else None
        for scheme, value in (("gln", place_gln(place)), ("os_id", place.strip().upper())):
            row = self._small.row(
                "SELECT min(facility) FROM facility_identifiers WHERE scheme = ? AND value = ?", (scheme, value)
            )
            if value and row and row[0] is not None:
                return int(row[0])
        return None

    def all(self) -> list[CustodyStep]:
        """Every step, also those that an error declaration struck out, in the order of their import."""
        return self._with_lots(self._small.rows(f"{_STEP} ORDER BY number"), "SELECT number FROM custody_steps", ())

    def at(self, facilities: Collection[int]) -> list[CustodyStep]:
        """The steps at these facilities, by day."""
        some = (json.dumps(list(facilities)),)
        where = f"WHERE facility IN {_SOME}"
        rows = self._small.rows(f"{_STEP} {where} ORDER BY day, number", some)
        return self._with_lots(rows, f"SELECT number FROM custody_steps {where}", some)  # noqa: S608 -- ours

    def _with_lots(self, rows: Sequence[Row], numbers: str, values: Sequence[object]) -> list[CustodyStep]:
        lots: dict[int, list[StepLot]] = {}
        for step, side, lot, quantity, unit in self._small.rows(
            "SELECT step, side, lot, quantity, unit FROM custody_lots"  # noqa: S608 -- ours
            f" WHERE step IN ({numbers}) ORDER BY step, place",
            values,
        ):
            amount = Decimal(quantity) if quantity else None
            lots.setdefault(step, []).append(StepLot(Side(side), lot, amount, unit))
        return [_step(row, lots.get(row[0], [])) for row in rows]

    def step(self, number: int) -> CustodyStep | None:
        """The step with this number."""
        rows = self._small.rows(f"{_STEP} WHERE number = ?", (number,))
        found = self._with_lots(rows, "SELECT ?", (number,))
        return found[0] if found else None

    def at_line(self, facility_list: int, line: int) -> list[CustodyStep]:
        """The steps of a list that begin at this line."""
        rows = self._small.rows(f"{_STEP} WHERE list = ? AND line = ? ORDER BY number", (facility_list, line))
        numbers = "SELECT number FROM custody_steps WHERE list = ? AND line = ?"
        return self._with_lots(rows, numbers, (facility_list, line))

    def raw(self, number: int) -> str:
        """A step as its file had it, if it came from EPCIS."""
        row = self._small.row("SELECT raw FROM custody_steps WHERE number = ?", (number,))
        return str(row[0]) if row else ""

    def write_faults(self, faults: Iterable[CustodyFault]) -> None:
        """Keep what is wrong now, in place of what was wrong before."""
        self._small.run("DELETE FROM custody_faults")
        for one in faults:
            self._small.run(
                "INSERT INTO custody_faults VALUES (?, ?, ?, ?, ?, ?)",
                (one.step, str(one.kind), one.lot, one.one, one.other, one.unit),
            )

    def faults_at(self, facilities: Collection[int]) -> list[tuple[CustodyFault, CustodyStep]]:
        """The faults at steps of these facilities, with the step."""
        steps = {step.number: step for step in self.at(facilities)}
        return [(one, steps[one.step]) for one in self.faults(steps)]

    def faults(self, steps: Collection[int]) -> list[CustodyFault]:
        """The faults at these steps."""
        rows = self._small.rows(
            f"SELECT step, fault, lot, one, other, unit FROM custody_faults WHERE step IN {_SOME}"  # noqa: S608
            " ORDER BY step, fault, lot",
            (json.dumps(list(steps)),),
        )
        return [CustodyFault(step, CustodyFaultKind(kind), *rest) for step, kind, *rest in rows]

    def count_faults(self, facility_list: int) -> int:
        """The number of faults at steps of a list."""
        row = self._small.row(
            "SELECT count(*) FROM custody_faults AS f JOIN custody_steps AS s ON s.number = f.step"
            " WHERE s.list = ?",
            (facility_list,),
        )
        return int(row[0]) if row else 0

    def facilities_with_faults(self) -> set[int]:
        """The facilities at whose steps something is wrong."""
        rows = self._small.rows(
            "SELECT DISTINCT s.facility FROM custody_faults AS f JOIN custody_steps AS s ON s.number = f.step"
            " WHERE s.facility IS NOT NULL"
        )
        return {row[0] for row in rows}


def _step(row: Row, lots: Sequence[StepLot]) -> CustodyStep:
    number, facility_list, line, step, kind, day, place, facility, document, until, struck, left_out = row
    return CustodyStep(
        *(step, kind, dt.date.fromisoformat(day), place, tuple(lots), document),
        valid_until=dt.date.fromisoformat(until) if until else None,
        struck=struck,
        left_out=left_out,
        line=line,
        number=number,
        facility=facility,
        facility_list=facility_list,
    )
