"""Sound requests with a few bytes changed, the same ones in each run. None of them could store anything."""

import random
from collections.abc import Iterator

from lab.hostile.request import HARMLESS, MARK, NONCE, PAIRS, HostileRequest, get, part, post

_SOUND = (
    get(b"/?lang=ar&look=dark", b"Accept-Language: en, ar;q=0.5", b"Cookie: s=" + MARK),
    post(b"/kept", b"nonce=" + NONCE, kind=PAIRS),
    post(b"/mailbox/how", part(b'form-data; name="nonce"', NONCE)),
)
EACH = 70


def requests() -> Iterator[HostileRequest]:
    dice = random.Random(2026)
    for sound in _SOUND:
        for _ in range(EACH):
            changed = bytearray(sound)
            for _ in range(dice.randint(1, 3)):
                place = dice.randrange(len(changed))
                act = dice.randrange(3)
                if act == 0:
                    changed[place] = dice.randrange(256)
                elif act == 1:
                    changed.insert(place, dice.randrange(256))
                else:
                    del changed[place]
            yield HostileRequest(bytes(changed), HARMLESS, may_be_silent=True)
