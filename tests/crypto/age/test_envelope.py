"""Envelopes: ``docs/formats/envelope.md``."""

import hashlib
import io
import secrets
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age.age_header import Header, Stanza
from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys.keys import HybridPublicKey, HybridSecretKey
from crypto.primitives.byte_source import ExactSource
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

OURS = list(VectorBook("envelope"))
FOREIGN = list(VectorBook("foreign"))
"""Made by age-encryption from npm, once: see the format page."""
VECTORS = OURS + FOREIGN
KEYS = [HybridSecretKey(bytes([place]) * 32) for place in range(1, 5)]


def sealed(content: bytes, *, slots: int = 1, piece_bytes: int = 1 << 20) -> bytes:
    """An envelope to the first ``slots`` test keys, written in pieces."""
    out: list[bytes] = []
    writer = EnvelopeWriter(out.append, to=[key.public_key() for key in KEYS[:slots]])
    for at in range(0, len(content), piece_bytes):
        writer.write(content[at : at + piece_bytes])
    writer.finish()
    return b"".join(out)


SMALL = sealed(b"a short tip")
FOUR = sealed(b"a short tip", slots=4)


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    names = [vector["name"] for vector in VECTORS]
    assert len(OURS) >= 100
    assert len(FOREIGN) >= 3
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    envelope = bytes_of(vector["envelope"])
    keys = [HybridSecretKey(bytes.fromhex(seed)) for seed in vector["keys"]]
    content: list[bytes] = []

    def read() -> None:
        content.append(open_envelope(io.BytesIO(envelope), keys=keys, slots=vector["slots"]).read())

    assert outcome_of(read) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert len(content[0]) == vector["content_bytes"]
        assert hashlib.sha256(content[0]).hexdigest() == vector["content_sha256"]


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["outcome"] == OPENS], ids=lambda vector: vector["name"])
def test_a_header_that_is_accepted_is_written_back_byte_for_byte(vector: dict[str, Any]) -> None:
    envelope = bytes_of(vector["envelope"])
    again = Header.read(ExactSource(io.BytesIO(envelope))).to_bytes()
    assert envelope.startswith(again)


def test_sizes_are_those_of_the_format_page() -> None:
    assert len(sealed(b"")) == 1627 + 16 + 16
    assert len(sealed(b"", slots=4)) == 6298 + 16 + 16
    assert len(sealed(bytes(65536), slots=4)) == 71866


@settings(max_examples=40)
@given(
    length=st.sampled_from([0, 1, 65535, 65536, 65537, 131071, 131072, 131073, 300000]),
    piece_bytes=st.sampled_from([1, 3, 1000, 65535, 65536, 65537, 131072, 1 << 20]),
)
def test_content_comes_back_however_it_was_cut_into_pieces(length: int, piece_bytes: int) -> None:
    content = hashlib.shake_128(bytes([length & 255])).digest(length)
    envelope = sealed(content, piece_bytes=max(piece_bytes, length // 3000))
    assert open_envelope(io.BytesIO(envelope), keys=KEYS).read() == content


def test_every_key_of_four_opens_and_the_envelope_says_which() -> None:
    for key in KEYS:
        stranger = HybridSecretKey.generate()
        reader = open_envelope(io.BytesIO(FOUR), keys=[stranger, key], slots=4)
        assert reader.read() == b"a short tip"
        assert reader.opened_by is key


def test_slots_stand_in_random_order() -> None:
    def place_of_first_key(envelope: bytes) -> int:
        stanzas = Header.read(ExactSource(io.BytesIO(envelope))).stanzas
        return next(place for place, stanza in enumerate(stanzas) if _opens(stanza))

    places = {place_of_first_key(sealed(b"", slots=4)) for _ in range(60)}
    assert places == {0, 1, 2, 3}


def _opens(stanza: Stanza) -> bool:
    # The MAC of a header with one slot taken out cannot fit: getting as far as the MAC means that the slot opened.
    alone = Header((stanza,), bytes(32)).to_bytes()
    try:
        open_envelope(io.BytesIO(alone), keys=KEYS[:1])
    except NoKeyOpens:
        return False
    except Malformed:
        return True
    raise AssertionError("a MAC of zeros fitted")


def test_two_envelopes_of_the_same_content_share_nothing_but_the_grammar() -> None:
    one, other = sealed(b"same"), sealed(b"same")
    assert one[40:1500] != other[40:1500]
    assert one[1627:] != other[1627:]


@pytest.mark.parametrize(("envelope", "step"), [(SMALL, 1), (FOUR, 11)], ids=["one slot", "four slots"])
def test_a_flipped_bit_makes_the_envelope_malformed_or_unopenable(envelope: bytes, step: int) -> None:
    """``lab/crypto`` tries every byte also where there are four slots."""
    require_refused_with_any_flipped_bit(envelope, step=step)


def require_refused_with_any_flipped_bit(envelope: bytes, *, step: int) -> None:
    for place in range(0, len(envelope), step):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(CryptoError):
            open_envelope(io.BytesIO(changed), keys=KEYS[:1]).read()


def test_an_envelope_cut_anywhere_is_refused() -> None:
    for end in range(len(SMALL)):
        with pytest.raises(CryptoError):
            open_envelope(io.BytesIO(SMALL[:end]), keys=KEYS).read()


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        open_envelope(io.BytesIO(untrusted_bytes), keys=KEYS[:1]).read()


@settings(max_examples=200)
@given(st.data())
def test_an_envelope_with_arbitrary_bytes_put_into_it_raises_a_crypto_error(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(start, len(SMALL)))
    changed = SMALL[:start] + data.draw(st.binary(max_size=80)) + SMALL[end:]
    if changed != SMALL:
        with pytest.raises(CryptoError):
            open_envelope(io.BytesIO(changed), keys=KEYS[:1]).read()


ARGUMENTS = st.lists(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1).map(str.encode), min_size=1
)
STANZAS = st.builds(Stanza, ARGUMENTS.map(tuple), st.binary(max_size=200))


@given(st.lists(STANZAS, min_size=1, max_size=5).map(tuple))
def test_any_stanzas_survive_the_way_through_bytes(stanzas: tuple[Stanza, ...]) -> None:
    header = Header.make(stanzas, file_key=bytes(16))
    again = Header.read(ExactSource(io.BytesIO(header.to_bytes())))
    assert again == header
    again.verify(bytes(16))


HEADER_LIKE = st.lists(
    st.sampled_from(
        [b"-> grease\n", b"AAAA\n", b"\n", b"A" * 64 + b"\n", b"--- " + b"A" * 43 + b"\n", b"->", b" ", b"B"]
    )
).map(lambda parts: b"age-encryption.org/v1\n" + b"".join(parts))


@settings(max_examples=300)
@given(HEADER_LIKE)
def test_whatever_parses_as_a_header_is_written_back_byte_for_byte(untrusted_bytes: bytes) -> None:
    try:
        header = Header.read(ExactSource(io.BytesIO(untrusted_bytes)))
    except CryptoError:
        return
    assert untrusted_bytes.startswith(header.to_bytes())


def test_a_header_longer_than_its_limit_is_refused_without_being_read_whole() -> None:
    class Endless:
        given_bytes = 0

        def read(self, size: int, /) -> bytes:
            self.given_bytes += size
            return b"A" * size

    for start in (b"", b"age-encryption.org/v1\n-> grease\n", b"age-encryption.org/v1\n-> "):
        endless = Endless()
        source = _Chain(io.BytesIO(start), endless)
        with pytest.raises(Malformed):
            open_envelope(source, keys=KEYS)
        assert endless.given_bytes <= 128 * 1024


class _Chain:
    def __init__(self, *sources: Any) -> None:
        self._sources = list(sources)

    def read(self, size: int, /) -> bytes:
        while self._sources:
            if piece := self._sources[0].read(size):
                return bytes(piece)
            self._sources.pop(0)
        return b""


class _Dripping:
    """Gives one to seven bytes at a time, as a pipe or a socket may."""

    def __init__(self, raw: bytes) -> None:
        self._source = io.BytesIO(raw)

    def read(self, size: int, /) -> bytes:
        return self._source.read(min(size, 1 + secrets.randbelow(7)))


def test_a_source_that_gives_few_bytes_at_a_time_is_read_whole() -> None:
    envelope = sealed(bytes(66000), slots=4)
    assert open_envelope(_Dripping(envelope), keys=KEYS, slots=4).read() == bytes(66000)


def test_after_a_bad_chunk_reading_on_gives_the_error_again_and_no_bytes() -> None:
    envelope = bytearray(sealed(bytes(200000)))
    envelope[1643 + 65552] ^= 1
    reader = open_envelope(io.BytesIO(envelope), keys=KEYS)
    assert reader.read(65536) == bytes(65536)
    for _ in range(3):
        with pytest.raises(Malformed):
            reader.read(65536)


def test_a_finished_envelope_takes_nothing_more() -> None:
    writer = EnvelopeWriter(lambda _piece: None, to=[KEYS[0].public_key()])
    writer.finish()
    with pytest.raises(RuntimeError):
        writer.write(b"late")
    with pytest.raises(RuntimeError):
        writer.finish()


def test_an_envelope_to_nobody_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        EnvelopeWriter(lambda _piece: None, to=[])


def test_a_public_key_of_low_order_is_no_key() -> None:
    """Otherwise a source could name one in its envelope, and the reviewer would fail while answering."""
    raw = KEYS[0].public_key().to_bytes()
    for point in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(Malformed):
            HybridPublicKey(raw[:-32] + point)


def test_no_error_quotes_what_was_in_the_header() -> None:
    secret = b"canary-of-a-source"
    header = b"age-encryption.org/v1\n-> " + secret + b"\x01\n\n"
    with pytest.raises(Malformed) as caught:
        open_envelope(io.BytesIO(header), keys=KEYS)
    assert secret.decode() not in str(caught.value)
