"""Receipts, withdrawals, closed weeks: ``docs/formats/statements.md``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.bundles.bundle_items import LONGEST_BYTES, DeliveryReceipt, WeekClosed, Withdrawal
from crypto.errors import CryptoError, Malformed
from crypto.primitives.week import Week
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("statements"))
TYPES: dict[str, Any] = {"receipt": DeliveryReceipt, "withdrawal": Withdrawal, "week-closed": WeekClosed}


def test_there_are_vectors_of_each_type_and_each_has_a_name_of_its_own() -> None:
    assert {vector["type"] for vector in VECTORS} == set(TYPES)
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 50


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw, kind = bytes_of(vector["payload"]), TYPES[vector["type"]]
    assert outcome_of(lambda: kind.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert kind.parse(raw).to_bytes() == raw


@given(st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=20))
def test_a_receipt_is_read_back_in_one_order_whatever_order_it_was_made_in(hashes: set[bytes]) -> None:
    receipt = DeliveryReceipt(tuple(hashes))
    assert receipt == DeliveryReceipt(tuple(reversed(receipt.hashes)))
    assert DeliveryReceipt.parse(receipt.to_bytes()) == receipt


@given(st.sets(st.binary(min_size=16, max_size=16), min_size=1, max_size=20))
def test_a_withdrawal_is_read_back(reply_ids: set[bytes]) -> None:
    withdrawal = Withdrawal(tuple(reply_ids))
    assert Withdrawal.parse(withdrawal.to_bytes()) == withdrawal


@given(st.integers(2000, 2999), st.integers(1, 52), st.integers(1, 2**31 - 1))
def test_a_closed_week_is_read_back(year: int, number: int, bundle_number: int) -> None:
    closed = WeekClosed(Week(year, number), bundle_number)
    assert WeekClosed.parse(closed.to_bytes()) == closed


def test_the_fullest_lists_stay_within_the_limit_and_one_more_is_refused() -> None:
    full = [place.to_bytes(32, "big") for place in range(8193)]
    for kind, entries in ((DeliveryReceipt, full), (Withdrawal, [entry[16:] for entry in full])):
        document = kind(tuple(entries[:8192]))
        assert len(document.to_bytes()) <= LONGEST_BYTES
        assert kind.parse(document.to_bytes()) == document
        with pytest.raises(Malformed):
            kind(tuple(entries))
        longer = document.to_bytes().replace(b'"]', b'","' + b"ff" * len(entries[0]) + b'"]')
        with pytest.raises(Malformed):
            kind.parse(longer)


@pytest.mark.parametrize(
    "make",
    [
        lambda: DeliveryReceipt(()),
        lambda: DeliveryReceipt((bytes(31),)),
        lambda: DeliveryReceipt((bytes(32), bytes(32))),
        lambda: Withdrawal(()),
        lambda: Withdrawal((bytes(17),)),
        lambda: WeekClosed(Week(2026, 48), 0),
    ],
)
def test_what_a_reader_refuses_cannot_be_made_either(make: Any) -> None:
    with pytest.raises(Malformed):
        make()


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_our_errors_and_nothing_else(raw: bytes) -> None:
    for kind in TYPES.values():
        with pytest.raises(CryptoError):
            kind.parse(raw)
