"""Spreadsheets as Excel and LibreOffice write them, read only in a process that is shut in.

The values of cells, as they were computed when the file was saved. The parts are unpacked within a limit, and none
may declare a document type, so that nothing expands.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.parsers import expat

from reviewer.viewers.table_faults import MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED_BYTES, TableFault, Trouble

_PIECE_BYTES: Final = 1 << 20
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_DATE_LETTERS: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_NOT_FORMAT: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_DAYS_BEFORE: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 -- without a zone
_ERRORS: Final = (expat.ExpatError, zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError)

Started = Callable[[str, dict[str, str]], None]


def xlsx_rows(untrusted_file: bytes, sheet: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a sheet with their numbers; sheets count from 1.

    Raises:
        Trouble: it is no spreadsheet, has no such sheet, or goes beyond a limit.
    """
    try:
        yield from _Book(untrusted_file).rows(sheet)
    except _ERRORS:
        raise Trouble(TableFault.NOT_XLSX, 0) from None


class _Book:
    def __init__(self, untrusted_file: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(untrusted_file))
        self._room = MOST_UNPACKED_BYTES
        if sum(part.file_size for part in self._zip.infolist()) > self._room:
            raise Trouble(TableFault.UNPACKS_TOO_LARGE, 0)
        self._names = set(self._zip.namelist())
        self._is_1904 = False
        self._sheets: list[str] = []
        self._read("xl/workbook.xml", self._in_workbook)
        targets: dict[str, str] = {}
        self._read(
            "xl/_rels/workbook.xml.rels",
            lambda name, values: (
                targets.update({values.get("Id", ""): values.get("Target", "")}) if name == "Relationship" else None
            ),
        )
        self._paths = [_path(targets.get(one, "")) for one in self._sheets]
        self._shared = self._shared_texts()
        self._is_date = self._date_styles()

    def rows(self, sheet: int) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows while the sheet is unpacked: all of them together could take more memory than there is."""
        if not 1 <= sheet <= len(self._paths) or self._paths[sheet - 1] not in self._names:
            raise Trouble(TableFault.NO_SUCH_SHEET, 0)
        reading = _Sheet(self._shared, self._is_date, is_1904=self._is_1904)
        for _piece in self._pieces(self._paths[sheet - 1], reading.started, reading.ended, reading.letters):
            yield from reading.rows
            reading.rows.clear()

    def _in_workbook(self, name: str, values: dict[str, str]) -> None:
        if name == "sheet":
            self._sheets.append(next((value for key, value in values.items() if key.endswith(":id")), ""))
        elif name == "workbookPr":
            self._is_1904 = values.get("date1904") in ("1", "true")

    def _shared_texts(self) -> list[str]:
        texts: list[str] = []
        inside = _Texts(texts, "si")
        if "xl/sharedStrings.xml" in self._names:
            self._read("xl/sharedStrings.xml", inside.started, inside.ended, inside.letters)
        return texts

    def _date_styles(self) -> list[bool]:
        formats: dict[str, str] = {}
        styles: list[bool] = []
        within: list[str] = []

        def started(name: str, values: dict[str, str]) -> None:
            if name in ("cellXfs", "cellStyleXfs"):
                within[:] = [name]
            elif name == "numFmt":
                formats[values.get("numFmtId", "")] = values.get("formatCode", "")
            elif name == "xf" and within == ["cellXfs"]:
                styles.append(_is_date(values.get("numFmtId", ""), formats))

        if "xl/styles.xml" in self._names:
            self._read("xl/styles.xml", started)
        return styles

    def _read(
        self,
        path: str,
        started: Started,
        ended: Callable[[str], None] | None = None,
        letters: Callable[[str], None] | None = None,
    ) -> None:
        for _piece in self._pieces(path, started, ended, letters):
            pass

    def _pieces(
        self,
        path: str,
        started: Started,
        ended: Callable[[str], None] | None,
        letters: Callable[[str], None] | None,
    ) -> Iterator[None]:
        """Parse a part, and give way after each piece of it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = lambda name, values: started(name.rpartition(":")[2], values)
        if ended is not None:
            parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
        if letters is not None:
            parser.CharacterDataHandler = letters
        with self._zip.open(path) as part:
            while piece := part.read(_PIECE_BYTES):
                self._room -= len(piece)
                if self._room < 0:
                    raise Trouble(TableFault.UNPACKS_TOO_LARGE, 0)
                parser.Parse(piece)
                yield
        parser.Parse(b"", True)
        yield


class _Texts:
    """Texts of one kind of element: all ``t`` in it, but for readings of signs."""

    def __init__(self, texts: list[str], element: str) -> None:
        self._texts = texts
        self._element = element
        self._pieces: list[str] = []
        self._is_text = self._is_reading = False

    def started(self, name: str, _values: dict[str, str]) -> None:
        if name == self._element:
            self._pieces = []
        self._is_reading = self._is_reading or name == "rPh"
        self._is_text = name == "t" and not self._is_reading

    def ended(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_reading = False
        if name == self._element:
            self._texts.append("".join(self._pieces))

    def letters(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


class _Sheet:
    """The cells of one sheet, row by row; the caller takes ``rows`` away."""

    def __init__(self, shared: Sequence[str], is_date: Sequence[bool], *, is_1904: bool) -> None:
        self.rows: list[tuple[int, Sequence[str]]] = []
        self._shared = shared
        self._is_date = is_date
        self._is_1904 = is_1904
        self._line = self._count = 0
        self._cells: list[str] = []
        self._column = 0
        self._kind, self._style = "", 0
        self._pieces: list[str] = []
        self._is_value = self._is_reading = False

    def started(self, name: str, values: dict[str, str]) -> None:
        if name == "row":
            given = values.get("r", "")
            self._line = int(given) if given.isdecimal() and len(given) < 8 else self._line + 1
            self._cells, self._column = [], 0
            self._count += 1
            if self._count > MOST_ROWS + 1:
                raise Trouble(TableFault.TOO_MANY_ROWS, self._line)
        elif name == "c":
            self._column = _column(values.get("r", ""), self._column, self._line)
            self._kind = values.get("t", "n")
            style = values.get("s", "0")
            self._style = int(style) if style.isdecimal() and len(style) < 8 else 0
            self._pieces = []
        self._is_reading = self._is_reading or name == "rPh"
        self._is_value = name in ("v", "t") and not self._is_reading

    def ended(self, name: str) -> None:
        self._is_value = False
        if name == "rPh":
            self._is_reading = False
        if name == "c":
            self._cells += [""] * (self._column - 1 - len(self._cells))
            self._cells.append(self._value("".join(self._pieces)))
        elif name == "row":
            self.rows.append((self._line, self._cells))

    def letters(self, text: str) -> None:
        if self._is_value:
            self._pieces.append(text)

    def _value(self, text: str) -> str:
        if self._kind == "s":
            if not (text.isdecimal() and int(text) < len(self._shared)):
                raise Trouble(TableFault.NOT_XLSX, self._line)
            return self._shared[int(text)]
        if self._kind == "b":
            return {"0": "false", "1": "true"}.get(text, text)
        if self._kind == "n" and self._style < len(self._is_date) and self._is_date[self._style]:
            return _day(text, is_1904=self._is_1904)
        if self._kind == "n" and text.endswith(".0"):
            return text.removesuffix(".0")
        return text


def _column(cell: str, before: int, line: int) -> int:
    found = _CELL.fullmatch(cell)
    number = before + 1
    if found:
        number = 0
        for letter in found[1]:
            number = number * 26 + ord(letter) - ord("A") + 1
    if not before < number <= MOST_COLUMNS:
        raise Trouble(TableFault.TOO_MANY_COLUMNS if number > before else TableFault.NOT_XLSX, line)
    return number


def _is_date(number: str, formats: dict[str, str]) -> bool:
    if number in formats:
        return bool(_DATE_LETTERS.search(_NOT_FORMAT.sub("", formats[number])))
    return number.isdecimal() and int(number) in _DATE_FORMATS


def _day(text: str, *, is_1904: bool) -> str:
    """A day as ISO writes it, with the time of day where there is one."""
    try:
        moment = _DAYS_BEFORE[is_1904] + dt.timedelta(days=round(float(text), 6))
    except (ValueError, OverflowError):
        return text
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ", "minutes")


def _path(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _refuse(*_declared: object) -> None:
    raise Trouble(TableFault.DECLARES_ENTITIES, 0)
