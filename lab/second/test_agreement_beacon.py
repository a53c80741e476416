"""Ids, frames, sightings and week files: both implementations say the same of generated and changed ones."""

import hashlib
import hmac
import json
from random import Random

import pytest
from nacl.signing import SigningKey

from crypto.beacon.day_mark import id_of_frame
from crypto.beacon.duty_note import DutyNoteKey, read_note
from crypto.beacon.relay_file import parse_relay_file
from crypto.beacon.rotating_id import ButtonSeed, Meaning, id_at
from crypto.beacon.sighting import RelayWeekKey, Sighting, read_sighting
from crypto.beacon.week_file import parse_week
from crypto.keys.keys import PartyVerifyKey
from crypto.primitives.week import Week
from lab.second import beacon, duty_note
from lab.second.agreement import ROWS, agreed, changed
from lab.second.mutation import mutated
from lab.second.relay_file import read_relay_file
from lab.second.sighting import read_sighting as read_second
from lab.second.vectors import book, whole
from lab.second.week_file import read_week

SIGHTINGS = [whole(one["sighting"]) for one in book("sighting") if one["outcome"] == "opens"]
FRAMES = [bytes.fromhex(str(one["frame"])) for one in book("frame")]
MARKS = [bytes.fromhex(mark) for mark in book("frame")[0]["marks"]]  # type: ignore[attr-defined]
KEY = bytes.fromhex(str(book("sighting")[0]["key"]))
WEEKS = [whole(one["inside"]) for one in book("week_file") if one["outcome"] == "opens"]
SIGNER = SigningKey(bytes([1]) * 32)


@pytest.mark.parametrize("row", ROWS)
def test_of_random_seeds_and_times_both_compute_the_same_ids(row: int) -> None:
    random = Random(f"ids {row}")
    for _ in range(25):
        seed, meaning, time = random.randbytes(32), random.choice(list(Meaning)), random.randrange(2**32)
        key, exponent = ButtonSeed(seed).id_key(meaning), random.choice((10, 10, random.randrange(16)))
        assert beacon.id_key(seed, meaning.value) == key
        assert beacon.rotating_id(key, time, exponent) == id_at(key, time, exponent=exponent)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_frames_both_say_the_same(row: int) -> None:
    random = Random(f"frames {row}")
    outcomes = set()
    for _ in range(400):
        raw = mutated(random, random.choice(FRAMES), (b"\x19\x21", b"\0", b"\x02\x01\x06"))
        outcomes.add(
            agreed(
                lambda raw=raw: id_of_frame(raw, marks=MARKS),
                lambda raw=raw: beacon.read_frame(raw, marks=MARKS),
                raw,
            )
        )
    assert outcomes == {"opens", "malformed", "not for us"}


def first_sighting(raw: bytes) -> object:
    own = (3, Week(2026, 48))
    found: Sighting = read_sighting(raw, key_of=lambda *asked: RelayWeekKey(KEY) if asked == own else None)
    place = found.measured
    return {
        "ids": [[one.button_id.hex(), one.first, one.last, one.count, one.rssi] for one in found.ids],
        "place": None if place is None else [place.latitude, place.longitude, place.accuracy],
        "run": found.run.hex(),
        **{
            part: getattr(found, part) for part in ("number", "sent", "frames", "refused", "is_flooded", "has_copy")
        },
    }


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_sightings_both_say_the_same(row: int) -> None:
    random = Random(f"sightings {row}")
    outcomes = set()
    for _ in range(400):
        head = mutated(random, random.choice(SIGHTINGS)[:120]).ljust(992, b"\0")
        mac = hmac.digest(KEY, b"tipline/v1/beacon/sighting\0" + head, "sha256")
        raw = head + (mac if random.random() < 0.8 else random.randbytes(32))
        outcomes.add(
            agreed(
                lambda raw=raw: first_sighting(raw),
                lambda raw=raw: read_second(raw, known={(3, "2026-W48"): KEY}),
                raw[:120],
            )
        )
    assert {"opens", "malformed", "bad signature", "not for us"} <= outcomes


NOTES = [whole(one["inside"]) for one in book("duty_note") if one["outcome"] in ("opens", "not for us")]
NOTE_KEY = duty_note.note_key(whole(book("duty_note")[0]["ids"]))


def first_note(raw: bytes) -> object:
    found = read_note(raw, key_of=lambda week: DutyNoteKey(NOTE_KEY) if week == Week(2026, 48) else None)
    presses = [
        [one.button, int(one.meaning.value[-1]), int(one.is_late_only), one.window, one.at]
        for one in found.acknowledged
    ]
    return {"machine": found.machine, "number": found.number, "sent": found.sent, "presses": presses}


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_notes_between_duty_machines_both_say_the_same(row: int) -> None:
    random = Random(f"notes {row}")
    outcomes = set()
    for _ in range(300):
        head = mutated(random, random.choice(NOTES)[:90])[:2016].ljust(2016, b"\0")
        mac = hmac.digest(NOTE_KEY, b"tipline/v1/beacon/duty-note\0" + head, "sha256")
        raw = head + (mac if random.random() < 0.8 else random.randbytes(32))
        outcomes.add(
            agreed(
                lambda raw=raw: first_note(raw),
                lambda raw=raw: duty_note.read_note(raw, keys={"2026-W48": NOTE_KEY}),
                raw[:90],
            )
        )
    assert {"opens", "malformed", "bad signature", "not for us"} <= outcomes


RELAY_FILES = [whole(one["inside"]) for one in book("relay_file") if one["outcome"] == "opens"]


def first_relay_file(raw: bytes) -> object:
    found = parse_relay_file(raw, signers=[PartyVerifyKey(SIGNER.verify_key.encode())])
    return {
        "number": found.number,
        "secret": found.secret.seed().hex(),
        "first_day": found.first_day.isoformat(),
        "made": found.made,
        "marks": [mark.hex() for mark in found.marks_by_day().values()],
        "duty_sha256": hashlib.sha256(b"".join(key.to_bytes() for key in found.duty)).hexdigest(),
    }


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_relay_files_both_say_the_same(row: int) -> None:
    random = Random(f"relay files {row}")
    outcomes = set()
    for _ in range(150):
        raw = random.choice(RELAY_FILES)
        document = changed(random, raw[105:]) if random.random() < 0.9 else raw[105:]
        said = b"tipline/v1/beacon/relay-file\0" + hashlib.sha256(document).digest()
        signature = SIGNER.sign(said).signature
        case = b"TIPLINK\x1a\1" + SIGNER.verify_key.encode() + signature + document
        case = case if random.random() < 0.8 else mutated(random, raw)
        outcomes.add(
            agreed(
                lambda case=case: first_relay_file(case),
                lambda case=case: read_relay_file(case, signers=[SIGNER.verify_key.encode()]),
                case[105:700],
            )
        )
    assert {"malformed", "opens"} <= outcomes


def signed(document: bytes, ids: bytes) -> bytes:
    rest = len(document).to_bytes(4, "big") + document + ids
    signature = SIGNER.sign(b"tipline/v1/beacon/week-file\0" + hashlib.sha256(rest).digest()).signature
    return b"TIPLINW\x1a\1" + SIGNER.verify_key.encode() + signature + rest


def first_week(raw: bytes) -> object:
    found = parse_week(raw, signers=[PartyVerifyKey(SIGNER.verify_key.encode())])
    owners = {one: (owner.button, owner.meaning.value, owner.window) for one, owner in found.table.items()}
    return (found.week.year, found.week.number), found.made, owners


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_week_files_both_say_the_same(row: int) -> None:
    random = Random(f"weeks {row}")
    outcomes = set()
    for _ in range(150):
        raw = random.choice(WEEKS)
        end = 109 + int.from_bytes(raw[105:109], "big")
        document, ids = raw[109:end], raw[end:]
        assert json.loads(document)["format"] == "tipline-week"
        if random.random() < 0.7:
            document = changed(random, document)
        if random.random() < 0.2:
            ids = mutated(random, ids)
        case = signed(document, ids) if random.random() < 0.8 else mutated(random, raw)
        outcomes.add(
            agreed(
                lambda case=case: first_week(case),
                lambda case=case: read_week(case, signers=[SIGNER.verify_key.encode()]),
                case[109:700],
            )
        )
    assert {"malformed", "opens"} <= outcomes
