"""Containers: ``docs/formats/container.md``."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError, Expired, Malformed, NewerFormat, TooLong
from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.primitives.week import Week
from crypto.submissions.container import Container, ContainerWriter, read_container
from crypto.submissions.container_head import DATA_BYTES, FIELD_VALUE_BYTES, HEAD_BYTES, Head, Kind
from crypto.submissions.size_classes import is_size_class, padded_length
from tests.crypto.collected import Collected, Rewritten
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of
from tests.vectors.make_container import told_of

VECTORS = list(VectorBook("container"))
SOUND = [vector for vector in VECTORS if vector["outcome"] == OPENS]
DAY = dt.date(2026, 11, 25)
HEAD = Head(Kind.SUBMISSION, b"\x11" * 16, b"\x22" * 32, 7, Week.of(DAY), DAY)
MAILBOX = MailboxAddress(MailboxId(bytes(range(32))), SourceSecretKey(b"\x33" * 32).public_key())


def anything(_head: Head) -> None:
    """Expects nothing of the head."""


def read(container: bytes, into: Any = None) -> Container:
    return read_container(io.BytesIO(container), into=into or Collected(), expect=anything)


class Written:
    """A writer, and the bytes that it wrote."""

    def __init__(self, head: Head = HEAD) -> None:
        self._pieces: list[bytes] = []
        self.writer = ContainerWriter(lambda piece: self._pieces.append(bytes(piece)), head=head)

    def finished(self, mailbox: MailboxAddress | None = None) -> bytes:
        self.writer.finish(mailbox)
        return b"".join(self._pieces)


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    names = [vector["name"] for vector in VECTORS]
    assert len(names) >= 90
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    container = bytes_of(vector["container"])
    contents = Collected()
    found: list[Container] = []

    def read_it() -> None:
        found.append(read(container, contents))
        if "week" in vector:
            found[0].head.require_week(Week.parse(vector["week"]))

    assert outcome_of(read_it) == vector["outcome"]
    if vector["outcome"] == OPENS:
        if (mailbox := found[0].mailbox) is not None:
            digest = hashlib.sha256(mailbox.source_key.to_bytes()).hexdigest()
            contents.events.append(["mailbox", mailbox.mailbox_id.to_bytes().hex(), digest])
        assert told_of(contents.events) == {key: vector[key] for key in vector if key.startswith("events")}


@pytest.mark.parametrize("vector", SOUND, ids=lambda vector: vector["name"])
def test_whatever_is_accepted_is_written_again_byte_for_byte(vector: dict[str, Any]) -> None:
    container = bytes_of(vector["container"])
    contents = Rewritten()
    found = read(container, contents)
    again = Written(found.head)
    contents.onto(again.writer)
    assert again.finished(found.mailbox) == container


def test_a_changed_byte_is_refused_or_means_something_else() -> None:
    """The envelope finds every change; here it is enough that no two containers mean the same."""
    written = Written()
    written.writer.field("text", "hello")
    written.writer.begin_file("n", "t")
    written.writer.data(b"content")
    written.writer.end_file()
    container = written.finished(MAILBOX)
    meanings = {container}
    for place in range(len(container) - padded_length(1) + 1600):
        changed = bytearray(container)
        changed[place] ^= 1 << place % 8
        contents = Rewritten()
        try:
            found = read(bytes(changed), contents)
        except CryptoError:
            continue
        again = Written(found.head)
        contents.onto(again.writer)
        meanings.add(again.finished(found.mailbox))
        assert bytes(changed) in meanings


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16)
FIELDS = st.tuples(st.just("field"), NAMES, TEXT)
SIZES = st.sampled_from([0, 1, 100, DATA_BYTES - 1, DATA_BYTES, DATA_BYTES + 1, 2 * DATA_BYTES, 1 << 20])
FILES = st.tuples(st.just("file"), TEXT, st.text("abc/", max_size=20), SIZES, st.integers(1, 1 << 20))


@settings(max_examples=60)
@given(st.lists(st.one_of(FIELDS, FILES), max_size=6), st.booleans())
def test_contents_come_back_in_their_order_whatever_the_pieces(parts: list[Any], with_mailbox: bool) -> None:
    written = Written()
    expected: list[list[Any]] = []
    for part in parts:
        if part[0] == "field":
            written.writer.field(part[1], part[2])
            expected.append(list(part))
        else:
            _, name, media_type, size, piece_bytes = part
            content = bytes([size & 255]) * size
            written.writer.begin_file(name, media_type)
            for at in range(0, size, max(piece_bytes, size // 50)):
                written.writer.data(content[at : at + max(piece_bytes, size // 50)])
            written.writer.end_file()
            expected.append(["file", name, media_type, size, hashlib.sha256(content).hexdigest()])
    mailbox = MAILBOX if with_mailbox else None
    container = written.finished(mailbox)
    contents = Collected()
    found = read(container, contents)
    assert contents.events == expected
    assert (found.head, found.mailbox) == (HEAD, mailbox)
    assert (found.fields, found.files) == (
        sum(part[0] == "field" for part in parts),
        sum(part[0] == "file" for part in parts),
    )
    assert found.content_bytes == written.writer.bytes_in
    assert is_size_class(len(container))


def test_the_length_does_not_tell_how_a_file_was_cut_on_its_way() -> None:
    lengths = set()
    for piece_bytes in (1000, 65536, 999_983):
        written = Written()
        written.writer.begin_file("n", "t")
        for at in range(0, 1_500_000, piece_bytes):
            written.writer.data(bytes(min(piece_bytes, 1_500_000 - at)))
        written.writer.end_file()
        lengths.add(hashlib.sha256(written.finished()).digest())
    assert len(lengths) == 1


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        read(untrusted_bytes)


@given(st.binary(max_size=300))
def test_arbitrary_frames_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        read(HEAD.to_bytes() + untrusted_bytes)


@settings(max_examples=300)
@given(st.binary(min_size=HEAD_BYTES - 9, max_size=HEAD_BYTES - 9))
def test_whatever_parses_as_a_head_gives_the_same_bytes_back(untrusted_rest: bytes) -> None:
    for untrusted_bytes in (HEAD.to_bytes()[:9] + untrusted_rest, HEAD.to_bytes()[:-9] + untrusted_rest[:9]):
        try:
            head = Head.parse(untrusted_bytes)
        except CryptoError:
            continue
        assert head.to_bytes() == untrusted_bytes


def test_what_expect_raises_comes_before_any_content() -> None:
    written = Written()
    written.writer.field("text", "not to be seen")

    def refuse(head: Head) -> None:
        assert head == HEAD
        raise Expired("week must be known")

    contents = Collected()
    with pytest.raises(Expired):
        read_container(io.BytesIO(written.finished()), into=contents, expect=refuse)
    assert contents.events == []


def test_a_later_version_is_told_from_a_broken_one() -> None:
    with pytest.raises(NewerFormat):
        read(b"TIPLINE\x1a\x02 and what no one knows yet")


def test_parts_at_their_limits_are_taken_and_one_byte_more_is_refused() -> None:
    writer = Written().writer
    writer.field("n" * 64, "v" * FIELD_VALUE_BYTES)
    writer.begin_file("ф" * 512, "t" * 255)
    writer.end_file()
    for refused in (
        lambda: writer.field("n" * 65, ""),
        lambda: writer.field("", "v"),
        lambda: writer.field("ф" * 33, ""),
        lambda: writer.field("n", "v" * (FIELD_VALUE_BYTES + 1)),
        lambda: writer.begin_file("ф" * 512 + "a", ""),
        lambda: writer.begin_file("a", "t" * 256),
    ):
        with pytest.raises(TooLong):
            refused()
    assert writer.files == 1
    assert writer.bytes_in == FIELD_VALUE_BYTES


def test_a_container_after_a_refused_part_is_still_whole() -> None:
    written = Written()
    with pytest.raises(TooLong):
        written.writer.begin_file("a" * 1025, "")
    written.writer.field("text", "goes on")
    contents = Collected()
    read(written.finished(), contents)
    assert contents.events == [["field", "text", "goes on"]]


def test_the_1025th_field_and_the_4097th_file_are_refused() -> None:
    writer = Written().writer
    for _ in range(1024):
        writer.field("a", "")
    with pytest.raises(TooLong):
        writer.field("a", "")
    for _ in range(4096):
        writer.begin_file("", "")
        writer.end_file()
    with pytest.raises(TooLong):
        writer.begin_file("", "")


def test_text_that_utf8_cannot_hold_is_malformed_and_not_quoted() -> None:
    with pytest.raises(Malformed) as caught:
        Written().writer.field("text", "canary\ud800")
    assert "canary" not in str(caught.value)


def test_calls_in_a_wrong_order_are_the_programmers_fault() -> None:
    writer = Written().writer
    for wrong in (lambda: writer.data(b""), writer.end_file):
        with pytest.raises(RuntimeError):
            wrong()
    writer.begin_file("a", "")
    for wrong in (
        lambda: writer.field("a", ""),
        lambda: writer.begin_file("b", ""),
        lambda: writer.finish(None),
    ):
        with pytest.raises(RuntimeError):
            wrong()
    writer.end_file()
    writer.finish(None)
    for wrong in (lambda: writer.field("a", ""), lambda: writer.finish(None)):
        with pytest.raises(RuntimeError):
            wrong()


def test_a_head_outside_its_bounds_cannot_be_made() -> None:
    for changed in (
        {"submission_id": bytes(15)},
        {"manifest_sha256": bytes(31)},
        {"manifest_version": 0},
        {"manifest_version": 1 << 32},
        {"day": dt.date(1999, 12, 31)},
    ):
        fields = {name: getattr(HEAD, name) for name in Head.__slots__}
        with pytest.raises(Malformed):
            Head(**{**fields, **changed})
