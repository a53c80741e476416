"""A press without a radio: from a frame in a relay's hands through a private Tor network to a ringing duty desk.

Slots have one second here, and the duty desk fetches each second; in a place they have 20 and 5.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from crypto.beacon.duty_note import DutyNoteKey, seal_note
from crypto.beacon.rotating_id import Meaning
from duty.judgement import Judge
from duty.ledger import Ledger
from duty.line import DutyLine, FetchPlace
from duty.presses import MachineRole
from duty.watch import DutyWatch
from onion.client_auth import ClientKey
from onion.client_line import ClientLine
from onion.private_network import PrivateNetwork
from relay.line import RelayLine
from relay.relay import Relay
from relay.slots import PostClock, Slots
from tests.relay.place_of_tests import DUTY, DUTY_PUBLIC, NOON, WEEK, SetClock, frame, relay, week_file
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder
from tests.tipline.serving import serving_process
from tipline.operations.relays import Relays
from tipline.store.relay_ring import RelayRing

SLOT_SECONDS = FETCH_SECONDS = 1.0
PRESSES = 6
CLOCK = SetClock()
NOTE_KEY = DutyNoteKey.of_week(week_file())


class Server:
    """A served site with its relays' service on a private network."""

    def __init__(self, served: ServedFolder, network: PrivateNetwork, folder: Path) -> None:
        self.relays = Relays(served.folder.path)
        self._network = network.folder
        self._folder = folder

    def admit(self, name: str, *, is_duty: bool = False) -> ClientKey:
        key, file = ClientKey.make(), self._folder / f"{name}.pub"
        file.write_bytes(key.public.to_bytes())
        self.relays.add(name, file, is_duty=is_duty)
        return key

    @contextmanager
    def line(self, name: str, key: ClientKey) -> Iterator[int]:
        line = ClientLine(self.relays.address, key, self._folder / name, self._network)
        with line.open(name=name) as port:
            yield port


@contextmanager
def posting(one: Relay, line: RelayLine, slots: Slots) -> Iterator[None]:
    """The relay posts in each slot, in a thread, until the block ends."""
    end = threading.Event()

    def post() -> None:
        made = one.next_post()
        if line.post(made.sealed):
            one.confirm(made)

    with ThreadPoolExecutor(8) as pool:
        clock = PostClock(slots, post, now=time.monotonic, pool=pool)
        thread = threading.Thread(target=clock.run, args=(end.wait,))
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()


class Desk:
    """A duty machine that fetches in a thread; ``rings`` is set while its bell is told to ring."""

    def __init__(self, folder: Path, line: DutyLine) -> None:
        self.rings = threading.Event()
        self.copies: list[bytes] = []
        self._place_file = folder / "place"
        self._line = line
        self.fetched = 0
        judge = Judge([week_file()], DUTY[:1], since=NOON)
        ledger = Ledger(folder / "ledger")
        self.watch = DutyWatch(judge, ledger, MachineRole.FIRST, ring=self._ring, keep_copy=self.copies.append)

    def _ring(self, is_ringing: bool) -> None:
        if is_ringing:
            self.rings.set()
        else:
            self.rings.clear()

    def fetch(self) -> None:
        note = seal_note(self.watch.note_for(1, WEEK, now=CLOCK()), key=NOTE_KEY, to=DUTY_PUBLIC)
        found = self._line.fetch(FetchPlace.load(self._place_file), note=note)
        if found is not None:
            self.watch.take(found.posts, now=CLOCK())
            found.place.keep(self._place_file)
            self.fetched += len(found.posts)

    @contextmanager
    def fetching(self) -> Iterator[None]:
        end = threading.Event()

        def run() -> None:
            while not end.wait(FETCH_SECONDS):
                self.fetch()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()


def soon(is_so: Callable[[], bool]) -> bool:
    return eventually(is_so, seconds=120)


@pytest.mark.tor
def test_presses_ring_the_duty_desk_through_tor_none_is_lost_and_a_removed_relay_gets_no_answer(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    server = Server(served, tor_network, tmp_path)
    keys = {number: server.admit(f"relay-{number}") for number in (3, 5)}
    desk_key = server.admit("one", is_duty=True)
    stranger = ClientKey.make()
    server.relays.switch_on()
    options = ("--tor", "private", "--network", str(tor_network.folder))
    seconds: list[float] = []
    with ExitStack() as running:
        serving = running.enter_context(serving_process(served, tmp_path / "said", *options))
        serving.await_said("published the relays' service")
        lines, relays = {}, {}
        for number, key in keys.items():
            port = running.enter_context(server.line(f"r{number}", key))
            lines[number] = RelayLine(server.relays.address, port)
            relays[number] = relay(number, CLOCK)
        port = running.enter_context(server.line("desk", desk_key))
        desk = Desk(tmp_path, DutyLine(server.relays.address, port, 1))
        for number, one in relays.items():
            running.enter_context(posting(one, lines[number], Slots(SLOT_SECONDS, number / 10)))
        running.enter_context(desk.fetching())
        assert soon(lambda: desk.fetched > 0)
        assert not desk.rings.is_set()

        for press in range(PRESSES):
            # Each press takes the next of the three meanings; an hour has three presses at most.
            at = CLOCK.seconds = NOON + 3600 * (press // 3)
            meaning = (Meaning.HELP_1, Meaning.HELP_2, Meaning.HELP_3)[press % 3]
            began = time.monotonic()
            for one in relays.values():
                one.take_frame(frame(at, meaning), rssi=-70)
            assert desk.rings.wait(120)
            seconds.append(time.monotonic() - began)
            assert soon(lambda: all(not waiting.is_one_source for waiting in desk.watch.waiting()))
            for waiting in desk.watch.waiting():
                desk.watch.acknowledge(waiting.key, by="Amal", now=CLOCK())
            assert not desk.rings.is_set()
        assert len(desk.copies) >= 2 * PRESSES

        with server.line("stranger", stranger) as port:
            assert not RelayLine(server.relays.address, port).post(relay(9, CLOCK).next_post().sealed)
        server.relays.remove("relay-3")
        removed = relay(3, CLOCK)
        assert soon(lambda: not lines[3].post(removed.next_post().sealed))
        server.relays.switch_off(is_taken_down=False)
        other = relay(5, CLOCK)
        assert soon(lambda: not lines[5].post(other.next_post().sealed))
        assert serving.end() == 0
    with RelayRing(served.folder.store, served.key) as ring:
        assert ring.state().fetched > 0
    print(f"press to ringing desk, {PRESSES} presses, slots of {SLOT_SECONDS:.0f} s: longest {max(seconds):.1f} s")
