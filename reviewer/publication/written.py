"""A release as a file of comma-separated values, without anything that a spreadsheet would run."""

from pathlib import Path
from typing import Final

from reviewer.publication.counted_table import ROUNDED_TO, TOTAL
from reviewer.publication.register import TABLES
from reviewer.publication.release_record import Release
from system.atomic_files import write_whole
from system.csv_table import csv_table
from system.errors import ProgramError

TOO_FEW: Final = "too few"


def to_csv(release: Release) -> str:
    """The table, then notes on how to read it. Lines end with CR LF, as RFC 4180 says."""
    table, registered = release.published, TABLES.get(release.table)
    title = registered.title if registered else release.table
    unit = registered.units[0].name if registered else "number"
    totals = [TOTAL] if registered is None or registered.has_row_totals else []
    lines: list[list[object]] = [[f"{title}, {release.quarter}"]]
    lines.append(["", *table.columns, *totals] if table.columns else ["", unit])
    width = len(table.columns) + len(totals) if table.columns else 1
    for row, label in enumerate([*table.rows, TOTAL]):
        numbers = (table.numbers[row, column] for column in range(width))
        lines.append([label, *(TOO_FEW if one is None else one for one in numbers)])
    lines.append([f"“{TOO_FEW}” is a small number, or one that would tell a small number. It can be 0."])
    lines.append([f"Totals are rounded to a multiple of {ROUNDED_TO}."])
    if not totals:
        lines.append(["Rows have no total: a source may stand in several numbers of a row."])
    if release.because:
        lines.append([f"Corrected on {release.day.isoformat()}: {release.because}"])
    lines.append([f"Table {release.number} of all that were published."])
    return csv_table(lines)


def write_csv(release: Release, target: Path) -> None:
    """Write the table to a new file.

    Raises:
        ProgramError: the file exists, or cannot be written.
    """
    if target.exists():
        raise ProgramError(f"{target} exists already", hint="name a new file")
    try:
        write_whole(target, to_csv(release).encode("utf-8"), mode=0o644)
    except OSError as error:
        raise ProgramError(f"{target} could not be written: {error.strerror}") from error
