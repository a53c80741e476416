"""A picture that is too large to be decoded."""

from tests.reviewer.clean_copy import photos
from tests.reviewer.clean_copy.test_clean_saving import PHOTOS, saved
from tests.reviewer.desk_stage import Desk


def test_one_that_is_too_large_to_be_decoded_is_refused(desk: Desk) -> None:
    large = photos.jpeg() + bytes((128 << 20) + 1)
    (short_id,) = desk.take_in(desk.server.seal(files=[("large.jpg", "", large), PHOTOS[0]]))
    assert list(saved(desk, short_id, "--leave-out")) == ["picture-1.jpg"]
    assert "left out: large.jpg: it has more than 128 MiB" in desk.err
