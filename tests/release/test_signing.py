"""The release key: minisign opens it, and reads its passphrase from standard input."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys.minisign import parse_public_key_file, verify
from release import ReleaseRefused
from release.signing import LONGEST_PASSPHRASE_BYTES, ReleaseKey, read_passphrase
from tests.release.small_project import PASSPHRASE, read_prompt, write_secret_key

COMMENT = "tipline 0.1.0, commit 0123"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    write_secret_key(tmp_path / "release.key")
    return tmp_path / "release.key"


def test_minisign_and_our_own_reader_accept_what_was_signed_and_refuse_other_bytes(
    key_file: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "SHA256SUMS"
    listed.write_text("a list\n")
    key = ReleaseKey(key_file, passphrase=PASSPHRASE.encode())
    signature = key.sign(listed, trusted_comment=COMMENT)
    public = parse_public_key_file(f"untrusted comment: x\n{key.public_line}\n".encode())
    assert verify(listed.read_bytes(), untrusted_signature=signature.read_bytes(), key=public) == COMMENT
    check = ["minisign", "-V", "-P", key.public_line, "-m", str(listed)]
    accepted = subprocess.run(check, capture_output=True, check=True, text=True).stdout
    assert "Signature and comment signature verified" in accepted
    assert COMMENT in accepted
    listed.write_text("another list\n")
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


def test_a_wrong_passphrase_is_told_when_the_key_is_opened(key_file: Path) -> None:
    with pytest.raises(ReleaseRefused, match="wrong password"):
        ReleaseKey(key_file, passphrase=b"another one")


def test_a_key_without_a_passphrase_is_refused(tmp_path: Path) -> None:
    write_secret_key(tmp_path / "bare.key", passphrase=None)
    with pytest.raises(ReleaseRefused, match="has no passphrase") as refused:
        ReleaseKey(tmp_path / "bare.key", passphrase=b"any")
    assert "minisign -C" in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"one line", b"a\nnot base64!\n", b"a\nRWQ=\n", b"\xff\xfe\n\xff\n"])
def test_a_file_that_is_no_secret_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(ReleaseRefused, match="no secret key of minisign"):
        ReleaseKey(tmp_path / "key", passphrase=b"any")


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefused, match="cannot read"):
        ReleaseKey(tmp_path / "key", passphrase=b"any")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\na second line\n"])
def test_the_first_line_of_a_passphrase_file_counts_without_its_end(tmp_path: Path, ending: str) -> None:
    (tmp_path / "file").write_bytes(f"{PASSPHRASE}{ending}".encode())
    assert read_passphrase(str(tmp_path / "file"), key_file=tmp_path) == PASSPHRASE.encode()


def test_a_passphrase_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{PASSPHRASE}\n".encode())))
    assert read_passphrase("-", key_file=tmp_path) == PASSPHRASE.encode()


@pytest.mark.parametrize("line", [b"", b"\n", b"a" * (LONGEST_PASSPHRASE_BYTES + 1), b"a\0b\n"])
def test_a_passphrase_that_minisign_could_not_take_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "file").write_bytes(line)
    with pytest.raises(ReleaseRefused, match="1 to 1000 bytes"):
        read_passphrase(str(tmp_path / "file"), key_file=tmp_path)


def test_without_a_terminal_and_without_a_file_no_passphrase_is_asked_for(tmp_path: Path) -> None:
    done = subprocess.run(
        read_prompt(tmp_path / "key")[2:], stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert "there is no terminal to ask for the passphrase" in done.stderr


def test_a_passphrase_that_is_typed_is_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(read_prompt(tmp_path / "key"), stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"Passphrase of " not in shown or not shown.endswith(b": "):
            shown += os.read(ours, 4096)
        os.write(ours, f"{PASSPHRASE}\n".encode())
        while b"bytes" not in shown or not shown.endswith(b"\n"):
            shown += os.read(ours, 4096)
        assert process.wait(60) == 0
    os.close(ours)
    assert f"bytes {len(PASSPHRASE)}".encode() in shown
    assert PASSPHRASE.encode() not in shown
