"""No secret key lies among the tracked files; those of the vectors and of the pages about formats are meant."""

import base64
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MEANT = ("tests/vectors/", "lab/fuzz/corpus/", "docs/formats/")
"""Keys that are published on purpose: they guard nothing."""

OF_VECTORS = {
    ("tests/crypto/keys/test_keys.py", "an age identity"),
    ("tests/reviewer/cases/test_open_age.py", "an age identity"),
}
"""Keys of published vectors, written out where they are used."""

LONGEST_BYTES = 8 << 20
KINDS = {
    "an age identity": rb"AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{40,}",
    "a private key in PEM": rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20,}",
    "an OpenSSH key": rb"b3BlbnNzaC1rZXktdjEA[A-Za-z0-9+/]{20,}",
    "a minisign secret key": rb"untrusted comment: [^\n]*secret key[^\n]*\n[A-Za-z0-9+/=]{100,}",
    "an onion service's key": rb"== ed25519v1-secret: type0 ==\x00{3}[\s\S]{64}",
    "an onion key for tor's control port": rb"ED25519-V3:[A-Za-z0-9+/=]{80,}",
    "a key of an onion's client": rb"[a-z2-7]{56}:(?:descriptor:)?x25519:[A-Z2-7]{52}",
    "a token of a forge": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,}|glpat-[\w-]{20,}|pypi-[\w-]{50,})",
    "a key of a cloud": rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b",
    "a token of a chat": rb"\bxox[abprs]-[0-9A-Za-z-]{20,}",
    "a signed web token": rb"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{15,}",
    "a password in an address": rb"\b[a-z]+://[^\s/:@\"'{}<>]+:(?!pass@)[^\s/:@\"'{}<>]{3,}@[\w.-]+",
}
EXAMPLES = {
    "an age identity": b"AGE-SECRET-KEY-" + b"PQ-1" + b"Q" * 58,
    "a private key in PEM": b"-----BEGIN RSA " + b"PRIVATE KEY-----\n" + b"M" * 64,
    "an OpenSSH key": base64.b64encode(b"openssh-key-v1\0" + bytes(30)),
    "a minisign secret key": b"untrusted comment: minisign encrypted " + b"secret key\n" + b"R" * 212,
    "an onion service's key": b"== ed25519v1-" + b"secret: type0 ==" + bytes(67),
    "an onion key for tor's control port": b"ED25519-" + b"V3:" + b"A" * 88,
    "a key of an onion's client": b"a" * 56 + b":descriptor:x25519:" + b"A" * 52,
    "a token of a forge": b"ghp" + b"_" + b"a" * 36,
    "a key of a cloud": b"AKIA" + b"A" * 16,
    "a token of a chat": b"xoxb" + b"-1234567890-abcdefghij",
    "a signed web token": b"eyJ" + b"a" * 20 + b".eyJ" + b"b" * 20 + b"." + b"c" * 20,
    "a password in an address": b"https://me:" + b"secret@example.org/",
}


def tracked() -> list[Path]:
    """Files that are in the repository, or would be at the next commit."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name.decode() for name in listed.split(b"\0") if name and (ROOT / name.decode()).is_file()]


def secrets_in(content: bytes) -> list[str]:
    return [kind for kind, pattern in KINDS.items() if re.search(pattern, content)]


def test_no_tracked_file_holds_a_secret_key() -> None:
    files = [path for path in tracked() if not path.relative_to(ROOT).as_posix().startswith(MEANT)]
    assert len(files) > 500
    assert [path for path in files if path.stat().st_size > LONGEST_BYTES] == []
    found = {(str(path.relative_to(ROOT)), kind) for path in files for kind in secrets_in(path.read_bytes())}
    assert found == OF_VECTORS


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_finds(kind: str) -> None:
    assert secrets_in(b"before\n" + EXAMPLES[kind] + b"\nafter") == [kind]


@pytest.mark.parametrize("name", [".env", "id_ed25519", "root.key", "database.key", "hs_ed25519_secret_key"])
def test_no_tracked_file_is_named_like_a_key(name: str) -> None:
    assert [path for path in tracked() if path.name == name] == []
