"""The root key as words: ``docs/formats/fingerprint.md``."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from crypto.errors import Mistyped
from crypto.keys.fingerprint import WORDS, address_words, duty_words, root_words
from crypto.keys.keys import DutyPublicKey, RootSigningKey, RootVerifyKey
from crypto.passphrases.passphrase import Passphrase
from crypto.primitives import wordlist
from tests.vectors.book import VectorBook

VECTORS = list(VectorBook("fingerprint"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_words_that_it_names(vector: Mapping[str, Any]) -> None:
    assert root_words(RootVerifyKey(bytes.fromhex(vector["root"]))) == vector["words"]


@pytest.mark.parametrize("vector", list(VectorBook("address_words")), ids=lambda vector: vector["name"])
def test_an_address_has_the_words_that_its_vector_names(vector: Mapping[str, Any]) -> None:
    assert address_words(vector["address"]) == vector["words"]


@pytest.mark.parametrize("vector", list(VectorBook("duty_words")), ids=lambda vector: vector["name"])
def test_a_duty_key_has_the_words_that_its_vector_names(vector: Mapping[str, Any]) -> None:
    assert duty_words(DutyPublicKey.parse(vector["key"])) == vector["words"]


def test_a_second_key_with_the_same_words_costs_more_than_80_bits() -> None:
    assert WORDS * math.log2(wordlist.WORDS) > 90


def test_two_keys_have_other_words_in_every_place() -> None:
    keys = [RootSigningKey.generate().verify_key() for _ in range(100)]
    for words in zip(*(root_words(key).split() for key in keys), strict=True):
        assert len(set(words)) > 90


def test_the_words_cannot_be_taken_for_a_passphrase() -> None:
    with pytest.raises(Mistyped):
        Passphrase.parse(root_words(RootSigningKey.generate().verify_key()))
