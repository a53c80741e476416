"""Casebook backups: ``docs/formats/casebook-backup.md``. What a home does with them is in ``tests/reviewer``."""

import hashlib
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridSecretKey
from crypto.recovery.casebook_backup import FILES, BackupHead, begin_backup, read_backup
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("casebook_backup"))
KEY = HybridSecretKey(b"\x01" * 32)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 30


def opened(raw: bytes, key: HybridSecretKey) -> tuple[BackupHead, dict[str, bytes]]:
    files: dict[str, list[bytes]] = {}

    def into(name: str) -> Any:
        return files.setdefault(name, []).append

    head = read_backup(io.BytesIO(raw), key=key, into=into)
    return head, {name: b"".join(pieces) for name, pieces in files.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw, key = bytes_of(vector["backup"]), HybridSecretKey(bytes.fromhex(vector["key"]))
    assert outcome_of(lambda: opened(raw, key)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        head, files = opened(raw, key)
        assert head.casebook_key.seed().hex() == vector["casebook_key"]
        assert head.reviewer_seeds.hex() == vector["reviewer_keys"]
        listed = [[name, len(files[name]), hashlib.sha256(files[name]).hexdigest()] for name in FILES]
        assert listed == vector["files"]
        assert BackupHead.parse(head.to_bytes()).to_bytes() == head.to_bytes()


@pytest.mark.parametrize("lengths", [(0, 0), (1, 65536), (3_000_000, 7)])
def test_a_backup_comes_back_bit_for_bit(lengths: tuple[int, int]) -> None:
    head = BackupHead(RestKey.generate(), bytes(range(64)), lengths)
    contents = [bytes([place + 1]) * length for place, length in enumerate(lengths)]
    out: list[bytes] = []
    envelope = begin_backup(lambda piece: out.append(bytes(piece)), to=KEY.public_key(), head=head)
    for content in contents:
        envelope.write(content)
    envelope.finish()
    found, files = opened(b"".join(out), KEY)
    assert found.casebook_key.seed() == head.casebook_key.seed()
    assert found.reviewer_seeds == head.reviewer_seeds
    assert [files[name] for name in FILES] == contents


@given(st.binary(max_size=300))
def test_any_bytes_as_a_head_raise_a_crypto_error_and_nothing_else(untrusted_bytes: bytes) -> None:
    with pytest.raises(CryptoError):
        BackupHead.parse(untrusted_bytes)


def test_a_head_prints_no_key() -> None:
    head = BackupHead(RestKey(b"\xc0" * 32), b"^" * 64, (0, 0))
    assert repr(head) == "<BackupHead>"
