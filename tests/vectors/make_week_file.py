"""Vectors of ``docs/formats/week-file.md``: what stands inside of the envelope. Nothing in them is random."""

import hashlib
from typing import Any

from nacl.signing import SigningKey

from tests.vectors.book import BAD_SIGNATURE, MALFORMED, NEWER, OPENS, Piece, VectorBook, plain, text
from tests.vectors.make_party import sign_text, written
from tests.vectors.make_rotating_id import MEANINGS, NOON, id_key, rotating_id, seed_of
from tests.vectors.make_sighting import KEY

MAGIC, LABEL = b"TIPLINW\x1a", b"tipline/v1/beacon/week-file\0"
REVIEWER, STRANGER = 1, 2
FIRST, WINDOWS = NOON // 1024 - 1, 3
BUTTONS = (12, 13)


def ids(buttons: tuple[int, ...] = BUTTONS, windows: int = WINDOWS, first: int = FIRST) -> bytes:
    return b"".join(
        rotating_id(id_key(seed_of(button), meaning), window * 1024)
        for button in buttons
        for meaning in MEANINGS
        for window in range(first, first + windows)
    )


def document(**change: Any) -> dict[str, Any]:
    return {
        "buttons": [{"number": 12, "place": 4}, {"number": 13, "place": 4}],
        "first_window": FIRST,
        "format": "tipline-week",
        "format_version": 1,
        "made": NOON,
        "places": [{"lines": ["Harbour clinic, ground floor", "Enter through the yard."], "number": 4}],
        "relays": [
            {"key": KEY.hex(), "number": 3, "place": 4},
            {"key": hashlib.sha256(b"relay 5").hexdigest(), "number": 5, "place": 4},
        ],
        "week": "2026-W48",
        "windows": WINDOWS,
    } | change


def signed(
    raw: bytes, table: bytes, *, signer: int = REVIEWER, version: int = 1, length: int | None = None
) -> bytes:
    said = len(raw) if length is None else length
    rest = said.to_bytes(4, "big") + raw + table
    key = SigningKey(bytes([signer]) * 32)
    signature = key.sign(LABEL + hashlib.sha256(rest).digest()).signature
    return MAGIC + bytes([version]) + key.verify_key.encode() + signature + rest


def week(table: bytes | None = None, **change: Any) -> bytes:
    return signed(written(document(**change)), ids() if table is None else table)


def fill() -> None:
    book = VectorBook("week_file")

    def add(name: str, outcome: str, raw: bytes, *, made: int = NOON) -> None:
        length = int.from_bytes(raw[105:109], "big") if len(raw) > 109 else 0
        end = 109 + length
        is_text = length and raw[109:110] == b"{" and end <= len(raw)
        pieces: list[Piece] = [plain(raw)]
        if is_text:
            pieces = [plain(raw[:109]), text(raw[109:end]), plain(raw[end:])]
        told: dict[str, Any] = {"inside": pieces, "signers": [sign_text(REVIEWER)]}
        if outcome == OPENS:
            told |= {
                "week": "2026-W48",
                "made": made,
                "ids": (len(raw) - end) // 8,
                "sha256": hashlib.sha256(raw[end:]).hexdigest(),
            }
        book.add_fixed(name, outcome, told)

    sound = week()
    add("week_of_two_buttons", OPENS, sound)
    add("week_of_none", OPENS, week(b"", buttons=[], relays=[], places=[]))
    add("week_made_in_2106", OPENS, week(made=2**32 - 1), made=2**32 - 1)
    twice = [{"number": 12, "place": 4}] * 2
    for name, outcome, raw in (
        ("magic_flipped", MALFORMED, b"TIPLINX" + sound[7:]),
        ("version_0", MALFORMED, signed(written(document()), ids(), version=0)),
        ("version_2", NEWER, signed(written(document()), ids(), version=2)),
        ("sender_unknown", MALFORMED, signed(written(document()), ids(), signer=STRANGER)),
        ("signature_flipped", BAD_SIGNATURE, sound[:41] + bytes([sound[41] ^ 1]) + sound[42:]),
        ("id_flipped", BAD_SIGNATURE, sound[:-1] + bytes([sound[-1] ^ 1])),
        ("document_longer_than_all", MALFORMED, signed(written(document()), ids(), length=2**20)),
        ("document_above_its_limit", MALFORMED, signed(written(document()), ids(), length=2**20 + 1)),
        ("document_not_canonical", MALFORMED, signed(b" " + written(document()), ids())),
        ("document_of_another_format", MALFORMED, week(format="tipline-days")),
        ("document_of_a_newer_version", NEWER, week(format_version=2)),
        ("field_unknown", MALFORMED, week(note="x")),
        ("buttons_twice", MALFORMED, week(buttons=twice)),
        ("buttons_out_of_order", MALFORMED, week(buttons=document()["buttons"][::-1])),
        ("place_not_listed", MALFORMED, week(places=[])),
        ("place_without_lines", MALFORMED, week(places=[{"lines": [], "number": 4}])),
        ("place_with_a_control_character", MALFORMED, week(places=[{"lines": ["a\u202eb"], "number": 4}])),
        ("number_0", MALFORMED, week(buttons=[{"number": 0, "place": 4}, {"number": 13, "place": 4}])),
        ("number_65536", MALFORMED, week(buttons=[{"number": 12, "place": 4}, {"number": 65536, "place": 4}])),
        ("key_of_31_bytes", MALFORMED, week(relays=[{"key": "00" * 31, "number": 3, "place": 4}])),
        ("made_before_1970", MALFORMED, week(made=-1)),
        ("made_after_2106", MALFORMED, week(made=2**32)),
        ("windows_0", MALFORMED, week(b"", windows=0)),
        ("windows_after_2106", MALFORMED, week(first_window=2**22 - 2)),
        ("ids_one_missing", MALFORMED, week(ids()[:-8])),
        ("ids_one_more", MALFORMED, week(ids() + bytes(8))),
        ("ids_half_a_one", MALFORMED, week(ids() + bytes(4))),
        ("ids_one_twice", MALFORMED, week(ids()[:-8] + ids()[:8])),
        ("length_108", MALFORMED, sound[:108]),
        ("length_0", MALFORMED, b""),
    ):
        add(name, outcome, raw)
    book.save()
