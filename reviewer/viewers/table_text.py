"""Comma separated values and lines of JSON, read only in a process that is shut in.

They are read line by line: the text of a whole file would take four times its bytes.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Final

from reviewer.viewers.table_faults import MOST_CELL_LETTERS, MOST_LINE_LETTERS, TableFault, Trouble

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES_IN_ARCHIVES: Final = "cp437"
_DELIMITERS: Final = ",;\t"
_PIECE_BYTES: Final = 1 << 20
_END: Final = re.compile(r"\r\n|\r|\n")


def load_codecs() -> None:
    """Load what the process cannot load later, when it opens no file any more."""
    for encoding in (*(name for _mark, name in _MARKS), _NAMES_IN_ARCHIVES):
        codecs.lookup(encoding)


def csv_rows(untrusted_file: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows with their lines; commas, semicolons or tabs, as the first line has most.

    Raises:
        Trouble: it is no such text, or it ends in the middle of a row.
    """
    lines = _TextLines(untrusted_file)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(MOST_CELL_LETTERS + 1)
    line, letters = 1, 0

    def of_one_row() -> Iterator[str]:
        # Quoted line breaks can go on to the end of the file.
        nonlocal letters
        for text in chain([first], lines):
            letters += len(text)
            if letters > MOST_LINE_LETTERS:
                raise Trouble(TableFault.ROW_TOO_LONG, line)
            yield text

    reader = csv.reader(of_one_row(), delimiter=delimiter, strict=True)
    columns, last, at = 0, [""], 0
    while True:
        line, letters = reader.line_num + 1, 0
        try:
            row = next(reader)
        except MemoryError:  # millions of cells of one letter
            raise Trouble(TableFault.ROW_TOO_LONG, line) from None
        except StopIteration:
            if not lines.is_ended and len(last) < columns and any(cell.strip() for cell in last):
                raise Trouble(TableFault.CUT_OFF, at) from None
            return
        except csv.Error as error:
            fault = TableFault.CELL_TOO_LONG if "field larger" in str(error) else TableFault.NOT_CSV
            raise Trouble(fault, line) from None
        columns, last, at = columns or len(row), row, line
        yield line, row


def json_lines(untrusted_file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """One object for each line that is not blank; a value that is no text stands as its JSON.

    Raises:
        Trouble: a line is no object.
    """
    for line, text in enumerate(_TextLines(untrusted_file), 1):
        if not text.strip():
            continue
        try:
            found = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Trouble(TableFault.NOT_JSON, line) from None
        if not isinstance(found, dict):
            raise Trouble(TableFault.NOT_JSON, line)
        yield line, {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def entity_lines(untrusted_file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """One entity of FollowTheMoney for each line that is not blank: its id, its schema and its properties.

    The values of a property stand on lines of one cell.

    Raises:
        Trouble: a line is no such entity.
    """
    for line, text in enumerate(_TextLines(untrusted_file), 1):
        if not text.strip():
            continue
        try:
            found = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Trouble(TableFault.NOT_JSON, line) from None
        match found:
            case {"id": str(entity_id), "schema": str(schema), "properties": dict(properties)} if entity_id.strip():
                cells = {name: _joined(values, line) for name, values in properties.items()}
                yield line, cells | {"id": entity_id, "schema": schema}
            case _:
                raise Trouble(TableFault.NOT_ENTITY, line)


def _joined(values: object, line: int) -> str:
    given = values if isinstance(values, list) else [values]
    texts = [" ".join(one.split()) for one in given if isinstance(one, str)]
    if len(texts) != len(given):
        raise Trouble(TableFault.NOT_ENTITY, line)
    return "\n".join(texts)


class _TextLines:
    """Lines of text with their ends, of a file in UTF-8, or in UTF-16 with a byte order mark.

    Iterating raises Trouble: it is neither, or a line is too long. ``is_ended`` says of the last line given that
    it had an end.
    """

    def __init__(self, untrusted_file: BinaryIO) -> None:
        self._file = untrusted_file
        self._count = 0
        self.is_ended = False
        self._lines = self._read()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._count += 1
        self.is_ended = line.endswith(("\n", "\r"))
        if "\0" in line:
            raise Trouble(TableFault.NOT_CSV, self._count)
        return line

    def _read(self) -> Iterator[str]:
        piece = self._file.read(_PIECE_BYTES)
        known = ((mark, name) for mark, name in _MARKS if piece.startswith(mark))
        mark, encoding = next(known, (b"", "utf-8"))
        piece = piece[len(mark) :]
        decoder = codecs.getincrementaldecoder(encoding)()
        rest, at, is_last = "", 0, False
        while not is_last:
            is_last = not piece
            try:
                rest += decoder.decode(piece, final=is_last)
            except UnicodeDecodeError as error:
                good = rest + error.object[: error.start].decode(encoding)
                yield from _whole_lines(good, len(good))
                raise Trouble(TableFault.NOT_UTF8, self._count + 1) from None
            # The end of a line may be cut in two.
            end = len(rest) if is_last or not rest.endswith("\r") else len(rest) - 1
            for line in _whole_lines(rest, end):
                at += len(line)
                yield line
            rest, at = rest[at:], 0
            if len(rest) > MOST_LINE_LETTERS:
                raise Trouble(TableFault.ROW_TOO_LONG, self._count + 1)
            piece = b"" if is_last else self._file.read(_PIECE_BYTES)
        if rest:
            yield rest


def _whole_lines(text: str, end: int) -> Iterator[str]:
    """The lines with their ends that are whole before ``end``."""
    at = 0
    for found in _END.finditer(text, 0, end):
        yield text[at : found.end()]
        at = found.end()


def decoded(untrusted_file: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark.

    Raises:
        Trouble: it is neither.
    """
    known = ((mark, name) for mark, name in _MARKS if untrusted_file.startswith(mark))
    mark, encoding = next(known, (b"", "utf-8"))
    try:
        text = untrusted_file[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + untrusted_file[len(mark) : len(mark) + error.start].count(b"\n")
        raise Trouble(TableFault.NOT_UTF8, line) from None
    if "\0" in text:
        raise Trouble(TableFault.NOT_CSV, 1 + text[: text.index("\0")].count("\n"))
    return text


def _refuse(_constant: str) -> object:
    raise ValueError
