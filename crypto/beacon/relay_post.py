"""A post of a relay: copy A for the duty machines, with copy B for the casebook in it.

``docs/formats/sighting.md``, section "Post". Every post has one length, whatever was heard.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.beacon.sighting import SIGHTING_BYTES, KeyOf, RelayWeekKey, Sighting, read_sighting
from crypto.errors import Malformed
from crypto.keys.keys import (
    DutyPublicKey,
    DutySecretKey,
    HybridPublicKey,
    IntakePublicKey,
    IntakeSecretKey,
)

POST_BYTES = 12_288
INSIDE_BYTES = 9072
COPY_BYTES = 7354
DUTY_SLOTS = 2
INTAKE_SLOTS = 4
MOST_COPIES = 10_000
"""Of one file of copies."""


@dataclass(frozen=True)
class OpenedPost:
    """A verified sighting, and copy B where there is one: 7,354 bytes that no duty key opens."""

    sighting: Sighting
    copy: bytes | None = field(default=None, repr=False)


def seal_post(
    sighting: Sighting, *, key: RelayWeekKey, duty: Sequence[DutyPublicKey], intake: Sequence[IntakePublicKey]
) -> bytes:
    """A post of 12,288 bytes.

    ``intake`` are the four keys of the week, or none: then there is no copy B.

    Raises:
        ValueError: not two duty keys, or neither four intake keys nor none.
    """
    if len(duty) != DUTY_SLOTS or len(intake) not in (0, INTAKE_SLOTS):
        raise ValueError("a post is sealed to two duty keys, and to four intake keys or none")
    raw = replace(sighting, has_copy=bool(intake)).to_bytes(key)
    copy = _sealed(raw, intake) if intake else b""
    return _sealed((raw + copy).ljust(INSIDE_BYTES, b"\0"), duty)


def open_post(untrusted_bytes: bytes, *, keys: Sequence[DutySecretKey], key_of: KeyOf) -> OpenedPost:
    """Undo :func:`seal_post`, as a duty machine.

    Raises:
        Malformed, NewerFormat: not a post, or a later version of its sighting.
        NoKeyOpens: sealed to other keys.
        NotForUs, BadSignature: by no relay that is known, or not by that relay.
    """
    inside = open_inside(untrusted_bytes, keys=keys)
    sighting = read_sighting(inside[:SIGHTING_BYTES], key_of=key_of)
    end = SIGHTING_BYTES + COPY_BYTES * sighting.has_copy
    if any(inside[end:]):
        raise Malformed("padding of a post must be zeros")
    return OpenedPost(sighting, inside[SIGHTING_BYTES:end] or None)


def open_copy(untrusted_bytes: bytes, *, keys: Sequence[IntakeSecretKey], key_of: KeyOf) -> Sighting:
    """The sighting in copy B, as the air-gapped machine opens it.

    Raises:
        Malformed, NewerFormat: not a copy, or a later version of its sighting.
        NoKeyOpens: sealed to other keys.
        NotForUs, BadSignature: by no relay that is known, or not by that relay.
    """
    if len(untrusted_bytes) != COPY_BYTES:
        raise Malformed(f"copy of a sighting must have {COPY_BYTES} bytes")
    inside = open_envelope(io.BytesIO(untrusted_bytes), keys=keys, slots=INTAKE_SLOTS).read()
    return read_sighting(inside, key_of=key_of)


def copies_in(untrusted_bytes: bytes) -> list[bytes]:
    """The copies B of a file of copies, in its order. Each is opened alone: :func:`open_copy`.

    Raises:
        Malformed: no copy, more than 10,000, or another length than theirs together.
    """
    count, rest = divmod(len(untrusted_bytes), COPY_BYTES)
    if rest or not 1 <= count <= MOST_COPIES:
        raise Malformed(
            f"file of copies must have 1 to {MOST_COPIES:,} copies of {COPY_BYTES:,} bytes, and nothing more"
        )
    return [untrusted_bytes[at : at + COPY_BYTES] for at in range(0, len(untrusted_bytes), COPY_BYTES)]


def open_inside(untrusted_bytes: bytes, *, keys: Sequence[DutySecretKey]) -> bytes:
    """The 9,072 bytes inside of a post, before anything in them is believed.

    Raises:
        Malformed, NewerFormat, NoKeyOpens: as :func:`open_post`.
    """
    if len(untrusted_bytes) != POST_BYTES:
        raise Malformed(f"post must have {POST_BYTES} bytes")
    inside = open_envelope(io.BytesIO(untrusted_bytes), keys=keys, slots=DUTY_SLOTS).read()
    if len(inside) != INSIDE_BYTES:
        raise Malformed(f"post must have {INSIDE_BYTES} bytes inside")
    return inside


def _sealed(content: bytes, to: Sequence[HybridPublicKey]) -> bytes:
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=to)
    envelope.write(content)
    envelope.finish()
    return b"".join(pieces)
