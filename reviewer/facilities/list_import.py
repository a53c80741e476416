"""Lists of facilities from a medium into the home: all rows of a list, or none."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.casebook.facility_lists import FACILITY_LISTS, FacilityList, StoredFacility
from reviewer.casebook.imported_tables import ImportedTable
from reviewer.errors import TableRefused
from reviewer.facilities.candidates import find_same_places
from reviewer.home.home import Home
from reviewer.supply.facility_columns import (
    MOST_MAP_BYTES,
    OS_HUB_COLUMNS,
    BadColumnMap,
    BadRow,
    FacilityColumns,
    ListedFacility,
)
from reviewer.viewers.tables import OpenTable, TableProvenance
from system.errors import ProgramError

KINDS: Final = ("os-hub", "suppliers", "manifest", "other")
MOST_ROWS: Final = 300_000
_MOST_NAMED: Final = 20
_MOST_COLUMNS_NAMED: Final = 30


@dataclass(frozen=True, slots=True)
class FacilityImport:
    """Counts of an import, or of a check.

    ``number`` of the list is 0 where nothing was kept. ``same_by_rule`` and ``questions`` count pairs;
    ``common`` counts facilities that share a name and address, or an identifier, with so many others that no rule
    joined them.
    """

    number: int
    rows: int
    facilities: int
    same_by_rule: int
    questions: int
    common: int


def columns_of(kind: str, map_file: Path | None) -> FacilityColumns:
    """The column map of a file, or that of the kind.

    Raises:
        ProgramError: there is none, or it cannot be read.
    """
    if map_file is None:
        if kind == "os-hub":
            return OS_HUB_COLUMNS
        raise ProgramError(
            "the program must be told which columns hold the name and the address",
            hint="write a column map and name it with --columns; docs/review/supply-chain.md has an example",
        )
    try:
        with map_file.open("rb") as file:
            content = file.read(MOST_MAP_BYTES + 1)
    except OSError as error:
        raise ProgramError(f"cannot read {map_file}: {(error.strerror or 'unknown reason').lower()}") from error
    hint = "docs/review/supply-chain.md has an example; nothing was changed"
    if len(content) > MOST_MAP_BYTES:
        raise ProgramError(f"a column map must have at most {MOST_MAP_BYTES >> 10} KiB", hint=hint)
    try:
        return FacilityColumns.parse(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ProgramError("a column map must be UTF-8", hint=hint) from None
    except BadColumnMap as error:
        raise ProgramError(str(error), hint=hint) from error


def check_list(table: OpenTable, columns: FacilityColumns) -> FacilityImport:
    """Read every row and keep nothing.

    Raises:
        TableRefused: a row is no facility; the first rows with a fault are named.
    """
    faults: list[str] = []
    kinds: set[_Spelling] = set()
    rows = 0
    for row in table.rows():
        rows += 1
        try:
            kinds.add(_spelling(columns.read(row.cells)))
        except BadRow as error:
            faults.append(f"line {row.line}: {error}")
            if "there is no column" in faults[-1]:
                names = ", ".join(list(row.cells)[:_MOST_COLUMNS_NAMED])
                raise TableRefused(faults[-1], hint=f"the columns of this row are: {names}") from None
    if faults:
        others = "; ".join(faults[1:_MOST_NAMED])
        more = f"; {len(faults) - _MOST_NAMED:,} more" if len(faults) > _MOST_NAMED else ""
        raise TableRefused(faults[0], hint=f"{others}{more}" if others else "nothing was changed")
    if not 1 <= rows <= MOST_ROWS:
        raise TableRefused(f"a list of facilities must have 1 to {MOST_ROWS:,} rows")
    return FacilityImport(0, rows, len(kinds), 0, 0, 0)


def import_list(
    home: Home,
    table: OpenTable,
    kind: str,
    columns: FacilityColumns,
    provenance: TableProvenance,
    *,
    today: dt.date,
) -> FacilityImport:
    """Keep a list with every row, and find what may be the same place: all of it, or nothing.

    Raises:
        TableRefused: a row is no facility, or the same sheet is here already.
        ProgramError: publisher, licence or edition is missing.
    """
    casebook = home.casebook
    if not (provenance.publisher and provenance.licence and provenance.version):
        raise ProgramError("a list must have a publisher, a licence and an edition: a report names them")
    if any(
        (one.table.sha256, one.table.sheet) == (table.sha256, provenance.sheet)
        for one in casebook.facility_lists.all()
    ):
        raise TableRefused("this sheet is here already", hint="tipline-review supply lists HOME")
    checked = check_list(table, columns)
    origin = ImportedTable(
        *(0, FACILITY_LISTS, provenance.file_name, provenance.sha256, provenance.sheet, provenance.publisher),
        *(provenance.licence, provenance.version, checked.rows, provenance.day),
    )
    with casebook.changing():
        number = casebook.facility_lists.add(kind, columns, origin)
        stored: dict[_Spelling, StoredFacility] = {}
        for row in table.rows():
            listed = columns.read(row.cells)
            spelling = _spelling(listed)
            if spelling not in stored:
                facility = casebook.facility_lists.add_facility(number, listed)
                stored[spelling] = StoredFacility(facility, number, listed)
            casebook.facility_lists.add_row(stored[spelling].number, row.line, row.cells)
        found = find_same_places(casebook, list(stored.values()), today=today)
        casebook.log.add("facility list imported", f"L-{number}, {checked.rows} rows", today=today)
    return FacilityImport(
        number, checked.rows, checked.facilities, found.same_by_rule, found.questions, found.common
    )


def forget_list(home: Home, name: str, *, today: dt.date) -> FacilityList:
    """Delete a list with its rows, and each question and decision about its facilities; what it was.

    Raises:
        ProgramError: there is no such list.
    """
    digits = name[2:] if name[:2].upper() == "L-" else ""
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
    with home.casebook.changing():
        if (found := home.casebook.facility_lists.find(number)) is None:
            raise ProgramError("there is no such list", hint="tipline-review supply lists HOME shows L-1, L-2, …")
        home.casebook.facility_lists.forget(found)
        home.casebook.log.add("facility list forgotten", found.name, today=today)
    return found


_Spelling = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _spelling(listed: ListedFacility) -> _Spelling:
    """The values that are equal, letter by letter, in two rows of one facility."""
    facility = listed.facility
    return facility.name, facility.address, facility.country, tuple(sorted(listed.identifiers.items()))
