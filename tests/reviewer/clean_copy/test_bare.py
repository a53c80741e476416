"""The second look at a copy lets pixels through, and nothing beside them."""

import functools
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.clean_copy.bare import NotBare, require_bare
from reviewer.clean_copy.picture_kind import PictureKind
from tests.reviewer.clean_copy import photos
from tests.reviewer.clean_copy.drawn import drawn

JPEG, PNG = PictureKind.JPEG, PictureKind.PNG
NOTE = b"a note"
_HEAD, _JFIF_END, _IHDR_END, _IEND_BYTES = 8, 20, 33, 12
_WITH_ALPHA = struct.pack(">IIBBBBB", 96, 64, 8, 6, 0, 0, 0)


@functools.cache
def copy_of(kind: PictureKind) -> bytes:
    return drawn(photos.jpeg() if kind is JPEG else photos.png()).content


def behind_jfif(jpeg: bytes, marker: int) -> bytes:
    return jpeg[:_JFIF_END] + photos.segments(b"", (marker, NOTE)) + jpeg[_JFIF_END:]


FAULTS: dict[tuple[PictureKind, str], Callable[[bytes], bytes]] = {
    (JPEG, "a comment"): lambda jpeg: photos.segments(jpeg, (0xFE, NOTE)),
    (JPEG, "a comment behind JFIF"): lambda jpeg: behind_jfif(jpeg, 0xFE),
    (JPEG, "EXIF behind JFIF"): lambda jpeg: behind_jfif(jpeg, 0xE1),
    (JPEG, "an unknown segment"): lambda jpeg: behind_jfif(jpeg, 0xEF),
    (JPEG, "JFIF twice"): lambda jpeg: jpeg[:_JFIF_END] + jpeg[2:],
    (JPEG, "no JFIF"): lambda jpeg: jpeg[:2] + jpeg[_JFIF_END:],
    (JPEG, "something in JFIF"): lambda jpeg: photos.segments(
        jpeg[:2] + jpeg[_JFIF_END:], (0xE0, jpeg[6:_JFIF_END] + NOTE)
    ),
    (JPEG, "a resolution"): lambda jpeg: jpeg[:13] + b"\1" + jpeg[14:],
    (JPEG, "a thumbnail"): lambda jpeg: jpeg[:18] + b"\1\1" + jpeg[_JFIF_END:],
    (JPEG, "something behind its end"): lambda jpeg: jpeg + NOTE,
    (JPEG, "another one behind its end"): lambda jpeg: jpeg + jpeg,
    (JPEG, "something before its beginning"): lambda jpeg: NOTE + jpeg,
    (JPEG, "no end"): lambda jpeg: jpeg[:-2],
    (JPEG, "a restart in the scan"): lambda jpeg: jpeg[:-4] + b"\xff\xd0" + jpeg[-4:],
    (JPEG, "nothing"): lambda _jpeg: b"",
    (JPEG, "a PNG"): lambda _jpeg: copy_of(PNG),
    (PNG, "a text"): lambda png: photos.chunks(png, (b"tEXt", b"Comment\0" + NOTE)),
    (PNG, "EXIF"): lambda png: photos.chunks(png, (b"eXIf", NOTE)),
    (PNG, "a time"): lambda png: photos.chunks(png, (b"tIME", bytes(7))),
    (PNG, "a resolution"): lambda png: photos.chunks(png, (b"pHYs", bytes(9))),
    (PNG, "a profile"): lambda png: photos.chunks(png, (b"iCCP", NOTE)),
    (PNG, "a text before its end"): lambda png: photos.chunks(png, (b"tEXt", NOTE), at=len(png) - _IEND_BYTES),
    (PNG, "something in its end"): lambda png: photos.chunks(
        png[:-_IEND_BYTES], (b"IEND", NOTE), at=len(png) - _IEND_BYTES
    ),
    (PNG, "a chunk before its header"): lambda png: photos.chunks(png, (b"tEXt", NOTE), at=_HEAD),
    (PNG, "transparency"): lambda png: photos.chunks(
        png[:_HEAD] + png[_IHDR_END:], (b"IHDR", _WITH_ALPHA), at=_HEAD
    ),
    (PNG, "something behind its end"): lambda png: png + NOTE,
    (PNG, "another one behind its end"): lambda png: png + png,
    (PNG, "something before its beginning"): lambda png: NOTE + png,
    (PNG, "no end"): lambda png: png[:-_IEND_BYTES],
    (PNG, "no pixels"): lambda png: png[:_IHDR_END] + png[-_IEND_BYTES:],
    (PNG, "a wrong checksum"): lambda png: png[:-1] + b"\0",
    (PNG, "nothing"): lambda _png: b"",
    (PNG, "a JPEG"): lambda _png: copy_of(JPEG),
}


def test_what_the_encoder_writes_is_let_through() -> None:
    for kind in (JPEG, PNG):
        require_bare(copy_of(kind), kind)


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_anything_beside_the_pixels_is_found(kind: PictureKind, fault: str) -> None:
    with pytest.raises(NotBare):
        require_bare(FAULTS[kind, fault](copy_of(kind)), kind)


@given(st.sampled_from([JPEG, PNG]), st.binary(max_size=300))
def test_any_bytes_are_refused_and_break_nothing(kind: PictureKind, content: bytes) -> None:
    copy = copy_of(kind)
    for beginning in (b"", copy[:2], copy[:_IHDR_END], copy[:-2]):
        with pytest.raises(NotBare):
            require_bare(beginning + content + b"\0", kind)
