"""A file of identities, as age tools write and read it: a key a line, comments after ``#``.

Only post-quantum keys open anything here. Others are counted, so that a refusal can say what is the matter.
"""

from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.keys.keys import HYBRID_SECRET_PREFIX, HybridSecretKey

LONGEST_BYTES = 65536
MOST_KEYS = 256

_CLASSICAL_PREFIX = "age-secret-key-1"


@dataclass(frozen=True, slots=True)
class IdentityFile:
    """The keys in the order of their lines, and how many classical (X25519) ones stood among them."""

    keys: tuple[HybridSecretKey, ...]
    classical: int

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "IdentityFile":
        """Read all lines. No error quotes a line: it may be a key with a letter wrong.

        Raises:
            Malformed: too long, no key at all, or a line that is no key, named by its number.
        """
        if len(untrusted_bytes) > LONGEST_BYTES:
            raise Malformed(f"identity file must have at most {LONGEST_BYTES} bytes")
        keys: list[HybridSecretKey] = []
        classical = 0
        for number, untrusted_line in enumerate(untrusted_bytes.split(b"\n"), start=1):
            line = untrusted_line.strip(b" \t\r")
            if not line or line.startswith(b"#"):
                continue
            if len(keys) + classical == MOST_KEYS:
                raise Malformed(f"identity file must have at most {MOST_KEYS} keys")
            text = line.decode("ascii", errors="replace")
            if text.lower().startswith(_CLASSICAL_PREFIX):
                classical += 1
            elif text.lower().startswith(HYBRID_SECRET_PREFIX):
                keys.append(_parse_key(text, number=number))
            else:
                raise Malformed(
                    f"line {number} of the identity file must be {HYBRID_SECRET_PREFIX.upper()}1… or a comment"
                )
        if not keys and not classical:
            raise Malformed(f"identity file must have a line {HYBRID_SECRET_PREFIX.upper()}1…")
        return cls(tuple(keys), classical)


def _parse_key(untrusted_text: str, *, number: int) -> HybridSecretKey:
    try:
        return HybridSecretKey.parse(untrusted_text)
    except Malformed as error:
        raise Malformed(f"line {number} of the identity file: {error}") from error
