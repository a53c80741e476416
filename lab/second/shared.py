"""Items that reviewers tell each other, inside the envelope; after docs/formats/shared.md."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date

from lab.second import values
from lab.second.canonical_json import exactly, read_document
from lab.second.minisign import verify_ed25519
from lab.second.refused import malformed, newer

INSIDE, HEAD = 262_144, 110
FIELDS = ("day", "erased", "heard", "number", "operations", "run", "week")
OPERATION = ("author", "content", "counter", "day", "kind", "number", "replaces", "run", "tip")
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
LARGEST = 2**31 - 1


@dataclass
class Shared:
    """`operations` are the digests of their bodies; `heard` and `erased` as they stand in the document."""

    sender: bytes
    run: bytes
    number: int
    week: tuple[int, int]
    day: date
    heard: object
    erased: object
    operations: list[bytes] = field(default_factory=list)


def name(value: object) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise malformed()
    return value


def read_content(value: object) -> None:
    if not isinstance(value, dict) or len(value) > 16:
        raise malformed()
    for part, of in value.items():
        name(part)
        if isinstance(of, list):
            if not all(isinstance(one, str) and len(one) <= 131_072 for one in values.listed(of, 0, 256)):
                raise malformed()
        elif isinstance(of, dict):
            raise malformed()


def read_operation(value: object) -> tuple[tuple[bytes, bytes, int], bytes]:
    """Its place and its digest."""
    body, signature = values.listed(value, 2, 2)
    signed = values.hexadecimal(signature, 64)
    fields = exactly(body, OPERATION)
    author, run = values.hexadecimal(fields["author"], 32), values.hexadecimal(fields["run"], 16)
    number = values.whole(fields["number"], 1, LARGEST)
    values.whole(fields["counter"], 1, 2**53 - 1)
    values.day(fields["day"])
    name(fields["kind"])
    if fields["tip"] is not None:
        values.hexadecimal(fields["tip"], 32)
    values.ascending([values.hexadecimal(one, 32) for one in values.listed(fields["replaces"], 0, 16)])
    read_content(fields["content"])
    raw = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if len(raw) > 131_072:
        raise malformed()
    verify_ed25519(author, signed, b"tipline/v1/shared-operation\0" + raw)
    return (author, run, number), hashlib.sha256(raw).digest()


def read_heard(value: object) -> tuple[bytes, bytes]:
    author, run, through, highest = values.listed(value, 4, 4)
    top = values.whole(highest, 0, LARGEST)
    if values.whole(through, 0, top) == top - 1:
        raise malformed()
    return values.hexadecimal(author, 32), values.hexadecimal(run, 16)


def read_erased(value: object) -> tuple[bytes, int]:
    run, number, digest = values.listed(value, 3, 3)
    values.hexadecimal(digest, 32)
    return values.hexadecimal(run, 16), values.whole(number, 1, LARGEST)


def read_shared(inside: bytes) -> Shared:
    if inside[:8] != b"TIPLINE\x1a" or len(inside) < 10 or inside[8] < 2:
        raise malformed()
    if inside[8] > 2 or inside[9:10] != b"\6":
        raise newer()
    length = int.from_bytes(inside[106:HEAD], "big")
    if len(inside) != INSIDE or length > INSIDE - HEAD:
        raise malformed()
    sender, document = inside[10:42], inside[HEAD : HEAD + length]
    verify_ed25519(sender, inside[42:106], b"tipline/v1/shared-item\0" + document)
    if any(inside[HEAD + length :]):
        raise malformed()
    fields = read_document(document, limit=INSIDE - HEAD, name="tipline-shared", fields=FIELDS)
    found = Shared(
        sender,
        values.hexadecimal(fields["run"], 16),
        values.whole(fields["number"], 1, LARGEST),
        values.week(fields["week"]),
        values.day(fields["day"]),
        fields["heard"],
        fields["erased"],
    )
    listed = values.listed(fields["operations"], 0, 4096)
    heard = [read_heard(one) for one in values.listed(fields["heard"], 0, 64)]
    erased = [read_erased(one) for one in values.listed(fields["erased"], 0, 4096)]
    operations = [read_operation(one) for one in listed]
    for places in (heard, erased, [place for place, _ in operations]):
        values.ascending(places)
    found.operations = [digest for _, digest in operations]
    return found
