"""A secret in its file opens under the name it was sealed by, and has the length of its use."""

from typing import Any

import pytest

from crypto.errors import Malformed
from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import open_key_file, seal_key_file
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import MALFORMED, OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("key_file"))
KEY = RestKey(bytes(range(32)))


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 28
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    keyring = RestKey(bytes.fromhex(vector["home_key"])).derive("keyring")

    def opened() -> bytes:
        return open_key_file(bytes_of(vector["file"]), name=vector["key_name"], key=keyring)

    assert outcome_of(opened) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert opened().hex() == vector["secret"]


def test_a_secret_comes_back_from_its_file() -> None:
    sealed = seal_key_file(b"\x48" * 32, name="intake-2026-W48", key=KEY)
    assert open_key_file(sealed, name="intake-2026-W48", key=KEY) == b"\x48" * 32


@pytest.mark.parametrize(
    ("name", "length"),
    sorted({(v["key_name"], len(bytes_of(v["file"])) - 40) for v in VECTORS if v["outcome"] == MALFORMED}),
)
def test_what_a_reader_would_refuse_is_not_written(name: str, length: int) -> None:
    with pytest.raises(Malformed):
        seal_key_file(bytes(length), name=name, key=KEY)
