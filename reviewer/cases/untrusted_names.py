"""Names of saved files that get ``.untrusted``, so that a double click does not run or render them.

The endings stand in ``untrusted_endings.txt`` beside this module. Each part of a name behind a dot counts, not only
the last: ``photo.exe.jpg`` is a program on a machine that hides or drops the last ending.
"""

import functools
import importlib.resources
from typing import Final

MARK: Final = ".untrusted"
_LIST: Final = "untrusted_endings.txt"
# Letters that only look like a dot or stand at the end of a part; Windows drops blanks and dots at the end.
_DOTS: Final = str.maketrans({"․": ".", "．": ".", "。": ".", "｡": "."})


@functools.cache
def untrusted_endings() -> frozenset[str]:
    """All endings of the list, in lower case, without a dot."""
    text = importlib.resources.files("reviewer.cases").joinpath(_LIST).read_text(encoding="ascii")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(ending for line in lines for ending in line.split())


def needs_mark(name: str) -> bool:
    """True if a part of ``name`` behind a dot is one of the endings, in any case."""
    parts = name.casefold().translate(_DOTS).split(".")[1:]
    return any(_ending(part) in untrusted_endings() for part in parts)


def marked(name: str) -> str:
    """The name with the mark at its end; a name that ends in it stays as it is."""
    return name if is_marked(name) else name + MARK


def is_marked(name: str) -> bool:
    """True if the name ends in the mark."""
    return name.casefold().endswith(MARK)


def _ending(part: str) -> str:
    """The part as a system reads it: without blanks around it, and only what stands before an inner blank."""
    words = part.split()
    return words[0].rstrip("~_") if words else ""
