"""Vectors of ``docs/formats/relay-file.md``: what stands inside of the envelope. Nothing in them is random."""

import hashlib
from typing import Any

from nacl.signing import SigningKey

from crypto.primitives import _hybrid
from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, OPENS, VectorBook, plain, text
from tests.vectors.make_party import hybrid_text, sign_text, written
from tests.vectors.make_rotating_id import NOON

MAGIC, LABEL = b"TIPLINK\x1a", b"tipline/v1/beacon/relay-file\0"
REVIEWER, STRANGER = 1, 2
DUTY = (31, 32)
MARKS = [hashlib.sha256(b"mark %d" % day).hexdigest()[:32] for day in range(40)]
SECRET = hashlib.sha256(b"secret of relay 3").hexdigest()


def document(**change: Any) -> dict[str, Any]:
    return {
        "duty": [hybrid_text(place) for place in DUTY],
        "first_day": "2026-11-24",
        "format": "tipline-relay",
        "format_version": 1,
        "made": NOON,
        "marks": MARKS[:10],
        "number": 3,
        "secret": SECRET,
    } | change


def signed(raw: bytes, *, signer: int = REVIEWER, version: int = 1) -> bytes:
    key = SigningKey(bytes([signer]) * 32)
    signature = key.sign(LABEL + hashlib.sha256(raw).digest()).signature
    return MAGIC + bytes([version]) + key.verify_key.encode() + signature + raw


def relay_file(**change: Any) -> bytes:
    return signed(written(document(**change)))


def fill() -> None:
    book = VectorBook("relay_file")

    def add(name: str, outcome: str, raw: bytes, **read: object) -> None:
        pieces = [plain(raw[:105]), text(raw[105:])] if raw[105:106] == b"{" else [plain(raw)]
        book.add_fixed(name, outcome, {"inside": pieces, "signers": [sign_text(REVIEWER)], **read})

    duty = hashlib.sha256(b"".join(_hybrid.public_key(bytes([place]) * 32) for place in DUTY)).hexdigest()
    told: dict[str, Any] = {
        "number": 3,
        "secret": SECRET,
        "first_day": "2026-11-24",
        "made": NOON,
        "duty_sha256": duty,
    }
    sound = relay_file()
    add("file_of_ten_days", OPENS, sound, marks=MARKS[:10], **told)
    add("file_of_one_day", OPENS, relay_file(marks=MARKS[:1]), marks=MARKS[:1], **told)
    add("file_of_forty_days", OPENS, relay_file(marks=MARKS), marks=MARKS, **told)
    made = told | {"made": 2**32 - 1}
    add("file_made_in_2106", OPENS, relay_file(made=2**32 - 1, marks=MARKS[:1]), marks=MARKS[:1], **made)
    last = told | {"first_day": "2999-12-31"}
    add("last_day_of_2999", OPENS, relay_file(first_day="2999-12-31", marks=MARKS[:1]), marks=MARKS[:1], **last)
    missing = document()
    del missing["secret"]
    for name, outcome, raw in (
        ("magic_flipped", MALFORMED, b"TIPLINL" + sound[7:]),
        ("version_0", MALFORMED, signed(written(document()), version=0)),
        ("version_2", NEWER, signed(written(document()), version=2)),
        ("sender_unknown", MALFORMED, signed(written(document()), signer=STRANGER)),
        ("signature_flipped", BAD_SIGNATURE, sound[:41] + bytes([sound[41] ^ 1]) + sound[42:]),
        ("mark_flipped", BAD_SIGNATURE, sound.replace(MARKS[1].encode(), MARKS[2].encode())),
        ("document_not_canonical", MALFORMED, signed(b" " + written(document()))),
        ("document_of_another_format", MALFORMED, relay_file(format="tipline-week")),
        ("document_of_a_newer_version", NEWER, relay_file(format_version=2)),
        ("field_unknown", MALFORMED, relay_file(note="x")),
        ("field_missing", MALFORMED, signed(written(missing))),
        ("number_0", MALFORMED, relay_file(number=0)),
        ("number_65536", MALFORMED, relay_file(number=65_536)),
        ("secret_of_31_bytes", MALFORMED, relay_file(secret=SECRET[:-2])),
        ("secret_in_capitals", MALFORMED, relay_file(secret=SECRET.upper())),
        ("duty_of_one_key", MALFORMED, relay_file(duty=[hybrid_text(DUTY[0])])),
        ("duty_of_the_same_key_twice", MALFORMED, relay_file(duty=[hybrid_text(DUTY[0])] * 2)),
        ("duty_of_a_text", MALFORMED, relay_file(duty=["age1pq1", hybrid_text(DUTY[0])])),
        ("first_day_of_no_calendar", MALFORMED, relay_file(first_day="2026-11-31")),
        ("first_day_in_1999", MALFORMED, relay_file(first_day="1999-12-31")),
        ("last_mark_in_3000", MALFORMED, relay_file(first_day="2999-12-31")),
        ("made_before_1970", MALFORMED, relay_file(made=-1)),
        ("made_after_2106", MALFORMED, relay_file(made=2**32)),
        ("marks_of_none", MALFORMED, relay_file(marks=[])),
        ("marks_of_41_days", MALFORMED, relay_file(marks=[*MARKS, "00" * 16])),
        ("mark_twice", MALFORMED, relay_file(marks=[MARKS[0], MARKS[0]])),
        ("mark_of_15_bytes", MALFORMED, relay_file(marks=[MARKS[0][:-2]])),
        ("length_104", MALFORMED, sound[:104]),
        ("length_0", MALFORMED, b""),
    ):
        add(name, outcome, raw)
    book.save()
