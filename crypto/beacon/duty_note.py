"""A note from one duty machine to the other, of acknowledged presses: ``docs/formats/duty-note.md``.

One goes with every fetch, of one length, also when there is nothing to say.
"""

import hashlib
import hmac
import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.beacon.relay_post import DUTY_SLOTS
from crypto.beacon.rotating_id import Meaning
from crypto.beacon.week_file import WeekFile
from crypto.errors import BadSignature, Malformed, NewerFormat, NotForUs
from crypto.keys.keys import DutyPublicKey, DutySecretKey, _Secret
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.canonical_json import LARGEST_NUMBER
from crypto.primitives.week import Week

MAGIC = b"TIPLIND\x1a"
VERSION = 1
NOTE_BYTES = 5264
INSIDE_BYTES = 2048
MAC_BYTES = 32
MOST_ACKNOWLEDGED = 165
MACHINES = (1, 2)
LABEL = b"tipline/v1/beacon/duty-note\0"
KEY_LABEL = b"tipline/v1/beacon/duty-note-key"
HEAD = struct.Struct(">8sBBHBQIB")
ENTRY = struct.Struct(">HBBII")
_MAC_AT = INSIDE_BYTES - MAC_BYTES
_HELP = tuple(meaning for meaning in Meaning if meaning.is_help)


class DutyNoteKey(_Secret):
    """The key of the MAC of notes, which follows from the ids of a week file."""

    __slots__ = ()

    @classmethod
    def of_week(cls, week_file: WeekFile) -> "DutyNoteKey":
        """The key that both machines have from the same week file, and no relay has."""
        secret = hashlib.sha256(week_file.ids).digest()
        return cls(_hybrid.hkdf_sha256(secret, salt=None, label=KEY_LABEL, length_bytes=_hybrid.SEED_BYTES))

    def mac(self, signed: bytes) -> bytes:
        """The 32-byte HMAC-SHA-256 of the beginning of a note."""
        return hmac.new(self._seed, LABEL + signed, hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A press by button, meaning and first window; ``at`` is when it was acknowledged, in Unix seconds.

    ``is_late_only`` is True for a press that came too late to ring there: it silences none that rings.

    Raises:
        Malformed: no number of a button, or a meaning that is none of help.
    """

    button: int
    meaning: Meaning
    window: int
    at: int
    is_late_only: bool = False

    def __post_init__(self) -> None:
        if not self.button or self.meaning not in _HELP:
            raise Malformed("acknowledged press must be a button's press for help")


@dataclass(frozen=True)
class DutyNote:
    """One note. ``number`` rises with each note of a machine; ``sent`` is in Unix seconds.

    Raises:
        Malformed: a value out of bounds.
    """

    machine: int
    week: Week
    number: int
    sent: int
    acknowledged: tuple[Acknowledged, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.machine not in MACHINES or not 1 <= self.number <= LARGEST_NUMBER:
            raise Malformed("note must be by machine 1 or 2, and have a number from 1")
        if len(self.acknowledged) > MOST_ACKNOWLEDGED:
            raise Malformed(f"note must have at most {MOST_ACKNOWLEDGED} presses")

    def to_bytes(self, key: DutyNoteKey) -> bytes:
        """The 2,048 bytes inside of the envelope."""
        count = len(self.acknowledged)
        week = self.week
        head = HEAD.pack(*(MAGIC, VERSION, self.machine, week.year, week.number, self.number, self.sent, count))
        rows = b"".join(
            ENTRY.pack(one.button, _HELP.index(one.meaning) + 1, one.is_late_only, one.window, one.at)
            for one in self.acknowledged
        )
        signed = (head + rows).ljust(_MAC_AT, b"\0")
        return signed + key.mac(signed)


NoteKeyOf = Callable[[Week], DutyNoteKey | None]
"""The key for a week; None for a week whose file this machine does not have."""


def read_note(untrusted_bytes: bytes, *, key_of: NoteKeyOf) -> DutyNote:
    """Undo :meth:`DutyNote.to_bytes`.

    Raises:
        Malformed: anything else.
        NewerFormat: a later version.
        NotForUs: this machine has no file of that week.
        BadSignature: the MAC is not by the key of that week.
    """
    if len(untrusted_bytes) != INSIDE_BYTES or not untrusted_bytes.startswith(MAGIC):
        raise Malformed(f"note must have {INSIDE_BYTES} bytes and begin with its magic bytes")
    _, version, machine, year, week_number, number, sent, count = HEAD.unpack_from(untrusted_bytes)
    if version == 0:
        raise Malformed("version of a note must not be 0")
    if version > VERSION:
        raise NewerFormat(f"note is of a newer version than {VERSION}")
    week = Week(year, week_number)
    key = key_of(week)
    if key is None:
        raise NotForUs("note must be of a week whose file is there")
    signed = untrusted_bytes[:_MAC_AT]
    if not _sodium.equal(key.mac(signed), untrusted_bytes[_MAC_AT:]):
        raise BadSignature("mac of a note must be by the key of its week")
    end = HEAD.size + count * ENTRY.size
    if count > MOST_ACKNOWLEDGED or any(signed[end:]):
        raise Malformed("note must have zeros behind its presses")
    found = []
    for button, meaning, late_only, window, at in ENTRY.iter_unpack(signed[HEAD.size : end]):
        if not 1 <= meaning <= len(_HELP) or late_only > 1:
            raise Malformed("press must have a meaning of help, and late only as 0 or 1")
        found.append(Acknowledged(button, _HELP[meaning - 1], window, at, bool(late_only)))
    return DutyNote(machine, week, number, sent, tuple(found))


def seal_note(note: DutyNote, *, key: DutyNoteKey, to: Sequence[DutyPublicKey]) -> bytes:
    """The note in 5,264 bytes. Raises ValueError: not two keys."""
    if len(to) != DUTY_SLOTS:
        raise ValueError("a note is sealed to two duty keys")
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=to)
    envelope.write(note.to_bytes(key))
    envelope.finish()
    return b"".join(pieces)


def open_note(untrusted_bytes: bytes, *, keys: Sequence[DutySecretKey], key_of: NoteKeyOf) -> DutyNote:
    """Undo :func:`seal_note`.

    Raises:
        NoKeyOpens: sealed to other keys.
        Malformed, NewerFormat, NotForUs, BadSignature: as :func:`read_note`.
    """
    if len(untrusted_bytes) != NOTE_BYTES:
        raise Malformed(f"note must have {NOTE_BYTES} bytes")
    inside = open_envelope(io.BytesIO(untrusted_bytes), keys=keys, slots=DUTY_SLOTS).read()
    return read_note(inside, key_of=key_of)
