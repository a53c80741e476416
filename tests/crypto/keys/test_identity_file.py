"""Identity files: ``docs/formats/identity-file.md``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import Malformed
from crypto.keys.identity_file import IdentityFile
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("identity_file"))


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 35


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["identity"])
    assert outcome_of(lambda: IdentityFile.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = IdentityFile.parse(raw)
        assert [key.seed().hex() for key in found.keys] == vector["keys"]
        assert found.classical == vector["classical"]


def test_no_reason_quotes_more_than_the_beginning_that_every_key_has() -> None:
    for vector in VECTORS:
        raw = bytes_of(vector["identity"])
        if vector["outcome"] == OPENS:
            continue
        with pytest.raises(Malformed) as caught:
            IdentityFile.parse(raw)
        secrets = [word for word in raw.decode(errors="replace").split() if len(word) > 20]
        assert not [word for word in secrets if word in str(caught.value) or word[-20:] in str(caught.value)]


@given(st.lists(st.sampled_from([b"\n", b"#", b" ", b"\r", b"\t", b"AGE-SECRET-KEY-PQ-1", b"QPZ", b"\xff", b"a"])))
def test_any_bytes_are_an_identity_file_or_malformed(pieces: list[bytes]) -> None:
    assert outcome_of(lambda: IdentityFile.parse(b"".join(pieces))) in ("opens", "malformed")
