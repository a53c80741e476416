"""Vectors of ``docs/formats/sighting.md``: sightings, and posts around one of them."""

import hashlib
import hmac
import struct
from typing import Any

from tests.vectors import foreign_primitives as age
from tests.vectors.book import (
    BAD_SIGNATURE,
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    NOT_FOR_US,
    OPENS,
    Piece,
    VectorBook,
    differing,
    part_of,
    plain,
)
from tests.vectors.make_rotating_id import NOON, id_key, rotating_id, seed_of

FILE, COPY_FILE = "relay_post_sound.bin", "relay_copy_sound.bin"
MAGIC, RUN = b"TIPLINR\x1a", bytes(range(1, 9))
SECRET = hashlib.sha256(b"relay 3").digest()
KEY = age.hkdf(SECRET, salt=b"", label=b"tipline/v1/beacon/relay/2026-W48")
RELAY, WEEK = 3, (2026, 48)
HEAD = ("magic", "version", "flags", "relay", "year", "week", "run", "number", "sent", "frames", "refused", "kind")
HEAD += ("latitude", "longitude", "accuracy", "count")
SOUND = (MAGIC, 1, 0, RELAY, *WEEK, RUN, 7, NOON, 412, 1, 1, 0, 0, 0)
DUTY, INTAKE = (0, 1), (0, 1, 2, 3)


def button_id(number: int) -> bytes:
    return rotating_id(id_key(seed_of(number), "help-1"), NOON)


def row(number: int = 0, **change: Any) -> bytes:
    told = {"id": button_id(number), "first": NOON - 19, "last": NOON - 1, "count": 40, "rssi": -71, "end": 0}
    return struct.pack(">8sIIHbB", *(told | change).values())


def signed(*rows: bytes, key: bytes = KEY, padding: bytes = b"", **change: Any) -> bytes:
    told = dict(zip(HEAD, (*SOUND, len(rows)), strict=True)) | change
    raw = struct.pack(">8sBBHHB8sIIIHBiiHB", *told.values()) + b"".join(rows)
    raw = raw.ljust(992 - len(padding), b"\0") + padding
    return raw + hmac.new(key, b"tipline/v1/beacon/sighting\0" + raw, hashlib.sha256).digest()


MEASURED = {"kind": 2, "latitude": 525_200_000, "longitude": -134_050_000, "accuracy": 12}


def fill() -> None:
    book = VectorBook("sighting")

    def add(name: str, outcome: str, raw: bytes, *, ids: int = 1, **read: Any) -> None:
        told: dict[str, Any] = {"sighting": [plain(raw)], "relay": RELAY, "week": "2026-W48", "key": KEY.hex()}
        if outcome == OPENS:
            rows = [struct.unpack_from(">8sIIHb", raw, 49 + 20 * place) for place in range(ids)]
            told["ids"] = [[one[0].hex(), *one[1:]] for one in rows]
            told |= {"run": RUN.hex(), "number": 7, "sent": NOON, "frames": 412, "refused": 1}
            told |= {"place": None, "is_flooded": False, "has_copy": False} | read
        book.add_fixed(name, outcome, told)

    add("sighting_of_one_id", OPENS, signed(row()))
    add("sighting_of_none", OPENS, signed(), ids=0)
    full = [row(number) for number in range(47)]
    add("sighting_of_47_and_flooded", OPENS, signed(*full, flags=1), ids=47, is_flooded=True)
    add("sighting_with_a_copy", OPENS, signed(row(), flags=2), has_copy=True)
    add("place_measured", OPENS, signed(row(), **MEASURED), place=[525_200_000, -134_050_000, 12])
    add("place_at_91_degrees", OPENS, signed(row(), kind=2, latitude=910_000_000), place=[910_000_000, 0, 0])
    add("place_none", OPENS, signed(row(), kind=0))
    add("times_last", OPENS, signed(row(first=2**32 - 1, last=0)))
    for name, outcome, raw in (
        ("magic_flipped", MALFORMED, signed(row(), magic=b"TIPLINR\x1b")),
        ("version_0", MALFORMED, signed(row(), version=0)),
        ("version_2", NEWER, signed(row(), version=2)),
        ("week_54", MALFORMED, signed(row(), week=54)),
        ("week_year_1999", MALFORMED, signed(row(), year=1999)),
        ("relay_unknown", NOT_FOR_US, signed(row(), relay=4)),
        ("week_unknown", NOT_FOR_US, signed(row(), week=47)),
        ("mac_by_another_key", BAD_SIGNATURE, signed(row(), key=bytes(32))),
        ("mac_flipped", BAD_SIGNATURE, signed(row())[:-1] + bytes([signed(row())[-1] ^ 1])),
        ("id_flipped", BAD_SIGNATURE, signed(row())[:49] + b"\0" + signed(row())[50:]),
        ("flags_4", MALFORMED, signed(row(), flags=4)),
        ("number_0", MALFORMED, signed(row(), number=0)),
        ("kind_3", MALFORMED, signed(row(), kind=3)),
        ("place_where_fixed", MALFORMED, signed(row(), **MEASURED | {"kind": 1})),
        ("place_where_none", MALFORMED, signed(row(), kind=0, accuracy=1)),
        ("ids_48", MALFORMED, signed(*full, count=48)),
        ("ids_fewer_than_stand_there", MALFORMED, signed(row(0), row(1), count=1)),
        ("padding_not_zero", MALFORMED, signed(row(), padding=b"\1")),
        ("id_of_zeros", MALFORMED, signed(row(id=bytes(8)))),
        ("id_twice", MALFORMED, signed(row(), row())),
        ("id_heard_no_times", MALFORMED, signed(row(count=0))),
        ("id_with_a_last_byte", MALFORMED, signed(row(end=1))),
        ("length_1023", MALFORMED, signed(row())[:-1]),
        ("length_1025", MALFORMED, signed(row()) + b"\0"),
        ("length_0", MALFORMED, b""),
    ):
        add(name, outcome, raw)
    book.save()
    _fill_posts()
    _fill_copies()


def _header(places: tuple[int, ...]) -> bytes:
    return age.header(*(age.stanza(*age.slot(place)) for place in places))


def post(inside: bytes, *, header: bytes | None = None) -> bytes:
    """The sound file's own header around other bytes."""
    sound = header or sound_post()[:3184]
    return sound + age.payload(inside)


def inside(sighting: bytes, copy: bytes = b"", *, end: bytes = b"") -> bytes:
    return (sighting + copy).ljust(9072 - len(end), b"\0") + end


def sound_post() -> bytes:
    """The whole file; kept once it was made, because a wrap cannot be made again."""
    path = HERE / FILE
    if not path.exists():
        sighting = signed(row(), flags=2)
        copy = _header(INTAKE) + age.payload(sighting)
        assert len(copy) == 7354
        path.write_bytes(_header(DUTY) + age.payload(inside(sighting, copy)))
    return path.read_bytes()


def _fill_posts() -> None:
    book = VectorBook("relay_post")

    def add(name: str, outcome: str, raw: bytes, **told: Any) -> None:
        pieces = differing(raw, FILE) if len(raw) == 12_288 else [plain(raw[:0])]
        if len(raw) < 12_288 and raw:
            pieces = [part_of(FILE, 0, len(raw))]
        if len(raw) > 12_288:
            pieces = [part_of(FILE, 0, 12_288), plain(raw[12_288:])]
        seeds = [age.SEEDS[place].hex() for place in DUTY]
        known = {"relay": RELAY, "week": "2026-W48", "key": KEY.hex()}
        book.add_fixed(name, outcome, {"post": pieces, "keys": seeds} | known | told)

    sound = sound_post()
    cover = inside(signed())
    add("post_with_a_copy", OPENS, sound, ids=1, copy_bytes=7354)
    add("post_of_a_cover_without_a_copy", OPENS, post(cover), ids=0, copy_bytes=0)
    add("post_to_other_keys", NO_KEY_OPENS, sound, keys=[age.SEEDS[4].hex()])
    add("post_flipped_at_its_end", MALFORMED, sound[:-1] + bytes([sound[-1] ^ 1]))
    add("post_one_short", MALFORMED, sound[:-1])
    add("post_one_long", MALFORMED, sound + b"\0")
    add("post_empty", MALFORMED, b"")
    add("padding_not_zero", MALFORMED, post(inside(signed(row()), end=b"\1")))
    add("copy_where_no_flag_says_so", MALFORMED, post(inside(signed(row()), b"age")))
    add("sighting_of_another_relay", NOT_FOR_US, post(inside(signed(row(), relay=4))))
    add("sighting_with_a_wrong_mac", BAD_SIGNATURE, post(inside(signed(row(), key=bytes(32)))))
    add("sighting_of_a_newer_version", NEWER, post(inside(signed(row(), version=2))))
    book.save()


def sound_copy() -> bytes:
    """One copy B; kept once it was made, because a wrap cannot be made again."""
    path = HERE / COPY_FILE
    if not path.exists():
        path.write_bytes(_header(INTAKE) + age.payload(signed(row(), flags=2)))
    return path.read_bytes()


def _fill_copies() -> None:
    book, sound = VectorBook("relay_copies"), sound_copy()
    header = sound[: -len(age.payload(bytes(1024)))]
    one = part_of(COPY_FILE, 0, len(sound))
    seeds = [age.SEEDS[INTAKE[0]].hex()]
    known = {"relay": RELAY, "week": "2026-W48", "key": KEY.hex()}

    def add(name: str, outcome: str, pieces: list[Piece], *copies: str, keys: list[str] | None = None) -> None:
        told = {"copies": list(copies)} if outcome == OPENS else {}
        book.add_fixed(name, outcome, {"file": pieces, "keys": keys or seeds} | known | told)

    def other(inside: bytes) -> list[Piece]:
        return differing(header + age.payload(inside), COPY_FILE)

    flipped = differing(sound[:-1] + bytes([sound[-1] ^ 1]), COPY_FILE)
    add("file_of_one", OPENS, [one], OPENS)
    add("one_of_three_flipped", OPENS, [one, *flipped, one], OPENS, MALFORMED, OPENS)
    add("copy_to_other_keys", OPENS, [one, one], NO_KEY_OPENS, NO_KEY_OPENS, keys=[age.SEEDS[4].hex()])
    add("copy_of_another_relay", OPENS, [*other(signed(row(), relay=4)), one], NOT_FOR_US, OPENS)
    add("copy_with_a_wrong_mac", OPENS, other(signed(row(), key=bytes(32))), BAD_SIGNATURE)
    add("copy_of_a_newer_version", OPENS, other(signed(row(), version=2)), NEWER)
    add("copy_of_zeros", OPENS, [plain(bytes(7354))], MALFORMED)
    add("file_empty", MALFORMED, [])
    add("file_one_short", MALFORMED, [part_of(COPY_FILE, 0, 7353)])
    add("file_one_long", MALFORMED, [one, plain(b"\0")])
    add("file_of_10001", MALFORMED, [plain(bytes(7354), 10_001)])
    book.save()
