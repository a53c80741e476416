"""Kinds of traces in the headers of an e-mail, and its attachments. Only ``noter`` imports this."""

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Final

from reviewer.clean_copy.trace import Trace
from reviewer.viewers.packed_notes import Noted
from reviewer.viewers.text_bytes import MOST_PARTS

_KINDS: Final[tuple[tuple[re.Pattern[str], Trace], ...]] = (
    (re.compile(r"(resent-)?(from|sender)$|organi[sz]ation$|x-(sender|authenticated)"), Trace.OWNER),
    (
        re.compile(
            r"(resent-)?(from|sender|to|cc|bcc|reply-to)$|return-path$|delivered-to$|envelope-to$|x-original-to$"
            r"|errors-to$|disposition-notification-to$|list-|x-(sender|authenticated|envelope|forwarded)"
        ),
        Trace.ADDRESS,
    ),
    (re.compile(r"(resent-)?date$|received$|delivery-date$|expires$"), Trace.TIME),
    (re.compile(r"received$|.*originating-ip$|.*(client|sender|remote)-ip$|received-spf$"), Trace.NETWORK),
    (re.compile(r"x-mailer$|user-agent$|x-mimeole$|x-newsreader$|.*mail-client"), Trace.DEVICE),
    (re.compile(r"subject$|comments$|keywords$|thread-topic$"), Trace.COMMENT),
    (re.compile(r"x-.*(geo|location|country)|x-(latitude|longitude)"), Trace.PLACE),
    (re.compile(r"(resent-)?message-id$|in-reply-to$|references$|thread-index$|dkim-|arc-|x-"), Trace.OTHER),
)


def mail_notes(untrusted_file: bytes) -> Iterator[Noted]:
    """Kinds of traces of the headers that hold something, and the content of each attachment.

    Raises:
        Exception: any, where it is damaged.
    """
    untrusted_mail = email.message_from_bytes(untrusted_file, policy=email.policy.compat32)
    for place, part in enumerate(untrusted_mail.walk()):
        if place >= MOST_PARTS:
            return
        if place == 0 or part.get_content_type() == "message/rfc822":
            for name in {name.lower() for name, value in part.items() if str(value).strip()}:
                yield from (trace for words, trace in _KINDS if words.match(name))
        if part.is_multipart():
            continue
        if part.get_filename() is not None:
            yield Trace.FILES
        content = part.get_payload(decode=True)
        if place and isinstance(content, bytes) and not part.get_content_type().startswith("text/"):
            yield content
