"""Items that reviewers tell each other: ``docs/formats/shared.md``."""

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys.keys import IntakeSecretKey, PartySigningKey
from crypto.primitives.week import Week
from crypto.sharing.carried_item import PAYLOAD_BYTES, CarriedItem
from crypto.sharing.operation import Operation, SignedOperation
from crypto.sharing.shared_item import (
    DOCUMENT_BYTES,
    ENVELOPE_BYTES,
    SharedItem,
    inside_of,
    open_shared,
    parse_inside,
    seal_shared,
)
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("shared"))
KEYS = [IntakeSecretKey.generate() for _ in range(4)]
TO = [key.public_key() for key in KEYS]
SENDER = PartySigningKey(bytes([1]) * 32)
WEEK, DAY, RUN = Week(2026, 48), dt.date(2026, 11, 25), bytes(16)


def operation(number: int = 1, **content: Any) -> SignedOperation:
    made = Operation(SENDER.verify_key(), RUN, number, number, DAY, "note", bytes(32), content or {"text": "a"})
    return SignedOperation.sign(made, key=SENDER)


def item(*operations: SignedOperation) -> SharedItem:
    return SharedItem(SENDER.verify_key(), RUN, 1, WEEK, DAY, operations)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["inside"])
    assert outcome_of(lambda: parse_inside(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = parse_inside(raw)
        assert inside_of(found, key=SENDER) == raw
        assert [str(found.sender), found.run.hex(), found.number] == [
            vector[part] for part in ("sender", "run", "number")
        ]
        assert [one.operation.sha256.hex() for one in found.operations] == vector["operations"]


def test_an_item_has_one_length_whatever_it_holds_and_each_of_the_four_keys_opens_it() -> None:
    full = [operation(number, text="x" * 60_000) for number in range(1, 5)]
    for one in (item(), item(operation()), item(*full)):
        sealed = seal_shared(one, key=SENDER, to=TO)
        assert len(sealed) == ENVELOPE_BYTES
        assert len(CarriedItem(WEEK, bytes(32), sealed).to_bytes()) == PAYLOAD_BYTES
        for key in KEYS:
            opened = open_shared(io.BytesIO(sealed), keys=[key])
            assert opened is not None
            assert (opened.item, opened.opened_by) == (one, key)
        with pytest.raises(NoKeyOpens):
            open_shared(io.BytesIO(sealed), keys=[IntakeSecretKey.generate()])


def test_a_document_that_is_too_long_is_not_sealed() -> None:
    full = [operation(number, text="x" * 60_000) for number in range(1, 6)]
    assert len(item(*full).to_bytes()) > DOCUMENT_BYTES
    with pytest.raises(ValueError, match="at most"):
        seal_shared(item(*full), key=SENDER, to=TO)


def test_a_submission_of_the_same_length_is_no_shared_item() -> None:
    pieces: list[bytes] = []
    head = Head(Kind.SUBMISSION, bytes(16), bytes(32), 1, WEEK, DAY)
    writer = SubmissionWriter(pieces.append, to=TO, head=head)
    writer.begin_file("a", "b")
    writer.data(bytes(200_000))
    writer.end_file()
    writer.finish(None)
    sealed = b"".join(pieces)
    assert len(sealed) == ENVELOPE_BYTES
    assert open_shared(io.BytesIO(sealed), keys=KEYS) is None


def test_only_its_author_signs_an_operation_and_only_its_sender_an_item() -> None:
    stranger = PartySigningKey.generate()
    with pytest.raises(ValueError, match="by its author"):
        SignedOperation.sign(operation().operation, key=stranger)
    with pytest.raises(ValueError, match="by its sender"):
        inside_of(item(), key=stranger)


@given(st.binary(max_size=300), st.integers(0, 300))
def test_bytes_of_any_kind_are_refused_and_nothing_else_happens(changed: bytes, at: int) -> None:
    sound = inside_of(item(operation()), key=SENDER)
    raw = sound[:at] + changed + sound[at + len(changed) :]
    if raw != sound:
        with pytest.raises(CryptoError):
            parse_inside(raw)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True), st.text(), max_size=16))
def test_an_operation_with_any_text_is_read_back(content: dict[str, str]) -> None:
    signed = operation(1, **content)
    found = parse_inside(inside_of(item(signed), key=SENDER)).operations
    assert found == (signed,)


def test_a_carried_item_of_another_length_is_malformed() -> None:
    for raw in (b"", bytes(PAYLOAD_BYTES - 1), bytes(PAYLOAD_BYTES + 1), bytes(PAYLOAD_BYTES)):
        with pytest.raises(Malformed):  # the last one has no week
            CarriedItem.parse(raw)
    sound = CarriedItem(WEEK, bytes(32), bytes(ENVELOPE_BYTES))
    assert CarriedItem.parse(sound.to_bytes()) == sound
