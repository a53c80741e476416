"""The speed of importing one large submission: MiB of the source's file a second, and its parts.

    python benchmarks/open.py [--mib 400] [--profile] [FOLDER]

FOLDER (default: a temporary one) decides which disk is measured. Beside the import, the same run measures its parts
(open an age envelope, SHA-256, seal again) and the disk with ``fsync``, so that the ratios hold on any machine. The
import opens two envelopes (bundle and submission), hashes three times (bundle item, file, and the digest at the
file's end), seals each piece again and writes it once.
"""

import argparse
import contextlib
import cProfile
import datetime as dt
import hashlib
import io
import os
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.bundles.bundle import BundleWriter, ItemEntry, ItemType, Sealing, Statement, sign_statement
from crypto.bundles.bundle_file import BundleFileWriter
from crypto.keys.keys import HybridSecretKey
from crypto.keys.party import PartyKeys
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import Home, open_home
from reviewer.keys.intake_keys import IssueResult, issue_keys
from reviewer.media.root_medium import RootMedium
from reviewer.recovery.key_ceremony import create_organisation
from reviewer.terminal.secret_entry import SecretEntry

MIB = 1 << 20
ENTRY = SecretEntry(None)
TODAY = dt.datetime.now(dt.UTC).date()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mib", type=int, default=400)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made)
        with contextlib.redirect_stderr(io.StringIO()):
            create_organisation(
                folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
                entry=ENTRY, today=TODAY, told=lambda _line: None,
            )  # fmt: skip
        piece = os.urandom(MIB)
        with open_home(folder / "home", entry=ENTRY) as home:
            file = _make_file(home, folder, piece, asked.mib)
            before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            profile = cProfile.Profile()
            if asked.profile:
                profile.enable()
            began, cpu_began = time.perf_counter(), time.process_time()
            brought = FileImporter(home, today=TODAY, progress=lambda _count: None).read(file)
            seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
            profile.disable()
            assert len(brought.opened) == 1
            grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
            print(f"import of one submission of {asked.mib} MiB: {asked.mib / seconds:.0f} MiB/s ({seconds:.2f} s)")
            print(f"processor time {cpu_seconds:.2f} s: on one core {asked.mib / cpu_seconds:.0f} MiB/s")
            print(f"memory grew by {grown_kib / 1024:.0f} MiB")
            if asked.profile:
                pstats.Stats(profile).sort_stats("tottime").print_stats(12)
        _parts(folder, piece, asked.mib)


def _make_file(home: Home, folder: Path, piece: bytes, mib: int) -> Path:
    """A FILE with one bundle with one submission, made in pieces as a server makes it."""
    server = PartyKeys.generate("server")
    home.casebook.servers.add(server.party(), today=TODAY)
    issued = issue_keys(home, RootMedium.open_existing(folder / "root"), weeks=8, twin=None, today=TODAY)
    envelope = folder / "envelope.age"
    with envelope.open("wb") as sink:
        _seal(sink.write, issued, piece, mib)
    digest, length = hashlib.sha256(), envelope.stat().st_size
    with envelope.open("rb") as source:
        for part in iter(lambda: source.read(MIB), b""):
            digest.update(part)
    entry = ItemEntry(ItemType.SUBMISSION, digest.digest(), length)
    own = home.party_keys().party()
    statement = Statement.first(sender=server.signing.verify_key(), receivers=[own.verify_key], items=[entry])
    path = folder / "tips.bundle"
    with path.open("wb") as sink, envelope.open("rb") as source:
        file = BundleFileWriter(sink.write)
        with file.bundle() as bundle_sink:
            writer = BundleWriter(
                bundle_sink,
                to=[own.transport_key],
                statement_bytes=statement.to_bytes(),
                signature=sign_statement(statement, key=server.signing),
                sealing=Sealing(server.signing, statement.number),
            )
            writer.item(entry, iter(lambda: source.read(MIB), b""))
            writer.finish()
        file.finish()
        sink.flush()
        os.fsync(sink.fileno())  # or the disk would still be writing it while the import is measured
    envelope.unlink()
    return path


def _seal(sink: Callable[[bytes], object], issued: IssueResult, piece: bytes, mib: int) -> None:
    week = issued.verified.intake_week(TODAY)
    head = Head(Kind.SUBMISSION, bytes(16), issued.verified.sha256, issued.verified.version, week.week, TODAY)
    writer = SubmissionWriter(sink, to=week.keys, head=head)
    writer.begin_file("large.bin", "application/octet-stream")
    for _ in range(mib):
        writer.data(piece)
    writer.end_file()
    writer.finish(None)


def _parts(folder: Path, piece: bytes, mib: int) -> None:
    key = HybridSecretKey.generate()
    sealed: list[bytes] = []
    print(f"  seal           {_rate(lambda: _seal_envelope(key, piece, sealed), mib):>6.0f} MiB/s")
    joined = io.BytesIO(b"".join(sealed))
    print(f"  open           {_rate(lambda: _drain(open_envelope(joined, keys=[key]).read), mib):>6.0f} MiB/s")
    print(f"  SHA-256        {_rate(lambda: [hashlib.sha256(piece) for _ in range(64)], mib):>6.0f} MiB/s")
    print(f"  write + fsync  {_rate(lambda: _write(folder / 'plain', piece), mib):>6.0f} MiB/s")


def _rate(run: Callable[[], object], mib: int) -> float:
    """MiB/s of something that treats 64 MiB."""
    del mib
    began = time.perf_counter()
    run()
    return 64 / (time.perf_counter() - began)


def _seal_envelope(key: HybridSecretKey, piece: bytes, sealed: list[bytes]) -> None:
    writer = EnvelopeWriter(sealed.append, to=[key.public_key()])
    for _ in range(64):
        writer.write(piece)
    writer.finish()


def _drain(read: Callable[[int], bytes]) -> None:
    while read(MIB):
        pass


def _write(path: Path, piece: bytes) -> None:
    with path.open("wb") as sink:
        for _ in range(64):
            sink.write(piece)
        sink.flush()
        os.fsync(sink.fileno())
    path.unlink()


if __name__ == "__main__":
    main()
