"""Any number of bundles in one file, after the last part of docs/formats/bundle.md."""

from collections.abc import Iterator

from lab.second.flow import Flow
from lab.second.refused import malformed, newer

PIECE_LIMIT = 1_048_576
END = 0xFFFFFFFF


def bundles_of(file: bytes) -> Iterator[bytes]:
    """One bundle after another; the error of a cut file comes after those that are whole."""
    flow = Flow([file])
    if flow.take(8) != b"TIPLINF\x1a":
        raise malformed()
    version = flow.number(1)
    if version != 1:
        raise newer() if version > 1 else malformed()
    while (length := flow.number(4)) != END:
        bundle = b""
        while length:
            if length > PIECE_LIMIT:
                raise malformed()
            bundle += flow.take(length)
            length = flow.number(4)
        if not bundle:
            raise malformed()
        yield bundle
    flow.end()
