"""Asks a sandboxed process which files could run or would be rendered as a page, by their beginnings.

This module parses no file. Where nothing can be asked, the answer is yes for each file: a mark too many costs a
person a moment, and one too few may cost the machine.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from system.errors import ProgramError

HEAD_BYTES: Final = 1024
"""As much of a file as is looked at."""

_LOOKER: Final = "reviewer.clean_copy.looker"
_ACTIVE: Final = "active"
_MOST_AT_ONCE: Final = 4096


def head_of(pieces: Iterable[bytes]) -> bytes:
    """The first bytes of a file that is read in pieces."""
    first = b""
    for piece in pieces:
        first += piece[: HEAD_BYTES - len(first)]
        if len(first) == HEAD_BYTES:
            break
    return first


def active_of(untrusted_heads: Sequence[bytes], *, children: Children) -> Iterator[bool]:
    """For each beginning, in order: could the file run, or would a browser render it?

    Raises:
        CutShort: the desk is being locked.
    """
    for first in range(0, len(untrusted_heads), _MOST_AT_ONCE):
        some = untrusted_heads[first : first + _MOST_AT_ONCE]
        try:
            yield from _asked(some, children)
        except ProgramError:  # the kernel shuts no process in, or the process broke off
            yield from (True for _ in some)


def _asked(untrusted_heads: Sequence[bytes], children: Children) -> list[bool]:
    packed = b"".join(len(head).to_bytes(2, "big") + head for head in untrusted_heads)
    with MemoryFile(packed) as came, MemoryFile() as said, came.reader() as reader:
        with children.started(_LOOKER, _ACTIVE, stdin=reader, stdout=said.writer) as looker:
            children.require_done(looker)
        answers = said.content()
    if len(answers) != len(untrusted_heads):
        raise ProgramError("what looks at the files broke off")
    return [answer != 0 for answer in answers]
