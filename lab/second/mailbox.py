"""From a passphrase to a mailbox, after docs/formats/mailbox.md."""

import hashlib
from dataclasses import dataclass

from lab.second import argon2id
from lab.second.hkdf import hkdf
from lab.second.passphrase import secret_of
from lab.second.refused import malformed

SALT_BYTES = 16
MOST_MEMORY_KIB, MOST_PASSES, MOST_LANES = 1_048_576, 16, 4
KIB_A_LANE = 8


@dataclass
class Mailbox:
    identity: bytes
    source_seed: bytes


def open_mailbox(places: list[int], *, salt: bytes, memory_kib: int, passes: int, lanes: int) -> Mailbox:
    if len(salt) != SALT_BYTES or not 1 <= lanes <= MOST_LANES or not 1 <= passes <= MOST_PASSES:
        raise malformed()
    if not KIB_A_LANE * lanes <= memory_kib <= MOST_MEMORY_KIB:
        raise malformed()
    master = argon2id.derive(secret_of(places), salt, memory_kib=memory_kib, passes=passes, lanes=lanes)
    return Mailbox(hkdf(master, b"tipline/v1/mailbox-id"), hkdf(master, b"tipline/v1/source-seed"))


def reply_tag(identity: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(salt, key=identity, digest_size=32).digest()
