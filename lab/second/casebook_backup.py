"""Every case of one reviewer in one sealed file, after docs/formats/casebook-backup.md."""

import hashlib

from lab.second import values
from lab.second.canonical_json import read_document
from lab.second.envelope import open_envelope
from lab.second.hybrid import HybridKey
from lab.second.refused import malformed

HEAD_LIMIT = 8192
LARGEST = 2**48
FIELDS = ("casebook_key", "files", "reviewer_keys")
NAMES = ("casebook.db", "contents.db")


def read_lengths(value: object) -> list[int]:
    """The length of each file, when they are the files that there are, in their order."""
    pairs = [values.listed(entry, 2, 2) for entry in values.listed(value, len(NAMES), len(NAMES))]
    if tuple(name for name, _ in pairs) != NAMES:
        raise malformed()
    return [values.whole(length, 0, LARGEST) for _, length in pairs]


def open_backup(raw: bytes, *, key: HybridKey) -> tuple[bytes, bytes, dict[str, bytes]]:
    """The casebook key, the seeds of the reviewer's keys, and the bytes of each file."""
    flow = open_envelope(raw, keys=[key], slots=1)
    head_bytes = flow.number(4)
    if head_bytes > HEAD_LIMIT:
        raise malformed()
    head = read_document(flow.take(head_bytes), limit=HEAD_LIMIT, name="tipline-casebook-backup", fields=FIELDS)
    casebook_key = values.hexadecimal(head["casebook_key"], 32)
    seeds = values.hexadecimal(head["reviewer_keys"], 64)
    lengths = read_lengths(head["files"])
    files = {name: flow.take(length) for name, length in zip(NAMES, lengths, strict=True)}
    flow.end()
    return casebook_key, seeds, files


def read_backup(raw: bytes, *, key: HybridKey) -> tuple[bytes, bytes, list[list[object]]]:
    """The casebook key, the seeds of the reviewer's keys, and of each file name, length and SHA-256."""
    casebook_key, seeds, files = open_backup(raw, key=key)
    return (
        casebook_key,
        seeds,
        [[name, len(file), hashlib.sha256(file).hexdigest()] for name, file in files.items()],
    )
