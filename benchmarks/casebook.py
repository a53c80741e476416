"""Ten thousand tips at the reviewer: duration of the import, the list, a search and one tip.

    python benchmarks/casebook.py [--tips 10000] [FOLDER]

FOLDER (default: a temporary one) decides which disk is measured. Every envelope is sealed, signed into a bundle and
imported like a real one: only the import writes to the casebook. Texts have 80 to 440 words; every tenth tip has a
file, every twentieth is urgent. The times are measured in process, after the home was unlocked (which takes a third
of a second on purpose); at the desk they include rendering.
"""

import argparse
import contextlib
import datetime as dt
import gc
import io
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crypto.bundles.bundle import BundleWriter, ItemEntry, ItemType, Sealing, Statement, sign_statement
from crypto.bundles.bundle_file import BundleFileWriter
from crypto.keys.keys import SourceSecretKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import VerifiedManifest
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from reviewer.cases.listing import listing_order, page_of
from reviewer.cases.search import search
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import Home, open_home
from reviewer.keys.intake_keys import IssueResult, issue_keys
from reviewer.media.root_medium import RootMedium
from reviewer.recovery.key_ceremony import create_organisation
from reviewer.terminal.secret_entry import SecretEntry

ENTRY = SecretEntry(None)
TODAY = dt.datetime.now(dt.UTC).date()
A_BUNDLE = 500
ROUNDS = 21
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeiou"]
CHANCE = random.Random(20261125)
WORDS = ["".join(CHANCE.choices(SYLLABLES, k=CHANCE.choice((1, 2, 2, 3, 3, 4)))) for _ in range(20_000)]
COMMON = WORDS[:200]
HOST = "127.0.0.1:1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tips", type=int, default=10_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made)
        with contextlib.redirect_stderr(io.StringIO()):
            create_organisation(
                folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
                entry=ENTRY, today=TODAY, told=lambda _line: None,
            )  # fmt: skip
        with open_home(folder / "home", entry=ENTRY) as home:
            _import(home, _make_file(home, folder, asked.tips), asked.tips)
            _wait(home)
        small = (folder / "home" / "casebook.db").stat().st_size
        print(f"casebook.db with its index: {small / asked.tips / 1024:.1f} KiB a tip")
        _at_the_desk(folder / "home")


def _import(home: Home, file: Path, tips: int) -> None:
    _forget_peak()
    before_kib = _peak_kib()
    began = time.perf_counter()
    brought = FileImporter(home, today=TODAY, progress=lambda _count: None).read(file)
    seconds = time.perf_counter() - began
    assert len(brought.opened) == tips
    file.unlink()
    grown_kib = _peak_kib() - before_kib
    print(f"import of {tips:,} tips: {seconds:.1f} s, {tips / seconds:.0f} a second")
    print(f"memory grew by {grown_kib / 1024:.0f} MiB")


def _forget_peak() -> None:
    """From now on the peak is that of what comes: making the FILE took more memory than reading it may."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def _peak_kib() -> int:
    """Most resident memory since the peak was forgotten."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def _wait(home: Home) -> None:
    order = listing_order(home)
    middle = home.casebook.overview.some([order[len(order) // 2]])[0]
    number = next(value for value in home.casebook.overview.values("text", [middle.number]).values())
    phone = number.rpartition("+999 ")[2]
    assert search(home, [phone[2:9]], page=1).page.total >= 1
    for label, act in {
        "first page of the list": lambda: page_of(home, listing_order(home), number=1),
        "last page of the list": lambda: page_of(home, listing_order(home), number=-(-len(order) // 50)),
        "a number in pieces": lambda: search(home, [phone[2:9]], page=1),
        "two rare words": lambda: search(home, CHANCE.choices(WORDS, k=2), page=1),
        "three letters, in most tips": lambda: search(home, ["bab"], page=1),
        "three common words": lambda: search(home, CHANCE.choices(COMMON, k=3), page=1),
    }.items():
        _tell(label, act)


def _at_the_desk(folder: Path) -> None:
    desk_session = DeskSession(folder, entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        first = desk_session.home.casebook.overview.some(listing_order(desk_session.home)[:1])[0].short_id
        _tell("desk: the list", lambda: _whole(browser.get("/", headers=headers).status_code))
        _tell("desk: one tip", lambda: _whole(browser.get(f"/tip/{first}", headers=headers).status_code))
        words = {"words": "bab"}
        _tell("desk: a search", lambda: _whole(browser.post("/search", data=words, headers=headers).status_code))
    finally:
        desk_session.close()


def _whole(status: int) -> None:
    assert status == 200, status


def _tell(label: str, act: Callable[[], object]) -> None:
    """Median and worst of some rounds; the first, which fills the caches, counts as well."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    print(f"{label:30} {statistics.median(taken):6.1f} ms, worst {max(taken):6.1f} ms")


def _make_file(home: Home, folder: Path, tips: int) -> Path:
    """A FILE with bundles of 500 submissions each, as a server exports them."""
    server = PartyKeys.generate("server")
    home.casebook.servers.add(server.party(), today=TODAY)
    issued = issue_keys(home, RootMedium.open_existing(folder / "root"), weeks=8, twin=None, today=TODAY)
    own = home.party_keys().party()
    path = folder / "tips.bundle"
    last: Statement | None = None
    with path.open("wb") as sink:
        file = BundleFileWriter(sink.write)
        for envelopes in _batches(issued, tips):
            entries = [ItemEntry.of(ItemType.SUBMISSION, envelope) for envelope in envelopes]
            receivers = [own.verify_key]
            if last is None:
                last = Statement.first(sender=server.signing.verify_key(), receivers=receivers, items=entries)
            else:
                last = last.follow(receivers=receivers, items=entries)
            with file.bundle() as bundle_sink:
                writer = BundleWriter(
                    bundle_sink,
                    to=[own.transport_key],
                    statement_bytes=last.to_bytes(),
                    signature=sign_statement(last, key=server.signing),
                    sealing=Sealing(server.signing, last.number),
                )
                for entry, envelope in zip(entries, envelopes, strict=True):
                    writer.item(entry, [envelope])
                writer.finish()
        file.finish()
    return path


def _batches(issued: IssueResult, tips: int) -> Iterator[list[bytes]]:
    for start in range(0, tips, A_BUNDLE):
        yield [_envelope(issued.verified, number) for number in range(start, min(start + A_BUNDLE, tips))]


def _envelope(issued: VerifiedManifest, number: int) -> bytes:
    entry = issued.manifest.intake[0]
    week = entry.week
    head = Head(
        Kind.SUBMISSION, number.to_bytes(16, "big"), issued.sha256, issued.manifest.version, week, week.monday
    )
    pieces: list[bytes] = []
    writer = SubmissionWriter(pieces.append, to=entry.keys, head=head)
    words = CHANCE.choices(WORDS, k=CHANCE.randrange(40, 400)) + CHANCE.choices(COMMON, k=40)
    CHANCE.shuffle(words)
    phone = f"{number:09}"
    writer.field("text", f"{' '.join(words)} +999 {phone[:2]} {phone[2:5]} {phone[5:]}")
    writer.field("language", "en")
    if number % 20 == 0:
        writer.field("urgent", "yes")
    if number % 10 == 0:
        writer.begin_file("photograph.jpg", "image/jpeg")
        writer.data(bytes(20_000))
        writer.end_file()
    writer.finish(MailboxAddress(MailboxId(number.to_bytes(32, "big")), MAILBOX_KEY))
    return b"".join(pieces)


MAILBOX_KEY = SourceSecretKey.generate().public_key()

if __name__ == "__main__":
    main()
