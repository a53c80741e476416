"""Offers of reviewers: ``docs/formats/offer.md``."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed
from crypto.keys.keys import IntakeSecretKey, RootSigningKey, RootVerifyKey, SealedSecretKey
from crypto.keys.party import PartyKeys
from crypto.manifests.offer import Offer, newest_first, sign_offer, verify_offer
from crypto.primitives.week import Quarter, Week
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("offer"))
ROOT = RootSigningKey.generate().verify_key()
KEYS = PartyKeys.generate("second")
WEEK = Week.parse("2026-W48")
OFFER = Offer(
    root=ROOT,
    reviewer=KEYS.party(),
    offered=dt.date(2026, 11, 25),
    intake=(
        (WEEK, IntakeSecretKey.generate().public_key()),
        (WEEK.next(), IntakeSecretKey.generate().public_key()),
    ),
    sealed=((Quarter.parse("2026-Q4"), SealedSecretKey.generate().public_key()),),
)
FILE = sign_offer(OFFER, key=KEYS.signing)


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 40
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw, root = bytes_of(vector["offer"]), RootVerifyKey.parse(vector["root"])
    assert outcome_of(lambda: verify_offer(raw, root=root)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        verified = verify_offer(raw, root=root)
        assert verified.raw == raw
        assert verified.reviewer.name == vector["reviewer"]
        assert [str(week) for week, _key in verified.offer.intake] == vector["weeks"]
        assert [str(quarter) for quarter, _key in verified.offer.sealed] == vector["quarters"]
        assert verified.offer.to_bytes() == raw[105:]


def test_what_was_signed_is_read_back() -> None:
    verified = verify_offer(FILE, root=ROOT)
    assert verified.offer == OFFER
    assert repr(verified) == "<VerifiedOffer of second>"


def test_the_same_offer_is_signed_to_the_same_bytes() -> None:
    assert sign_offer(OFFER, key=KEYS.signing) == FILE


def test_nobody_signs_the_offer_of_somebody_else() -> None:
    with pytest.raises(ValueError, match="its reviewer"):
        sign_offer(OFFER, key=PartyKeys.generate("other").signing)


@pytest.mark.parametrize("length", [*range(120), *range(120, len(FILE), 97), len(FILE) - 1])
def test_an_offer_that_was_cut_is_refused(length: int) -> None:
    with pytest.raises(CryptoError):
        verify_offer(FILE[:length], root=ROOT)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(at: int, bit: int) -> None:
    changed = FILE[:at] + bytes([FILE[at] ^ 1 << bit]) + FILE[at + 1 :]
    with pytest.raises(CryptoError):
        verify_offer(changed, root=ROOT)


def test_one_key_never_opens_two_weeks() -> None:
    key = OFFER.intake[0][1]
    with pytest.raises(Malformed, match="two places"):
        dataclasses.replace(OFFER, intake=((WEEK, key), (WEEK.next(), key)))


def test_a_verified_offer_comes_from_verification_only() -> None:
    verified = verify_offer(FILE, root=ROOT)
    with pytest.raises(RuntimeError):
        type(verified)()
    with pytest.raises(AttributeError):
        verified.raw = b""


def test_the_newest_offer_counts_and_of_one_day_the_last_that_came() -> None:
    earlier, same_day = (
        verify_offer(sign_offer(dataclasses.replace(OFFER, **change), key=KEYS.signing), root=ROOT)  # type: ignore[arg-type]
        for change in ({"offered": dt.date(2026, 11, 24)}, {"sealed": ()})
    )
    now = verify_offer(FILE, root=ROOT)
    assert newest_first([now, same_day, earlier]) == [same_day, now, earlier]
    assert newest_first([same_day, earlier, now]) == [now, same_day, earlier]
