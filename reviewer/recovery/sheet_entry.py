"""Entry of sheets: typed row by row at a terminal, or from files, in any order; errors are named."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.errors import CryptoError, Mistyped, Replayed
from crypto.recovery.recovery_sheet import WORDS_A_SHEET, Sheet, SheetSet, place_of, words_of
from reviewer.recovery.printed_sheet import REMARK, WORDS_A_ROW
from system.errors import ProgramError

STANDARD_INPUT = "-"
_LONGEST_FILE_BYTES = 65536
_LONGEST_LINE = 1024
_ROWS = WORDS_A_SHEET // WORDS_A_ROW


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """The source of the sheets: ``files`` (paths, or ``-``), or the terminal."""

    files: tuple[str, ...]

    def collect(self, told: Callable[[str], None], *, all_that_come: bool = False) -> SheetSet:
        """Collect the needed sheets; with ``all_that_come`` a person may type more.

        ``told`` hears how it goes. No word of a sheet is ever said.

        Raises:
            ProgramError: a file with a fault in it, all of them named; or neither files nor a terminal.
        """
        if self.files:
            return _from_files(self.files, told)
        if not sys.stdin.isatty():
            raise ProgramError(
                "there is no terminal to type sheets at", hint="give them with --sheet-file FILE, or - for input"
            )
        return _from_terminal(told, all_that_come=all_that_come)


def sheets_in(text: str, told: Callable[[str], None]) -> SheetSet:
    """The sheets that were typed into one text, separated by empty lines.

    ``told`` as for :meth:`SheetEntry.collect`.

    Raises:
        ProgramError: no sheet, or a fault in one of them; the message holds no word of a sheet.
    """
    return _from_texts([("what was typed", text)], told)


def sheet_texts(text: str) -> list[str]:
    """The sheets in a file: separated by empty lines, or one on each line; without comments."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.lstrip().startswith(REMARK):
            continue
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    texts: list[str] = []
    for block in filter(None, blocks):
        whole_lines = all(len(words_of(line)) >= WORDS_A_SHEET for line in block)
        texts += block if whole_lines else ["\n".join(block)]
    return texts


def _from_files(files: Sequence[str], told: Callable[[str], None]) -> SheetSet:
    return _from_texts([(_called(file), _read(file)) for file in files], told)


def _from_texts(named: Sequence[tuple[str, str]], told: Callable[[str], None]) -> SheetSet:
    collected, faults = SheetSet(), []
    for name, whole in named:
        texts = sheet_texts(whole)
        if not texts:
            faults.append(f"{name} holds no sheet")
        for number, text in enumerate(texts, start=1):
            where = name if len(texts) == 1 else f"{name}, sheet {number} in it"
            try:
                sheet = Sheet.parse(text)
                collected.add(sheet)
            except Replayed as error:
                told(f"{where}: {error}")
            except CryptoError as error:
                faults.append(f"{where}: {error}")
    if faults:
        raise ProgramError("; ".join(faults), hint="compare with the paper, and do it again; nothing was changed")
    return collected


def _from_terminal(told: Callable[[str], None], *, all_that_come: bool) -> SheetSet:
    collected = SheetSet()
    told(f"type the words of a sheet, {WORDS_A_ROW} a row; the first four letters of each are enough")
    while collected.missing != 0 or (all_that_come and _is_yes("another sheet? [y/N] ")):
        try:
            sheet = _type_sheet(told)
            collected.add(sheet)
        except CryptoError as error:
            told(f"{error}; this sheet was left out")
            continue
        more = collected.missing
        told(f"sheet {sheet.number} is right; " + (f"{more} more needed" if more else "no more are needed"))
    return collected


def _type_sheet(told: Callable[[str], None]) -> Sheet:
    """One sheet with a correct checksum; a row with a wrong word is asked again.

    Raises:
        Malformed: a sheet of another program.
    """
    rows: list[list[str]] = [[] for _ in range(_ROWS)]
    wanted = list(range(_ROWS))
    while True:
        for row in wanted:
            words = _type_row(row, told)
            if len(words) == WORDS_A_SHEET:  # a scanner, or one long line
                rows = [words[at : at + WORDS_A_ROW] for at in range(0, WORDS_A_SHEET, WORDS_A_ROW)]
                break
            rows[row] = words
        try:
            return Sheet.parse(" ".join(word for row in rows for word in row))
        except Mistyped as error:
            told(str(error))
            wanted = sorted({(number - 1) // WORDS_A_ROW for number in error.numbers}) or list(range(_ROWS))


def _type_row(row: int, told: Callable[[str], None]) -> list[str]:
    first = row * WORDS_A_ROW + 1
    while True:
        words = words_of(_ask(f"words {first:2} to {first + WORDS_A_ROW - 1:2}: "))
        start = 1 if len(words) == WORDS_A_SHEET else first
        unknown = [str(start + at) for at, word in enumerate(words) if place_of(word) is None]
        if unknown:
            told(f"not in the list of words: {', '.join(unknown)}; this row again")
        elif len(words) not in (WORDS_A_ROW, WORDS_A_SHEET):
            told(f"a row has {WORDS_A_ROW} words, here are {len(words)}; this row again")
        else:
            return words


def _is_yes(question: str) -> bool:
    return _ask(question).strip().lower() in ("y", "yes")


def _ask(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline(_LONGEST_LINE)
    if not line:
        raise ProgramError("the input ended before all sheets were typed", hint="nothing was changed")
    return line


def _read(file: str) -> str:
    try:
        if file == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(_LONGEST_FILE_BYTES + 1)
        else:
            with Path(file).open("rb") as source:
                raw = source.read(_LONGEST_FILE_BYTES + 1)
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProgramError(f"{_called(file)} cannot be read as text") from error
    if len(raw) > _LONGEST_FILE_BYTES:
        raise ProgramError(f"{_called(file)} must have at most {_LONGEST_FILE_BYTES} bytes")
    return text


def _called(file: str) -> str:
    return "standard input" if file == STANDARD_INPUT else file
