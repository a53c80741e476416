"""Tables that staff bring: values of cells with their lines, and each fault is named with its line."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.clean_copy.children import Children
from reviewer.errors import TableRefused
from reviewer.viewers.table_faults import (
    MOST_CELL_LETTERS,
    MOST_LINE_LETTERS,
    MOST_UNPACKED_BYTES,
    TableFault,
    Trouble,
)
from reviewer.viewers.table_text import csv_rows
from reviewer.viewers.tables import open_table
from system.errors import ProgramError
from tests.reviewer.viewers.spreadsheets import packed, parts_of, texts_in_rows, unpacking_to

ROWS = [
    (2, {"When": "2019-04-03", "What": "Nadja, +44 7700 900123"}),
    (3, {"When": "", "What": "Надежда\nالمزرعة"}),
]


def read(folder: Path, name: str, content: bytes, *, sheet: int = 1) -> list[tuple[int, dict[str, str]]]:
    path = folder / name
    path.write_bytes(content)
    with open_table(path, sheet=sheet, children=Children()) as table:
        return [(row.line, dict(row.cells)) for row in table.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separated_values_are_read_with_their_lines(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = ["When,What", '2019-04-03,"Nadja, +44 7700 900123"', ',"Надежда\nالمزرعة"', ",", ""]
    text = "\r\n".join(lines).replace(",", delimiter).replace(f"Nadja{delimiter}", "Nadja,")
    assert read(tmp_path, "cases.csv", text.encode(encoding)) == ROWS


def test_a_spreadsheet_gives_values_of_cells_and_no_formula_or_reading_sign(tmp_path: Path) -> None:
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="inlineStr"><is><t>Paid</t></is></c></row>'
    )
    sheet += (
        '<row r="3"><c r="A3" s="1"><v>43558</v></c><c r="B3" t="inlineStr"><is><r><t>Na</t></r><r><t>dja</t></r>'
        '<rPh><t>no</t></rPh></is></c><c r="C3"><f>SUM(1,2)</f><v>3</v></c></row>'
        '<row r="4"><c r="A4" s="2"><v>43558.5</v></c><c r="C4" s="3"><v>7.0</v></c></row>'
        '<row r="9"><c r="B9" t="b"><v>1</v></c></row>'
    )
    content = packed(parts_of(sheet, shared=["When", "What"]))
    assert read(tmp_path, "cases.xlsx", content) == [
        (3, {"When": "2019-04-03", "What": "Nadja", "Paid": "3"}),
        (4, {"When": "2019-04-03 12:00", "What": "", "Paid": "7"}),
        (9, {"When": "", "What": "true", "Paid": ""}),
    ]


def test_lines_of_json_are_read_with_nested_values_as_json(tmp_path: Path) -> None:
    entity = {"id": "a", "properties": {"name": ["Nadja"]}, "score": 1}
    raw = f"{json.dumps(entity)}\n\n{json.dumps({'id': 'b'})}\n".encode()
    assert read(tmp_path, "list.jsonl", raw) == [
        (1, {"id": "a", "properties": '{"name": ["Nadja"]}', "score": "1"}),
        (3, {"id": "b"}),
    ]


SOUND = texts_in_rows([["When", "What"], ["2019-04-03", "x"]])
ENTITY = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
WIDE = b",".join(b"c%d" % one for one in range(1002))
LONG = b"x" * (MOST_CELL_LETTERS + 1)
FAULTS = {
    "empty.csv": (b"", "line 1: the table has no row with names"),
    "latin.csv": ("a\nb\nJosé".encode("latin-1"), "line 3: text must be UTF-8"),
    "open.csv": (b'a,b\n1,2\n"3,4', "line 3: a row must be comma"),
    "cut.csv": (b"a,b,c\n1,2,3\n1,2", "line 3: the last row has fewer cells than there are columns"),
    "nul.csv": (b"a,b\n1,\x002\n", "line 2: a row must be comma"),
    "twice.csv": (b"a,a\n1,2\n", "line 1: the names of columns must differ"),
    "unnamed.csv": (b"a,,b\n1,2,3\n", "line 1: each column must have a name"),
    "more.csv": (b"a,b\n1,2\n1,2,3\n", "line 3: a row must not have more cells"),
    "long.csv": (b"a,b\n1," + LONG + b"\n", "line 2: a cell must have at most"),
    "wide.csv": (
        b",".join(b"c%d" % one for one in range(1002)) + b"\n" + b"1," * 1001 + b"1\n",
        "line 2: a row must",
    ),
    "row.csv": (
        b",".join(b"c%d" % one for one in range(17)) + b"\n" + b",".join([LONG[1:]] * 17) + b"\n",
        "line 2: the cells of a row must have at most",
    ),
    "cut.jsonl": (b'{"a": 1}\n{"a": ', "line 2: each line must be one object"),
    "list.jsonl": (b"[1]\n", "line 1: each line must be one object"),
    "nan.jsonl": (b'{"a": NaN}\n', "line 1: each line must be one object"),
    "deep.jsonl": (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "line 1: each line must be one object"),
    "text.xlsx": (b"a,b\n1,2\n", "this is no spreadsheet"),
    "cut.xlsx": (packed(parts_of(SOUND))[:-40], "this is no spreadsheet"),
    "entities.xlsx": (packed(parts_of(SOUND, head=ENTITY)), "must not declare a document type"),
    "bomb.xlsx": (
        unpacking_to(packed(parts_of(SOUND)), MOST_UNPACKED_BYTES),
        "must unpack to at most 256 MB",
    ),
    "index.xlsx": (
        packed(parts_of('<row r="1"><c t="s"><v>7</v></c></row>')),
        "line 1: this is no spreadsheet",
    ),
    "far.xlsx": (
        packed(parts_of('<row r="1"><c r="ZZZ1" t="inlineStr"><is><t>a</t></is></c></row>')),
        "line 1: a row must have at most 1,000 columns",
    ),
    "nothing.txt": (b"a,b\n", "must end in .csv, .xlsx, .jsonl"),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_table_with_a_fault_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    content, said = FAULTS[name]
    with pytest.raises(TableRefused) as refused:
        read(tmp_path, name, content)
    assert said in str(refused.value)


def test_a_row_of_quoted_line_breaks_that_never_ends_is_refused_with_its_line_and_not_read_to_its_end() -> None:
    cell = b'"' + b"x" * 260_000 + b'\n",'
    file = io.BytesIO(b"a,b\n1,2\n" + cell * 80)
    with pytest.raises(Trouble) as refused:
        list(csv_rows(file))
    assert (refused.value.fault, refused.value.line) == (TableFault.ROW_TOO_LONG, 3)
    assert file.tell() <= MOST_LINE_LETTERS + (2 << 20)


def test_what_is_not_read_line_by_line_has_a_limit_that_is_checked_before_it_is_read(tmp_path: Path) -> None:
    for name, limit_mb in (("cases.xlsx", 64), ("cases.csv", 512)):
        with (tmp_path / name).open("wb") as large:
            large.truncate((limit_mb << 20) + 1)
        with (
            pytest.raises(TableRefused, match=f"at most {limit_mb} MB"),
            open_table(tmp_path / name, children=Children()),
        ):
            pass


@pytest.mark.parametrize(("before", "first"), [(2, b"\r"), (4, "Н".encode()[:1])])
def test_ends_of_lines_and_letters_that_two_pieces_share_are_whole(
    tmp_path: Path, before: int, first: bytes
) -> None:
    """A piece has one MiB."""
    lines = "a,b\r\n" + ("z" * 250_000 + ",\r\n") * 4
    raw = (lines + "z" * ((1 << 20) - before - len(lines)) + ",\r\n" + "Надежда,\r\n" * 2).encode()
    assert raw[(1 << 20) - 1 : 1 << 20] == first
    rows = read(tmp_path, "cases.csv", raw)
    assert [line for line, _cells in rows] == [2, 3, 4, 5, 6, 7, 8]
    assert rows[-1][1] == {"a": "Надежда", "b": ""}


def test_a_sheet_or_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match="no sheet with this number"):
        read(tmp_path, "cases.xlsx", packed(parts_of(SOUND)), sheet=2)
    with pytest.raises(ProgramError, match="cannot read"), open_table(tmp_path / "no.csv", children=Children()):
        pass


def test_the_program_that_holds_keys_loads_no_reader_of_spreadsheets() -> None:
    program = (
        "import sys, reviewer.viewers.tables; print([m for m in ('zipfile', 'xml', 'csv') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"[]\n"
