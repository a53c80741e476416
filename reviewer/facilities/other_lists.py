"""Lists that hold no facilities: goods by country, and steps of a chain of custody. All rows, or none.

Each has a publisher, a licence and an edition, as every list. Forgetting a list deletes everything that came from
it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from reviewer.casebook.facility_goods import ListedGood
from reviewer.errors import TableRefused
from reviewer.facilities.facility_flags import GOODS_KIND
from reviewer.facilities.list_import import (
    FACILITY_KINDS,
    STEPS,
    FacilityImport,
    begin_list,
    check_list,
    check_rows,
    columns_of,
    followed_list,
    import_list,
    log_import,
    parsed_map,
    require_no_newer,
    require_row_count,
    write_faults,
)
from reviewer.home.home import Home
from reviewer.supply.custody import COLUMNS, CustodyStep, read_steps
from reviewer.supply.custody_trace import Chain
from reviewer.supply.facility_columns import BadRow
from reviewer.supply.goods import GoodsColumns, good_key
from reviewer.viewers.table_faults import TABLES, TableKind
from reviewer.viewers.tables import OpenTable, TableProvenance
from system.errors import ProgramError

KINDS: Final = (*FACILITY_KINDS, GOODS_KIND, STEPS)


def files_of(kind: str) -> tuple[TableKind, ...]:
    """The kinds of files that may hold such a list."""
    return (*TABLES, TableKind.EPCIS, TableKind.EPCIS_LD) if kind == STEPS else TABLES


def bring_list(
    home: Home,
    table: OpenTable,
    kind: str,
    map_file: Path | None,
    provenance: TableProvenance,
    *,
    is_check: bool,
    today: dt.date,
    is_older: bool = False,
    follows: str = "",
) -> FacilityImport:
    """Keep a list of any kind, or only check each row.

    ``is_older``: a person wants an edition that is older than one that is here. ``follows`` names the list, as L-2,
    of which this one is a newer edition.

    Raises:
        TableRefused: a row is no such row, the same sheet is here already, or a newer edition is.
        ProgramError: publisher, licence, edition or column map is missing.
    """
    if kind != STEPS and not is_older:
        require_no_newer(home, kind, provenance)
    before = followed_list(home, kind, follows) if follows.strip() else None
    with home.casebook.changing():
        done = _bring(home, table, kind, map_file, provenance, is_check=is_check, today=today)
        if before is not None and done.number:
            home.casebook.facility_lists.note_follows(done.number, before)
    return done


def _bring(
    home: Home,
    table: OpenTable,
    kind: str,
    map_file: Path | None,
    provenance: TableProvenance,
    *,
    is_check: bool,
    today: dt.date,
) -> FacilityImport:
    if kind == GOODS_KIND:
        columns = parsed_map(map_file, GoodsColumns.parse)
        done = _bring_goods(home, table, columns, provenance, is_check=is_check, today=today)
    elif kind == STEPS:
        if map_file is not None:
            raise ProgramError("steps have columns of fixed names", hint=f"they are: {', '.join(COLUMNS)}")
        done = _bring_steps(home, table, provenance, is_check=is_check, today=today)
    elif is_check:
        done = check_list(table, columns_of(kind, map_file))
    else:
        return import_list(home, table, kind, columns_of(kind, map_file), provenance, today=today)
    if is_check:
        home.casebook.log.add("facility list checked", f"{done.rows} rows", today=today)
    return done


def _bring_goods(
    home: Home,
    table: OpenTable,
    columns: GoodsColumns,
    provenance: TableProvenance,
    *,
    is_check: bool,
    today: dt.date,
) -> FacilityImport:
    rows = check_rows(table, columns.read)
    if is_check:
        return FacilityImport(0, rows, 0, 0, 0, 0)
    casebook = home.casebook
    with casebook.changing():
        number = begin_list(home, table, GOODS_KIND, columns.to_json(), provenance, rows)
        for row in table.rows():
            one = columns.read(row.cells)
            casebook.facility_goods.add_listed(
                ListedGood(
                    *(number, row.line, one.country, good_key(one.good), one.good),
                    *(one.child, one.forced, one.derived),
                )
            )
        log_import(home, number, rows, today=today)
    return FacilityImport(number, rows, 0, 0, 0, 0)


def _bring_steps(
    home: Home, table: OpenTable, provenance: TableProvenance, *, is_check: bool, today: dt.date
) -> FacilityImport:
    steps = list(_new_steps(home, table))
    rows = sum(1 for _ in table.rows())
    require_row_count(rows)
    if is_check:
        numbered = [replace(step, number=at) for at, (step, _sha256) in enumerate(steps, 1)]
        faults = len(Chain(numbered).faults())
        return FacilityImport(0, rows, 0, 0, 0, 0, steps=len(steps), faults=faults)
    casebook = home.casebook
    with casebook.changing():
        number = begin_list(home, table, STEPS, {}, provenance, rows)
        for step, sha256 in steps:
            casebook.custody.add(number, step, sha256)
        casebook.custody.find_places()
        write_faults(casebook)
        log_import(home, number, rows, today=today)
        faults = casebook.custody.count_faults(number)
    return FacilityImport(number, rows, 0, 0, 0, 0, steps=len(steps), faults=faults)


def _new_steps(home: Home, table: OpenTable) -> Iterator[tuple[CustodyStep, bytes]]:
    """The steps that are not here yet, each with the digest of what its file says.

    A step that comes again with the same content is left out. One with the same name and another content is a
    conflict, unless it declares the first one an error.
    """
    seen: dict[str, dict[bytes, bool]] = {}
    try:
        for step in read_steps((row.line, row.cells) for row in table.rows()):
            sha256 = _digest(step)
            known = seen.setdefault(step.step, home.casebook.custody.digests(step.step))
            if sha256 in known:
                continue
            if any(is_declaration == bool(step.struck) for is_declaration in known.values()):
                raise TableRefused(
                    f"line {step.line}: a step of this name is here with another content",
                    hint="give the steps different names, or declare the first one as an error in EPCIS",
                )
            known[sha256] = bool(step.struck)
            yield step, sha256
    except BadRow as error:
        raise TableRefused(str(error), hint="nothing was changed") from None


def _digest(step: CustodyStep) -> bytes:
    parts = [step.step, step.kind, step.day.isoformat(), step.place, step.document, step.struck, step.raw]
    parts += [str(step.valid_until or "")]
    parts += [str(part) for lot in step.lots for part in (lot.side, lot.lot, lot.quantity, lot.unit)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
