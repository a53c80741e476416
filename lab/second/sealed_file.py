"""A file that its source sealed before sending it, after docs/formats/container.md and envelope.md."""

from collections.abc import Iterator, Sequence

from lab.second.container import SEALED, Container, read_container
from lab.second.envelope import open_envelope
from lab.second.flow import Flow
from lab.second.hybrid import HybridKey
from lab.second.refused import malformed

MAGIC = b"TIPLINE\x1a"


def pieces_of(flow: Flow) -> Iterator[bytes]:
    """All that is left, none of it before it is asked for."""
    while piece := flow.some():
        yield piece


def begun_with(magic: bytes, flow: Flow) -> Iterator[bytes]:
    yield magic
    yield from pieces_of(flow)


def open_sealed(envelope: bytes, *, keys: Sequence[HybridKey]) -> Container | bytes:
    """Our own container, where its magic comes first; else the bytes of one file, whatever they are."""
    flow = open_envelope(envelope, keys=keys, slots=None)
    beginning = flow.read(len(MAGIC))
    if beginning != MAGIC:
        return beginning + b"".join(pieces_of(flow))
    container = read_container(Flow(begun_with(beginning, flow)))
    if container.head.kind != SEALED:
        raise malformed()
    return container
