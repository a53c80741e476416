"""Keys that follow from a root key, and from a casebook-backup key: ``docs/formats/recovery-sheet.md``."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.keys.keys import HybridSecretKey, RootSigningKey
from crypto.keys.party import PartyKeys
from crypto.recovery.backup_key import casebook_backup_key, reviewer_keys
from crypto.recovery.recovery_sheet import RecoverySecret, SecretKind
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook

VECTORS = list(VectorBook("reviewer_keys"))
SEEDS = st.binary(min_size=32, max_size=32)


def keys_of(vector: dict[str, Any]) -> tuple[HybridSecretKey, PartyKeys]:
    secret = RecoverySecret(SecretKind(vector["kind"]), bytes.fromhex(vector["seed"]))
    name = vector["reviewer"]
    if secret.kind is SecretKind.ROOT:
        backup_key = casebook_backup_key(RootSigningKey(secret.seed), name=name)
    else:
        backup_key = HybridSecretKey(secret.seed)
    return backup_key, reviewer_keys(backup_key, name=name)


def test_there_are_vectors_of_both_kinds_of_sheets() -> None:
    assert {vector["kind"] for vector in VECTORS if vector["outcome"] == OPENS} == set(SecretKind)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names_and_the_keys(vector: dict[str, Any]) -> None:
    assert outcome_of(lambda: keys_of(vector)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        backup_key, keys = keys_of(vector)
        assert backup_key.seed().hex() == vector["backup_seed"]
        assert (keys.signing.seed().hex(), keys.transport.seed().hex()) == (
            vector["signing_seed"],
            vector["transport_seed"],
        )
        party = keys.party()
        transport = hashlib.sha256(party.transport_key.to_bytes()).hexdigest()
        assert (party.name, str(party.verify_key)) == (vector["reviewer"], vector["sign"])
        assert transport == vector["transport_sha256"]


@given(SEEDS, SEEDS)
def test_they_follow_from_the_backup_key_alone_and_each_is_another(one: bytes, other: bytes) -> None:
    keys = reviewer_keys(HybridSecretKey(one), name="reviewer")
    assert reviewer_keys(HybridSecretKey(one), name="berlin").seeds() == keys.seeds()
    assert len({one, keys.signing.seed(), keys.transport.seed()}) == 3
    if one != other:
        assert reviewer_keys(HybridSecretKey(other), name="reviewer").seeds() != keys.seeds()
