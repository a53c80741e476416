"""Vectors of ``docs/formats/recovery-sheet.md``: the keys that follow from sheets, by pyca/cryptography."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.vectors.book import MALFORMED, OPENS, VectorBook
from tests.vectors.foreign_primitives import hkdf

ROOT, CASEBOOK_BACKUP = 1, 2
SEED = bytes(range(32))


def fill() -> None:
    book = VectorBook("reviewer_keys")
    for name, outcome, kind, seed, reviewer in (
        ("founder_of_the_example", OPENS, ROOT, SEED, "reviewer"),
        ("founder_of_another_name", OPENS, ROOT, SEED, "berlin"),
        ("founder_of_another_root", OPENS, ROOT, bytes(32), "reviewer"),
        ("founder_with_a_name_of_one_digit", OPENS, ROOT, SEED, "7"),
        ("founder_with_a_name_of_32_letters", OPENS, ROOT, SEED, "x" * 32),
        ("founder_with_a_name_of_33_letters", MALFORMED, ROOT, SEED, "x" * 33),
        ("founder_without_a_name", MALFORMED, ROOT, SEED, ""),
        ("founder_with_a_capital", MALFORMED, ROOT, SEED, "Reviewer"),
        ("founder_with_a_slash", MALFORMED, ROOT, SEED, "a/b"),
        ("joined_reviewer", OPENS, CASEBOOK_BACKUP, SEED, "berlin"),
        ("joined_reviewer_of_another_name", OPENS, CASEBOOK_BACKUP, SEED, "reviewer-4f6ec6"),
        ("joined_reviewer_with_a_seed_of_ones", OPENS, CASEBOOK_BACKUP, b"\xff" * 32, "berlin"),
        ("joined_reviewer_with_a_capital", MALFORMED, CASEBOOK_BACKUP, SEED, "Berlin"),
    ):
        told = _following(kind, seed, reviewer) if outcome == OPENS else {}
        book.add_fixed(name, outcome, {"kind": kind, "seed": seed.hex(), "reviewer": reviewer, **told})
    book.save()


def _following(kind: int, seed: bytes, reviewer: str) -> dict[str, str]:
    backup_label = f"tipline/v1/casebook-backup/{reviewer}".encode()
    backup = hkdf(seed, salt=b"", label=backup_label) if kind == ROOT else seed
    signing = hkdf(backup, salt=b"", label=b"tipline/v1/reviewer/signing")
    transport = hkdf(backup, salt=b"", label=b"tipline/v1/reviewer/transport")
    return {
        "backup_seed": backup.hex(),
        "signing_seed": signing.hex(),
        "transport_seed": transport.hex(),
        "sign": Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw().hex(),
        "transport_sha256": hashlib.sha256(_hybrid_public(transport)).hexdigest(),
    }


def _hybrid_public(seed: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    curve = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    return lattice.public_bytes_raw() + curve.public_bytes_raw()
