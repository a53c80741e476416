"""The work on a text grows as the text does, whatever stands in it.

Counted in processor time of this thread, and compared with a part of the same text, so that neither a slow machine
nor a busy one tells anything: eight times as much takes about eight times as long, and sixty-four times where
each letter is compared with every other.
"""

import time
from collections.abc import Callable
from typing import Final

import pytest

from reviewer.casebook.folded_text import indexed
from reviewer.desk.visible_text import PART_LETTERS, runs
from reviewer.terminal.plain_text import SHOWN_LETTERS, plain_lines

_TIMES: Final = 8
_MOST: Final = 3 * _TIMES
_TRIALS: Final = 5

SHAPES: Final = {
    "digits": "1",
    "digits with blanks": "1 ",
    "a long number and a blank": "1" * 99 + " ",
    "blanks": "a" + " " * 99,
    "line ends": "\n",
    "short words": "ab cd ",
    "accents": "\u0301",
    "letters under accents": "a\u0301\u0316",
    "one that is spelled out as eighteen": "\ufdfa",
    "a script without blanks": "\u4e2d\u6587",
    "vowels that join": "\u0e01\u0e48",
    "direction marks": "\u202e",
    "joining letters that are no marks": " \U0001d165\U0001d165",
    "prose": "What I saw at the harbour, on 12 May. ",
}
WORK: Final[dict[str, tuple[Callable[[str], object], int]]] = {
    "index": (indexed, 1 << 17),
    "terminal": (lambda text: list(plain_lines(text)), SHOWN_LETTERS),
    "page": (runs, PART_LETTERS),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("what", WORK)
def test_the_work_on_a_text_grows_as_the_text_does(what: str, shape: str) -> None:
    work, letters = WORK[what]
    whole = (SHAPES[shape] * letters)[:letters]
    part = whole[: letters // _TIMES]
    # The part is worked on as often as it fits into the whole, so that both are measured over the same time.
    least = min(_seconds(work, part, times=_TIMES) for _ in range(_TRIALS)) / _TIMES
    assert min(_seconds(work, whole, times=1) for _ in range(_TRIALS)) <= _MOST * least


def _seconds(work: Callable[[str], object], text: str, *, times: int) -> float:
    began = time.thread_time()
    for _ in range(times):
        work(text)
    return time.thread_time() - began
