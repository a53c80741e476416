"""Cases for another organisation: ``docs/formats/hand-over.md``."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed, NoKeyOpens, NotForUs
from crypto.hand_over.hand_over_file import HandOverReader, HandOverWriter, open_hand_over, read_case
from crypto.hand_over.key_file import HandOverKeys, HandOverParty
from crypto.hand_over.statement import HandedFile, HandedTip, HandOverStatement, tip_id_of
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

CASES, KEYS = list(VectorBook("hand_over")), list(VectorBook("hand_over_key"))
SENDER, RECEIVER, THIRD = (HandOverKeys.generate(name) for name in ("Watch", "Shelter", "Clinic"))
PHOTO = bytes(range(256)) * 700
STATEMENT = HandOverStatement(
    sender=SENDER.party(),
    to_sha256=RECEIVER.party().sha256,
    hand_over_id=bytes(16),
    day=dt.date(2026, 11, 25),
    told="agreed",
    tips=[
        HandedTip(
            tip_id_of(bytes(32)),
            dt.date(2026, 11, 24),
            [("text", "What I saw.")],
            [HandedFile("a.jpg", "image/jpeg", len(PHOTO), hashlib.sha256(PHOTO).digest())],
        )
    ],
)


def read_whole(reader: HandOverReader) -> list[bytes]:
    """All files of a case."""
    files = [b"".join(reader.pieces(file)) for tip in reader.statement.tips for file in tip.files]
    reader.finish()
    return files


@pytest.mark.parametrize("vector", CASES, ids=lambda vector: vector["name"])
def test_a_case_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    own = frozenset({bytes.fromhex(vector["own"])})

    def read() -> HandOverReader:
        reader = read_case(io.BytesIO(bytes_of(vector["case"])), own_sha256=own)
        read_whole(reader)
        return reader

    assert outcome_of(read) == vector["outcome"]
    if vector["outcome"] == OPENS:
        statement = read().statement
        assert (statement.told, len(statement.tips)) == (vector["told"], vector["tips"])
        assert statement.sender.organisation == vector["organisation"]


@pytest.mark.parametrize("vector", KEYS, ids=lambda vector: vector["name"])
def test_a_key_file_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["key"])
    assert outcome_of(lambda: HandOverParty.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        party = HandOverParty.parse(raw)
        assert (party.organisation, party.words) == (vector["organisation"], vector["words"])
        assert party.to_bytes() == raw


def sealed(to: HandOverKeys = RECEIVER, statement: HandOverStatement = STATEMENT) -> bytes:
    out = io.BytesIO()
    writer = HandOverWriter(out.write, statement=statement, keys=SENDER, to=to.party())
    writer.file([PHOTO[:1000], PHOTO[1000:]])
    writer.finish()
    return out.getvalue()


def test_what_was_sealed_is_read_back_by_its_receiver_and_by_no_other() -> None:
    raw = sealed()
    own = frozenset({RECEIVER.party().sha256})
    reader = open_hand_over(io.BytesIO(raw), keys=[RECEIVER.sealed], own_sha256=own)
    assert read_whole(reader) == [PHOTO]
    assert reader.statement == STATEMENT
    with pytest.raises(NoKeyOpens):
        open_hand_over(io.BytesIO(raw), keys=[THIRD.sealed], own_sha256=own)


def test_a_receiver_who_seals_a_case_again_to_a_third_home_is_found_out_there() -> None:
    with pytest.raises(NotForUs):
        open_hand_over(io.BytesIO(sealed()), keys=[RECEIVER.sealed], own_sha256=frozenset({THIRD.party().sha256}))


def test_a_file_that_is_not_what_the_statement_lists_is_not_sealed() -> None:
    writer = HandOverWriter(lambda _piece: None, statement=STATEMENT, keys=SENDER, to=RECEIVER.party())
    with pytest.raises(Malformed):
        writer.file([PHOTO[:-1] + b"x"])


RAW = sealed()


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(RAW) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(at: int, bit: int) -> None:
    changed = bytearray(RAW)
    changed[at] ^= 1 << bit
    own = frozenset({RECEIVER.party().sha256})
    with pytest.raises(CryptoError):
        read_whole(open_hand_over(io.BytesIO(bytes(changed)), keys=[RECEIVER.sealed], own_sha256=own))
