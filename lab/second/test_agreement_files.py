"""Identity files, files of a keyring, and casebook backups: both implementations say the same."""

import hashlib
import io
import json
from random import Random
from typing import Any

import pytest

from crypto.keys.at_rest import RestKey
from crypto.keys.identity_file import IdentityFile
from crypto.keys.key_file import open_key_file
from crypto.keys.keys import HybridSecretKey
from crypto.recovery.casebook_backup import read_backup
from lab.second import casebook_backup, identity_file, key_file, seal
from lab.second.agreement import ROWS, SECOND_KEYS, SEEDS, SLOTS, agreed, changed, sound
from lab.second.mutation import canonical, mutated

LINES = (
    b"AGE-SECRET-KEY-PQ-1",
    b"age-secret-key-pq-1",
    b"AGE-SECRET-KEY-1QQ",
    b"#",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"\x0b",
    b"\xc2\xa0",
    b"\xe2\x84\xaa",
    b"Q",
)


def first_keys(raw: bytes) -> object:
    found = IdentityFile.parse(raw)
    return [key.seed() for key in found.keys], found.classical


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_identity_files_both_say_the_same(row: int) -> None:
    random = Random(f"identity {row}")
    files = [raw for raw in sound("identity_file", "identity") if len(raw) < 1000]
    outcomes = set()
    for _ in range(200):
        raw = mutated(random, random.choice(files), LINES)
        outcomes.add(
            agreed(lambda raw=raw: first_keys(raw), lambda raw=raw: identity_file.read_identity_file(raw), raw)
        )
    assert outcomes == {"opens", "malformed"}


@pytest.mark.parametrize("row", ROWS)
def test_of_files_of_a_keyring_both_say_the_same(row: int) -> None:
    random = Random(f"keyring {row}")
    outcomes = set()
    for _ in range(100):
        home_key, name = random.randbytes(32), random.choice(("intake-2026-W48", "reviewer", "casebook"))
        ring = RestKey(home_key).derive("keyring")
        usual = 64 if name == "reviewer" else 32
        length = usual if random.random() < 0.8 else random.choice((0, 31, 32, 33, 64))
        raw = ring.seal(random.randbytes(length), label=f"key/{name}")
        if random.random() < 0.6:
            raw = mutated(random, raw)
        asked = name if random.random() < 0.9 else random.choice(("envelopes", f"{name}-2", f"{name}-10", "", "A"))
        outcomes.add(
            agreed(
                lambda raw=raw, ring=ring, asked=asked: open_key_file(raw, name=asked, key=ring),
                lambda raw=raw, asked=asked, key=home_key: key_file.open_key_file(raw, name=asked, home_key=key),
                (raw, asked),
            )
        )
    assert outcomes == {"opens", "no key opens", "malformed"}


def first_backup(raw: bytes) -> object:
    files: dict[str, Any] = {}

    def into(name: str) -> Any:
        files[name] = hashlib.sha256()
        return files[name].update

    head = read_backup(io.BytesIO(raw), key=HybridSecretKey(SEEDS[0]), into=into)
    listed = [[name, length, files[name].hexdigest()] for name, length in zip(files, head.lengths, strict=True)]
    return head.casebook_key.seed(), head.reviewer_seeds, listed


def second_backup(raw: bytes) -> object:
    return casebook_backup.read_backup(raw, key=SECOND_KEYS[0])


def backup_content(random: Random) -> bytes:
    lengths = [random.choice((0, 1, 70_000)) for _ in range(2)]
    head = canonical(
        {
            "casebook_key": "c0" * 32,
            "files": [["casebook.db", lengths[0]], ["contents.db", lengths[1]]],
            "format": "tipline-casebook-backup",
            "format_version": 1,
            "reviewer_keys": "5e" * 64,
        }
    )
    fault = random.randrange(4)
    if fault == 0:
        head = changed(random, head)
    if fault == 1:
        document = json.loads(head)
        document["files"][random.randrange(2)][1] = random.choice(
            (-1, 2**48, 2**48 + 1, True, None, "1", lengths[0])
        )
        head = canonical(document)
    length = len(head) if random.random() < 0.9 else random.choice((0, 8192, 8193, len(head) - 1))
    content = length.to_bytes(4, "big") + head + bytes(sum(lengths))
    return mutated(random, content[:400]) + content[400:] if fault == 2 else content


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_casebook_backups_both_say_the_same(row: int) -> None:
    random = Random(f"backup {row}")
    outcomes = set()
    for _ in range(60):
        header = seal.header(random.choice((SLOTS[0],) * 8 + (SLOTS[1], SLOTS[0] + SLOTS[1])))
        raw = header + seal.payload(backup_content(random))
        outcomes.add(agreed(lambda raw=raw: first_backup(raw), lambda raw=raw: second_backup(raw), raw[:2000]))
    assert {"opens", "malformed", "no key opens"} <= outcomes
