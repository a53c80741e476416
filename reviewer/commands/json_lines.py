"""Lines of standard input, each with its answer: for commands that others call from scripts.

The order is kept. A line that cannot be answered gets its number, from 1, and a code; the other lines go on.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from reviewer.terminal.console import output

LONGEST_LINE_BYTES: Final = 1 << 20
BLANK, TOO_LONG, NOT_UTF8, NOT_JSON = "blank-line", "too-long", "not-utf-8", "not-json"
"""Codes of lines that no command can read."""


class BadLine(ValueError):
    """A line that cannot be answered; ``code`` says why, and never quotes it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def answer_lines(answer: Callable[[str], Mapping[str, object]]) -> int:
    """Print the answer to each line of standard input as JSON; the exit code is 1 if a line is bad."""
    is_whole = True
    for number, line in enumerate(_lines(sys.stdin.buffer), 1):
        try:
            answered = answer(_text(line))
        except BadLine as error:
            is_whole = False
            answered = {"line": number, "error": error.code}
        output(json.dumps(answered))
    return int(not is_whole)


def parse_json(line: str) -> Any:
    """The value of a line of JSON.

    Raises:
        BadLine: it is none.
    """
    try:
        return json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadLine(NOT_JSON) from error


def _refuse(_constant: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Each line without its end; of a longer one only its beginning, and one byte too much."""
    while line := stream.readline(LONGEST_LINE_BYTES + 2):
        if len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
        yield line.removesuffix(b"\n").removesuffix(b"\r")


def _text(line: bytes) -> str:
    if len(line) > LONGEST_LINE_BYTES:
        raise BadLine(TOO_LONG)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadLine(NOT_UTF8) from error
    if not text.strip():
        raise BadLine(BLANK)
    return text
