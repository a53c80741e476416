"""Every kind of PNG and JPEG, every turn of each format, and pictures cut short: five processes for each."""

from collections.abc import Callable

import pytest

from reviewer.errors import NoCleanCopy
from tests.reviewer.clean_copy import photos, test_redraw
from tests.reviewer.clean_copy.drawn import drawn


@pytest.mark.parametrize("name", sorted(photos.MADE.keys() - photos.ALL_TRACES.keys()))
def test_no_trace_is_in_a_copy_and_the_picture_is(name: str) -> None:
    test_redraw.test_no_trace_is_in_a_copy_and_the_picture_is(name)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [photos.jpeg, photos.png, photos.webp])
def test_a_picture_is_turned_as_its_orientation_says(make: photos.Turned, orientation: int) -> None:
    test_redraw.test_a_picture_is_turned_as_its_orientation_says(make, orientation)


@pytest.mark.parametrize("kind", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_of_every_kind_is_drawn_as_it_looks(kind: str) -> None:
    test_redraw.test_png_of_every_kind_is_drawn_as_it_looks(kind)


@pytest.mark.parametrize("kind", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_of_every_kind_is_drawn_nearly_as_it_looks(kind: str, progressive: bool) -> None:
    test_redraw.test_jpeg_of_every_kind_is_drawn_nearly_as_it_looks(kind, progressive)


@pytest.mark.parametrize(("content", "reason"), test_redraw.NO_PICTURES)
def test_what_is_no_picture_is_refused_and_named(content: bytes, reason: str) -> None:
    with pytest.raises(NoCleanCopy, match=reason):
        drawn(content)


@pytest.mark.parametrize("make", [photos.jpeg, photos.png, photos.webp, photos.gif])
def test_a_picture_of_which_only_the_head_is_left_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(NoCleanCopy, match=r"damaged|broke off"):
        drawn(make()[:20])
