"""``age-encryption`` from npm opens what we seal, and we open what it seals."""

import hashlib
from pathlib import Path

import pytest

from crypto.age.envelope import EnvelopeWriter
from crypto.keys.keys import HybridPublicKey
from tests.foreign.conftest import Founded
from tests.foreign.programs import npm_age, open_age

TWO_CHUNKS = 65_537
"""One byte more than a chunk. ``test_npm_age_lengths`` tries each length at which a chunk begins or ends."""


def content_of(length: int) -> bytes:
    return hashlib.shake_128(b"content").digest(length)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("npm") / "identity.txt"
    path.write_bytes(b"# made by age-encryption\n" + npm_age("identity").whole() + b"\n")
    return path


@pytest.fixture(scope="module")
def recipient(identity: Path) -> str:
    return npm_age("recipient", given=identity.read_bytes().splitlines()[1]).whole().decode()


def test_it_opens_a_tip_with_the_key_of_the_week(founded: Founded, tmp_path: Path) -> None:
    """The emergency: our programs are gone, the envelope as it came and the printed key are there."""
    raw = founded.raw_envelope(tmp_path, files=[("list.pdf", "application/pdf", content_of(200_000))])
    theirs = npm_age("open", founded.identity, given=raw).whole()
    assert theirs == open_age(founded.identity, raw).whole()
    assert theirs.startswith(b"TIPLINE\x1a")
    assert b"What I saw." in theirs


@pytest.mark.parametrize("length", [TWO_CHUNKS])
def test_it_opens_what_we_seal_to_its_own_key(identity: Path, recipient: str, length: int) -> None:
    pieces: list[bytes] = []
    writer = EnvelopeWriter(pieces.append, to=[HybridPublicKey.parse(recipient)])
    writer.write(content_of(length))
    writer.finish()
    assert npm_age("open", identity, given=b"".join(pieces)).whole() == content_of(length)


@pytest.mark.parametrize(("length", "armor"), [(TWO_CHUNKS, []), (TWO_CHUNKS, ["--armor"])])
def test_we_open_what_it_seals(founded: Founded, recipient: str, armor: list[str], length: int) -> None:
    envelope = npm_age("seal", *armor, recipient, founded.recipient, given=content_of(length)).whole()
    assert open_age(founded.identity, envelope).whole() == content_of(length)


@pytest.mark.parametrize("armor", [[], ["--armor"]], ids=["binary", "armoured"])
def test_both_refuse_the_same_file_with_a_changed_last_byte(founded: Founded, armor: list[str]) -> None:
    envelope = bytearray(npm_age("seal", *armor, founded.recipient, given=content_of(70_000)).whole())
    envelope[-40] ^= 1
    ours = open_age(founded.identity, bytes(envelope))
    assert npm_age("open", founded.identity, given=bytes(envelope)).code == 1
    assert (ours.code, ours.out) == (1, b"")
    assert "(malformed)" in ours.err


def test_both_refuse_a_file_for_somebody_else(founded: Founded, identity: Path, recipient: str) -> None:
    envelope = npm_age("seal", recipient, given=b"a tip").whole()
    assert npm_age("open", founded.identity, given=envelope).code == 1
    ours = open_age(founded.identity, envelope)
    assert (ours.code, ours.out) == (1, b"")
    assert "(no key opens)" in ours.err
    assert open_age(identity, envelope).whole() == b"a tip"
