"""Recipient files, alone and in a manifest, and what a source sealed: both implementations say the same."""

import hashlib
import io
import json
from random import Random

import pytest

from crypto.keys.keys import RootVerifyKey, SealedSecretKey
from crypto.manifests import manifest
from crypto.manifests.recipient_file import parse_recipients, recipient_file, verify_recipients
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import open_sealed_file
from lab.second import manifest as second_manifest
from lab.second import recipient_file as second
from lab.second import seal, sealed_file
from lab.second.agreement import ROOT, ROWS, SECOND_KEYS, SEEDS, agreed, sound
from lab.second.container import Container
from lab.second.mutation import canonical, mutated, mutated_document
from tests.crypto.collected import Collected

KEYS = [SealedSecretKey(seed) for seed in SEEDS]
ROOT_KEY = seal.verify_key(ROOT)


def first_read(file: bytes, signature: bytes | None) -> object:
    if signature is None:
        entry = parse_recipients(file)
    else:
        entry = verify_recipients(file, signature, root=RootVerifyKey(ROOT_KEY))
    return entry.quarter.last_day, [key.to_bytes() for key in entry.keys]


def second_read(file: bytes, signature: bytes | None) -> object:
    if signature is None:
        return second.read_recipients(file)
    return second.verify_recipients(file, signature, root=ROOT_KEY)


def agreed_file(file: bytes, signature: bytes | None = None) -> str:
    return agreed(lambda: first_read(file, signature), lambda: second_read(file, signature), file)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_recipient_files_both_say_the_same(row: int) -> None:
    random = Random(f"recipients {row}")
    (file, *_) = sound("recipient_file", "file")
    for _ in range(40):
        changed = mutated(random, file, [b"# last day ", b"-12-31", b"-06-30", b"\n", b"\r\n", b"age1pq1"])
        agreed_file(changed)
        if len(changed) == len(file):
            assert agreed_file(changed, seal.signature_file(ROOT, file)) in {"bad signature", "opens"}
        agreed_file(changed, seal.signature_file(ROOT, changed))


def test_of_every_day_of_four_years_and_every_edge_both_say_the_same() -> None:
    (file, *_) = sound("recipient_file", "file")
    days = [
        f"{year}-{month:02}-{day:02}"
        for year in (1999, 2000, 2024, 2999, 3000)
        for month in range(14)
        for day in range(33)
    ]
    outcomes = [agreed_file(file.replace(b"2026-12-31", day.encode())) for day in days]
    assert outcomes.count("opens") == 12


def test_every_quarter_makes_the_same_file_for_both() -> None:
    (file, *_) = sound("recipient_file", "file")
    entry = parse_recipients(file)
    for year in (2000, 2023, 2024, 2100, 2999):
        for number in range(1, 5):
            there = type(entry)(Quarter(year, number), entry.keys)
            raw_keys = [key.to_bytes() for key in entry.keys]
            assert recipient_file(there) == second.recipient_file((year, number), raw_keys)


@pytest.mark.parametrize("row", ROWS)
def test_of_manifests_with_changed_signatures_of_recipient_files_both_say_the_same(row: int) -> None:
    random = Random(f"recipients in a manifest {row}")
    whole = next(raw for raw in sound("manifest", "manifest") if b'"signature"' in raw)
    document = json.loads(whole)
    (entry,) = manifest.Manifest.parse(whole).sealed
    outcomes = set()
    for place in range(12):
        signed = seal.signature_file(ROOT, recipient_file(entry))
        lines = (mutated(random, signed) if place % 3 else signed).decode("utf-8", "replace").split("\n")
        document["sealed"][0]["signature"] = lines[:-1]
        raw = canonical(document)
        if place % 4 == 3:
            raw = mutated_document(random, raw)
        signature = seal.signature_file(ROOT, raw)
        outcomes.add(
            agreed(
                lambda raw=raw, signature=signature: (
                    manifest.verify_manifest(raw, signature, root=RootVerifyKey(ROOT_KEY)).version
                ),
                lambda raw=raw, signature=signature: (
                    second_manifest.verify_manifest(raw, signature, root=ROOT_KEY).version
                ),
                raw,
            )
        )
    assert "opens" in outcomes
    assert len(outcomes) > 1


def first_opened(envelope: bytes) -> object:
    into = Collected()
    found = open_sealed_file(io.BytesIO(envelope), keys=KEYS, into=into, plain_name="")
    return (found.head is None, into.events)


def second_opened(envelope: bytes) -> object:
    inside = sealed_file.open_sealed(envelope, keys=SECOND_KEYS)
    if isinstance(inside, Container):
        return (False, inside.events)
    return (True, [["file", "", "", len(inside), hashlib.sha256(inside).hexdigest()]])


@pytest.mark.parametrize("row", ROWS)
def test_of_sealed_files_with_anything_inside_both_say_the_same(row: int) -> None:
    random = Random(f"sealed {row}")
    stanzas = seal.wrap(SECOND_KEYS[row % len(SECOND_KEYS)].public)
    insides = [inside for inside in sound("container", "container") if len(inside) < 200_000]
    outcomes = set()
    for place in range(30):
        inside = random.choice(insides)
        if place % 3 == 0:
            inside = mutated(random, inside, [b"TIPLINE\x1a\x01\x05", b"Z", b"F", b"B"])
        elif place % 3 == 1:
            inside = bytes([*inside[:9], 5]) + inside[10:26] + bytes(36) + inside[62:]
        envelope = seal.header(stanzas) + seal.payload(inside)
        outcomes.add(agreed(lambda e=envelope: first_opened(e), lambda e=envelope: second_opened(e), inside))
    assert {"opens", "malformed"} <= outcomes
