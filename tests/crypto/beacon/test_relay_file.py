"""The relay file: ``docs/formats/relay-file.md``."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from crypto.beacon.relay_file import (
    RelayFile,
    RelayFileSecretKey,
    open_relay_file,
    parse_relay_file,
    seal_relay_file,
)
from crypto.beacon.sighting import RelaySecret
from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys.keys import DutySecretKey, PartySigningKey, PartyVerifyKey
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

REVIEWER = PartySigningKey(bytes([9]) * 32)
KEY = RelayFileSecretKey(bytes([8]) * 32)
DUTY = tuple(DutySecretKey(bytes([place]) * 32).public_key() for place in (1, 2))
FIRST = dt.date(2026, 11, 24)


@pytest.mark.parametrize("vector", list(VectorBook("relay_file")), ids=lambda vector: vector["name"])
def test_a_relay_file_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["inside"])
    signers = [PartyVerifyKey.parse(one) for one in vector["signers"]]
    assert outcome_of(lambda: parse_relay_file(raw, signers=signers)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = parse_relay_file(raw, signers=signers)
        assert (found.number, found.secret.seed().hex()) == (vector["number"], vector["secret"])
        assert (found.first_day.isoformat(), found.made) == (vector["first_day"], vector["made"])
        assert [mark.hex() for mark in found.marks_by_day().values()] == vector["marks"]
        keys = b"".join(key.to_bytes() for key in found.duty)
        assert hashlib.sha256(keys).hexdigest() == vector["duty_sha256"]


def file_of(days: int) -> RelayFile:
    marks = tuple(bytes([day]) * 16 for day in range(days))
    return RelayFile(3, RelaySecret(bytes(range(32))), DUTY, FIRST, marks, 1_795_608_000)


def test_a_sealed_relay_file_opens_for_its_relay_only_and_only_by_a_known_reviewer() -> None:
    raw = seal_relay_file(file_of(10), key=REVIEWER, to=KEY.public_key())
    found = open_relay_file(raw, key=KEY, signers=[REVIEWER.verify_key()])
    assert found.to_bytes() == file_of(10).to_bytes()
    assert found.last_day == dt.date(2026, 12, 3)
    with pytest.raises(NoKeyOpens):
        open_relay_file(raw, key=RelayFileSecretKey.generate(), signers=[REVIEWER.verify_key()])
    with pytest.raises(Malformed):
        open_relay_file(raw, key=KEY, signers=[PartySigningKey.generate().verify_key()])
    for cut in (0, 100, len(raw) - 1):
        with pytest.raises(CryptoError):
            open_relay_file(raw[:cut], key=KEY, signers=[REVIEWER.verify_key()])
    assert bytes(range(32)).hex().encode() not in raw
