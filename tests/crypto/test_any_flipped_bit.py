"""One bit changed anywhere, in everything that is sealed, signed or summed, is refused.

That nothing is shown in part then is a promise of the callers: ``tests/reviewer/cases/test_open_age.py``,
``tests/reviewer/exchange/test_import_fuzz.py``, ``tests/tipline/mailbox/test_site_mailbox.py``.
"""

import pytest

from tests.crypto.sound_inputs import FORMATS, Format, opened
from tests.crypto.vector_outcome import outcome_of

EVERY_BYTE = 2048
STRIDE = 97
"""A prime number, so that every bit comes up, at every place within a chunk."""
PROTECTED = (
    *("envelope", "submission", "bundle", "casebook_backup", "reply", "manifest_item", "signature_file", "offer"),
    *("recipient_file", "key_file", "public_key", "secret_key", "shared", "sighting", "relay_file", "week_file"),
)
UNTRUSTED_LETTERS = len("untrusted comment: signature by the root key\n") + len("RUSJM6IPKKXIZ")
"""Of a signature file: the comment that no one believes, then algorithm and key id in base64. The id is a hint."""


@pytest.mark.parametrize("format_", [one for one in FORMATS if one.name in PROTECTED], ids=lambda one: one.name)
def test_a_flipped_bit_anywhere_is_refused(format_: Format) -> None:
    raw = format_.raw
    places = {*range(min(len(raw), EVERY_BYTE)), *range(EVERY_BYTE, len(raw), STRIDE), len(raw) - 1}
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
