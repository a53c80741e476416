"""The replies that a source's act deletes, so that the other servers delete them too."""

import datetime as dt
from collections.abc import Sequence

from crypto.submissions.submission import Kind, Opened
from reviewer.casebook.arrival import Field
from reviewer.casebook.casebook import Casebook

_DELETIONS = frozenset({"delete", "words-known"})


def note_deletions(casebook: Casebook, fields: Sequence[Field], opened: Opened, *, today: dt.date) -> None:
    """Mark the replies that an act deletes: only those to the act's own mailbox."""
    if opened.head.kind is not Kind.ACT or opened.mailbox is None:
        return
    acts = {one.value for one in fields if one.name == "act"}
    if not acts & _DELETIONS:
        return
    named = None
    if acts == {"delete"}:
        named = frozenset(_reply_id(one.value) for one in fields if one.name == "reply")
    casebook.replies.mark_deleted(opened.mailbox, named, today=today)


def _reply_id(untrusted_value: str) -> bytes:
    try:
        return bytes.fromhex(untrusted_value)
    except ValueError:
        return b""  # names no reply
