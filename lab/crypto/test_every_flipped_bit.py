"""One bit changed in every byte of the beginning, and at many places behind it, is refused; so is each cut."""

import pytest

from tests.crypto.age.test_envelope import FOUR, require_refused_with_any_flipped_bit
from tests.crypto.sound_inputs import Format
from tests.crypto.test_any_flipped_bit import FORMATS_PROTECTED, require_refused
from tests.crypto.test_bad_input import every_format, require_each_cut_refused


@pytest.mark.parametrize("format_", FORMATS_PROTECTED, ids=lambda one: one.name)
def test_a_flipped_bit_is_refused_in_each_of_the_first_2048_bytes_and_at_many_places_behind(
    format_: Format,
) -> None:
    require_refused(format_, step=1, stride=97)


def test_a_flipped_bit_in_any_byte_of_an_envelope_with_four_slots_is_refused() -> None:
    require_refused_with_any_flipped_bit(FOUR, step=1)


@every_format
def test_cut_after_any_byte_of_its_first_8_kib_it_is_refused_as_its_page_says(format_: Format) -> None:
    require_each_cut_refused(format_, step=1)
