"""One changed bit, in everything that is sealed, signed or summed, is refused.

Here one byte in eleven is tried, and one in a thousand of a long file. ``lab/crypto`` tries every byte of the first
2048.

That nothing is shown in part then is a promise of the callers: ``tests/reviewer/cases/test_open_age.py``,
``tests/reviewer/exchange/test_import_fuzz.py``, ``tests/tipline/mailbox/test_site_mailbox.py``.
"""

import pytest

from tests.crypto.sound_inputs import FORMATS, Format, opened
from tests.crypto.vector_outcome import outcome_of

BEGINNING_BYTES = 2048
STEP, STRIDE = 11, 997
"""Prime numbers, so that every bit comes up, at every place within a chunk."""
PROTECTED = (
    *("envelope", "submission", "bundle", "casebook_backup", "reply", "manifest_item", "signature_file", "offer"),
    *("recipient_file", "key_file", "public_key", "secret_key", "shared", "sighting", "relay_file", "week_file"),
)
UNTRUSTED_LETTERS = len("untrusted comment: signature by the root key\n") + len("RUSJM6IPKKXIZ")
"""Of a signature file: the comment that no one believes, then algorithm and key id in base64. The id is a hint."""


FORMATS_PROTECTED = [one for one in FORMATS if one.name in PROTECTED]


@pytest.mark.parametrize("format_", FORMATS_PROTECTED, ids=lambda one: one.name)
def test_a_flipped_bit_is_refused_at_many_places(format_: Format) -> None:
    require_refused(format_, step=STEP, stride=STRIDE)


def require_refused(format_: Format, *, step: int, stride: int) -> None:
    """With one bit changed, at every ``step`` bytes of the beginning and at every ``stride`` bytes after it."""
    raw = format_.raw
    beginning = range(0, min(len(raw), BEGINNING_BYTES), step)
    places = {*beginning, *range(BEGINNING_BYTES, len(raw), stride), len(raw) - 1}
    for at in sorted(places - set(hints_of(format_))):
        changed = raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]
        assert outcome_of(lambda changed=changed: opened(format_, changed)) != "opens", at  # type: ignore[misc]


def hints_of(format_: Format) -> range:
    """The places that nothing protects, because nothing rests on them."""
    if format_.name == "reply":
        return range(16, 64)  # salt and tag of the row: they only say whom to ask
    if format_.name == "signature_file":
        return range(UNTRUSTED_LETTERS)
    if format_.name == "manifest_item":
        start = 4 + int.from_bytes(format_.raw[:4], "big")
        return range(start, start + UNTRUSTED_LETTERS)
    return range(0)
