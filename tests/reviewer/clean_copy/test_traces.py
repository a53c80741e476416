"""Traces of a photo: the kinds that are in it, no value, and an answer for any bytes."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.clean_copy.limits import MOST_PATTERN_BYTES
from reviewer.clean_copy.notes import exif_traces, keyword_traces, photoshop_traces, xmp_traces
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.trace import Trace
from reviewer.clean_copy.traces import Patterns, traces
from tests.reviewer.clean_copy import photos

BARE = photos.encoded(photos.board(), "JPEG")
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
NUMBER = (4, 1, b"\1\0\0\0")


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        ((0xFE, b"words"), {Trace.COMMENT}),
        ((0xE0, b"JFXX\0\x10"), {Trace.THUMBNAIL}),
        ((0xE1, b"Exif\0\0" + photos.tiff({0x010F: photos.text(b"maker")})), {Trace.DEVICE}),
        ((0xE1, b"http://ns.adobe.com/xap/1.0/\0<dc:creator>"), {Trace.OWNER}),
        ((0xE1, b"something else"), {Trace.OTHER}),
        ((0xE2, b"ICC_PROFILE\0\1\1"), {Trace.COLOURS}),
        ((0xE2, b"MPF\0II*\0"), {Trace.FRAMES}),
        ((0xE2, b"something else"), {Trace.OTHER}),
        ((0xED, photos.photoshop()), {Trace.PLACE, Trace.TIME, Trace.OWNER}),
        ((0xED, b"something else"), {Trace.OTHER}),
        ((0xEE, b"Adobe\0d"), set()),
        ((0xEB, b"JP"), {Trace.OTHER}),
    ],
)
def test_each_segment_of_a_jpeg_is_told_by_what_it_is(segment: tuple[int, bytes], told: set[Trace]) -> None:
    assert traces(photos.segments(BARE, segment), PictureKind.JPEG) == told


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (photos.tiff({0x0112: (3, 1, b"\6\0")}), set()),
        (photos.tiff({0x0132: photos.text(b"2026")}), {Trace.TIME}),
        (photos.tiff({0x8298: photos.text(b"me")}), {Trace.OWNER}),
        (photos.tiff({0x010E: photos.text(b"words")}), {Trace.COMMENT}),
        (photos.tiff({0xBEEF: NUMBER}), {Trace.OTHER}),
        (photos.tiff({}, camera={0x9003: photos.text(b"2026")}), {Trace.TIME}),
        (photos.tiff({}, camera={0xA430: photos.text(b"me")}), {Trace.OWNER}),
        (photos.tiff({}, camera={0x829A: NUMBER}), {Trace.OTHER}),
        (photos.tiff({}, place={0: NUMBER}), set()),
        (photos.tiff({}, place={0: NUMBER, 2: NUMBER}), {Trace.PLACE}),
        (photos.tiff({}, place={0x1D: photos.text(b"2026")}), {Trace.TIME}),
        (photos.tiff({}, thumbnail=b"\xff\xd8"), {Trace.THUMBNAIL}),
        (b"MM\0*" + struct.pack(">IHHHI4sI", 8, 1, 0x010F, 2, 1, b"x", 0), {Trace.DEVICE}),
        (b"not EXIF at all", {Trace.OTHER}),
        (b"", {Trace.OTHER}),
        (b"II*\0\xff\xff\xff\xff", {Trace.OTHER}),
    ],
)
def test_each_directory_of_exif_is_told_by_its_tags(block: bytes, told: set[Trace]) -> None:
    assert exif_traces(block) == told


def test_directories_that_lead_back_to_themselves_end() -> None:
    assert exif_traces(b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x8769, 4, 1, 8, 8)) == {Trace.THUMBNAIL}


@pytest.mark.parametrize(
    ("keyword", "told"),
    [
        (b"Creation Time", Trace.TIME),
        (b"Software", Trace.DEVICE),
        (b"Author", Trace.OWNER),
        (b"Thumb::URI", Trace.THUMBNAIL),
        (b"Comment", Trace.COMMENT),
        (b"Raw profile type exif", Trace.OTHER),
    ],
)
def test_a_text_of_a_png_is_told_by_its_keyword(keyword: bytes, told: Trace) -> None:
    assert keyword_traces(keyword) == {told}


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (PictureKind.PNG, lambda note: photos.chunks(photos.png(), (b"iTXt", b"XML:com.adobe.xmp\0" + note))),
        (PictureKind.WEBP, lambda note: photos.webp() + b"XMP " + struct.pack("<I", len(note)) + note),
        (PictureKind.JPEG, lambda note: photos.segments(BARE, *[(0xE1, _XMP + note[:65_000])] * 600)),
    ],
)
def test_of_the_notes_in_a_file_no_more_than_16_mib_are_searched(
    kind: PictureKind, make: Callable[[bytes], bytes]
) -> None:
    file = make(b" " * (2 * MOST_PATTERN_BYTES))
    if kind is PictureKind.WEBP:
        file = file[:4] + struct.pack("<I", len(file) - 8) + file[8:]
    patterns = Patterns()
    traces(file, kind, patterns=patterns)
    assert patterns.searched_bytes == MOST_PATTERN_BYTES


def test_the_xmp_of_a_gif_is_its_own_blocks_and_nothing_behind_them() -> None:
    bare = photos.encoded(photos.board(), "GIF")
    at = 13 + (3 << (bare[10] & 7) + 1)
    words = b"<dc:creator>"
    own = b"!\xff\x0bXMP DataXMP" + bytes((len(words),)) + words + b"\0"
    other = b"!\xff\x0bSOMETHING01\x08exif:GPS\0"
    told = traces(bare[:at] + own + other + bare[at:], PictureKind.GIF)
    assert told == {Trace.OWNER, Trace.OTHER}


@given(st.sampled_from(list(PictureKind)), st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 255))
def test_any_bytes_get_an_answer(kind: PictureKind, content: bytes, place: int, byte: int) -> None:
    made = {
        PictureKind.JPEG: photos.jpeg(),
        PictureKind.PNG: photos.png(),
        PictureKind.WEBP: photos.webp(),
        PictureKind.GIF: photos.gif(),
    }[kind]
    changed = made[:place] + bytes((byte,)) + made[place + 1 :]
    for one in (content, made[: len(content)], made[:40] + content, changed, changed[: len(changed) // 2]):
        assert traces(one, kind) <= frozenset(Trace)
    for read in (exif_traces, xmp_traces, photoshop_traces, keyword_traces):
        assert read(content) <= frozenset(Trace)
        assert read(b"Photoshop 3.0\0" + content) <= frozenset(Trace)
        assert read(b"II*\0\x08\0\0\0" + content) <= frozenset(Trace)
