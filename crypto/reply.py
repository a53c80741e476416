"""Replies: one slot, one size, and a row that names no mailbox: ``docs/formats/reply.md``."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Self

from crypto import _sodium
from crypto.container import ContainerWriter, Contents, read_container
from crypto.container_head import ID_BYTES, NO_MANIFEST, Head, Kind
from crypto.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, TooLong
from crypto.keys import SourceSecretKey
from crypto.mailbox import REPLY_SALT_BYTES, REPLY_TAG_BYTES, MailboxAddress, MailboxId, reply_tag
from crypto.week import Week

TEXT_BYTES = 2048
ENVELOPE_BYTES = 67195
ROW_BYTES = ID_BYTES + REPLY_SALT_BYTES + REPLY_TAG_BYTES + ENVELOPE_BYTES

_FIELD_NAME = "text"


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """What travels to a server and waits there; a real one and a dummy look alike.

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
        """From exactly 67,259 bytes.

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
    """An opened reply; the day is the UTC day on which staff sealed it."""

    text: str = field(repr=False)
    day: dt.date
    reply_id: bytes


def seal_reply(text: str, *, to: MailboxAddress, day: dt.date) -> ReplyRow:
    """One reply to one mailbox, under a new random id.

    Raises:
        TooLong: more than 2,048 bytes of UTF-8.
        Malformed: text that UTF-8 cannot hold.
    """
    if len(text.encode(errors="surrogatepass")) > TEXT_BYTES:
        raise TooLong(f"a reply must have at most {TEXT_BYTES} bytes of UTF-8; send the rest as another")
    reply_id = _sodium.random_bytes(ID_BYTES)
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=[to.source_key])
    head = Head(Kind.REPLY, reply_id, NO_MANIFEST, 0, Week.of(day), day)
    container = ContainerWriter(envelope.write, head=head)
    container.field(_FIELD_NAME, text)
    container.finish(None)
    envelope.finish()
    salt = _sodium.random_bytes(REPLY_SALT_BYTES)
    return ReplyRow(reply_id, salt, reply_tag(to.mailbox_id, salt=salt), b"".join(pieces))


def dummy_reply() -> ReplyRow:
    """A reply to nobody: to a mailbox and a key that are forgotten at once, so that its day is never seen."""
    nobody = MailboxAddress(MailboxId(_sodium.random_bytes(32)), SourceSecretKey.generate().public_key())
    return seal_reply("", to=nobody, day=dt.date(2000, 1, 3))


def open_reply(envelope: bytes, *, key: SourceSecretKey) -> Reply:
    """Open the envelope of a row.

    Raises:
        Malformed: another length, more than one slot, or anything but one text inside.
        NewerFormat: a later version of age or of the container.
        NoKeyOpens: sealed to another mailbox; so is every dummy.
    """
    if len(envelope) != ENVELOPE_BYTES:
        raise Malformed(f"envelope of a reply must have {ENVELOPE_BYTES} bytes")
    reader = open_envelope(io.BytesIO(envelope), keys=[key], slots=1)
    text = _OneText()
    container = read_container(reader, into=text, expect=_expect_reply)
    if text.value is None:
        raise Malformed("reply must hold one text")
    return Reply(text.value, container.head.day, container.head.submission_id)


def _expect_reply(head: Head) -> None:
    if head.kind is not Kind.REPLY:
        raise Malformed("kind of a reply must be reply")


class _OneText(Contents):
    """Takes exactly one field, and no file."""

    def __init__(self) -> None:
        self.value: str | None = None

    def field(self, name: str, value: str) -> None:
        if self.value is not None or name != _FIELD_NAME or len(value.encode()) > TEXT_BYTES:
            raise Malformed(f"reply must hold one text of at most {TEXT_BYTES} bytes")
        self.value = value

    def begin_file(self, name: str, media_type: str) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")

    def data(self, piece: bytes) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")

    def end_file(self, sha256: bytes) -> None:  # noqa: ARG002 -- named by the protocol
        raise Malformed("reply must hold no file")
