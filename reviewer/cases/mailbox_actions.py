"""Descriptions of a source's mailbox actions, for staff."""

from collections.abc import Sequence
from typing import Final

from crypto.errors import CryptoError
from crypto.passphrases.mailbox import MailboxAddress
from reviewer.casebook.arrival import Field
from reviewer.casebook.replies import SentReplies
from reviewer.home.mailbox_names import MailboxNames
from reviewer.languages.staff_language import said

ACTS: Final = {
    "safe": "SAFE: the source says that it is safe",
    "not-safe": "NOT SAFE: the source says that it is not safe",
    "delete": "DELETED: the source deleted replies",
    "words-known": (
        "WORDS KNOWN: someone pressed 'someone may have my words'; it may have been the source or the other."
        " Answer nothing to this mailbox"
    ),
}
"""Acts by the name in the format, in words for staff."""

UNKNOWN_ACT: Final = "an act that this version does not know"


def action_lines(fields: Sequence[Field], replies: SentReplies, names: MailboxNames) -> list[str]:
    """One line for each part of the act, without the source's own text."""
    lines: list[str] = []
    for one in fields:
        if one.name == "act":
            lines.append(action_title(one.value))
        elif one.name == "reply":
            lines.append(_which_reply(one.value, replies))
        elif one.name == "mailbox":
            lines.append(_new_mailbox(one.value, names))
    return lines


def action_title(untrusted_value: str) -> str:
    """The act in one line, for a list."""
    return ACTS.get(untrusted_value, UNKNOWN_ACT)


def action_name(fields: Sequence[Field]) -> str | None:
    """The act as the format names it; None when it is none that this version knows."""
    value = next((one.value for one in fields if one.name == "act"), None)
    return value if value in ACTS else None


def _which_reply(untrusted_id: str, replies: SentReplies) -> str:
    try:
        found = replies.find(bytes.fromhex(untrusted_id))
    except ValueError:
        found = None
    if found is None:
        return "  " + said("a reply that is not known here")
    return "  " + said("the reply of %(day)s", day=found.day.isoformat())


def _new_mailbox(untrusted_address: str, names: MailboxNames) -> str:
    try:
        address = MailboxAddress.parse(bytes.fromhex(untrusted_address))
    except (ValueError, CryptoError):
        return "  " + said("a new mailbox, whose address cannot be read")
    return "  " + said("the new mailbox is %(mailbox)s", mailbox=names.words(address.to_bytes()))
