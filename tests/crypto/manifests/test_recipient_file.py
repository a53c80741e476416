"""Recipient files: ``docs/formats/recipient-file.md``."""

import dataclasses
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import BadSignature, CryptoError, Malformed
from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey, RootVerifyKey, SealedSecretKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.manifest import sign_manifest, verify_manifest
from crypto.manifests.recipient_file import (
    FILE_BYTES,
    parse_recipients,
    recipient_file,
    sign_recipients,
    verify_recipients,
)
from crypto.primitives.week import Quarter
from tests.crypto.vector_outcome import outcome_of
from tests.organisation import Organisation
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("recipient_file"))
ROOT = RootSigningKey(b"\x77" * 32)
ENTRY = SealedQuarter(
    Quarter(2026, 4), tuple(SealedSecretKey(bytes([place]) * 32).public_key() for place in range(1, 5))
)


def read(vector: dict[str, Any]) -> SealedQuarter:
    raw = bytes_of(vector["file"])
    if vector["signature"] is None:
        return parse_recipients(raw)
    return verify_recipients(raw, bytes_of(vector["signature"]), root=RootVerifyKey.parse(vector["root"]))


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 30
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    assert outcome_of(lambda: read(vector)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert recipient_file(read(vector)) == bytes_of(vector["file"])
        assert read(vector).quarter.last_day.isoformat() == vector["last_day"]


@pytest.mark.parametrize(
    "quarter", [Quarter(2000, 1), Quarter(2026, 4), Quarter(2027, 2), Quarter(2999, 3)], ids=str
)
def test_every_file_has_one_length_and_its_last_day_in_its_first_line(quarter: Quarter) -> None:
    raw = recipient_file(dataclasses.replace(ENTRY, quarter=quarter))
    assert len(raw) == FILE_BYTES
    assert raw.startswith(f"# last day {quarter.last_day.isoformat()}\n".encode())
    assert parse_recipients(raw) == dataclasses.replace(ENTRY, quarter=quarter)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, FILE_BYTES - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_another_whole_file_and_never_ours(at: int, by: int) -> None:
    sound = recipient_file(ENTRY)
    changed = sound[:at] + bytes([sound[at] ^ by]) + sound[at + 1 :]
    try:
        assert recipient_file(parse_recipients(changed)) == changed
    except CryptoError:
        return
    assert at < len("# last day 2026-12-31"), "a key has a checksum"


def test_what_the_root_signed_is_verified_and_another_file_is_not() -> None:
    signed = sign_recipients(ENTRY, root=ROOT)
    raw = recipient_file(signed)
    assert verify_recipients(raw, signed.signature_file(), root=ROOT.verify_key()) == ENTRY
    later = recipient_file(dataclasses.replace(ENTRY, quarter=Quarter(2027, 1)))
    with pytest.raises(BadSignature):
        verify_recipients(later, signed.signature_file(), root=ROOT.verify_key())
    with pytest.raises(BadSignature):
        verify_recipients(raw, signed.signature_file(), root=RootSigningKey.generate().verify_key())
    with pytest.raises(Malformed):
        verify_recipients(raw + b"\n", signed.signature_file(), root=ROOT.verify_key())


def test_minisign_accepts_the_file_and_its_signature(tmp_path: Path) -> None:
    signed = sign_recipients(ENTRY, root=ROOT)
    (tmp_path / "root.pub").write_bytes(minisign.public_key_file(ROOT.verify_key()))
    (tmp_path / "recipients.txt").write_bytes(recipient_file(signed))
    (tmp_path / "recipients.txt.minisig").write_bytes(signed.signature_file())
    arguments = ["minisign", "-V", "-p", "root.pub", "-m", "recipients.txt"]
    verified = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "tipline recipients, last day 2026-12-31" in verified.stdout


def test_a_manifest_carries_the_signature_and_refuses_another() -> None:
    organisation = Organisation()
    issued = organisation.issue().manifest
    signed = sign_recipients(issued.sealed[0], root=organisation.root)
    raw, signature = sign_manifest(dataclasses.replace(issued, sealed=(signed,)), root=organisation.root)
    verified = verify_manifest(raw, signature, root=organisation.root.verify_key())
    assert verified.manifest.sealed == (signed,)
    for wrong in (
        sign_recipients(issued.sealed[0], root=RootSigningKey.generate()),
        dataclasses.replace(signed, signature=sign_recipients(ENTRY, root=organisation.root).signature),
    ):
        raw, signature = sign_manifest(dataclasses.replace(issued, sealed=(wrong,)), root=organisation.root)
        with pytest.raises(BadSignature):
            verify_manifest(raw, signature, root=organisation.root.verify_key())


def test_a_signature_must_have_four_lines() -> None:
    for lines in (("a",), ("a", "b", "c", "d\n"), ("a", "b", "c", "d", "e")):
        with pytest.raises(Malformed):
            dataclasses.replace(ENTRY, signature=lines)
