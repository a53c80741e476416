"""Submissions: a container in an envelope with four slots: ``docs/formats/container.md``, last section."""

import datetime as dt
import hashlib
import io
import threading
import tracemalloc
from typing import Any

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.errors import CryptoError, Expired, Malformed, NoKeyOpens
from crypto.keys.keys import IntakeSecretKey, SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.primitives.week import Week
from crypto.submissions.container import ContainerWriter
from crypto.submissions.submission import SMALLEST_BYTES, Head, Kind, Opened, SubmissionWriter, open_submission
from tests.crypto.collected import Collected

DAY = dt.date(2026, 11, 25)
HEAD = Head(Kind.SUBMISSION, b"\x11" * 16, b"\x22" * 32, 7, Week.of(DAY), DAY)
KEYS = [IntakeSecretKey(bytes([place]) * 32) for place in range(1, 5)]
TO = [key.public_key() for key in KEYS]
MAILBOX = MailboxAddress(MailboxId(bytes(range(32))), SourceSecretKey(b"\x33" * 32).public_key())


def anything(_head: Head) -> None:
    """Expects nothing of the head."""


def opened(envelope: bytes, into: Any = None, *, keys: Any = KEYS) -> Opened:
    return open_submission(io.BytesIO(envelope), keys=keys, into=into or Collected(), expect=anything)


def text_submission(text: str, head: Head = HEAD) -> bytes:
    out: list[bytes] = []
    writer = SubmissionWriter(out.append, to=TO, head=head)
    writer.field("text", text)
    writer.finish(MAILBOX)
    return b"".join(out)


@pytest.mark.parametrize("text", ["", "a", "z" * 100, "z" * 60000, "ж" * 31000], ids=len)
def test_every_text_of_up_to_62_kb_makes_an_envelope_of_one_size(text: str) -> None:
    assert len(text_submission(text)) == SMALLEST_BYTES == 71866


def test_text_files_and_mailbox_come_back_with_every_one_of_the_four_keys() -> None:
    out: list[bytes] = []
    writer = SubmissionWriter(out.append, to=TO, head=HEAD)
    writer.field("text", "привет")
    content = hashlib.shake_128(b"file").digest(700_001)
    writer.begin_file("доклад.pdf", "application/pdf")
    for at in range(0, len(content), 70_000):
        writer.data(content[at : at + 70_000])
    writer.end_file()
    writer.finish(MAILBOX)
    assert (writer.files, writer.bytes_in) == (1, 700_013)
    for key in KEYS:
        contents = Collected()
        found = opened(b"".join(out), contents, keys=[IntakeSecretKey.generate(), key])
        assert found.opened_by is key
        assert (found.head, found.mailbox) == (HEAD, MAILBOX)
        assert (found.fields, found.files, found.content_bytes) == (1, 1, 700_013)
        digest = hashlib.sha256(content).hexdigest()
        assert contents.events == [
            ["field", "text", "привет"],
            ["file", "доклад.pdf", "application/pdf", 700_001, digest],
        ]


def test_neither_text_nor_name_nor_mailbox_stands_in_the_envelope() -> None:
    out: list[bytes] = []
    writer = SubmissionWriter(out.append, to=TO, head=HEAD)
    writer.field("text", "canary-text " * 50)
    writer.begin_file("canary-name", "canary/type")
    writer.data(b"canary-file " * 30_000)
    writer.end_file()
    writer.finish(MAILBOX)
    envelope = b"".join(out)
    assert b"canary" not in envelope
    assert MAILBOX.mailbox_id.to_bytes() not in envelope
    assert HEAD.submission_id not in envelope


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_a_submission_to_any_number_of_keys_but_four_cannot_be_made(count: int) -> None:
    with pytest.raises(ValueError, match="exactly 4"):
        SubmissionWriter(lambda _piece: None, to=(TO * 2)[:count], head=HEAD)


def container_in_an_envelope(head: Head, *, slots: int, foreign: bytes = b"", follow: bytes = b"") -> bytes:
    out: list[bytes] = []
    envelope = EnvelopeWriter(out.append, to=(TO * 2)[:slots])
    writer = ContainerWriter(envelope.write, head=head)
    writer.finish(None)
    envelope.write(follow)
    envelope.finish()
    return b"".join(out)


@pytest.mark.parametrize("slots", [1, 3, 5])
def test_an_envelope_with_any_number_of_slots_but_four_is_no_submission(slots: int) -> None:
    with pytest.raises(Malformed):
        opened(container_in_an_envelope(HEAD, slots=slots))


def test_a_reply_is_no_submission() -> None:
    reply = Head(Kind.REPLY, bytes(16), bytes(32), 0, Week.of(DAY), DAY)
    with pytest.raises(Malformed):
        opened(container_in_an_envelope(reply, slots=4))
    with pytest.raises(ValueError, match="reply"):
        SubmissionWriter(lambda _piece: None, to=TO, head=reply)


def test_a_container_that_is_followed_by_something_is_refused() -> None:
    with pytest.raises(Malformed):
        opened(container_in_an_envelope(HEAD, slots=4, follow=b"\0"))
    with pytest.raises(Malformed):
        opened(container_in_an_envelope(HEAD, slots=4, follow=bytes(65536)))


def test_keys_of_another_week_open_nothing() -> None:
    with pytest.raises(NoKeyOpens):
        opened(text_submission("hidden"), keys=[IntakeSecretKey.generate() for _ in range(3)])
    with pytest.raises(NoKeyOpens):
        opened(text_submission("hidden"), keys=[])


def test_a_week_that_nobody_knows_is_refused_before_any_content() -> None:
    def refuse(head: Head) -> None:
        raise Expired(f"week must be known and {head.week} is not")

    contents = Collected()
    with pytest.raises(Expired):
        open_submission(io.BytesIO(text_submission("hidden")), keys=KEYS, into=contents, expect=refuse)
    assert contents.events == []


def test_a_flipped_bit_is_refused_at_many_places() -> None:
    envelope = text_submission("hello")
    for place in (*range(0, 6400, 7), *range(6400, len(envelope), 997), len(envelope) - 1):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(CryptoError):
            opened(bytes(changed))


def test_an_unfinished_submission_opens_nowhere() -> None:
    out: list[bytes] = []
    writer = SubmissionWriter(out.append, to=TO, head=HEAD)
    writer.begin_file("name", "type")
    writer.data(bytes(3_000_000))
    for envelope in (b"".join(out), out[0]):
        with pytest.raises(Malformed):
            opened(envelope)


class _Counting:
    """Contents that keep nothing."""

    def __init__(self) -> None:
        self.bytes = 0

    def field(self, _name: str, value: str) -> None:
        self.bytes += len(value.encode())

    def begin_file(self, _name: str, _media_type: str) -> None:
        pass

    def data(self, piece: bytes) -> None:
        self.bytes += len(piece)

    def end_file(self, _sha256: bytes) -> None:
        pass


class _Sealing:
    """A source that seals a submission of zeros while it is being read, so that nothing is held anywhere."""

    def __init__(self, mebibytes: int) -> None:
        self._ready = bytearray()
        self._left = mebibytes
        self._writer = SubmissionWriter(self._ready.extend, to=TO, head=HEAD)
        self._writer.begin_file("zeros", "")
        self._piece = bytes(1 << 20)

    def read(self, size: int, /) -> bytes:
        while len(self._ready) < size and self._left >= 0:
            if self._left:
                self._writer.data(self._piece)
            else:
                self._writer.end_file()
                self._writer.finish(None)
            self._left -= 1
        piece = bytes(self._ready[:size])
        del self._ready[:size]
        return piece


def _peak_bytes(mebibytes: int) -> int:
    contents = _Counting()
    source = _Sealing(mebibytes)
    tracemalloc.start()
    try:
        found = open_submission(source, keys=KEYS, into=contents, expect=anything)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert contents.bytes == found.content_bytes == mebibytes << 20
    return peak


def test_memory_does_not_grow_with_the_file_in_either_direction() -> None:
    # One mebibyte below a step of the ladder: the source of this test holds the padding, written all at once.
    small, large = _peak_bytes(7), _peak_bytes(127)
    assert large < small + (1 << 20)
    assert large < 8 << 20


def test_many_submissions_are_sealed_at_once_without_touching_each_other() -> None:
    envelopes: dict[int, bytes] = {}

    def seal(number: int) -> None:
        out: list[bytes] = []
        writer = SubmissionWriter(out.append, to=TO, head=HEAD)
        writer.begin_file(str(number), "")
        for _ in range(20):
            writer.data(bytes([number]) * 50_001)
        writer.end_file()
        writer.finish(None)
        envelopes[number] = b"".join(out)

    threads = [threading.Thread(target=seal, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, envelope in envelopes.items():
        contents = Collected()
        opened(envelope, contents)
        digest = hashlib.sha256(bytes([number]) * 1_000_020).hexdigest()
        assert contents.events == [["file", str(number), "", 1_000_020, digest]]
    assert len(envelopes) == 6
