"""One organisation to walk through: two servers, two reviewers, and the clock, disk and media of each.

All of it is the program's own: only the machines around it are played, by a walk that draws what happens next.
"""

import datetime as dt
import io
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import SignedManifest
from crypto.passphrases.locked_key import lock_key
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from reviewer.home.home import Home, open_home
from reviewer.media.root_medium import RootMedium
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.twin import write_twin
from system.clock import today
from tests.fakes_server import FakeServer, a_mailbox
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk_stage import Desk
from tipline.bundles.exporter import carry_out
from tipline.bundles.importer import BundleImporter, ImportResult
from tipline.bundles.manifest_update import adopt_run
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.store import Store
from tipline.store.errors import StoreError

DATABASE_KEY = bytes(range(32))
PASSPHRASE = "correct horse battery staple"
LOCKED_KEY = lock_key(DATABASE_KEY, PASSPHRASE)


@dataclass(eq=False)
class Tip:
    """A submission whose receipt was shown."""

    text: str
    site: "Site"
    sha256: bytes
    day: dt.date
    was_carried: bool = False
    is_younger_than_backup: bool = False
    """Of its server, when that died."""
    excused: set[str] = field(default_factory=set)
    """Reviewers who may lack it: deleted on one receipt while every export was held back from them."""


@dataclass(eq=False)
class File:
    """The file that one export wrote, and whom a courier brought it as it was."""

    number: int
    site: "Site"
    content: bytes
    tips: list[Tip]
    handed_to: set[str] = field(default_factory=set)
    hand_again_to: set[str] = field(default_factory=set)
    """Reviewers that were restored since."""


class Site:
    """A server: its store, its clock, which may be wrong, and its disk, which may fail for a while."""

    def __init__(self, world: "World", path: Path, keys: PartyKeys, root: RootVerifyKey) -> None:
        self._world = world
        self.name = keys.name
        self.days_ahead = 0
        self.faulty: set[int] = set()
        self.export_days: list[dt.date] = []
        self.backups: list[tuple[Path, int]] = []
        """Each with how many tips there were."""
        self._open(path, create=True)
        Identity(keys, root).keep(self.store)
        self.policy = IntakePolicy(self.store, self.folder, self)

    def today(self) -> dt.date:
        """By the clock of this machine."""
        return self._world.day + dt.timedelta(days=self.days_ahead)

    def reopen(self, path: Path) -> None:
        """As it was restored."""
        self.store.close()
        self._open(path, create=False)
        self.policy = IntakePolicy(self.store, self.folder, self)

    def adopt(self, run: list[SignedManifest]) -> None:
        adopt_run(run, store=self.store, folder=self.folder, policy=self.policy, clock=self)

    def receive(self, text: str) -> None:
        """Raises:
        IntakeClosed.
        """
        intake = self.policy.intake()
        head = Head(
            Kind.SUBMISSION,
            os.urandom(16),
            intake.manifest_sha256,
            intake.manifest_version,
            intake.week,
            self.today(),
        )
        with self.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
            writer = SubmissionWriter(arrival.write, to=intake.keys, head=head)
            writer.field("text", text)
            writer.finish(a_mailbox().address())
            arrival.complete()

    def export(self, *, from_number: int | None = None) -> bytes:
        """Raises:
        CarryRefused.
        """
        sink = io.BytesIO()
        carry_out(
            sink.write,
            store=self.store,
            folder=self.folder,
            policy=self.policy,
            clock=self,
            from_number=from_number,
        )
        return sink.getvalue()

    def take_in(self, outbox: bytes, *, accept: ConfirmedStream | None = None) -> ImportResult:
        """Raises:
        CarryRefused.
        """
        importer = BundleImporter(store=self.store, folder=self.folder, policy=self.policy, clock=self)
        return importer.carry_in(io.BytesIO(outbox), accept=accept)

    def _open(self, path: Path, *, create: bool) -> None:
        self.path = path
        self.folder = SiteFolder(path)
        self.store = Store(self.folder.store, DATABASE_KEY, create=create, clock=self, reserve_bytes=0)
        sound = self.store.submissions.pieces

        def pieces(submission: int) -> Iterator[bytes]:
            if submission in self.faulty:
                raise StoreError("disk I/O error")
            return sound(submission)

        self.store.submissions.pieces = pieces  # type: ignore[method-assign] # the disk, not the program


@dataclass
class Reviewer:
    """A home with its twin medium and its backups."""

    name: str
    home: Path
    backup_key: Path
    twin: Path
    backups: list[Path] = field(default_factory=list)
    outboxes: list[bytes] = field(default_factory=list)

    @contextmanager
    def at_home(self) -> Iterator[Home]:
        with open_home(self.home, entry=SecretEntry(None)) as home:
            yield home

    def texts(self) -> set[str]:
        """Of every submission in the casebook."""
        with self.at_home() as home:
            kept = home.casebook.submissions
            return {each.value for one in kept.all() for each in kept.fields(one) if each.name == "text"}


class World:
    """All machines, the day, and what was promised."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        self.rng = rng
        self.day = today()
        self.issued = self.day
        self.honest: list[Reviewer] = []
        self.tips: list[Tip] = []
        self.files: list[File] = []
        self.exports = 0
        self.log: list[str] = []
        self.known_streams: set[bytes] = set()
        """Streams of servers that the operator noted at an export, or that an honest reviewer has read."""
        self._made = 0
        desk = Desk(folder, _Unheard())  # type: ignore[arg-type] # what commands print is heard by no one here
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            desk.found()
            other = FakeServer("other")
            for server in (desk.server, other):
                desk.know_server(server)
            colleague = a_colleague(desk)
        self.root = desk.root
        key = minisign.parse_public_key_file((desk.root / "root.pub").read_bytes())
        self.run = [verified.signed for verified in RootMedium.open_existing(desk.root).run]
        self.sites = [Site(self, self.place(keys.name), keys, key) for keys in (desk.server.keys, other.keys)]
        self.reviewers = [
            Reviewer("first", desk.home, desk.root / "casebook-backup-reviewer.key", folder / "twin-first"),
            Reviewer("second", colleague.home, colleague.backup_key, folder / "twin-second"),
        ]
        for reviewer in self.reviewers:
            with reviewer.at_home() as home:
                write_twin(home, reviewer.twin, is_new=True)
        for site in self.sites:
            site.adopt(self.run)

    def place(self, name: str) -> Path:
        """A folder that is there, for a machine that is new."""
        self._made += 1
        path = self.folder / f"{self._made}-{name}"
        path.mkdir()
        return path

    def pass_days(self, days: int) -> None:
        """On every machine alike. A server counts a day only when it exported since the last one."""
        for _ in range(days):
            self.day += dt.timedelta(days=1)
            for site in self.sites:
                site.store.days.count()

    def stick(self, content: bytes) -> Path:
        path = self.folder / "stick"
        path.write_bytes(content)
        return path

    def say(self, line: str) -> None:
        self.log.append(f"{self.day} {line}")

    def close(self) -> None:
        for site in self.sites:
            site.store.close()
        shutil.rmtree(self.folder)


class _Unheard:
    """Stands where a test reads what was printed."""

    def readouterr(self) -> tuple[str, str]:
        return "", ""
