"""Ten thousand tips at the reviewer: duration of the import, the list, a search and one tip.

    python benchmarks/casebook.py [--tips 10000] [--fill] [--keep FOLDER] [FOLDER]

FOLDER (default: a temporary one) decides which disk is measured. ``--keep`` makes the casebook in a folder that
stays, and measures the one that is there already. ``--fill`` leaves out sealing and bundles: the casebook keeps
each tip by the same method as an import. Beside the time that passed, that of the processor is given: other
programs on the machine lengthen only the former. Every envelope is sealed, signed into a bundle and
imported like a real one: only the import writes to the casebook. Texts have 80 to 440 words; every tenth tip has a
file, every twentieth is urgent. The times are measured in process, after the home was unlocked (which takes a third
of a second on purpose); at the desk they include rendering.
"""

import argparse
import contextlib
import datetime as dt
import gc
import hashlib
import io
import itertools
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.bundles.bundle import BundleWriter, ItemEntry, ItemType, Sealing, Statement, sign_statement
from crypto.bundles.bundle_file import BundleFileWriter
from crypto.keys.keys import IntakeSecretKey, SourceSecretKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import VerifiedManifest
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.primitives.week import Week
from crypto.submissions.submission import Head, Kind, Opened, SubmissionWriter
from reviewer.casebook.submission import Envelope
from reviewer.casebook.thread_marks import Status
from reviewer.casebook.tip_filter import TipFilter
from reviewer.cases import marking
from reviewer.cases.listing import EVERYTHING, page_of
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
ROUNDS = 41
FILTERS = (
    {"read": "unread"},
    {"waits": "us", "sort": "waiting"},
    {"owner": "Anna", "status": "in work"},
    {"label": "farm", "danger": "yes"},
    {"due": "overdue", "sort": "due"},
    {"files": "yes", "sort": "files"},
    {"language": "en", "sort": "oldest"},
    {"box": "all", "sort": "owner"},
)
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeiou"]
CHANCE = random.Random(20261125)
WORDS = ["".join(CHANCE.choices(SYLLABLES, k=CHANCE.choice((1, 2, 2, 3, 3, 4)))) for _ in range(20_000)]
COMMON = WORDS[:200]
HOST = "127.0.0.1:1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tips", type=int, default=10_000)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--photograph", type=int, default=20, help="KB of the file of every tenth tip, with --fill")
    asked = parser.parse_args()
    with contextlib.ExitStack() as ending:
        folder = asked.keep or Path(ending.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        if not (folder / "home").exists():
            _make(folder, asked.tips, photograph=1000 * asked.photograph if asked.fill else None)
        with open_home(folder / "home", entry=ENTRY) as home:
            _wait(home)
        small = (folder / "home" / "casebook.db").stat().st_size
        whole = sum(file.stat().st_size for file in (folder / "home").rglob("*") if file.is_file())
        print(f"the home: {whole / 1e9:.2f} GB")
        print(f"casebook.db with its index: {small / asked.tips / 1024:.1f} KiB a tip")
        _at_the_desk(folder / "home")


def _make(folder: Path, tips: int, *, photograph: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.redirect_stderr(io.StringIO()):
        create_organisation(
            folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
            entry=ENTRY, today=TODAY, told=lambda _line: None,
        )  # fmt: skip
    with open_home(folder / "home", entry=ENTRY) as home:
        if photograph is not None:
            _fill(home, tips, photograph)
        else:
            _import(home, make_file(home, folder, tips), tips)
        _mark(home)


def _fill(home: Home, tips: int, photograph: int) -> None:
    server = PartyKeys.generate("server")
    home.casebook.servers.add(server.party(), today=TODAY)
    key, frame = IntakeSecretKey.generate(), EnvelopeFrame(bytes(16), bytes(16), bytes(200))
    week = Week.of(TODAY)
    began = time.perf_counter()
    for start in range(0, tips, A_BUNDLE):
        with home.casebook.changing():
            for number in range(start, min(start + A_BUNDLE, tips)):
                head = Head(Kind.SUBMISSION, number.to_bytes(16, "big"), bytes(32), 1, week, _day(number))
                arrival = home.casebook.submissions.arrival()
                for name, value in _fields(number):
                    arrival.field(name, value)
                if number % 10 == 0:
                    arrival.begin_file("photograph.jpg", "image/jpeg")
                    arrival.data(bytes(photograph))
                    arrival.end_file(bytes(32))
                address = MailboxAddress(MailboxId(number.to_bytes(32, "big")), MAILBOX_KEY)
                opened = Opened(head, address, key, len(arrival.fields), len(arrival.files), photograph, frame)
                digest = hashlib.sha256(number.to_bytes(8, "big")).digest()
                envelope = Envelope(digest, 25_000, "server")
                home.casebook.submissions.keep(arrival, opened, envelope=envelope, today=TODAY)
    print(f"{tips:,} tips kept in {time.perf_counter() - began:.1f} s", flush=True)


def _day(number: int) -> dt.date:
    """One of the last 400 days."""
    return TODAY - dt.timedelta(days=number * 7919 % 400)


def _fields(number: int) -> list[tuple[str, str]]:
    words = CHANCE.choices(WORDS, k=CHANCE.randrange(40, 400)) + CHANCE.choices(COMMON, k=40)
    CHANCE.shuffle(words)
    phone = f"{number:09}"
    text = f"{' '.join(words)} +999 {phone[:2]} {phone[2:5]} {phone[5:]}"
    language = CHANCE.choice(("en", "en", "en", "es", "fr", "ar", "vi"))
    return [("text", text), ("language", language), *([("urgent", "yes")] if number % 20 == 0 else [])]


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
    inbox = home.casebook.inbox
    total = inbox.count(EVERYTHING, today=TODAY)
    (middle,) = inbox.numbers(EVERYTHING, today=TODAY, first=total // 2, most=1)
    number = next(value for value in home.casebook.overview.values("text", [middle]).values())
    phone = number.rpartition("+999 ")[2]
    assert search(home, [phone[2:9]], page=1).page.total >= 1
    last = -(-total // 50)
    for label, act in {
        "first page of the list": lambda: page_of(home, EVERYTHING, number=1, today=TODAY),
        "last page of the list": lambda: page_of(home, EVERYTHING, number=last, today=TODAY),
        "a number in pieces": lambda: search(home, [phone[2:9]], page=1),
        "two rare words": lambda: search(home, CHANCE.choices(WORDS, k=2), page=1),
        "three letters, in most tips": lambda: search(home, ["bab"], page=1),
        "three common words": lambda: search(home, CHANCE.choices(COMMON, k=3), page=1),
    }.items():
        tell(label, act)
    for criteria in FILTERS:
        wanted = TipFilter.parse(criteria)
        label = "list: " + ", ".join(f"{name} {value}" for name, value in criteria.items())
        tell(label, partial(page_of, home, wanted, number=1, today=TODAY))
        tell(f"{label}; next", partial(inbox.neighbours, middle, wanted, today=TODAY))


def _mark(home: Home) -> None:
    """Marks on one tip in seven, and answers' worth of state on others; the rest is as it came."""
    began = time.perf_counter()
    numbers = home.casebook.inbox.numbers(EVERYTHING, today=TODAY)
    with home.casebook.changing():
        for number in CHANCE.sample(numbers, len(numbers) // 7):
            thread = home.casebook.inbox_rows.thread_of(number)
            marking.set_status(home, thread, CHANCE.choice(list(Status)), "a reason", today=TODAY)
            marking.set_labels(home, thread, [CHANCE.choice(("farm", "harbour", "papers"))], today=TODAY)
            marking.set_due(home, thread, TODAY + dt.timedelta(CHANCE.randrange(-30, 30)), today=TODAY)
            home.casebook.inbox_rows.set_read(number, is_read=True)
            if CHANCE.random() < 0.5:
                home.casebook.archived.mark(number, today=TODAY)
    print(f"marks on {len(numbers) // 7:,} tips: {time.perf_counter() - began:.1f} s")


def _at_the_desk(folder: Path) -> None:
    desk_session = DeskSession(folder, entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        casebook = desk_session.home.casebook
        numbers = casebook.inbox.numbers(EVERYTHING, today=TODAY)
        ids = [casebook.submissions.by_number(one).short_id for one in CHANCE.sample(numbers, ROUNDS)]

        def look(path: str) -> None:
            _whole(browser.get(path, headers=headers).status_code)

        def find(words: str) -> None:
            _whole(browser.post("/search", data={"words": words}, headers=headers).status_code)

        for which in ("open", "unread", "waits", "due", "all"):
            tell(f"desk: list {which}", partial(look, f"/?which={which}"))
        turns = itertools.cycle(ids)
        for which, query in {"open": "", "waits": "?which=waits"}.items():
            paths = (f"/tip/{one}{query}" for one in turns)
            tell(f"desk: one tip of {which}", lambda: look(next(paths)))  # noqa: B023
        for label, text in {"bab": "bab", "rare words": " ".join(CHANCE.choices(WORDS, k=2))}.items():
            tell(f"desk: a search, {label}", partial(find, text))
    finally:
        desk_session.close()


def _whole(status: int) -> None:
    assert status == 200, status


def tell(label: str, act: Callable[[], object]) -> None:
    """Median, 95th percentile and worst of some rounds; the first, which fills the caches, counts as well."""
    passed, worked = [], []
    for _ in range(ROUNDS):
        began, working = time.perf_counter(), time.process_time()
        act()
        passed.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - working))
    print(f"{label:42} passed {_three(passed)}   processor {_three(worked)}", flush=True)


def _three(taken: list[float]) -> str:
    taken.sort()
    return f"{statistics.median(taken):6.1f} p95 {taken[-1 - ROUNDS // 20]:6.1f} worst {taken[-1]:6.1f} ms"


def make_file(home: Home, folder: Path, tips: int) -> Path:
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
    for name, value in _fields(number):
        writer.field(name, value)
    if number % 10 == 0:
        writer.begin_file("photograph.jpg", "image/jpeg")
        writer.data(bytes(20_000))
        writer.end_file()
    writer.finish(MailboxAddress(MailboxId(number.to_bytes(32, "big")), MAILBOX_KEY))
    return b"".join(pieces)


MAILBOX_KEY = SourceSecretKey.generate().public_key()

if __name__ == "__main__":
    main()
