"""Vectors of ``docs/formats/duty-note.md``: what stands inside of the envelope. Nothing in them is random."""

import hashlib
import hmac
import struct
from typing import Any

from tests.vectors import foreign_primitives as age
from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, NOT_FOR_US, OPENS, VectorBook, plain
from tests.vectors.make_rotating_id import NOON
from tests.vectors.make_week_file import ids

IDS = ids()
KEY = age.hkdf(hashlib.sha256(IDS).digest(), salt=b"", label=b"tipline/v1/beacon/duty-note-key")
HEAD = ("magic", "version", "machine", "year", "week", "number", "sent", "count")
SOUND = (b"TIPLIND\x1a", 1, 1, 2026, 48, 9, NOON)
WINDOW = NOON // 1024


PRESS = ">HBBII"
MOST = 165


def press(button: int = 12, meaning: int = 1, late_only: int = 0, *, at: int = NOON - 30) -> bytes:
    return struct.pack(PRESS, button, meaning, late_only, WINDOW, at)


def note(*presses: bytes, key: bytes = KEY, padding: bytes = b"", **change: Any) -> bytes:
    told = dict(zip(HEAD, (*SOUND, len(presses)), strict=True)) | change
    raw = struct.pack(">8sBBHBQIB", *told.values()) + b"".join(presses)
    raw = raw.ljust(2016 - len(padding), b"\0") + padding
    return raw + hmac.new(key, b"tipline/v1/beacon/duty-note\0" + raw, hashlib.sha256).digest()


def fill() -> None:
    book = VectorBook("duty_note")

    def add(name: str, outcome: str, raw: bytes, **read: Any) -> None:
        told: dict[str, Any] = {"inside": [plain(raw)], "week": "2026-W48", "ids": [plain(IDS)]}
        if outcome == OPENS:
            rows = [struct.unpack_from(PRESS, raw, 26 + 12 * place) for place in range(raw[25])]
            told |= {"machine": 1, "number": 9, "sent": NOON, "presses": [list(one) for one in rows]} | read
        book.add_fixed(name, outcome, told)

    add("note_of_one_press", OPENS, note(press()))
    add("note_with_nothing_to_say", OPENS, note())
    full = [press(1 + place, 1 + place % 3) for place in range(MOST)]
    add("note_of_165_presses", OPENS, note(*full))
    add("note_of_a_late_press", OPENS, note(press(), press(13, late_only=1)))
    add("machine_2", OPENS, note(press(meaning=3), machine=2), machine=2)
    for name, outcome, raw in (
        ("magic_flipped", MALFORMED, note(magic=b"TIPLIND\x1b")),
        ("version_0", MALFORMED, note(version=0)),
        ("version_2", NEWER, note(version=2)),
        ("week_54", MALFORMED, note(week=54)),
        ("week_unknown", NOT_FOR_US, note(week=47)),
        ("mac_by_another_key", BAD_SIGNATURE, note(press(), key=bytes(32))),
        ("press_flipped", BAD_SIGNATURE, note(press())[:26] + b"\1" + note(press())[27:]),
        ("presses_166", MALFORMED, note(*full, count=MOST + 1)),
        ("presses_fewer_than_stand_there", MALFORMED, note(press(), count=0)),
        ("padding_not_zero", MALFORMED, note(padding=b"\1")),
        ("press_of_button_0", MALFORMED, note(press(0))),
        ("press_of_meaning_0", MALFORMED, note(press(meaning=0))),
        ("press_of_meaning_4", MALFORMED, note(press(meaning=4))),
        ("press_of_late_only_2", MALFORMED, note(press(late_only=2))),
        ("machine_0", MALFORMED, note(machine=0)),
        ("machine_3", MALFORMED, note(machine=3)),
        ("number_0", MALFORMED, note(number=0)),
        ("number_of_54_bits", MALFORMED, note(number=2**53)),
        ("length_2047", MALFORMED, note()[:-1]),
        ("length_2049", MALFORMED, note() + b"\0"),
        ("length_0", MALFORMED, b""),
    ):
        add(name, outcome, raw)
    book.save()
