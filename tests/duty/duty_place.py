"""Duty machines of tests: an organisation that really signs, week files, and a server that lies in memory."""

import atexit
import copy
import shutil
import tempfile
from functools import cache
from pathlib import Path

from crypto.beacon.duty_note import NOTE_BYTES
from crypto.beacon.week_file import WeekFile, seal_week
from crypto.keys import minisign
from crypto.keys.party import PartyKeys
from duty.home import DUTY_PUBLIC, DutyHome
from duty.line import Fetched, FetchPlace
from duty.service import DutyService
from duty.sound import Bell
from onion.service_key import ServiceKey
from relay.relay import Relay, RelayIdentity
from tests.organisation import TODAY, Organisation
from tests.relay.place_of_tests import SECRETS, SetClock, keys, week_file

ADDRESS = ServiceKey.make().address
RING = "0011223344556677"


def silent_bell() -> Bell:
    """A bell whose program makes no sound, and takes as long as one."""
    return Bell(["sh", "-c", "sleep 0.05", "sh"])


class Office:
    """One organisation with two duty machines, 1 and 2, that were paired."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.organisation = Organisation()
        self.manifest = self.organisation.issue()
        (folder / "root.pub").write_bytes(minisign.public_key_file(self.organisation.root.verify_key()))
        self.homes = {number: self._set_up(number) for number in (1, 2)}
        for number, other in ((1, 2), (2, 1)):
            self.homes[number].pair(self.homes[other].folder / DUTY_PUBLIC)

    def _set_up(self, number: int) -> DutyHome:
        home = DutyHome(self.folder / f"duty-{number}")
        home.set_up(machine=number, root_file=self.folder / "root.pub", network=None)
        home.set_address(ADDRESS)
        return home

    @classmethod
    def made_ready(cls, folder: Path) -> "Office":
        """A copy of an office whose machines have taken all. It is made once in a run: to seal takes its time."""
        made = copy.copy(_ready())
        shutil.copytree(made.folder, folder, dirs_exist_ok=True)
        made.folder = folder
        made.organisation = made.organisation.as_it_is()
        made.homes = {number: DutyHome(folder / f"duty-{number}") for number in (1, 2)}
        return made

    @property
    def reviewer(self) -> PartyKeys:
        return self.organisation.reviewers[0]

    def manifest_file(self) -> Path:
        """The newest manifest as it is carried."""
        path = self.folder / "manifest.json"
        path.write_bytes(self.manifest.raw)
        path.with_name("manifest.json.minisig").write_bytes(self.manifest.signature)
        return path

    def sealed_week(self, made: WeekFile | None = None, *, name: str = "week") -> Path:
        path = self.folder / name
        to = [self.homes[number].keys()[0].public_key() for number in (1, 2)]
        path.write_bytes(seal_week(made or week_file(), key=self.reviewer.signing, to=to))
        return path

    def take_all(self) -> None:
        """Both machines take manifest and week file."""
        files = [self.sealed_week(), self.manifest_file()]
        for home in self.homes.values():
            home.take(files, today=TODAY)

    def relay(self, number: int, clock: SetClock) -> Relay:
        """A relay that posts to both machines."""
        duty = [self.homes[machine].keys()[0].public_key() for machine in (1, 2)]
        return Relay(RelayIdentity(number, SECRETS[number], duty), keys(), now=clock)

    def service(self, number: int, clock: SetClock) -> DutyService:
        return DutyService(self.homes[number], now=clock, find_bell=silent_bell)


@cache
def _ready() -> Office:
    folder = Path(tempfile.mkdtemp(prefix="office-"))
    atexit.register(shutil.rmtree, folder)
    office = Office(folder)
    office.take_all()
    return office


class MemoryServer:
    """A server for posts and notes without a network: a line for each machine."""

    def __init__(self) -> None:
        self.posts: list[bytes] = []
        self.notes: dict[int, bytes] = {}
        self.is_there = True

    def line(self, machine: int) -> "MemoryLine":
        return MemoryLine(self, machine)


class MemoryLine:
    """The line of one duty machine."""

    def __init__(self, server: MemoryServer, machine: int) -> None:
        self._server = server
        self._machine = machine

    def fetch(self, place: FetchPlace, *, note: bytes) -> Fetched | None:
        if not self._server.is_there:
            return None
        assert len(note) == NOTE_BYTES
        self._server.notes[self._machine] = note
        had = place if place.ring == RING else FetchPlace(RING)
        known = range(had.low, had.high + 1)
        numbers = [one for one in range(len(self._server.posts), had.after, -1) if one not in known][:64]
        top = max([had.after, had.high, *numbers])
        told = FetchPlace(RING, had.after, numbers[-1], top) if len(numbers) == 64 else FetchPlace(RING, top)
        posts = tuple(self._server.posts[one - 1] for one in reversed(numbers))
        return Fetched(posts, told, self._server.notes.get(3 - self._machine))
