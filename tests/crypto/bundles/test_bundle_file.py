"""The FILE that carries bundles: ``docs/formats/bundle.md``."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.bundles.bundle_file import LONGEST_PIECE_BYTES, BundleFileWriter, read_bundle_file
from crypto.errors import CryptoError, Malformed
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("bundle_file"))


def file_of(*bundles: list[bytes]) -> bytes:
    """A FILE; each bundle is given in the pieces that it is written in."""
    out: list[bytes] = []
    writer = BundleFileWriter(out.append)
    for pieces in bundles:
        with writer.bundle() as sink:
            for piece in pieces:
                sink(piece)
    writer.finish()
    return b"".join(out)


def read(raw: bytes) -> list[bytes]:
    return [sealed.read() for sealed in read_bundle_file(io.BytesIO(raw))]


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 20


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["file"])
    assert outcome_of(lambda: read(raw)) == vector["outcome"]
    # Anyone who passes over the bundles sees the same faults as who reads them.
    assert outcome_of(lambda: list(read_bundle_file(io.BytesIO(raw)))) == vector["outcome"]
    if vector["outcome"] == OPENS and vector["bundles"] is not None:
        assert [bundle.hex() for bundle in read(raw)] == vector["bundles"]


@given(st.lists(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5), max_size=5))
def test_bundles_come_back_in_order(bundles: list[list[bytes]]) -> None:
    assert read(file_of(*bundles)) == [b"".join(pieces) for pieces in bundles]


def test_a_long_write_is_divided() -> None:
    long = bytes(2 * LONGEST_PIECE_BYTES + 1)
    assert read(file_of([long], [b"x"])) == [long, b"x"]


@given(st.integers(1, 30))
def test_reading_in_any_size_gives_the_same_bytes(size: int) -> None:
    raw = file_of([b"first bundle", b"in two pieces"], [b"second"])
    found = [b"".join(iter(lambda: sealed.read(size), b"")) for sealed in read_bundle_file(io.BytesIO(raw))]  # noqa: B023
    assert found == [b"first bundlein two pieces", b"second"]


def test_a_bundle_that_is_for_somebody_else_is_passed_over() -> None:
    raw = file_of([bytes(300_000)], [b"ours"])
    sealed = read_bundle_file(io.BytesIO(raw))
    assert next(sealed).read(10) == bytes(10)
    assert next(sealed).read() == b"ours"


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_a_cut_file_is_malformed_after_its_whole_bundles(at: int) -> None:
    raw = file_of([b"first"], [b"second"])
    at %= len(raw)
    found: list[bytes] = []
    with pytest.raises(Malformed):
        found.extend(sealed.read() for sealed in read_bundle_file(io.BytesIO(raw[:at])))
    assert found == [b"first", b"second"][: len(found)]


@given(st.binary(max_size=100) | st.binary(max_size=100).map(lambda raw: b"TIPLINF\x1a\1" + raw))
def test_arbitrary_bytes_raise_our_errors_and_nothing_else(raw: bytes) -> None:
    try:
        read(raw)
    except CryptoError:
        return
    assert raw.endswith(b"\xff" * 4)


def test_bundles_are_written_one_after_another() -> None:
    writer = BundleFileWriter(lambda _piece: None)
    with writer.bundle():
        with pytest.raises(RuntimeError), writer.bundle():
            pass
        with pytest.raises(RuntimeError):
            writer.finish()
    writer.finish()
    with pytest.raises(RuntimeError):
        writer.finish()
    with pytest.raises(RuntimeError), writer.bundle():
        pass


def test_an_error_while_writing_leaves_a_file_without_an_end() -> None:
    out: list[bytes] = []
    writer = BundleFileWriter(out.append)

    def fail() -> None:
        with writer.bundle() as sink:
            sink(b"half")
            raise OSError("disk is full")

    with pytest.raises(OSError, match="full"):
        fail()
    with pytest.raises(RuntimeError):
        writer.finish()
    with pytest.raises(Malformed):
        read(b"".join(out))
