"""``open-age``: one age file of anyone's, and nothing is given out before all of it is verified."""

import io
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from crypto.age.age_armor import END
from crypto.age.envelope import EnvelopeWriter
from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys.identity_file import LONGEST_BYTES, MOST_KEYS, IdentityFile
from crypto.keys.keys import HybridSecretKey
from reviewer.cases.age_file import WaitingPlace, open_whole
from reviewer.cli import run
from system.errors import ProgramError
from tests.vectors.make_armor import armored

KEY = HybridSecretKey(bytes([7]) * 32)
LONG = bytes(range(256)) * 1000
CLASSICAL = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
"""The example of the age specification."""


def sealed(content: bytes, *keys: HybridSecretKey) -> bytes:
    pieces: list[bytes] = []
    writer = EnvelopeWriter(pieces.append, to=[key.public_key() for key in keys or [KEY]])
    writer.write(content)
    writer.finish()
    return b"".join(pieces)


def program(identity: Path, **streams: object) -> "subprocess.CompletedProcess[bytes]":
    """The command as staff run it, with pipes where ``streams`` name no files."""
    command = [sys.executable, "-c", "import sys; from reviewer.cli import main; sys.exit(main())"]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*command, "open-age", "--beside-network", "--identity", identity],
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


@dataclass(frozen=True)
class Ended:
    """The exit code and the output of a command."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Command:
    """The command in this process, which saves the start of one; its streams are real files or pipes."""

    def __init__(self, captured: pytest.CaptureFixture[bytes], patch: pytest.MonkeyPatch) -> None:
        self._captured = captured
        self._patch = patch

    def from_file(self, identity: Path, path: Path) -> Ended:
        with path.open() as stdin:
            return self._ended(identity, stdin)

    def from_pipe(self, identity: Path, given: bytes) -> Ended:
        reading, writing = os.pipe()
        with open(reading) as stdin:
            feeding = threading.Thread(target=_feed, args=(writing, given))
            feeding.start()
            ended = self._ended(identity, stdin)
        feeding.join()
        return ended

    def _ended(self, identity: Path, stdin: IO[str]) -> Ended:
        self._captured.readouterr()
        with self._patch.context() as patch:
            patch.setattr(sys, "stdin", stdin)
            code = run(["open-age", "--beside-network", "--identity", str(identity)])
        return Ended(code, *self._captured.readouterr())


def _feed(writing: int, given: bytes) -> None:
    with suppress(BrokenPipeError), open(writing, "wb", buffering=0) as pipe:
        pipe.write(given)


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capfdbinary, monkeypatch)


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "identity.txt"
    path.write_text(f"# of a week\n\n{KEY.reveal()}\n", encoding="utf-8")
    return path


def test_the_program_opens_from_a_file_and_through_a_pipe(identity: Path, tmp_path: Path) -> None:
    source = tmp_path / "tip.age"
    source.write_bytes(sealed(LONG, HybridSecretKey.generate(), KEY))
    with source.open("rb") as file:
        from_file = program(identity, stdin=file)
    through_pipe = program(identity, input=source.read_bytes())
    assert (from_file.returncode, from_file.stdout) == (0, LONG), from_file.stderr
    assert (through_pipe.returncode, through_pipe.stdout) == (0, LONG), through_pipe.stderr


@pytest.mark.parametrize("wrap", [bytes, armored], ids=["binary", "armoured"])
@pytest.mark.parametrize("content", [b"", b"a tip", LONG])
def test_each_length_opens_from_a_file_and_through_a_pipe(
    identity: Path, tmp_path: Path, command: Command, wrap: type[bytes], content: bytes
) -> None:
    source = tmp_path / "tip.age"
    source.write_bytes(wrap(sealed(content, HybridSecretKey.generate(), KEY)))
    for ended in (command.from_file(identity, source), command.from_pipe(identity, source.read_bytes())):
        assert (ended.returncode, ended.stdout) == (0, content), ended.stderr


def test_a_file_is_read_from_where_standard_input_stands(identity: Path, tmp_path: Path) -> None:
    source = tmp_path / "tip.age"
    source.write_bytes(b"a line before\n" + sealed(b"a tip"))
    with source.open("rb") as file:
        os.lseek(file.fileno(), len(b"a line before\n"), os.SEEK_SET)
        assert program(identity, stdin=file).stdout == b"a tip"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda raw: raw[:-1], "malformed"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "malformed"),
        (lambda raw: raw + b"\0", "malformed"),
        (lambda raw: raw.replace(b"/v1", b"/v2", 1), "newer"),
        (lambda _raw: sealed(LONG, HybridSecretKey.generate()), "no key opens"),
        (lambda raw: armored(raw)[: -len(END) - 1], "malformed"),
        (lambda raw: armored(raw) + b"x", "malformed"),
        (lambda _raw: b"", "malformed"),
    ],
)
@pytest.mark.parametrize("piped", [True, False], ids=["pipe", "file"])
def test_a_fault_at_the_very_end_lets_nothing_out_and_is_named(
    identity: Path, tmp_path: Path, command: Command, change: "type[bytes]", kind: str, piped: bool
) -> None:
    raw = change(sealed(LONG))
    (tmp_path / "tip.age").write_bytes(raw)
    ended = command.from_pipe(identity, raw) if piped else command.from_file(identity, tmp_path / "tip.age")
    assert (ended.returncode, ended.stdout) == (1, b"")
    message = ended.stderr.decode()
    assert f"({kind})" in message
    assert "nothing was written" in message
    assert "Traceback" not in message


def test_a_classical_identity_and_a_classical_file_are_refused_with_an_explanation(
    identity: Path, tmp_path: Path, command: Command
) -> None:
    classical = tmp_path / "classical.txt"
    classical.write_text(CLASSICAL + "\n", encoding="ascii")
    ended = command.from_pipe(classical, sealed(b"a tip"))
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert "classical keys (X25519) only" in ended.stderr.decode()
    header = b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n"
    ended = command.from_pipe(identity, header + bytes(48))
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert "this one is for a classical key (X25519): age opens it (no key opens)" in ended.stderr.decode()


def test_an_identity_file_that_is_none_is_refused_without_quoting_it(tmp_path: Path, command: Command) -> None:
    broken = KEY.reveal()[:-1] + ("Q" if KEY.reveal()[-1] != "Q" else "P")
    for text in ("", "# nothing\n", broken, f"{KEY.reveal()}\n{broken}\n", "canary of a key", "\u00e9"):
        path = tmp_path / "identity.txt"
        path.write_text(text, encoding="utf-8")
        ended = command.from_pipe(path, sealed(b"a tip"))
        assert (ended.returncode, ended.stdout) == (1, b"")
        assert b"identity file" in ended.stderr
        assert broken.encode() not in ended.stderr
        assert b"canary" not in ended.stderr
    assert command.from_pipe(tmp_path / "none.txt", b"").returncode == 1


def test_an_identity_file_holds_keys_comments_and_blank_lines() -> None:
    other = HybridSecretKey.generate()
    raw = f"# \u00fcber\r\n{KEY.reveal()}\r\n\r\n  {other.reveal().lower()}\t\n{CLASSICAL}".encode()
    found = IdentityFile.parse(raw)
    assert [key.seed() for key in found.keys] == [KEY.seed(), other.seed()]
    assert found.classical == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"#" * (LONGEST_BYTES + 1),
        (CLASSICAL + "\n").encode() * (MOST_KEYS + 1),
        b"AGE-PLUGIN-YUBIKEY-1QQQQ\n",
        b"age-encryption.org/v1\n",
        (KEY.reveal() + " " + KEY.reveal()).encode(),
        str(KEY.public_key()).encode(),
    ],
)
def test_what_is_no_identity_file_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        IdentityFile.parse(raw)


class Pipe(io.BytesIO):
    """Cannot be read twice, and says when it would be."""

    def seek(self, *_place: int) -> int:
        raise AssertionError("a pipe has one direction")


def test_no_readable_byte_waits_on_a_disk(tmp_path: Path) -> None:
    """Until it is verified, the sealed file waits as it came; also when it is too long for memory."""
    canary = b"canary of a source " * 20_000
    seen: list[bytes] = []

    class Looking(io.BytesIO):
        """Looks at the waiting file, which has no name, when the first byte comes out."""

        def write(self, piece: object, /) -> int:
            if not seen:
                seen.extend(contents_of_unnamed_files(tmp_path))
            return super().write(piece)  # type: ignore[arg-type]

    out = Looking()
    envelope = sealed(canary)
    open_whole(Pipe(envelope), out, keys=[KEY], waiting=WaitingPlace(tmp_path, in_memory_bytes=4096))
    assert out.getvalue() == canary
    assert seen == [envelope]
    assert not list(tmp_path.iterdir())


def contents_of_unnamed_files(folder: Path) -> list[bytes]:
    """Of files in ``folder`` that this process has open, and that were deleted or never had a name."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        target = entry.readlink() if entry.exists() or entry.is_symlink() else Path()
        if str(target).startswith(str(folder)) and str(target).endswith("(deleted)"):
            found.append(entry.read_bytes())
    return found


def test_a_pipe_longer_than_the_disk_has_room_is_refused_with_what_to_do(tmp_path: Path) -> None:
    full = WaitingPlace(tmp_path, in_memory_bytes=4096, spare_bytes=1 << 62)
    out = io.BytesIO()
    with pytest.raises(ProgramError, match="too long to wait") as caught:
        open_whole(Pipe(sealed(LONG)), out, keys=[KEY], waiting=full)
    assert "< FILE" in caught.value.hint
    assert not out.getvalue()


def test_a_file_that_changes_between_its_two_readings_gives_nothing_else(tmp_path: Path) -> None:
    """Another program may write to it; what was not verified never comes out."""
    first, other = sealed(b"first"), sealed(b"other")

    class Changing(io.FileIO):
        """Changes when it is read for the second time."""

        def seek(self, place: int, whence: int = 0, /) -> int:
            (tmp_path / "tip.age").write_bytes(other)
            return super().seek(place, whence)

    (tmp_path / "tip.age").write_bytes(first)
    out = io.BytesIO()
    with Changing(tmp_path / "tip.age") as source, pytest.raises((ProgramError, CryptoError)):
        open_whole(source, out, keys=[KEY])  # type: ignore[arg-type]
    assert not out.getvalue()


def test_without_a_key_a_sound_file_says_that_no_key_opens() -> None:
    with pytest.raises(NoKeyOpens):
        open_whole(Pipe(sealed(b"a tip")), io.BytesIO(), keys=[])
