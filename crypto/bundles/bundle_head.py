"""The head of a bundle, and the sizes of its parts. ``docs/formats/bundle.md``."""

from crypto.errors import Malformed, NewerFormat

MAGIC = b"TIPLINB\x1a"
VERSION = 3
VERSION_WITHOUT_MARKS = 1
"""Earlier: missing items have no signed marks. Version 2 was never released."""
SLOTS = 4

KEY_BYTES = 32
SIGNATURE_BYTES = 64
LENGTH_BYTES = 4
SEALING_BYTES = 8
LARGEST_SEALING = 2**63 - 1


def version_of(untrusted_bytes: bytes) -> int:
    """The version in the first nine bytes: one that this program reads.

    Raises:
        Malformed: another magic, or version 0.
        NewerFormat: a version that this program does not know.
    """
    if untrusted_bytes[: len(MAGIC)] != MAGIC:
        raise Malformed("bundle must begin with its magic bytes")
    version = untrusted_bytes[len(MAGIC)]
    if version == 0:
        raise Malformed(f"version of a bundle must be {VERSION_WITHOUT_MARKS} or {VERSION}")
    if version not in (VERSION_WITHOUT_MARKS, VERSION):
        raise NewerFormat(f"bundle is of a version that this program does not know: it reads up to {VERSION}")
    return version
