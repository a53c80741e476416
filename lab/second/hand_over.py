"""Cases for another organisation, inside of the envelope; after docs/formats/hand-over.md."""

import hashlib
import json
from dataclasses import dataclass

from lab.second import values
from lab.second.bech32 import read_public_key
from lab.second.canonical_json import exactly, read_document
from lab.second.fingerprint import words_over
from lab.second.minisign import verify_ed25519
from lab.second.refused import Refused, malformed, newer

MAGIC, HEAD, LIMIT = b"TIPLINH\x1a", 109, 16 << 20
LABEL = b"tipline/v1/hand-over\0"
FIELDS = ("day", "from", "id", "tips", "to", "told")
TIP = ("arrived", "fields", "files", "id")
KEY = ("organisation", "seal", "sign")
TOLD = ("agreed", "life-in-danger", "must-report", "nothing-said")


@dataclass
class HandOverKey:
    organisation: str
    seal: bytes
    sign: bytes
    words: str


@dataclass
class HandOver:
    sender: HandOverKey
    told: str
    tips: int


def read_key(raw: bytes) -> HandOverKey:
    fields = read_document(raw, limit=8192, name="tipline-hand-over-key", fields=KEY)
    return HandOverKey(
        values.text(fields["organisation"], 200),
        read_public_key(fields["seal"]),
        values.hexadecimal(fields["sign"], 32),
        words_over(b"tipline/v1/hand-over-words", raw),
    )


def sized(value: object, low: int, high: int) -> None:
    if not isinstance(value, str) or not low <= len(value.encode("utf-8")) <= high:
        raise malformed()


def read_tip(value: object) -> tuple[str, list[tuple[int, bytes]]]:
    """Its id, and length and digest of each file."""
    fields = exactly(value, TIP)
    values.day(fields["arrived"])
    for pair in values.listed(fields["fields"], 0, 1024):
        name, content = values.listed(pair, 2, 2)
        sized(name, 1, 64)
        sized(content, 0, 262_144)
    files = []
    for file in values.listed(fields["files"], 0, 4096):
        name, kind, length, digest = values.listed(file, 4, 4)
        sized(name, 0, 1024)
        sized(kind, 0, 255)
        files.append((values.whole(length, 0, 2**40), values.hexadecimal(digest, 32)))
    return values.hexadecimal(fields["id"], 32).hex(), files


def written(value: object) -> bytes:
    """The canonical form of what was read in it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_files(rest: bytes, files: list[tuple[int, bytes]]) -> None:
    """Length and digest of each, and nothing behind the last."""
    for size, digest in files:
        content, rest = rest[:size], rest[size:]
        if len(content) != size or hashlib.sha256(content).digest() != digest:
            raise malformed()
    if rest:
        raise malformed()


def read_hand_over(raw: bytes, *, own: bytes) -> HandOver:
    if len(raw) < 9 or raw[:8] != MAGIC or raw[8] == 0:
        raise malformed()
    if raw[8] > 1:
        raise newer()
    if len(raw) < HEAD:
        raise malformed()
    sender, signature, length = raw[9:41], raw[41:105], int.from_bytes(raw[105:HEAD], "big")
    statement, rest = raw[HEAD : HEAD + length], raw[HEAD + length :]
    if not 1 <= length <= LIMIT or len(statement) != length:
        raise malformed()
    verify_ed25519(sender, signature, LABEL + statement)
    fields = read_document(statement, limit=LIMIT, name="tipline-hand-over", fields=FIELDS)
    if not isinstance(fields["from"], dict):
        raise malformed()
    key = read_key(written(fields["from"]))
    values.day(fields["day"])
    values.hexadecimal(fields["id"], 16)
    to = values.hexadecimal(fields["to"], 32)
    tips = [read_tip(tip) for tip in values.listed(fields["tips"], 1, 100)]
    if fields["told"] not in TOLD or key.sign != sender or len({name for name, _ in tips}) != len(tips):
        raise malformed()
    if to != own:
        raise Refused("not for us")
    check_files(rest, [file for _, files in tips for file in files])
    return HandOver(key, str(fields["told"]), len(tips))
