"""The random number that each form carries: pressed twice, it is still one form."""

import secrets

from tipline.refusals import Reason, Refused

_DIGITS = 32


class Nonce:
    """128 random bits as 32 hex digits. Whoever has one may see its receipt for ten minutes, so it prints
    nothing."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        self._digits = digits

    @classmethod
    def generate(cls) -> "Nonce":
        return cls(secrets.token_hex(_DIGITS // 2))

    @classmethod
    def parse(cls, untrusted_text: str) -> "Nonce":
        """From 32 lower-case hex digits.

        Raises:
            Refused: anything else.
        """
        if len(untrusted_text) != _DIGITS or set(untrusted_text) - set("0123456789abcdef"):
            raise Refused(Reason.BROKEN)
        return cls(untrusted_text)

    def digits(self) -> str:
        """For the form."""
        return self._digits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nonce) and other._digits == self._digits

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return "<Nonce>"
