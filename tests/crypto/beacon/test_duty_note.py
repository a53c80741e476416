"""Notes between duty machines: ``docs/formats/duty-note.md``."""

from typing import Any

import pytest

from crypto.beacon.duty_note import (
    NOTE_BYTES,
    Acknowledged,
    DutyNote,
    DutyNoteKey,
    open_note,
    read_note,
    seal_note,
)
from crypto.beacon.rotating_id import Meaning
from crypto.beacon.week_file import parse_week
from crypto.errors import BadSignature, NoKeyOpens
from crypto.keys.keys import IntakeSecretKey, PartyVerifyKey
from crypto.primitives.week import Week
from tests.crypto.vector_outcome import outcome_of
from tests.relay.place_of_tests import DUTY, DUTY_PUBLIC, NOON
from tests.vectors.book import OPENS, VectorBook, bytes_of

NOTES = list(VectorBook("duty_note"))
WEEK = Week(2026, 48)
SOUND_WEEK = next(iter(VectorBook("week_file")))
WEEK_FILE = parse_week(
    bytes_of(SOUND_WEEK["inside"]), signers=[PartyVerifyKey.parse(one) for one in SOUND_WEEK["signers"]]
)
KEY = DutyNoteKey.of_week(WEEK_FILE)


def key_of(week: Week) -> DutyNoteKey | None:
    return KEY if week == WEEK else None


@pytest.mark.parametrize("vector", NOTES, ids=lambda vector: vector["name"])
def test_a_note_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    assert bytes_of(vector["ids"]) == WEEK_FILE.ids
    raw = bytes_of(vector["inside"])
    assert outcome_of(lambda: read_note(raw, key_of=key_of)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = read_note(raw, key_of=key_of)
        rows = [
            [one.button, int(one.meaning.value[-1]), int(one.is_late_only), one.window, one.at]
            for one in found.acknowledged
        ]
        assert rows == vector["presses"]
        assert (found.machine, found.number, found.sent) == (vector["machine"], vector["number"], vector["sent"])
        assert found.to_bytes(KEY) == raw


def test_a_note_has_one_length_opens_for_duty_keys_and_is_believed_only_with_the_weeks_key() -> None:
    said = DutyNote(1, WEEK, 1, NOON, (Acknowledged(12, Meaning.HELP_2, 9, NOON),))
    notes = [seal_note(one, key=KEY, to=DUTY_PUBLIC) for one in (said, DutyNote(1, WEEK, 2, NOON))]
    assert {len(note) for note in notes} == {NOTE_BYTES}
    for key in DUTY:
        assert open_note(notes[0], keys=[key], key_of=key_of) == said
    with pytest.raises(NoKeyOpens):
        open_note(notes[0], keys=[IntakeSecretKey.generate()], key_of=key_of)  # type: ignore[list-item]
    forged = seal_note(said, key=DutyNoteKey(bytes(32)), to=DUTY_PUBLIC)
    with pytest.raises(BadSignature):
        open_note(forged, keys=DUTY, key_of=key_of)
