"""Ids, marks and frames of buttons, after docs/formats/rotating-id.md and docs/formats/day-mark.md."""

import hmac
from collections.abc import Collection
from datetime import date

from lab.second.aes import encrypt
from lab.second.hkdf import expand, extract
from lab.second.refused import Refused, malformed

MEANINGS = ("help-1", "help-2", "help-3", "alive", "drill")


def id_key(seed: bytes, meaning: str) -> bytes:
    return expand(extract(b"", seed), b"tipline/v1/beacon/id/" + meaning.encode(), 16)


def rotating_id(key: bytes, time: int, exponent: int) -> bytes:
    if not 0 <= time < 2**32 or not 0 <= exponent <= 15 or len(key) != 16:
        raise malformed()
    seconds = time.to_bytes(4, "big")
    temporary = encrypt(key, bytes(11) + b"\xff\0\0" + seconds[:2])
    window = time - time % 2**exponent
    return encrypt(temporary, bytes(11) + bytes([exponent]) + window.to_bytes(4, "big"))[:8]


def day_mark(key: bytes, day: date) -> bytes:
    if len(key) != 32 or not 2000 <= day.year <= 2999:
        raise malformed()
    said = b"tipline/v1/beacon/day-mark\0" + f"{day:%Y-%m-%d}".encode()
    return hmac.digest(key, said, "sha256")[:16]


def read_frame(frame: bytes, *, marks: Collection[bytes]) -> bytes:
    if len(frame) > 31:
        raise malformed()
    rest, ours = frame, []
    while rest and rest[0]:
        part, length = rest[1 : rest[0] + 1], rest[0]
        if len(part) < length:
            raise malformed()
        mark = bytes(reversed(part[1:17]))
        if part[0] == 0x21 and mark in marks:
            ours.append(part[17:])
        rest = rest[length + 1 :]
    if any(rest):
        raise malformed()
    if not ours:
        raise Refused("not for us")
    if len(ours) != 1 or len(ours[0]) != 8 or ours[0] == bytes(8):
        raise malformed()
    return ours[0]
