"""A request that waits gives the turn up, whatever it is for; and who has one at all."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import pytest

from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.passphrases.passphrase import Passphrase
from tests.steps import watched_step
from tests.tipline.limits.crossing import Crossing
from tests.tipline.site_stage import Stage
from tipline.intake.passphrase_pool import PassphrasePool
from tipline.intake.receipts import Receipts
from tipline.limits import request_scheduler
from tipline.limits.kdf_queue import KdfQueue
from tipline.limits.request_scheduler import WorkSlot
from tipline.mailbox import service
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import Nonce
from tipline.store.arrival import ROW_BYTES, Arrival, Arrivals
from tipline.store.bulk_writer import SealedRow
from tipline.web.composition import Dispatcher
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.worker import LISTENER_KEY

LONG_SECONDS = 30.0


def gives_its_turn_up(
    place: WorkSlot,
    waits: Callable[[], object],
    ends: Callable[[], object],
    *,
    goes_on: bool = True,
) -> None:
    """Someone ``waits`` with a turn until it ``ends``. It is free meanwhile, and theirs again where this
    ``goes_on``."""

    def work() -> None:
        with place.exclusive():
            began.set()
            waits()
            assert place.is_free is not goes_on

    began = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            assert began.wait(LONG_SECONDS)
            until = time.monotonic() + LONG_SECONDS
            while not place.is_free and not done.done():
                assert time.monotonic() < until, "the turn was never given up"
                time.sleep(0.001)
            assert not done.done()
        finally:
            ends()
        done.result(LONG_SECONDS)


@pytest.fixture
def line() -> Iterator[tuple[DeadlineSocket, socket.socket]]:
    near, far = socket.socketpair()
    with DeadlineSocket(fileno=near.detach()) as patient, far:
        yield patient, far


def test_whoever_waits_for_the_clients_bytes_gives_its_turn_up(
    place: WorkSlot, line: tuple[DeadlineSocket, socket.socket]
) -> None:
    near, far = line
    gives_its_turn_up(place, lambda: near.recv(1), lambda: far.sendall(b"x"))


def test_what_can_be_done_at_once_is_done_without_a_wait_and_without_giving_the_turn_up(
    place: WorkSlot,
) -> None:
    class Impatient(DeadlineSocket):
        def _for_at_most(self, _seconds: float) -> NoReturn:
            raise AssertionError("it waited")

    near, far = socket.socketpair()
    with Impatient(fileno=near.detach()) as ours, far, place.exclusive():
        far.sendall(b"x")
        assert ours.recv(1) == b"x"
        ours.sendall(b"y")
        assert far.recv(1) == b"y"


def test_gunicorns_word_on_how_long_to_wait_changes_nothing(line: tuple[DeadlineSocket, socket.socket]) -> None:
    near, _far = line
    near.settimeout(9.0)
    near.setblocking(True)
    assert near.gettimeout() == 0.0


def test_a_short_wait_that_brought_nothing_does_not_shorten_the_next(
    line: tuple[DeadlineSocket, socket.socket],
) -> None:
    near, far = line
    with pytest.raises(TimeoutError):
        near.recv(1, within_seconds=0.01)
    timer = threading.Timer(0.2, far.sendall, (b"x",))
    timer.start()
    assert near.recv(1) == b"x"
    timer.join()


class FullDisk:
    """In place of the store's writer: nothing is written before the disk goes on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()

    def put(self, piece: SealedRow) -> None:
        def write() -> None:
            self.goes_on.wait(LONG_SECONDS)
            piece.written.set_result(None)

        threading.Thread(target=write).start()

    def forget(self, submission: bytes) -> None:
        """Nothing was kept of it."""


def test_whoever_waits_for_the_disk_gives_its_turn_up(place: WorkSlot) -> None:
    disk: Any = FullDisk()
    arrival = Arrival(
        b"one",
        writer=disk,
        arrivals=Arrivals(request_scheduler.yielded),
        day=lambda: "2026-11-26",
        sweep=lambda _submission: None,
    )
    arrival.write(bytes(ROW_BYTES))
    gives_its_turn_up(place, arrival.complete, disk.goes_on.set)


def test_whoever_removes_what_broke_off_gives_its_turn_up(place: WorkSlot) -> None:
    may_end = threading.Event()
    writer: Any = FullDisk()
    arrival = Arrival(
        b"one",
        writer=writer,
        arrivals=Arrivals(request_scheduler.yielded),
        day=lambda: "2026-11-26",
        sweep=lambda _submission: may_end.wait(LONG_SECONDS),
    )
    gives_its_turn_up(place, arrival.discard, may_end.set)


def test_whoever_waits_for_the_store_gives_its_turn_up(place: WorkSlot, stage: Stage) -> None:
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with stage.store._small.transaction():
            held.set()
            may_end.wait(LONG_SECONDS)

    someone = threading.Thread(target=hold)
    someone.start()
    assert held.wait(LONG_SECONDS)
    gives_its_turn_up(place, stage.store.replies.tags, may_end.set)
    someone.join()


def test_whoever_presses_twice_gives_the_turn_up_until_the_first_press_is_done(
    place: WorkSlot,
) -> None:
    receipts, nonce = Receipts(), Nonce.generate()
    first = receipts.claim(nonce)

    def press_again() -> None:
        with receipts.claim(nonce):
            pass

    first.__enter__()
    gives_its_turn_up(place, press_again, lambda: first.__exit__(None, None, None))


def test_whoever_waits_for_a_passphrase_gives_its_turn_up(place: WorkSlot) -> None:
    may_end = threading.Event()

    def derive(words: Passphrase) -> MailboxAddress:
        may_end.wait(LONG_SECONDS)
        return MailboxAddress(MailboxId(words.secret().ljust(32)), SourceSecretKey(bytes(32)).public_key())

    pool = PassphrasePool(KdfQueue(), derive)
    gives_its_turn_up(place, lambda: pool.take(Circuit("someone")), may_end.set)


def test_whoever_opens_a_mailbox_gives_the_turn_up_while_its_key_is_derived(place: WorkSlot, stage: Stage) -> None:
    may_end = threading.Event()
    words = " ".join(Passphrase.generate().words)
    with watched_step(service, "open_mailbox", before=lambda *_given, **_named: may_end.wait(LONG_SECONDS)):
        gives_its_turn_up(place, lambda: stage.browser.open_mailbox(words), may_end.set, goes_on=False)


TORS_LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:1 ::1 1 80\r\n"


@pytest.mark.parametrize("before", [b"", TORS_LINE], ids=["direct", "by tor"])
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_whoever_asks_for_a_page_never_has_a_turn(place: WorkSlot, before: bytes, method: bytes) -> None:
    request = before + method + b" / HTTP/1.1\r\nHost: x\r\n\r\n"
    crossing = Crossing(place, request, socket_path="/public")
    assert [crossing.while_read, crossing.while_answered, crossing.while_sent] == [False] * 3


@pytest.mark.parametrize("before", [b"", TORS_LINE], ids=["direct", "by tor"])
def test_whoever_brings_something_has_the_turn_from_its_header_to_the_answer_and_not_while_that_is_sent(
    place: WorkSlot, before: bytes
) -> None:
    request = before + b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
    crossing = Crossing(place, request, socket_path="/public")
    assert [crossing.while_read, crossing.while_answered, crossing.while_sent] == [True, True, False]
    assert place.is_free


def test_a_courier_has_no_turn_once_its_header_is_read(
    place: WorkSlot,
) -> None:
    request = b"POST /outbox HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
    crossing = Crossing(place, request, socket_path="/couriers")
    assert not crossing.while_answered
    assert place.is_free


def test_an_application_that_fails_gives_the_turn_back(
    place: WorkSlot,
) -> None:
    def fails(_environ: Any, _start_response: Any) -> Any:
        raise RuntimeError("spoiled")

    couriers: Any = fails
    with place.exclusive():
        with pytest.raises(RuntimeError, match="spoiled"):
            Dispatcher(fails, couriers, "/couriers")({LISTENER_KEY: "/public"}, lambda *_given: lambda _piece: None)
        assert place.is_free
