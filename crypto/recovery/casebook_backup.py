"""Casebook backups as they lie in their file: ``docs/formats/casebook-backup.md``.

What is inside of the two databases is the reviewer's business; here they are bytes of a known length.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Self

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridPublicKey, HybridSecretKey
from crypto.keys.party import SEEDS_BYTES
from crypto.primitives import canonical_json
from crypto.primitives.byte_source import ExactSource
from crypto.primitives.canonical_json import Fields

FORMAT = "tipline-casebook-backup"
FORMAT_VERSION = 1
FILES = ("casebook.db", "contents.db")
LONGEST_HEAD_BYTES = 8192
LARGEST_FILE_BYTES = 2**48

_LENGTH_BYTES = 4
_KEY_BYTES = 32
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupHead:
    """The head of a backup: casebook key, the reviewer's seeds (64 bytes), and file lengths.

    The lengths are in the order of :data:`FILES`.
    """

    casebook_key: RestKey
    reviewer_seeds: bytes
    lengths: tuple[int, ...]

    def to_bytes(self) -> bytes:
        return canonical_json.to_bytes(
            {
                "casebook_key": self.casebook_key.seed().hex(),
                "files": [[name, length] for name, length in zip(FILES, self.lengths, strict=True)],
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "reviewer_keys": self.reviewer_seeds.hex(),
            }
        )

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> Self:
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed, NewerFormat: not such a head.
        """
        fields = Fields.of_document(
            untrusted_bytes, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=LONGEST_HEAD_BYTES
        )
        casebook_key = RestKey(fields.hex("casebook_key", length_bytes=_KEY_BYTES))
        seeds = fields.hex("reviewer_keys", length_bytes=SEEDS_BYTES)
        files = fields.array("files", least=len(FILES), most=len(FILES))
        fields.close()
        lengths: list[int] = []
        for name, listed in zip(FILES, files, strict=True):
            match listed:
                case [str(listed_name), int(length)] if listed_name == name and type(length) is int:
                    lengths.append(length)
                case _:
                    raise Malformed("backup must hold the two files of a casebook")
        if not all(0 <= length <= LARGEST_FILE_BYTES for length in lengths):
            raise Malformed(f"file of a backup must have at most {LARGEST_FILE_BYTES} bytes")
        return cls(casebook_key, seeds, tuple(lengths))

    def __repr__(self) -> str:
        return "<BackupHead>"


def begin_backup(sink: Callable[[bytes], object], *, to: HybridPublicKey, head: BackupHead) -> EnvelopeWriter:
    """The envelope of a backup with its head written: the bytes of the files follow, then ``finish``."""
    envelope = EnvelopeWriter(sink, to=[to])
    raw = head.to_bytes()
    envelope.write(len(raw).to_bytes(_LENGTH_BYTES, "big") + raw)
    return envelope


def read_backup(
    source: BinaryIO, *, key: HybridSecretKey, into: Callable[[str], Callable[[bytes], object]]
) -> BackupHead:
    """Read a backup to its end. ``into`` returns the sink for a file, which receives its pieces.

    The files are complete and verified only when this returns.

    Raises:
        Malformed, NewerFormat: not a backup.
        NoKeyOpens: sealed to another key.
    """
    whole = ExactSource(open_envelope(source, keys=[key], slots=1))
    length = int.from_bytes(whole.exactly(_LENGTH_BYTES, what="backup"), "big")
    if length > LONGEST_HEAD_BYTES:
        raise Malformed(f"head of a backup must have at most {LONGEST_HEAD_BYTES} bytes")
    head = BackupHead.parse(whole.exactly(length, what="backup"))
    for name, length_bytes in zip(FILES, head.lengths, strict=True):
        take = into(name)
        left = length_bytes
        while left:
            piece = whole.exactly(min(left, _PIECE_BYTES), what="backup")
            take(piece)
            left -= len(piece)
    if whole.up_to(1):
        raise Malformed("backup must end with the last of its files")
    return head
