"""Replies: one slot, one size, and a row that names no mailbox: ``docs/formats/reply.md``."""

import datetime as dt
import io
import re
from dataclasses import dataclass, field
from typing import Self

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, TooLong
from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import REPLY_SALT_BYTES, REPLY_TAG_BYTES, MailboxAddress, MailboxId, reply_tag
from crypto.primitives import _sodium
from crypto.primitives.week import Week
from crypto.submissions.container import ContainerWriter, Contents, read_container
from crypto.submissions.container_head import ID_BYTES, NO_MANIFEST, Head, Kind

TEXT_BYTES = 2048
ENVELOPE_BYTES = 67195
ROW_BYTES = ID_BYTES + REPLY_SALT_BYTES + REPLY_TAG_BYTES + ENVELOPE_BYTES
HIGHEST_NUMBER = (1 << 31) - 1

_NUMBER_FIELD = "number"
_TEXT_FIELD = "text"
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """The form of a reply on a server; real and dummy replies look alike.

    Raises:
        Malformed: a part of another length.
    """

    reply_id: bytes
    salt: bytes
    tag: bytes
    envelope: bytes = field(repr=False)

    def __post_init__(self) -> None:
        lengths = (len(self.reply_id), len(self.salt), len(self.tag), len(self.envelope))
        if lengths != (ID_BYTES, REPLY_SALT_BYTES, REPLY_TAG_BYTES, ENVELOPE_BYTES):
            raise Malformed("reply must have an id, a salt, a tag and an envelope of their fixed lengths")

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> Self:
        """Parse exactly 67,259 bytes.

        Raises:
            Malformed: another length.
        """
        if len(untrusted_bytes) != ROW_BYTES:
            raise Malformed(f"reply must have {ROW_BYTES} bytes")
        tag_at = ID_BYTES + REPLY_SALT_BYTES
        envelope_at = tag_at + REPLY_TAG_BYTES
        return cls(
            untrusted_bytes[:ID_BYTES],
            untrusted_bytes[ID_BYTES:tag_at],
            untrusted_bytes[tag_at:envelope_at],
            untrusted_bytes[envelope_at:],
        )

    def to_bytes(self) -> bytes:
        return self.reply_id + self.salt + self.tag + self.envelope


@dataclass(frozen=True, slots=True)
class Reply:
    """An opened reply: the UTC day on which staff sealed it, and its number in the mailbox."""

    text: str = field(repr=False)
    day: dt.date
    number: int
    reply_id: bytes


def seal_reply(text: str, *, to: MailboxAddress, day: dt.date, number: int) -> ReplyRow:
    """Seal a reply to a mailbox, under a new random id; ``number`` distinguishes replies of a day.

    Raises:
        TooLong: more than 2,048 bytes of UTF-8.
        Malformed: text that UTF-8 cannot hold, or a number that is not from 1 to 2,147,483,647.
    """
    if not 1 <= number <= HIGHEST_NUMBER:
        raise Malformed(f"number of a reply must be from 1 to {HIGHEST_NUMBER}")
    if len(text.encode(errors="surrogatepass")) > TEXT_BYTES:
        raise TooLong(f"a reply must have at most {TEXT_BYTES} bytes of UTF-8; send the rest as another")
    reply_id = _sodium.random_bytes(ID_BYTES)
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=[to.source_key])
    head = Head(Kind.REPLY, reply_id, NO_MANIFEST, 0, Week.of(day), day)
    container = ContainerWriter(envelope.write, head=head)
    container.field(_NUMBER_FIELD, str(number))
    container.field(_TEXT_FIELD, text)
    container.finish(None)
    envelope.finish()
    salt = _sodium.random_bytes(REPLY_SALT_BYTES)
    return ReplyRow(reply_id, salt, reply_tag(to.mailbox_id, salt=salt), b"".join(pieces))


def dummy_reply() -> ReplyRow:
    """A reply to a throw-away mailbox and key. It cannot be opened."""
    unused = MailboxAddress(MailboxId(_sodium.random_bytes(32)), SourceSecretKey.generate().public_key())
    return seal_reply("", to=unused, day=dt.date(2000, 1, 3), number=1)


def open_reply(row: ReplyRow, *, key: SourceSecretKey) -> Reply:
    """Open the envelope of a row.

    Raises:
        Malformed: more than one slot, another id inside than the row's, or anything but one number and one text.
        NewerFormat: a later version of age or of the container.
        NoKeyOpens: sealed to another mailbox; so is every dummy.
    """

    def expect(head: Head) -> None:
        if head.kind is not Kind.REPLY:
            raise Malformed("kind of a reply must be reply")
        if head.submission_id != row.reply_id:
            raise Malformed("reply must have the id of its row")

    reader = open_envelope(io.BytesIO(row.envelope), keys=[key], slots=1)
    inside = _NumberAndText()
    container = read_container(reader, into=inside, expect=expect)
    if inside.number is None or inside.text is None:
        raise Malformed("reply must hold a number and a text")
    return Reply(inside.text, container.head.day, inside.number, row.reply_id)


class _NumberAndText(Contents):
    """Takes these two fields in this order, and no file."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.text: str | None = None

    def field(self, name: str, value: str) -> None:
        if self.number is None and name == _NUMBER_FIELD:
            if not _WHOLE_NUMBER.fullmatch(value) or int(value) > HIGHEST_NUMBER:
                raise Malformed(f"number of a reply must be from 1 to {HIGHEST_NUMBER}")
            self.number = int(value)
        elif self.number is not None and self.text is None and name == _TEXT_FIELD:
            if len(value.encode()) > TEXT_BYTES:
                raise Malformed(f"text of a reply must have at most {TEXT_BYTES} bytes")
            self.text = value
        else:
            raise Malformed("reply must hold a number, then a text, and nothing else")

    def begin_file(self, name: str, media_type: str) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")

    def data(self, piece: bytes) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")

    def end_file(self, sha256: bytes) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")
