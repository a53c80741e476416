"""Age files for receivers outside: sealed to one key that they name, ``age1…`` or ``age1pq1…``.

Evidence packages only: everything of the tip line is sealed to post-quantum keys (:mod:`crypto.age.envelope`). The
program ``age`` of Debian opens classical keys (X25519) and no others. Nothing here opens a file.
See ``docs/formats/evidence-package.md``, section "One file".
"""

from collections.abc import Callable
from typing import Protocol

from crypto.age.envelope import EnvelopeWriter
from crypto.age.x25519_file import ClassicalPublicKey, ClassicalWriter
from crypto.keys.keys import HYBRID_PREFIX, HybridPublicKey


class SealingWriter(Protocol):
    """Seals what is written to it; the file is whole only after :meth:`finish`."""

    def write(self, piece: bytes | bytearray | memoryview, /) -> None: ...

    def finish(self) -> None: ...


Recipient = ClassicalPublicKey | HybridPublicKey


def parse_recipient(untrusted_text: str) -> Recipient:
    """The key in ``age1…`` or ``age1pq1…``.

    Raises:
        Malformed: neither.
    """
    text = untrusted_text.strip()
    if text.lower().startswith(f"{HYBRID_PREFIX}1"):
        return HybridPublicKey.parse(text)
    return ClassicalPublicKey.parse(text)


def sealed_to(recipient: Recipient, sink: Callable[[bytes], object]) -> SealingWriter:
    """A writer of one age file that this key opens, and no other."""
    if isinstance(recipient, ClassicalPublicKey):
        return ClassicalWriter(sink, to=recipient)
    return EnvelopeWriter(sink, to=[recipient])
