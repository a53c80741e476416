"""Tables for spreadsheets, read as spreadsheets of several countries divide them."""

import csv
import io

from system.csv_table import csv_table

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", '"=1"', "\t=1", "\uff1d1")
CELLS = [
    f"{before}{formula}{after}"
    for formula in FORMULAS
    for before in ("", "x;", "x\t", "x|", "x\n", 'x";')
    for after in ("", ";y")
]


def test_no_cell_begins_as_a_formula_whatever_divides_the_cells() -> None:
    written = csv_table(["name", cell] for cell in CELLS)
    for divider in (",", ";", "\t", "|"):
        cells = [cell for row in csv.reader(io.StringIO(written), delimiter=divider) for cell in row]
        assert [one for one in cells if one.lstrip(' \t\r\n"')[:1] in set("=+-@\uff1d")] == [], divider


def test_each_cell_comes_back_as_it_was_but_for_the_apostrophes() -> None:
    cells = ["a,b", 'say "no"', "two\nlines", "1,000", "ende; neu", "2026-12-04"]
    (row,) = csv.reader(io.StringIO(csv_table([cells]), newline=""))
    assert row == cells
