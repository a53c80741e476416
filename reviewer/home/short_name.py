"""A short name for a mailbox, easy to say and to write.

Three syllable groups, 48 bits of a one-way digest over the whole address, id and key: enough to tell mailboxes
apart, and nothing that opens one or finds its replies. An answer is sealed to the key, so a submission with a known
id and another key has another name. Not made of the words of passphrases, so that one is not taken for the other.
"""

import hashlib

from crypto.passphrases.mailbox import MAILBOX_ID_BYTES

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_LABEL = b"tipline/v2/mailbox-name"
_FORMER_LABEL = b"tipline/v1/mailbox-name"
_GROUPS = 3


def short_name(address: bytes) -> str:
    """A name like ``lusab-babad-gutih``, the same for each submission of a mailbox.

    ``address`` is id and key in bytes.
    """
    return _name(_LABEL + address)


def former_name(address: bytes) -> str:
    """The name as it was made before, of the id alone."""
    return _name(_FORMER_LABEL + address[:MAILBOX_ID_BYTES])


def _name(labelled: bytes) -> str:
    digest = hashlib.sha256(labelled).digest()
    return "-".join(_group(int.from_bytes(digest[at : at + 2], "big")) for at in range(0, 2 * _GROUPS, 2))


def _group(bits: int) -> str:
    return (
        _CONSONANTS[bits >> 12]
        + _VOWELS[bits >> 10 & 3]
        + _CONSONANTS[bits >> 6 & 15]
        + _VOWELS[bits >> 4 & 3]
        + _CONSONANTS[bits & 15]
    )
