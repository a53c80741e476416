"""Replies: ``docs/formats/reply.md``."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.container import ContainerWriter
from crypto.container_head import NO_MANIFEST, Head, Kind
from crypto.envelope import EnvelopeWriter
from crypto.errors import CryptoError, Malformed, NoKeyOpens, TooLong
from crypto.keys import SourcePublicKey, SourceSecretKey
from crypto.mailbox import MailboxAddress, MailboxId, reply_tag
from crypto.reply import ENVELOPE_BYTES, ROW_BYTES, ReplyRow, dummy_reply, open_reply, seal_reply
from crypto.week import Week
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("reply"))
DAY = dt.date(2026, 11, 25)
KEY = SourceSecretKey(b"\x01" * 32)
MAILBOX = MailboxAddress(MailboxId(bytes(range(32))), KEY.public_key())
HEAD = Head(Kind.REPLY, b"\x44" * 16, NO_MANIFEST, 0, Week.of(DAY), DAY)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 8


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    key = SourceSecretKey(bytes.fromhex(vector["key"]))
    raw = bytes_of(vector["row"])
    assert outcome_of(lambda: open_reply(ReplyRow.parse(raw).envelope, key=key)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        row = ReplyRow.parse(raw)
        reply = open_reply(row.envelope, key=key)
        assert (reply.text, str(reply.day), reply.reply_id.hex()) == (
            vector["text"],
            vector["day"],
            vector["reply_id"],
        )
        assert (row.reply_id, row.salt.hex(), row.tag.hex()) == (reply.reply_id, vector["salt"], vector["tag"])
        assert reply_tag(MailboxId(bytes.fromhex(vector["mailbox_id"])), salt=row.salt) == row.tag
        assert row.to_bytes() == raw


@pytest.mark.parametrize("text", ["", "a", "x" * 2048, "ж" * 1024], ids=len)
def test_a_reply_comes_back_and_always_has_one_size(text: str) -> None:
    row = seal_reply(text, to=MAILBOX, day=DAY)
    assert len(row.envelope) == ENVELOPE_BYTES == 67195
    assert len(row.to_bytes()) == ROW_BYTES == 67259
    reply = open_reply(ReplyRow.parse(row.to_bytes()).envelope, key=KEY)
    assert (reply.text, reply.day, reply.reply_id) == (text, DAY, row.reply_id)


@pytest.mark.parametrize("text", ["x" * 2049, "ж" * 1025, "x" * 300_000], ids=len)
def test_a_reply_over_2048_bytes_is_refused_with_the_limit_named(text: str) -> None:
    with pytest.raises(TooLong, match="2048") as caught:
        seal_reply(text, to=MAILBOX, day=DAY)
    assert isinstance(caught.value, ValueError)


def test_the_mailbox_id_finds_its_rows_and_no_others() -> None:
    other = MailboxAddress(MailboxId(b"\x77" * 32), SourceSecretKey.generate().public_key())
    rows = [seal_reply("mine", to=MAILBOX, day=DAY), seal_reply("other", to=other, day=DAY), dummy_reply()]
    assert [reply_tag(MAILBOX.mailbox_id, salt=row.salt) == row.tag for row in rows] == [True, False, False]


def test_two_rows_of_one_mailbox_share_nothing() -> None:
    one, other = (seal_reply("same", to=MAILBOX, day=DAY) for _ in range(2))
    assert one.reply_id != other.reply_id
    assert one.salt != other.salt
    assert one.tag != other.tag
    assert one.envelope[1627:] != other.envelope[1627:]


def test_a_dummy_looks_like_a_reply_and_opens_for_nobody() -> None:
    real, dummy = seal_reply("real", to=MAILBOX, day=DAY), dummy_reply()
    assert len(real.to_bytes()) == len(dummy.to_bytes())
    assert real.envelope[:40] == dummy.envelope[:40]
    with pytest.raises(NoKeyOpens):
        open_reply(dummy.envelope, key=KEY)


def envelope_of(write: Callable[[ContainerWriter], None], *, head: Head = HEAD, slots: int = 1) -> bytes:
    out: list[bytes] = []
    others = [SourceSecretKey.generate().public_key() for _ in range(slots - 1)]
    keys: list[SourcePublicKey] = [KEY.public_key(), *others]
    envelope = EnvelopeWriter(out.append, to=keys)
    container = ContainerWriter(envelope.write, head=head)
    write(container)
    envelope.finish()
    return b"".join(out)


def _text(container: ContainerWriter, *, name: str = "text", value: str = "hello") -> None:
    container.field(name, value)
    container.finish(None)


def _two_texts(container: ContainerWriter) -> None:
    container.field("text", "1")
    _text(container)


def _no_text(container: ContainerWriter) -> None:
    container.finish(None)


def _text_and_file(container: ContainerWriter) -> None:
    container.begin_file("a", "b")
    container.end_file()
    _text(container)


def _text_and_mailbox(container: ContainerWriter) -> None:
    container.field("text", "hello")
    container.finish(MAILBOX)


def test_the_fault_makers_of_this_file_can_make_a_sound_reply() -> None:
    assert open_reply(envelope_of(_text), key=KEY).text == "hello"


@pytest.mark.parametrize(
    "write",
    [
        _two_texts,
        _no_text,
        _text_and_file,
        _text_and_mailbox,
        lambda container: _text(container, name="Text"),
        lambda container: _text(container, value="x" * 2049),
    ],
    ids=["two texts", "no text", "file", "mailbox", "another name", "too long"],
)
def test_anything_but_one_text_is_malformed(write: Callable[[ContainerWriter], None]) -> None:
    with pytest.raises(Malformed):
        open_reply(envelope_of(write), key=KEY)


def test_a_submission_is_no_reply() -> None:
    head = Head(Kind.SUBMISSION, bytes(16), bytes(32), 1, Week.of(DAY), DAY)
    with pytest.raises(Malformed):
        open_reply(envelope_of(_text, head=head), key=KEY)


def test_a_reply_with_more_than_one_slot_is_refused() -> None:
    with pytest.raises(Malformed):
        open_reply(envelope_of(_text, slots=2), key=KEY)


def test_a_flipped_bit_in_the_envelope_is_refused() -> None:
    envelope = seal_reply("hello", to=MAILBOX, day=DAY).envelope
    for place in (*range(0, 1700, 3), *range(1700, len(envelope), 997)):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(CryptoError):
            open_reply(bytes(changed), key=KEY)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        ReplyRow.parse(untrusted_bytes)
    with pytest.raises(CryptoError):
        open_reply(untrusted_bytes, key=KEY)


@settings(max_examples=20)
@given(st.binary(min_size=64, max_size=64), st.binary(min_size=1, max_size=300))
def test_any_row_of_the_right_length_gives_the_same_bytes_back_and_opens_or_not(start: bytes, rest: bytes) -> None:
    raw = start + (rest * (ENVELOPE_BYTES // len(rest) + 1))[:ENVELOPE_BYTES]
    row = ReplyRow.parse(raw)
    assert row.to_bytes() == raw
    with pytest.raises(CryptoError):
        open_reply(row.envelope, key=KEY)


def test_neither_row_nor_reply_prints_its_text() -> None:
    row = seal_reply("canary", to=MAILBOX, day=DAY)
    assert "canary" not in repr(open_reply(row.envelope, key=KEY))
    assert len(repr(row)) < 400
