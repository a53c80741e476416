"""Replies: ``docs/formats/reply.md``."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age.envelope import EnvelopeWriter
from crypto.errors import CryptoError, Malformed, NoKeyOpens, TooLong
from crypto.keys.keys import SourcePublicKey, SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId, reply_tag
from crypto.primitives.week import Week
from crypto.submissions.container import ContainerWriter
from crypto.submissions.container_head import NO_MANIFEST, Head, Kind
from crypto.submissions.reply import (
    ENVELOPE_BYTES,
    HIGHEST_NUMBER,
    ROW_BYTES,
    ReplyRow,
    dummy_reply,
    open_reply,
    seal_reply,
)
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
    assert outcome_of(lambda: open_reply(ReplyRow.parse(raw), key=key)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        row = ReplyRow.parse(raw)
        reply = open_reply(row, key=key)
        assert (reply.number, reply.text, str(reply.day)) == (vector["number"], vector["text"], vector["day"])
        assert reply.reply_id.hex() == vector["reply_id"]
        assert (row.reply_id, row.salt.hex(), row.tag.hex()) == (reply.reply_id, vector["salt"], vector["tag"])
        assert reply_tag(MailboxId(bytes.fromhex(vector["mailbox_id"])), salt=row.salt) == row.tag
        assert row.to_bytes() == raw


@pytest.mark.parametrize("text", ["", "a", "x" * 2048, "ж" * 1024], ids=len)
def test_a_reply_comes_back_and_always_has_one_size(text: str) -> None:
    row = seal_reply(text, to=MAILBOX, day=DAY, number=len(text) + 1)
    assert len(row.envelope) == ENVELOPE_BYTES == 67195
    assert len(row.to_bytes()) == ROW_BYTES == 67259
    reply = open_reply(ReplyRow.parse(row.to_bytes()), key=KEY)
    assert (reply.text, reply.day, reply.number) == (text, DAY, len(text) + 1)
    assert reply.reply_id == row.reply_id


@pytest.mark.parametrize("number", [1, 9, 1 << 30, HIGHEST_NUMBER])
def test_a_number_comes_back_and_does_not_show_in_the_length(number: int) -> None:
    row = seal_reply("x", to=MAILBOX, day=DAY, number=number)
    assert len(row.to_bytes()) == ROW_BYTES
    assert open_reply(row, key=KEY).number == number


@pytest.mark.parametrize("number", [-1, 0, HIGHEST_NUMBER + 1, 1 << 63])
def test_a_number_outside_its_bounds_is_not_sealed(number: int) -> None:
    with pytest.raises(Malformed, match=str(HIGHEST_NUMBER)):
        seal_reply("x", to=MAILBOX, day=DAY, number=number)


@pytest.mark.parametrize("text", ["x" * 2049, "ж" * 1025, "x" * 300_000], ids=len)
def test_a_reply_over_2048_bytes_is_refused_with_the_limit_named(text: str) -> None:
    with pytest.raises(TooLong, match="2048") as caught:
        seal_reply(text, to=MAILBOX, day=DAY, number=1)
    assert isinstance(caught.value, ValueError)


def test_the_mailbox_id_finds_its_rows_and_no_others() -> None:
    other = MailboxAddress(MailboxId(b"\x77" * 32), SourceSecretKey.generate().public_key())
    mine, theirs = (seal_reply("x", to=to, day=DAY, number=1) for to in (MAILBOX, other))
    rows = [mine, theirs, dummy_reply()]
    assert [reply_tag(MAILBOX.mailbox_id, salt=row.salt) == row.tag for row in rows] == [True, False, False]


def test_two_rows_of_one_mailbox_share_nothing() -> None:
    one, other = (seal_reply("same", to=MAILBOX, day=DAY, number=1) for _ in range(2))
    assert one.reply_id != other.reply_id
    assert one.salt != other.salt
    assert one.tag != other.tag
    assert one.envelope[1627:] != other.envelope[1627:]


def test_a_dummy_looks_like_a_reply_and_opens_for_nobody() -> None:
    real, dummy = seal_reply("real", to=MAILBOX, day=DAY, number=1), dummy_reply()
    assert len(real.to_bytes()) == len(dummy.to_bytes())
    assert real.envelope[:40] == dummy.envelope[:40]
    with pytest.raises(NoKeyOpens):
        open_reply(dummy, key=KEY)


def row_of(write: Callable[[ContainerWriter], None], *, head: Head = HEAD, slots: int = 1) -> ReplyRow:
    out: list[bytes] = []
    others = [SourceSecretKey.generate().public_key() for _ in range(slots - 1)]
    keys: list[SourcePublicKey] = [KEY.public_key(), *others]
    envelope = EnvelopeWriter(out.append, to=keys)
    container = ContainerWriter(envelope.write, head=head)
    write(container)
    envelope.finish()
    return ReplyRow(head.submission_id, bytes(16), bytes(32), b"".join(out).ljust(ENVELOPE_BYTES)[:ENVELOPE_BYTES])


def _fields(*fields: tuple[str, str], mailbox: MailboxAddress | None = None) -> Callable[[ContainerWriter], None]:
    def write(container: ContainerWriter) -> None:
        for name, value in fields:
            container.field(name, value)
        container.finish(mailbox)

    return write


NUMBER, TEXT = ("number", "1"), ("text", "hello")
SOUND = _fields(NUMBER, TEXT)


def _with_file(container: ContainerWriter) -> None:
    container.begin_file("a", "b")
    container.end_file()
    SOUND(container)


def test_the_fault_maker_of_this_file_can_make_a_sound_reply() -> None:
    assert open_reply(row_of(SOUND), key=KEY).text == "hello"


@pytest.mark.parametrize(
    "write",
    [
        _fields(NUMBER, TEXT, TEXT),
        _fields(NUMBER, NUMBER, TEXT),
        _fields(NUMBER, TEXT, NUMBER),
        _fields(TEXT, NUMBER),
        _fields(NUMBER),
        _fields(TEXT),
        _fields(),
        _with_file,
        _fields(NUMBER, TEXT, mailbox=MAILBOX),
        _fields(NUMBER, ("Text", "hello")),
        _fields(("Number", "1"), TEXT),
        _fields(NUMBER, TEXT, ("urgent", "yes")),
        _fields(NUMBER, ("text", "x" * 2049)),
    ],
)
def test_anything_but_a_number_and_a_text_is_malformed(write: Callable[[ContainerWriter], None]) -> None:
    with pytest.raises(Malformed):
        open_reply(row_of(write), key=KEY)


@pytest.mark.parametrize(
    "number",
    ["", "0", "01", "-1", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "\u0661", "2147483648", "9" * 11, "9" * 9999],
)
def test_a_number_that_is_written_otherwise_or_out_of_bounds_is_malformed(number: str) -> None:
    with pytest.raises(Malformed, match="number"):
        open_reply(row_of(_fields(("number", number), TEXT)), key=KEY)


def test_a_submission_is_no_reply() -> None:
    head = Head(Kind.SUBMISSION, bytes(16), bytes(32), 1, Week.of(DAY), DAY)
    with pytest.raises(Malformed):
        open_reply(row_of(SOUND, head=head), key=KEY)


def test_a_reply_with_more_than_one_slot_is_refused() -> None:
    with pytest.raises(Malformed):
        open_reply(row_of(SOUND, slots=2), key=KEY)


def test_a_reply_under_the_id_of_another_row_is_malformed() -> None:
    row = seal_reply("hello", to=MAILBOX, day=DAY, number=1)
    with pytest.raises(Malformed, match="id of its row"):
        open_reply(replace(row, reply_id=bytes(16)), key=KEY)


def test_a_flipped_bit_in_the_envelope_is_refused() -> None:
    row = seal_reply("hello", to=MAILBOX, day=DAY, number=1)
    for place in (*range(0, 1700, 3), *range(1700, ENVELOPE_BYTES, 997)):
        changed = bytearray(row.envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(CryptoError):
            open_reply(replace(row, envelope=bytes(changed)), key=KEY)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        ReplyRow.parse(untrusted_bytes)


@settings(max_examples=20)
@given(st.binary(min_size=64, max_size=64), st.binary(min_size=1, max_size=300))
def test_any_row_of_the_right_length_gives_the_same_bytes_back_and_opens_or_not(start: bytes, rest: bytes) -> None:
    raw = start + (rest * (ENVELOPE_BYTES // len(rest) + 1))[:ENVELOPE_BYTES]
    row = ReplyRow.parse(raw)
    assert row.to_bytes() == raw
    with pytest.raises(CryptoError):
        open_reply(row, key=KEY)


def test_neither_row_nor_reply_prints_its_text() -> None:
    row = seal_reply("canary", to=MAILBOX, day=DAY, number=1)
    assert "canary" not in repr(open_reply(row, key=KEY))
    assert len(repr(row)) < 400
