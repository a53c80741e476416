"""Traces in files that were made to take long."""

import pytest

from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.trace import Trace
from reviewer.clean_copy.traces import Patterns, traces
from tests.reviewer.clean_copy import photos


def test_a_file_of_millions_of_empty_pieces_is_not_read_to_its_end() -> None:
    pieces = photos.gif()[:-1] + b"!\xfe\x00" * 1_200_000 + b";behind"
    assert Trace.BEHIND not in traces(pieces, PictureKind.GIF)
    assert Trace.COMMENT in traces(pieces, PictureKind.GIF)


@pytest.mark.parametrize("blocks", [1_000, 999_000])
def test_a_gif_of_a_million_blocks_of_xmp_is_searched_byte_by_byte_once(blocks: int) -> None:
    file = photos.gif_of_xmp(blocks)
    patterns = Patterns()
    traces(file, PictureKind.GIF, patterns=patterns)
    assert patterns.searched_bytes < len(file)
