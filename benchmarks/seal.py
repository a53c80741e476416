"""Sealing and opening in memory, beside ``gpg -e`` and two age programs on the same bytes.

Run: ``.venv/bin/python benchmarks/seal.py [--mib 400] [--rounds 5] [--folder FOLDER]``

One thread, no disk on our side: an envelope alone, a whole submission (with the digest of its file), both opened
again, and their parts. ``gpg -e`` (default settings, one recipient of its default kind) and ``age`` (one X25519
recipient) read a file and write to /dev/null; so does age-encryption from npm, with one of our recipients. Median
of the rounds, which alternate.
"""

import argparse
import datetime as dt
import hashlib
import io
import secrets
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.keys.keys import IntakeSecretKey, SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.week import Week
from crypto.submissions.reply import open_reply, seal_reply
from crypto.submissions.submission import Head, Kind, SubmissionWriter, open_submission

MIB = 1 << 20
DAY = dt.date(2026, 11, 25)
KEYS = [IntakeSecretKey.generate() for _ in range(4)]
TO = [key.public_key() for key in KEYS]
PIECE = secrets.token_bytes(256 * 1024)


class Nothing:
    """Contents that keep nothing."""

    def field(self, _name: str, _value: str) -> None: ...
    def begin_file(self, _name: str, _media_type: str) -> None: ...
    def data(self, _piece: bytes) -> None: ...
    def end_file(self, _sha256: bytes) -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mib", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where the file for gpg and age is put")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name:
        try:
            _throughput(wanted.mib, wanted.rounds, Path(name))
        finally:
            subprocess.run(["gpgconf", "--homedir", str(Path(name) / "gnupg"), "--kill", "all"], check=False)
    _single_steps()


def _throughput(mib: int, rounds: int, folder: Path) -> None:
    file = folder / "content.bin"
    with file.open("wb") as sink:
        for _ in range(4 * mib):
            sink.write(PIECE)
    envelope, submission = io.BytesIO(), io.BytesIO()
    _seal_envelope(mib, envelope.write)
    _seal_submission(mib, submission.write)
    contenders: dict[str, Callable[[], object]] = {
        "seal an envelope": lambda: _seal_envelope(mib, len),
        "seal a submission": lambda: _seal_submission(mib, len),
        "open an envelope": lambda: _open_envelope(envelope),
        "open a submission": lambda: _open_submission(submission),
        "gpg -e": _gpg(folder, file),
        "age -r": _age(folder, file),
        "npm age-encryption": _npm(file),
        "ChaCha20-Poly1305": lambda: _aead(mib),
        "SHA-256": lambda: _sha256(mib),
    }
    seconds: dict[str, list[float]] = {label: [] for label in contenders}
    labels = list(contenders)
    for turn in range(rounds):
        for label in labels[turn % len(labels) :] + labels[: turn % len(labels)]:
            started = time.perf_counter()
            contenders[label]()
            seconds[label].append(time.perf_counter() - started)
    speed = {label: mib / statistics.median(taken) for label, taken in seconds.items()}
    print(f"{mib} MiB, median of {rounds} rounds; ratios to gpg -e and to age -r of the same run")
    for label, value in speed.items():
        print(f"{label:20} {value:7.0f} MiB/s   {value / speed['gpg -e']:5.1f}   {value / speed['age -r']:5.2f}")


def _head() -> Head:
    return Head(Kind.SUBMISSION, secrets.token_bytes(16), secrets.token_bytes(32), 1, Week.of(DAY), DAY)


def _seal_envelope(mib: int, sink: Callable[[bytes], object]) -> None:
    writer = EnvelopeWriter(sink, to=TO)
    for _ in range(4 * mib):
        writer.write(PIECE)
    writer.finish()


def _seal_submission(mib: int, sink: Callable[[bytes], object]) -> None:
    writer = SubmissionWriter(sink, to=TO, head=_head())
    writer.begin_file("content.bin", "application/octet-stream")
    for _ in range(4 * mib):
        writer.data(PIECE)
    writer.end_file()
    writer.finish(None)


def _open_envelope(source: io.BytesIO) -> None:
    source.seek(0)
    reader = open_envelope(source, keys=KEYS[-1:])
    while reader.read(MIB):
        pass


def _open_submission(source: io.BytesIO) -> None:
    source.seek(0)
    open_submission(source, keys=KEYS[-1:], into=Nothing(), expect=lambda _head: None)


def _aead(mib: int) -> None:
    chunk, key, nonce = PIECE[:65536], bytes(32), bytes(12)
    for _ in range(16 * mib):
        _sodium.aead_seal(chunk, key=key, nonce=nonce)


def _sha256(mib: int) -> None:
    digest = hashlib.sha256()
    for _ in range(4 * mib):
        digest.update(PIECE)


def _gpg(folder: Path, file: Path) -> Callable[[], object]:
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    base = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--yes", "--trust-model", "always"]
    base += ["--no-auto-key-locate"]
    name = "bench"
    subprocess.run(
        [*base, "--passphrase", "", "--quick-generate-key", name, "default", "default", "never"],
        check=True,
        capture_output=True,
    )
    return lambda: subprocess.run([*base, "-r", name, "-o", "/dev/null", "-e", str(file)], check=True)


def _age(folder: Path, file: Path) -> Callable[[], object]:
    identity = folder / "identity"
    subprocess.run(["age-keygen", "-o", str(identity)], check=True, capture_output=True)
    printed = subprocess.run(["age-keygen", "-y", str(identity)], check=True, capture_output=True, text=True)
    return lambda: subprocess.run(
        ["age", "-r", printed.stdout.strip(), "-o", "/dev/null", str(file)], check=True, capture_output=True
    )


def _npm(file: Path) -> Callable[[], object]:
    command = ["node", str(Path(__file__).parents[1] / "tests" / "foreign" / "age.mjs"), "seal", str(TO[0])]

    def run() -> None:
        with file.open("rb") as source:
            subprocess.run(command, stdin=source, stdout=subprocess.DEVNULL, check=True)

    return run


def _single_steps() -> None:
    seed = bytes(range(32))
    public = _hybrid.public_key(seed)
    opener = _hybrid.Opener(seed)
    slot = _hybrid.wrap(bytes(16), to=public)
    source = SourceSecretKey.generate()
    mailbox = MailboxAddress(MailboxId(bytes(32)), source.public_key())
    row = seal_reply("x" * 2000, to=mailbox, day=DAY, number=1)
    text = io.BytesIO()
    _seal_text(text.write)
    steps: dict[str, Callable[[], object]] = {
        "wrap a file key": lambda: _hybrid.wrap(bytes(16), to=public),
        "expand a key": lambda: _hybrid.Opener(seed),
        "open a slot": lambda: opener.unwrap([slot]),
        "header with 4 slots": lambda: EnvelopeWriter(len, to=TO),
        "seal a text": lambda: _seal_text(len),
        "open a text, last of 4": lambda: _open_submission(text),
        "seal a reply": lambda: seal_reply("x" * 2000, to=mailbox, day=DAY, number=1),
        "open a reply": lambda: open_reply(row, key=source),
    }
    for label, step in steps.items():
        taken = []
        for _ in range(200):
            started = time.perf_counter()
            step()
            taken.append(time.perf_counter() - started)
        print(f"{label:24} {statistics.median(taken) * 1e6:7.0f} µs")


def _seal_text(sink: Callable[[bytes], object]) -> None:
    writer = SubmissionWriter(sink, to=TO, head=_head())
    writer.field("text", "x" * 1000)
    writer.finish(None)


if __name__ == "__main__":
    main()
