"""A container of kind submission or act in an envelope with exactly four slots, after docs/formats/container.md."""

from collections.abc import Sequence

from lab.second.container import REPLY, SEALED, Container, read_container
from lab.second.envelope import open_envelope
from lab.second.hybrid import HybridKey
from lab.second.refused import malformed


def open_submission(envelope: bytes, *, keys: Sequence[HybridKey]) -> Container:
    container = read_container(open_envelope(envelope, keys=keys, slots=4))
    if container.head.kind in (REPLY, SEALED):
        raise malformed()
    return container


def require_week(container: Container, week: tuple[int, int]) -> None:
    """``week``: that of the key that opened."""
    if container.head.week != week:
        raise malformed()
