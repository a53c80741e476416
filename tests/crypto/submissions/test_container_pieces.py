"""However a file arrives, its frames are the same."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.primitives.week import Week
from crypto.submissions.container import ContainerWriter
from crypto.submissions.container_head import DATA_BYTES, Head, Kind


def _container(pieces: list[int]) -> bytes:
    day = date(2026, 11, 25)
    head = Head(Kind.SUBMISSION, bytes(16), bytes(32), 1, Week.of(day), day)
    written = bytearray()
    writer = ContainerWriter(written.extend, head=head)
    writer.begin_file("name", "type")
    total = sum(pieces)
    content = (bytes(range(251)) * (total // 251 + 1))[:total]
    at = 0
    for piece in pieces:
        writer.data(content[at : at + piece])
        at += piece
    writer.end_file()
    writer.finish(None)
    return bytes(written)


@settings(max_examples=60)
@given(st.lists(st.sampled_from([0, 1, 100_000, DATA_BYTES - 1, DATA_BYTES, DATA_BYTES + 1]), max_size=8))
def test_a_file_makes_the_same_container_in_whatever_pieces_it_arrives(pieces: list[int]) -> None:
    assert _container(pieces) == _container([sum(pieces)])
