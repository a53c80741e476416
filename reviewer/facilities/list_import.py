"""Lists of facilities from a medium into the home: all rows of a list, or none."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_goods import Buyer, FacilityGood
from reviewer.casebook.facility_lists import FACILITY_LISTS, FacilityList, StoredFacility
from reviewer.casebook.imported_tables import ImportedTable
from reviewer.errors import TableRefused
from reviewer.facilities.candidates import find_same_places
from reviewer.facilities.editions import newer_here
from reviewer.facilities.kept_refusals import places_of_list
from reviewer.home.home import Home
from reviewer.supply.custody_trace import Chain
from reviewer.supply.facility_columns import (
    MOST_MAP_BYTES,
    OS_HUB_COLUMNS,
    BadColumnMap,
    BadRow,
    FacilityColumns,
    ListedFacility,
    ListedTrade,
)
from reviewer.supply.goods import MOST_LETTERS, good_key, goods_in
from reviewer.terminal.plain_text import plain_line
from reviewer.viewers.tables import OpenTable, TableProvenance
from system.errors import ProgramError
from system.given_files import read_beginning

FACILITY_KINDS: Final = ("os-hub", "suppliers", "manifest", "uflpa", "other")
STEPS: Final = "steps"
MOST_ROWS: Final = 300_000
_MOST_NAMED: Final = 20
Columns = TypeVar("Columns")
_MOST_COLUMNS_NAMED: Final = 30


@dataclass(frozen=True, slots=True)
class FacilityImport:
    """Counts of an import, or of a check.

    ``number`` of the list is 0 where nothing was kept. ``same_by_rule`` and ``questions`` count pairs;
    ``common`` counts facilities that share a name and address, or an identifier, with too many others, so that no
    rule joined them. ``steps`` and ``faults`` are those of a chain of custody.
    """

    number: int
    rows: int
    facilities: int
    same_by_rule: int
    questions: int
    common: int
    steps: int = 0
    faults: int = 0


def columns_of(kind: str, map_file: Path | None) -> FacilityColumns:
    """The column map of a file, or that of the kind.

    Raises:
        ProgramError: there is none, or it cannot be read.
    """
    if map_file is None and kind == "os-hub":
        return OS_HUB_COLUMNS
    return parsed_map(map_file, FacilityColumns.parse)


def parsed_map(map_file: Path | None, parse: Callable[[str], Columns]) -> Columns:
    """The column map of a file.

    Raises:
        ProgramError: there is none, or it cannot be read.
    """
    if map_file is None:
        raise ProgramError(
            "the program must be told which columns hold what",
            hint="write a column map and name it with --columns; docs/review/supply-chain.md has an example",
        )
    content = read_beginning(map_file, MOST_MAP_BYTES)
    hint = "docs/review/supply-chain.md has an example; nothing was changed"
    if len(content) > MOST_MAP_BYTES:
        raise ProgramError(f"a column map must have at most {MOST_MAP_BYTES >> 10} KiB", hint=hint)
    try:
        return parse(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ProgramError("a column map must be UTF-8", hint=hint) from None
    except BadColumnMap as error:
        raise ProgramError(str(error), hint=hint) from error


def check_list(table: OpenTable, columns: FacilityColumns) -> FacilityImport:
    """Read every row and keep nothing.

    Raises:
        TableRefused: a row is no facility; the first rows with a fault are named.
    """
    kinds: set[_Spelling] = set()
    rows = check_rows(table, lambda cells: kinds.add(_spelling(columns.read(cells))))
    return FacilityImport(0, rows, len(kinds), 0, 0, 0)


def check_rows(table: OpenTable, read: Callable[[Mapping[str, str]], object]) -> int:
    """Read every row of a table; their number.

    Raises:
        TableRefused: a row is no such row; the first rows with a fault are named.
    """
    faults: list[str] = []
    rows = left = 0
    for row in table.rows():
        rows += 1
        if rows > MOST_ROWS:
            break
        try:
            read(row.cells)
        except BadRow as error:
            if len(faults) == _MOST_NAMED:
                left += 1
                continue
            faults.append(f"line {row.line}: {error}")
            if "there is no column" in faults[-1]:
                names = ", ".join(list(row.cells)[:_MOST_COLUMNS_NAMED])
                raise TableRefused(faults[-1], hint=f"the columns of this row are: {names}") from None
    require_row_count(rows)
    if faults:
        others = "; ".join(faults[1:])
        more = f"; {left:,} more" if left else ""
        raise TableRefused(faults[0], hint=f"{others}{more}" if others else "nothing was changed")
    return rows


def require_row_count(rows: int) -> None:
    """Return if a list may have this number of rows.

    Raises:
        TableRefused: it has none, or too many.
    """
    if not 1 <= rows <= MOST_ROWS:
        raise TableRefused(f"a list must have 1 to {MOST_ROWS:,} rows")


def log_import(home: Home, number: int, rows: int, *, today: dt.date) -> None:
    """Note in the log that a list is here."""
    home.casebook.log.add("facility list imported", f"L-{number}, {rows} rows", today=today)


def require_no_newer(home: Home, kind: str, provenance: TableProvenance) -> None:
    """Return unless a newer edition of the same list is here.

    Raises:
        TableRefused: it is here.
    """
    lists = home.casebook.facility_lists.all()
    if (newer := newer_here(lists, kind, provenance.publisher, provenance.version)) is not None:
        edition = plain_line(newer.table.version)
        raise TableRefused(
            f"edition {edition} of a list of this publisher is here as {newer.name}, and this one is older",
            hint="--older keeps it too; at the desk tick that you want it",
        )


def followed_list(home: Home, kind: str, name: str) -> FacilityList:
    """The list of which a new one of this kind is a newer edition.

    Raises:
        ProgramError: there is no such list of this kind.
    """
    found = next((one for one in home.casebook.facility_lists.all() if one.name == name.strip().upper()), None)
    if found is None or found.kind != kind or kind == STEPS:
        raise ProgramError(
            "a newer edition must follow a list of the same kind, and no list of steps",
            hint="tipline-review supply lists HOME shows L-1, L-2, …",
        )
    return found


def begin_list(
    home: Home, table: OpenTable, kind: str, columns: Mapping[str, Any], provenance: TableProvenance, rows: int
) -> int:
    """Keep an empty list with its origin, in the caller's transaction; its number.

    Raises:
        TableRefused: the same sheet is here already.
        ProgramError: publisher, licence or edition is missing.
    """
    if not (provenance.publisher and provenance.licence and provenance.version):
        raise ProgramError("a list must have a publisher, a licence and an edition: a report names them")
    lists = home.casebook.facility_lists
    if any((one.table.sha256, one.table.sheet) == (table.sha256, provenance.sheet) for one in lists.all()):
        raise TableRefused("this sheet is here already", hint="tipline-review supply lists HOME")
    origin = ImportedTable(
        *(0, FACILITY_LISTS, provenance.file_name, provenance.sha256, provenance.sheet, provenance.publisher),
        *(provenance.licence, provenance.version, rows, provenance.day),
    )
    return lists.add(kind, columns, origin)


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
    checked = check_list(table, columns)
    with casebook.changing():
        number = begin_list(home, table, kind, columns.to_json(), provenance, checked.rows)
        stored: dict[_Spelling, StoredFacility] = {}
        for row in table.rows():
            listed = columns.read(row.cells)
            spelling = _spelling(listed)
            if spelling not in stored:
                facility = casebook.facility_lists.add_facility(number, listed)
                stored[spelling] = StoredFacility(facility, number, listed)
            casebook.facility_lists.add_row(stored[spelling].number, row.line, row.cells)
            _keep_trade(casebook, stored[spelling].number, row.line, columns.trade(row.cells), today)
        found = find_same_places(casebook, list(stored.values()), today=today)
        casebook.custody.find_places()
        log_import(home, number, checked.rows, today=today)
    return FacilityImport(
        number, checked.rows, checked.facilities, found.same_by_rule, found.questions, found.common
    )


def _keep_trade(casebook: Casebook, facility: int, line: int, trade: ListedTrade, today: dt.date) -> None:
    for good in goods_in(trade.goods):
        casebook.facility_goods.add(FacilityGood(facility, good, good_key(good), "", today))
    if trade.buyer:
        casebook.facility_goods.add_buyer(
            Buyer(facility, line, trade.buyer, trade.goods[:MOST_LETTERS], trade.since)
        )


def write_faults(casebook: Casebook) -> None:
    """Look through all steps, and keep what is wrong in place of what was wrong before."""
    casebook.custody.write_faults(Chain(casebook.custody.all()).faults())


def forget_list(home: Home, name: str, *, today: dt.date) -> FacilityList:
    """Delete a list with its rows, and all that depends on it; what it was.

    Raises:
        ProgramError: there is no such list.
    """
    digits = name[2:] if name[:2].upper() == "L-" else ""
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
    with home.casebook.changing():
        if (found := home.casebook.facility_lists.find(number)) is None:
            raise ProgramError("there is no such list", hint="tipline-review supply lists HOME shows L-1, L-2, …")
        going = home.casebook.facility_lists.numbers_on([number])
        places = places_of_list(home.casebook, frozenset(going))
        home.casebook.facility_lists.forget(found)
        for place in places:
            place.keep_what_left(home.casebook, gone=going)
        home.casebook.custody.find_places()
        if found.kind == STEPS:
            write_faults(home.casebook)
        home.casebook.log.add("facility list forgotten", found.name, today=today)
    return found


_Spelling = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _spelling(listed: ListedFacility) -> _Spelling:
    """The values that are equal, letter by letter, in two rows of one facility."""
    facility = listed.facility
    return facility.name, facility.address, facility.country, tuple(sorted(listed.identifiers.items()))
