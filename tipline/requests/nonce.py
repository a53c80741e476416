"""The number that each form carries: pressed twice, it is still one form.

Half of it is random. The other half follows from that and from the five seconds in which it was given out, by a key
that lives as long as this program: so the server can tell how old a form is, and no one else can read a time in it.
A form of an open mailbox carries one that also follows from its session.
"""

import hashlib
import hmac
import secrets
import time

from tipline.requests.refusals import Reason, Refused

SLOT_SECONDS = 5
LONGEST_AGE_SECONDS = 2 * 3600
_DIGITS = 32
_HALF_BYTES = _DIGITS // 4
_KEY = secrets.token_bytes(32)


class Nonce:
    """128 unguessable bits as 32 hex digits. It shows its receipt for ten minutes, so it prints nothing."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        self._digits = digits

    @classmethod
    def generate(cls, *, of: str = "") -> "Nonce":
        """For a form that is given out now, in the session with the handle ``of``, or in none."""
        drawn = secrets.token_bytes(_HALF_BYTES)
        return cls((drawn + _follows(drawn, _slot(time.monotonic()), of)).hex())

    @classmethod
    def parse(cls, untrusted_text: str) -> "Nonce":
        """Parse 32 lower-case hex digits.

        Raises:
            Refused: anything else.
        """
        if len(untrusted_text) != _DIGITS or set(untrusted_text) - set("0123456789abcdef"):
            raise Refused(Reason.BROKEN)
        return cls(untrusted_text)

    def of_button(self, name: str) -> "Nonce":
        """Derive the nonce of one button of a form with several.

        Two presses of one button share it, and no two buttons do.
        """
        told = f"{self._digits} {name}".encode()
        return Nonce(hashlib.blake2b(told, key=_KEY, digest_size=_DIGITS // 2).hexdigest())

    def digits(self) -> str:
        """For the form."""
        return self._digits

    def age_seconds(self, now: float, *, of: str = "") -> int | None:
        """Return its age, to five seconds, where ``now`` is of ``time.monotonic``.

        ``None`` if it is older than two hours, or was not given out by this program in the session with the handle
        ``of``.
        """
        whole = bytes.fromhex(self._digits)
        drawn, other_half = whole[:_HALF_BYTES], whole[_HALF_BYTES:]
        for age_slots in range(LONGEST_AGE_SECONDS // SLOT_SECONDS):
            if hmac.compare_digest(_follows(drawn, _slot(now) - age_slots, of), other_half):
                return age_slots * SLOT_SECONDS
        return None

    def is_of(self, handle: str) -> bool:
        """Return whether its form was given out in the session with this handle."""
        return self.age_seconds(time.monotonic(), of=handle) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nonce) and other._digits == self._digits

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return "<Nonce>"


def _slot(now: float) -> int:
    return int(now // SLOT_SECONDS)


def _follows(drawn: bytes, slot: int, of: str) -> bytes:
    told = drawn + slot.to_bytes(8, "big", signed=True) + of.encode()
    return hashlib.blake2b(told, key=_KEY, digest_size=_HALF_BYTES).digest()
