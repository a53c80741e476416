"""Pictures that are large: seen within the memory of a viewer, or refused."""

from tests.reviewer.clean_copy import photos
from tests.reviewer.clean_copy.test_clean_saving import PHOTOS, saved
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.test_kinds import Looked


def test_one_that_is_too_large_to_be_decoded_is_refused(desk: Desk) -> None:
    large = photos.jpeg() + bytes((128 << 20) + 1)
    (short_id,) = desk.take_in(desk.server.seal(files=[("large.jpg", "", large), PHOTOS[0]]))
    assert list(saved(desk, short_id, "--leave-out")) == ["picture-1.jpg"]
    assert "left out: large.jpg: it has more than 128 MiB" in desk.err


def test_a_photo_of_48_million_pixels_is_seen_within_the_memory_of_a_viewer() -> None:
    large = photos.encoded(photos.board((8000, 6000)), "JPEG")
    with Looked(large) as looked:
        assert looked.picture().size == (1600, 1200)
