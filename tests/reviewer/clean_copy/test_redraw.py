"""A copy tells what the picture shows, and nothing else that was in the file.

Each picture takes five processes, so ``lab/reviewer`` has the other kinds of PNG and JPEG and the other turns.
"""

import io
import struct

import pytest
from PIL import Image

from reviewer.clean_copy.bare import NotBare, require_bare
from reviewer.clean_copy.children import Children
from reviewer.clean_copy.picture_kind import NoPicture, PictureKind
from reviewer.clean_copy.redraw import CleanCopy, kinds_of, traces_in
from reviewer.clean_copy.trace import Trace
from reviewer.errors import NoCleanCopy
from tests.reviewer.clean_copy import photos
from tests.reviewer.clean_copy.drawn import drawn, kind_of

COLOURS = [photos.RED, photos.GREEN, photos.BLUE, photos.GREY]
OF_EXIF = {Trace.PLACE, Trace.TIME, Trace.DEVICE, Trace.OWNER, Trace.COMMENT, Trace.THUMBNAIL}


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def notes_in(content: bytes) -> set[str]:
    """A second look by another reader: what Pillow finds in a file beside its pixels."""
    picture = opened(content)
    says = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    markers = {name for name, _content in getattr(picture, "applist", [])} - {"APP0"}
    return says | markers | {f"exif {tag:#x}" for tag in picture.getexif()} | set(getattr(picture, "text", {}))


def look_alike(copy: CleanCopy, colours: list[tuple[int, int, int]]) -> bool:
    most = 4 if copy.kind is PictureKind.JPEG else 0
    shown = photos.quarters(opened(copy.content))
    return all(
        abs(one - other) <= most
        for colour, wanted in zip(shown, colours, strict=True)
        for one, other in zip(colour, wanted, strict=True)
    )


@pytest.mark.parametrize("name", photos.ALL_TRACES)
def test_no_trace_is_in_a_copy_and_the_picture_is(name: str) -> None:
    make, words = photos.MADE[name]
    content = make()
    assert photos.words_in(content) == set(words), "a copy byte for byte has them all"
    assert notes_in(content)
    copy = drawn(content)
    with pytest.raises(NotBare):
        require_bare(content, copy.kind)
    assert not photos.words_in(copy.content)
    assert not notes_in(copy.content)
    require_bare(copy.content, copy.kind)
    assert opened(copy.content).size == photos.SIZE
    assert look_alike(copy, COLOURS)


def test_what_was_recognised_is_told_by_kind_and_in_one_order() -> None:
    assert drawn(photos.jpeg() + photos.archive()).taken_off == OF_EXIF | {Trace.COLOURS, Trace.OTHER, Trace.BEHIND}
    children = Children()
    assert traces_in(photos.jpeg(), PictureKind.JPEG, children=children) == OF_EXIF | {Trace.COLOURS, Trace.OTHER}
    assert traces_in(photos.png(), PictureKind.PNG, children=children) == OF_EXIF | {Trace.COLOURS, Trace.OTHER}
    assert traces_in(photos.webp(), PictureKind.WEBP, children=children) == OF_EXIF | {Trace.COLOURS}
    assert traces_in(photos.gif(), PictureKind.GIF, children=children) >= {Trace.FRAMES, Trace.COMMENT}
    plain = photos.encoded(photos.board(), "JPEG")
    assert traces_in(plain, PictureKind.JPEG, children=children) == frozenset()


@pytest.mark.parametrize(
    ("make", "orientation"), [*((photos.jpeg, one) for one in range(2, 9, 2)), (photos.png, 5), (photos.webp, 7)]
)
def test_a_picture_is_turned_as_its_orientation_says(make: photos.Turned, orientation: int) -> None:
    red, green, blue, grey = COLOURS
    upright = {
        1: [red, green, blue, grey],
        2: [green, red, grey, blue],
        3: [grey, blue, green, red],
        4: [blue, grey, red, green],
        5: [red, blue, green, grey],
        6: [blue, red, grey, green],
        7: [grey, green, blue, red],
        8: [green, grey, red, blue],
    }
    copy = drawn(make(orientation=orientation))
    assert look_alike(copy, upright[orientation])
    assert opened(copy.content).size == (photos.SIZE if orientation < 5 else photos.SIZE[::-1])
    assert orientation == 1 or not look_alike(copy, COLOURS), "without the turn it would be another picture"


@pytest.mark.parametrize("kind", ["1", "P", "RGBA"])
def test_png_of_every_kind_is_drawn_as_it_looks(kind: str) -> None:
    wanted = opened(photos.encoded(photos.board().convert(kind), "PNG")).convert("RGB")
    copy = drawn(photos.png(kind=kind))
    assert opened(copy.content).tobytes() == wanted.tobytes()


@pytest.mark.parametrize(("kind", "progressive"), [("L", True), ("CMYK", False)])
def test_jpeg_of_every_kind_is_drawn_nearly_as_it_looks(kind: str, progressive: bool) -> None:
    content = photos.jpeg(kind=kind, progressive=progressive)
    wanted = photos.quarters(opened(content))
    copy = drawn(content)
    assert look_alike(copy, wanted)
    assert copy.kind is PictureKind.JPEG


def test_a_photo_with_losses_loses_nothing_more_as_png() -> None:
    content = photos.webp(is_lossless=False)
    assert opened(drawn(content).content).tobytes() == opened(content).convert("RGB").tobytes()


def test_sixteen_bits_are_drawn_with_their_eight_upper_ones() -> None:
    grey = Image.frombytes("I;16", (2, 1), struct.pack("<HH", 0x8000, 0x1000))
    assert list(opened(drawn(photos.encoded(grey, "PNG")).content).convert("L").tobytes()) == [0x80, 0x10]


def test_what_lies_under_transparent_parts_is_gone() -> None:
    hidden = photos.board().convert("RGBA")
    hidden.putalpha(0)
    content = photos.encoded(hidden, "PNG")
    assert photos.quarters(opened(content)) == COLOURS, "anyone who takes the transparency off sees the picture"
    copy = drawn(content)
    assert opened(copy.content).mode == "RGB"
    assert photos.quarters(opened(copy.content)) == [(255, 255, 255)] * 4
    assert Trace.TRANSPARENCY in copy.taken_off


def test_of_several_pictures_only_the_first_is_drawn_and_that_is_said() -> None:
    second = Image.new("RGB", photos.SIZE, photos.GREEN)
    for kind in ("GIF", "WEBP", "PNG", "MPO"):
        content = photos.encoded(
            photos.board(),
            kind,
            save_all=True,
            append_images=[second],
            **({"lossless": True} if kind == "WEBP" else {}),
        )
        copy = drawn(content)
        assert look_alike(copy, COLOURS), kind
        assert Trace.FRAMES in copy.taken_off, kind
        assert getattr(opened(copy.content), "n_frames", 1) == 1, kind


def test_a_file_is_what_it_holds_and_not_what_it_is_called() -> None:
    assert kind_of(photos.jpeg()) is PictureKind.JPEG
    assert kind_of(photos.webp()) is PictureKind.WEBP


NO_PICTURES = [
    (b"", "empty"),
    (b"%PDF-1.7\n", "PDF"),
    (b"PK\x03\x04\x14\0", "office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document"),
    (b"\0\0\0\x18ftypmp42", "video"),
    (b"\0\0\0\x14ftypqt  ", "video"),
    (b"\0\0\0\x18ftypheic", "HEIC"),
    (b"\x1aE\xdf\xa3\x01", "video"),
    (b"RIFF\0\0\0\0AVI LIST", "video"),
    (b"II*\0\x08\0\0\0", "TIFF"),
    (b"age-encryption.org/v1\n", "sealed"),
    (b"What I saw.", "none of"),
    (b"<svg xmlns=", "none of"),
    (b"\x00" * 64, "none of"),
]


def test_what_is_no_picture_is_named() -> None:
    kinds = kinds_of([content for content, _reason in NO_PICTURES], children=Children())
    for kind, (_content, reason) in zip(kinds, NO_PICTURES, strict=True):
        assert isinstance(kind, NoPicture)
        assert reason in kind.value


def test_a_cut_file_is_refused() -> None:
    for make in (photos.jpeg, photos.png, photos.webp, photos.gif):
        whole = photos.encoded(photos.board((480, 320)), "JPEG") if make is photos.jpeg else make()
        with pytest.raises(NoCleanCopy, match=r"damaged|broke off"):
            drawn(whole[: len(whole) // 2])
    with pytest.raises(NoCleanCopy, match=r"damaged|broke off"):
        drawn(photos.png()[:20])


def test_a_file_that_unpacks_to_too_many_pixels_is_refused() -> None:
    content = photos.bomb()
    assert len(content) < 50_000
    with pytest.raises(NoCleanCopy, match="million pixels"):
        drawn(content)
    for claimed in (
        photos.png_of(65_000, 65_000, b"\0"),
        b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + photos.gif()[10:],
    ):
        with pytest.raises(NoCleanCopy, match="million pixels"):
            drawn(claimed)
