"""Public files of servers and reviewers: ``docs/formats/party.md``."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed
from crypto.keys.party import Party, PartyKeys
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("party"))


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 25
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["party"])
    assert outcome_of(lambda: Party.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert Party.parse(raw).to_bytes() == raw
        assert Party.parse(raw).name == vector["party_name"]


def test_the_public_file_is_read_back() -> None:
    party = PartyKeys.generate("server-1").party()
    assert Party.parse(party.to_bytes()) == party
    assert Party.from_json(party.to_json()) == party


def test_keys_come_back_from_their_seeds() -> None:
    keys = PartyKeys.generate("reviewer-1")
    again = PartyKeys.from_seeds("reviewer-1", keys.seeds())
    assert len(keys.seeds()) == 64
    assert again.party() == keys.party()


@pytest.mark.parametrize("length", [0, 32, 63, 65])
def test_seeds_of_another_length_are_malformed(length: int) -> None:
    with pytest.raises(Malformed):
        PartyKeys.from_seeds("reviewer-1", bytes(length))


def test_secret_halves_do_not_show_themselves() -> None:
    keys = PartyKeys.generate("server-1")
    shown = repr(keys)
    assert "server-1" in shown
    assert keys.signing.seed().hex() not in shown
    assert repr(keys.seeds()[:32]) not in shown


def test_the_fingerprint_covers_name_and_both_keys() -> None:
    one, other = PartyKeys.generate("one").party(), PartyKeys.generate("other").party()
    mixed = [
        one,
        Party(other.name, one.verify_key, one.transport_key),
        Party(one.name, other.verify_key, one.transport_key),
        Party(one.name, one.verify_key, other.transport_key),
    ]
    assert len({party.fingerprint for party in mixed}) == 4
    assert [len(group) for group in one.fingerprint.split(" ")] == [4] * 8


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_gives_another_party_or_an_error_of_ours(at: int, by: int) -> None:
    sound = bytes_of(VECTORS[0]["party"])
    at %= len(sound)
    changed = sound[:at] + bytes([sound[at] ^ by]) + sound[at + 1 :]
    try:
        party = Party.parse(changed)
    except CryptoError:
        return
    assert party.to_bytes() == changed
    assert party.fingerprint != Party.parse(sound).fingerprint
