"""Armour: ``docs/formats/envelope.md``, section "Armour"."""

import base64
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.age.age_armor import ArmorReader, unarmored
from crypto.age.envelope import open_envelope
from crypto.errors import Malformed
from crypto.keys.keys import HybridSecretKey
from crypto.primitives.byte_source import ByteSource
from tests.crypto.age.test_envelope import KEYS, sealed
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of
from tests.vectors.make_armor import armored

VECTORS = list(VectorBook("armor"))
TWO_BLOCKS = bytes(range(256)) * 500


class InPieces:
    """Gives at most this number of bytes at a time."""

    def __init__(self, raw: bytes, size: int) -> None:
        self._source = io.BytesIO(raw)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._source.read(min(size, self._size))


def taken_out(source: ByteSource, *, size: int = 1000) -> bytes:
    return b"".join(iter(lambda: source.read(size), b""))


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 60
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("piece_bytes", [1, 64, 1 << 20])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any], piece_bytes: int) -> None:
    raw = bytes_of(vector["armored"])
    inside: list[bytes] = []

    def read() -> None:
        inside.append(taken_out(ArmorReader(InPieces(raw, piece_bytes))))

    assert outcome_of(read) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert inside == [bytes.fromhex(vector["inside"])]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@given(st.integers(0, len(TWO_BLOCKS)), st.sampled_from([1000, 65_536, 1 << 20]))
def test_content_of_any_length_comes_back(ending: bytes, length: int, piece_bytes: int) -> None:
    raw = armored(TWO_BLOCKS[:length]).replace(b"\n", ending)
    assert taken_out(ArmorReader(InPieces(raw, piece_bytes)), size=70_000) == TWO_BLOCKS[:length]


@pytest.mark.parametrize("place", [40, 64 * 65, 65_535, 65_536, 65_537, 170_000, -35, -36])
@pytest.mark.parametrize("change", [b"", b"*", b"\n", b"AA"])
def test_a_fault_far_inside_is_found_and_stays(place: int, change: bytes) -> None:
    sound = armored(TWO_BLOCKS)
    place %= len(sound)
    reader = ArmorReader(io.BytesIO(sound[:place] + change + sound[place + 1 :]))
    for _ in range(2):
        with pytest.raises(Malformed):
            taken_out(reader)


@given(st.binary(max_size=300))
def test_what_is_accepted_is_the_one_way_to_write_it(raw: bytes) -> None:
    begun = armored()[:35] + base64.b64encode(raw) + b"\n-----END AGE ENCRYPTED FILE-----\n"
    try:
        inside = taken_out(ArmorReader(io.BytesIO(begun)))
    except Malformed:
        assert len(base64.b64encode(raw)) > 64 or not raw
        return
    assert begun == armored(inside)


def test_an_envelope_opens_with_armour_and_without() -> None:
    envelope = sealed(b"a tip" * 30_000)
    for raw in (envelope, armored(envelope), b"\r\n \t" + armored(envelope)):
        for piece_bytes in (7, 1 << 20):
            source = unarmored(InPieces(raw, piece_bytes))
            assert open_envelope(source, keys=KEYS).read() == b"a tip" * 30_000


@pytest.mark.parametrize("raw", [b"", b" ", b"\n" * 3000, b"x", b"--", b"-" * 3000])
def test_what_is_neither_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        open_envelope(unarmored(io.BytesIO(raw)), keys=[HybridSecretKey.generate()])


@pytest.mark.parametrize("blanks", [1023, 1024, 1025, 1026, 2048, 2049])
def test_whether_it_is_armour_does_not_depend_on_the_pieces(blanks: int) -> None:
    """Found by atheris: behind too many blanks it was armour in large pieces, and none in small ones."""
    raw = b" " * blanks + armored(b"x")
    outcomes = set()
    for piece_bytes in (1, 500, 1024, 1 << 20):
        try:
            outcomes.add(taken_out(unarmored(InPieces(raw, piece_bytes))))
        except Malformed as error:
            outcomes.add(str(error).encode())
    assert outcomes == ({b"x"} if blanks <= 1024 else {raw})


def test_endless_blanks_or_letters_are_refused_early() -> None:
    class Endless:
        given_bytes = 0

        def __init__(self, byte: bytes) -> None:
            self._byte = byte

        def read(self, size: int, /) -> bytes:
            self.given_bytes += size
            return self._byte * size

    for byte in (b" ", b"-", b"A"):
        endless = Endless(byte)
        with pytest.raises(Malformed):
            open_envelope(unarmored(endless), keys=KEYS)
        assert endless.given_bytes <= 256 * 1024
