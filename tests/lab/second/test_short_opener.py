"""An opener of envelopes that a stranger writes from the page in an afternoon, held to every vector."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from lab.second import short_opener
from lab.second.short_opener import Refused, open_envelope
from lab.second.vectors import Vector, book, whole

OPENER = Path(short_opener.__file__)
# Vectors that demand a number of slots are about a rule of the formats inside, not of the envelope.
VECTORS = [
    pytest.param(vector, id=f"{name}-{vector['name']}")
    for name in ("envelope", "foreign")
    for vector in book(name)
    if vector["slots"] is None
]
IDENTITY = next(vector for vector in book("identity_file") if vector["name"] == "line_of_comment_before_and_after")


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 90


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_ends_as_it_says(vector: Vector) -> None:
    seeds = [bytes.fromhex(str(seed)) for seed in vector["keys"]]  # type: ignore[attr-defined]
    try:
        content = open_envelope(whole(vector["envelope"]), seeds)
        outcome = "opens"
        assert hashlib.sha256(content).hexdigest() == vector["content_sha256"]
    except Refused as refused:
        outcome = str(refused)
    assert outcome == vector["outcome"]


def test_it_has_under_150_lines_and_knows_nothing_of_this_project() -> None:
    text = OPENER.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {"base64", "hashlib", "hmac", "re", "sys", "pathlib", "cryptography"}
    page = (OPENER.parents[2] / "docs" / "formats" / "envelope.md").read_text(encoding="utf-8")
    assert f"`lab/second/{OPENER.name}`" in page
    assert f"{len(text.splitlines())} lines" in page


def test_as_a_program_it_opens_what_an_identity_file_opens(tmp_path: Path) -> None:
    (tmp_path / "identity").write_bytes(whole(IDENTITY["identity"]))
    sealed = next(vector for vector in book("envelope") if vector["name"] == "envelope_with_one_slot")
    ran = subprocess.run(
        [sys.executable, OPENER, tmp_path / "identity"],
        input=whole(sealed["envelope"]),
        capture_output=True,
        check=True,
    )
    assert hashlib.sha256(ran.stdout).hexdigest() == sealed["content_sha256"]
