"""Notes between duty machines, after docs/formats/duty-note.md: what stands inside of the envelope."""

import hashlib
import hmac
from collections.abc import Mapping

from lab.second.hkdf import hkdf
from lab.second.refused import Refused, malformed, newer
from lab.second.sighting import Cursor, _week

Note = dict[str, object]


def note_key(ids: bytes) -> bytes:
    return hkdf(hashlib.sha256(ids).digest(), b"tipline/v1/beacon/duty-note-key")


def read_note(inside: bytes, *, keys: Mapping[str, bytes]) -> Note:
    """`keys` by week."""
    if len(inside) != 2048 or inside[:8] != b"TIPLIND\x1a" or inside[8] == 0:
        raise malformed()
    if inside[8] > 1:
        raise newer()
    at = Cursor(inside[9:2016])
    machine = at.number(1)
    week = _week(at.number(2), at.number(1))
    if week not in keys:
        raise Refused("not for us")
    mac = hmac.digest(keys[week], b"tipline/v1/beacon/duty-note\0" + inside[:2016], "sha256")
    if not hmac.compare_digest(mac, inside[2016:]):
        raise Refused("bad signature")
    number, sent, count = at.number(8), at.number(4), at.number(1)
    presses = [[at.number(size) for size in (2, 1, 1, 4, 4)] for _ in range(min(count, 165))]
    if count > 165 or any(at.rest):
        raise malformed()
    if any(not one[0] or one[1] not in (1, 2, 3) or one[2] > 1 for one in presses):
        raise malformed()
    if machine not in (1, 2) or not 1 <= number < 2**53:
        raise malformed()
    return {"machine": machine, "number": number, "sent": sent, "presses": presses}
