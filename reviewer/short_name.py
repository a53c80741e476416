"""A short name for a mailbox, to say aloud and to write on paper.

Three syllable groups, 48 bits of a one-way digest: enough to tell mailboxes apart, and nothing that opens one or
finds its replies. Not made of the words of passphrases, so that nobody takes one for the other.
"""

import hashlib

from crypto.mailbox import MailboxId

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_LABEL = b"tipline/v1/mailbox-name"
_GROUPS = 3


def short_name(mailbox_id: MailboxId) -> str:
    """Like ``lusab-babad-gutih``; the same for each submission of a mailbox."""
    digest = hashlib.sha256(_LABEL + mailbox_id.to_bytes()).digest()
    return "-".join(_group(int.from_bytes(digest[at : at + 2], "big")) for at in range(0, 2 * _GROUPS, 2))


def _group(bits: int) -> str:
    return (
        _CONSONANTS[bits >> 12]
        + _VOWELS[bits >> 10 & 3]
        + _CONSONANTS[bits >> 6 & 15]
        + _VOWELS[bits >> 4 & 3]
        + _CONSONANTS[bits & 15]
    )
