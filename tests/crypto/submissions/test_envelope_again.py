"""An envelope is made again byte for byte from its content, its first bytes and a key that opens it."""

import datetime as dt
import io
import os

import pytest

from crypto.age.envelope import open_envelope
from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.errors import NoKeyOpens
from crypto.keys.keys import IntakeSecretKey
from crypto.primitives.week import Week
from crypto.submissions.submission import Head, Kind, SubmissionRebuilder, SubmissionWriter, open_submission
from tests.crypto.collected import Collected

DAY = dt.date(2026, 11, 25)
HEAD = Head(Kind.SUBMISSION, bytes(16), bytes(32), 1, Week.of(DAY), DAY)


@pytest.mark.parametrize("size", [0, 1, 65_536, 300_000])
def test_a_submission_is_sealed_again_byte_for_byte(size: int) -> None:
    keys = [IntakeSecretKey.generate() for _ in range(4)]
    content = os.urandom(size)
    first: list[bytes] = []
    _fill(SubmissionWriter(first.append, to=[key.public_key() for key in keys], head=HEAD), content)
    opened = open_submission(
        io.BytesIO(b"".join(first)), keys=keys[2:3], into=Collected(), expect=lambda _head: None
    )
    again: list[bytes] = []
    beginning = opened.frame.beginning()
    assert b"".join(first).startswith(beginning)
    frame = open_envelope(io.BytesIO(beginning), keys=keys[1:2]).frame
    _fill(SubmissionRebuilder(again.append, frame=frame, head=opened.head), content)
    assert b"".join(again) == b"".join(first)


def test_a_frame_prints_nothing_of_what_it_holds() -> None:
    assert repr(EnvelopeFrame(b"k" * 16, b"n" * 16, b"header")) == "EnvelopeFrame()"


def test_the_first_bytes_alone_hold_no_file_key_and_open_for_nobody_else() -> None:
    sealed: list[bytes] = []
    key, other = IntakeSecretKey.generate(), IntakeSecretKey.generate()
    _fill(SubmissionWriter(sealed.append, to=[key.public_key()] * 4, head=HEAD), b"")
    opened = open_submission(io.BytesIO(b"".join(sealed)), keys=[key], into=Collected(), expect=lambda _head: None)
    beginning = opened.frame.beginning()
    assert opened.frame.file_key not in beginning
    with pytest.raises(NoKeyOpens):
        open_envelope(io.BytesIO(beginning), keys=[other])


def _fill(writer: SubmissionWriter | SubmissionRebuilder, content: bytes) -> None:
    writer.field("text", "What I saw.")
    writer.begin_file("a.bin", "application/octet-stream")
    writer.data(content)
    writer.end_file()
    writer.field("later", "and this")
    writer.finish(None)
