"""One bit changed in every byte of the beginning, and at many places behind it, is refused."""

import pytest

from tests.crypto.sound_inputs import Format
from tests.crypto.test_any_flipped_bit import FORMATS_PROTECTED, require_refused


@pytest.mark.parametrize("format_", FORMATS_PROTECTED, ids=lambda one: one.name)
def test_a_flipped_bit_in_any_byte_is_refused(format_: Format) -> None:
    require_refused(format_, step=1, stride=97)
