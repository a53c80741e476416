"""The week file: ``docs/formats/week-file.md``."""

import hashlib
from typing import Any

import pytest

from crypto.beacon.rotating_id import ButtonSeed, Meaning, id_at, ids_of_windows
from crypto.beacon.sighting import RelaySecret
from crypto.beacon.week_file import (
    IdOwner,
    ListedButton,
    ListedRelay,
    PlaceCard,
    WeekFile,
    open_week,
    parse_week,
    seal_week,
)
from crypto.errors import Malformed, NoKeyOpens
from crypto.keys.keys import DutySecretKey, PartySigningKey, PartyVerifyKey
from crypto.primitives.week import Week
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

WEEK, FIRST = Week(2026, 48), 1_795_608_000 // 1024
DUTY = [DutySecretKey(bytes([place]) * 32) for place in (1, 2)]
REVIEWER = PartySigningKey(bytes([9]) * 32)
SEED = ButtonSeed(bytes(range(32)))


@pytest.mark.parametrize("vector", list(VectorBook("week_file")), ids=lambda vector: vector["name"])
def test_a_week_file_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["inside"])
    signers = [PartyVerifyKey.parse(one) for one in vector["signers"]]
    assert outcome_of(lambda: parse_week(raw, signers=signers)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = parse_week(raw, signers=signers)
        assert (str(found.week), len(found.table), found.made) == (vector["week"], vector["ids"], vector["made"])
        assert hashlib.sha256(found.ids).hexdigest() == vector["sha256"]


def week(windows: int = 20) -> WeekFile:
    ids = b"".join(one for meaning in Meaning for one in ids_of_windows(SEED.id_key(meaning), FIRST, windows))
    relays = (ListedRelay(3, 4, RelaySecret(bytes(32)).of_week(WEEK)),)
    return WeekFile(
        WEEK, FIRST, windows, (PlaceCard(4, ("Clinic",)),), relays, (ListedButton(12, 4),), ids, 1024 * FIRST
    )


def test_a_sealed_week_file_says_of_each_id_whose_it_is_and_opens_for_duty_keys_only() -> None:
    raw = seal_week(week(), key=REVIEWER, to=[key.public_key() for key in DUTY])
    for key in DUTY:
        found = open_week(raw, keys=[key], signers=[REVIEWER.verify_key()])
        sent = id_at(SEED.id_key(Meaning.ALIVE), (FIRST + 7) * 1024 + 1000)
        assert found.table[sent] == IdOwner(12, Meaning.ALIVE, FIRST + 7)
        assert len(found.table) == 5 * 20
    with pytest.raises(NoKeyOpens):
        open_week(raw, keys=[DutySecretKey.generate()], signers=[REVIEWER.verify_key()])
    with pytest.raises(Malformed):
        open_week(raw, keys=DUTY, signers=[PartySigningKey.generate().verify_key()])


def test_no_seed_of_a_button_and_no_secret_of_a_relay_stands_in_a_week_file() -> None:
    raw = week().to_bytes() + week().ids
    for secret in (SEED.seed(), bytes(32)):
        assert secret not in raw
        assert secret.hex().encode() not in raw
