"""Fingerprints of pictures: what is the same picture is near, and what is another one is far."""

import io
import math
from collections.abc import Callable
from statistics import median

import pytest
from PIL import Image, ImageEnhance, ImageOps

from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import LEAST_QUALITY, Fingerprint, fingerprint_of, orientations
from reviewer.clean_copy.pdq import SIDE, window
from reviewer.clean_copy.picture_kind import PictureKind
from tests.reviewer.clean_copy.photos import drawn_scene

SAME, OTHER = 16, 90
"""Bits of 256: the most for the same picture, and the fewest for another one."""


def _fingerprint(picture: Image.Image, kind: PictureKind = PictureKind.PNG, **options: int) -> Fingerprint:
    file = io.BytesIO()
    picture.save(file, kind.value, **options)
    return fingerprint_of(file.getvalue(), kind, children=Children())


def _reference(picture: Image.Image) -> int:
    """The bits, computed step by step in floating point as the description has it, for a small picture."""
    width, height = picture.size
    rows: list[list[float]] = [
        [
            0.299 * red + 0.587 * green + 0.114 * blue
            for red, green, blue in (picture.getpixel((x, y)) for x in range(width))  # type: ignore[misc]
        ]
        for y in range(height)
    ]
    for _ in range(2):
        rows = [_box(row, window(width)) for row in rows]
        columns = [_box(list(column), window(height)) for column in zip(*rows, strict=True)]
        rows = [list(row) for row in zip(*columns, strict=True)]
    small = [[rows[y][x] for x in _sampled(width)] for y in _sampled(height)]
    values = [
        sum(
            small[y][x]
            * math.cos(math.pi * down * (2 * y + 1) / (2 * SIDE))
            * math.cos(math.pi * across * (2 * x + 1) / (2 * SIDE))
            for y in range(SIDE)
            for x in range(SIDE)
        )
        for down in range(1, 17)
        for across in range(1, 17)
    ]
    middle = median(values)
    return sum(1 << place for place, value in enumerate(values) if value > middle)


def _sampled(length: int) -> list[int]:
    return [int((step + 0.5) * length / SIDE) for step in range(SIDE)]


def _box(line: list[float], width: int) -> list[float]:
    before, after = (width - 1) // 2, width // 2
    windows = [line[max(0, at - before) : at + after + 1] for at in range(len(line))]
    return [sum(some) / len(some) for some in windows]


CHANGED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "half as large": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "without colours": lambda picture: picture.convert("L").convert("RGB"),
    "a little brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.1),
    "mirrored": ImageOps.mirror,
    "upside down": ImageOps.flip,
    "turned by a quarter": lambda picture: picture.rotate(90, expand=True),
    "turned by three quarters": lambda picture: picture.rotate(270, expand=True),
    "mirrored and turned": lambda picture: ImageOps.mirror(picture).rotate(90, expand=True),
}


@pytest.fixture(scope="module")
def scene() -> Fingerprint:
    return _fingerprint(drawn_scene(1))


@pytest.mark.parametrize("how", CHANGED)
def test_a_picture_that_was_changed_a_little_mirrored_or_turned_is_found(scene: Fingerprint, how: str) -> None:
    assert scene.distance(_fingerprint(CHANGED[how](drawn_scene(1)))) <= SAME


def test_a_picture_that_was_compressed_hard_is_found(scene: Fingerprint) -> None:
    assert scene.distance(_fingerprint(drawn_scene(1), PictureKind.JPEG, quality=30)) <= SAME


def test_other_pictures_are_far_in_every_position(scene: Fingerprint) -> None:
    for seed in range(2, 8):
        assert scene.distance(_fingerprint(drawn_scene(seed))) >= OTHER


def test_a_picture_of_nothing_has_a_low_quality_and_a_full_one_a_high_one(scene: Fingerprint) -> None:
    assert _fingerprint(Image.new("RGB", (320, 200), (90, 120, 200))).quality < LEAST_QUALITY
    assert scene.quality >= LEAST_QUALITY


@pytest.mark.parametrize("size", [(128, 128), (200, 130), (320, 200), (300, 420)])
def test_the_bits_are_those_of_a_computation_in_floating_point_but_for_a_few(size: tuple[int, int]) -> None:
    picture = drawn_scene(9, *size)
    assert (_fingerprint(picture).bits ^ _reference(picture)).bit_count() <= 10


def test_the_eight_positions_of_a_fingerprint_are_each_others_positions(scene: Fingerprint) -> None:
    all_eight = set(orientations(scene.bits))
    assert len(all_eight) == 8
    assert all(set(orientations(bits)) == all_eight for bits in all_eight)
