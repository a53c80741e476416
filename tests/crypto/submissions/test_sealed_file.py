"""Files that a source sealed by itself: ``docs/formats/container.md``, last section."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys.keys import IntakeSecretKey, SealedSecretKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.passphrases.mailbox import MailboxAddress
from crypto.primitives.week import Quarter, Week
from crypto.submissions.container import ContainerWriter
from crypto.submissions.container_head import MAGIC, NO_MANIFEST, Head, Kind
from crypto.submissions.sealed_file import OpenedFile, SealedFileWriter, open_sealed_file
from crypto.submissions.submission import SMALLEST_BYTES, SubmissionWriter, open_submission
from tests.crypto.collected import Collected
from tests.crypto.vector_outcome import outcome_of
from tests.fakes_server import a_mailbox
from tests.vectors.book import VectorBook, bytes_of

VECTORS = list(VectorBook("sealed_file"))

DAY = dt.date(2026, 11, 25)
KEYS = [SealedSecretKey(bytes([place]) * 32) for place in range(1, 5)]
TO = SealedQuarter(Quarter.of(DAY), tuple(key.public_key() for key in KEYS))


def sealed(*files: tuple[str, bytes], text: str = "What I saw.") -> bytes:
    out: list[bytes] = []
    writer = SealedFileWriter(out.append, to=TO, day=DAY)
    writer.field("text", text)
    for name, content in files:
        writer.begin_file(name, "")
        writer.data(content)
        writer.end_file()
    writer.close()
    return b"".join(out)


def age_file(plaintext: bytes) -> bytes:
    """As any age program seals it."""
    out: list[bytes] = []
    writer = EnvelopeWriter(out.append, to=[KEYS[2].public_key()])
    writer.write(plaintext)
    writer.finish()
    return b"".join(out)


def container(kind: Kind, mailbox: MailboxAddress | None = None) -> bytes:
    out: list[bytes] = []
    week, digest, version = Week.of(DAY), NO_MANIFEST, 0
    if kind is Kind.SUBMISSION:
        digest, version = b"\x22" * 32, 1
    ContainerWriter(out.append, head=Head(kind, bytes(16), digest, version, week, DAY)).finish(mailbox)
    return b"".join(out)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    def read() -> None:
        into, keys = Collected(), [SealedSecretKey(bytes.fromhex(seed)) for seed in vector["keys"]]
        found = open_sealed_file(io.BytesIO(bytes_of(vector["sealed"])), keys=keys, into=into, plain_name="")
        assert (found.head is not None, into.events) == (vector["is_container"], vector["events"])

    assert outcome_of(read) == vector["outcome"]


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 25


def opened(envelope: bytes, into: Collected | None = None) -> OpenedFile:
    return open_sealed_file(io.BytesIO(envelope), keys=KEYS, into=into or Collected(), plain_name="notes")


@pytest.mark.parametrize("key", KEYS)
def test_text_and_files_come_back_with_each_of_the_four_keys(key: SealedSecretKey) -> None:
    into = Collected()
    content = hashlib.shake_128(b"film").digest(300_001)
    found = open_sealed_file(io.BytesIO(sealed(("film.mp4", content))), keys=[key], into=into, plain_name="")
    assert found.opened_by is key
    assert found.head is not None
    assert (found.head.kind, found.head.day) == (Kind.SEALED, DAY)
    digest = hashlib.sha256(content).hexdigest()
    assert into.events == [["field", "text", "What I saw."], ["file", "film.mp4", "", 300_001, digest]]


def test_what_is_sealed_beforehand_has_the_length_of_any_short_submission() -> None:
    lengths = {len(sealed()), len(sealed(text="x" * 50_000)), len(sealed(("a" * 200, bytes(9_000)), text=""))}
    assert lengths == {SMALLEST_BYTES}


@pytest.mark.parametrize("plaintext", [b"", b"a", MAGIC[:7], b"x" * 65_536, b"x" * 200_000], ids=len)
def test_plain_bytes_come_back_as_one_file(plaintext: bytes) -> None:
    into = Collected()
    found = opened(age_file(plaintext), into)
    assert found.head is None
    assert into.events == [["file", "notes", "", len(plaintext), hashlib.sha256(plaintext).hexdigest()]]


@pytest.mark.parametrize(
    "plaintext",
    [
        MAGIC,
        MAGIC + b"\x01 and then no container",
        container(Kind.SUBMISSION),
        container(Kind.REPLY),
        container(Kind.SEALED)[:-1],
        container(Kind.SEALED) + b"\0",
    ],
    ids=["magic alone", "magic and nonsense", "submission", "reply", "cut", "followed"],
)
def test_what_begins_like_a_container_must_be_one_that_a_source_sealed(plaintext: bytes) -> None:
    with pytest.raises(Malformed):
        opened(age_file(plaintext))


def test_a_sealed_file_is_no_submission() -> None:
    with pytest.raises(ValueError, match="no submission"):
        SubmissionWriter(
            lambda _: None,
            to=[IntakeSecretKey.generate().public_key() for _ in range(4)],
            head=Head(Kind.SEALED, bytes(16), NO_MANIFEST, 0, Week.of(DAY), DAY),
        )
    keys = [IntakeSecretKey(key.seed()) for key in KEYS]
    with pytest.raises(Malformed):
        open_submission(io.BytesIO(sealed()), keys=keys, into=Collected(), expect=lambda _: None)


def test_a_sealed_file_that_names_a_mailbox_is_refused() -> None:
    with pytest.raises(Malformed):
        opened(age_file(container(Kind.SEALED, a_mailbox().address())))


def test_other_keys_open_nothing() -> None:
    with pytest.raises(NoKeyOpens):
        open_sealed_file(
            io.BytesIO(sealed()), keys=[SealedSecretKey.generate()], into=Collected(), plain_name="notes"
        )


def test_a_file_that_was_cut_or_changed_does_not_open() -> None:
    whole = sealed(("a", bytes(100_000)))
    for end in [*range(0, 6400, 211), len(whole) - 1]:
        with pytest.raises(CryptoError):
            opened(whole[:end])
    for at in range(0, len(whole), 9973):
        with pytest.raises(CryptoError):
            opened(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
