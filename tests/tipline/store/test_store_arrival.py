"""The promises of the store about a submission that is being received."""

import contextlib
import errno
import gc
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.organisation import TODAY, FixedClock
from tests.refused_threads import in_time, no_thread_named
from tipline.store import Arrival, Store
from tipline.store.arrival import ROW_BYTES
from tipline.store.bulk_writer import BulkWriter, Completion, SealedRow
from tipline.store.database import Database
from tipline.store.errors import StoreBroken, StoreBusy, StoreError, StoreFull, WeekIsClosed
from tipline.store.events import Event
from tipline.store.submissions import Submissions

KEY = bytes(range(32))
MANIFEST = b"m" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as made:
        yield made


def keep(store: Store, sealed: bytes, week: str = "2026-W48") -> None:
    send(store.submissions.receive(week, MANIFEST), sealed)


def send(arrival: Arrival, sealed: bytes) -> None:
    for start in range(0, len(sealed), 65536):
        arrival.write(sealed[start : start + 65536])
    arrival.complete()


def fill(arrival: Arrival, chunks: int) -> None:
    for _ in range(chunks):
        arrival.write(os.urandom(65536))
    arrival.complete()


def test_completed_bytes_come_back_as_they_were(store: Store) -> None:
    sealed = os.urandom(9_000_001)
    keep(store, sealed)
    (found,) = store.submissions.waiting()
    assert b"".join(store.submissions.pieces(found.submission)) == sealed
    assert found.sha256 == hashlib.sha256(sealed).digest()
    assert (found.length, found.day, found.week, found.manifest_sha256) == (
        len(sealed),
        TODAY,
        "2026-W48",
        MANIFEST,
    )


def test_nothing_is_listed_before_complete_returns(store: Store) -> None:
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.write(os.urandom(5 << 20))
    assert store.submissions.waiting() == []
    arrival.complete()
    assert len(store.submissions.waiting()) == 1


def test_discard_leaves_nothing_and_may_be_repeated(store: Store) -> None:
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.write(os.urandom(9 << 20))
    arrival.discard()
    arrival.discard()
    assert store.submissions.waiting() == []
    assert store._bulk.row("SELECT count(*) FROM pieces") == (0,)
    assert store._small.row("SELECT count(*) FROM submissions") == (0,)


def test_discard_after_complete_changes_nothing(store: Store) -> None:
    with store.submissions.receive("2026-W48", MANIFEST) as arrival:
        arrival.write(b"sealed")
        arrival.complete()
    assert len(store.submissions.waiting()) == 1


def test_an_ended_arrival_takes_nothing_more(store: Store) -> None:
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.discard()
    with pytest.raises(RuntimeError):
        arrival.write(b"sealed")
    with pytest.raises(RuntimeError):
        arrival.complete()


def test_a_closed_week_takes_nothing(store: Store) -> None:
    with store._small.transaction() as small:
        small.execute("INSERT INTO statements VALUES (1, x'00', zeroblob(64))")
        small.execute("INSERT INTO closed_weeks (week, bundle) VALUES ('2026-W47', 1)")
    with pytest.raises(WeekIsClosed):
        store.submissions.receive("2026-W47", MANIFEST)
    assert store._small.row("SELECT count(*) FROM submissions") == (0,)


def test_a_full_disk_is_named_and_nothing_half_stored_stays(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=1 << 62) as full:
        arrival = full.submissions.receive("2026-W48", MANIFEST)
        arrival.write(os.urandom(5 << 20))
        with pytest.raises(StoreFull):
            arrival.complete()
        arrival.discard()
        assert full._small.row("SELECT count(*) FROM submissions") == (0,)
        full._reserve_bytes = 0  # someone made room
        keep(full, b"sealed")
        assert len(full.submissions.waiting()) == 1


def test_a_disk_that_is_full_for_sqlite_itself_is_named_and_mends_itself(store: Store) -> None:
    keep(store, os.urandom(1 << 20))
    (pages,) = store._bulk._connection.execute("PRAGMA page_count").fetchone()
    store._bulk._connection.execute(f"PRAGMA max_page_count = {pages + 16}")
    with store.submissions.receive("2026-W48", MANIFEST) as arrival:
        with pytest.raises(StoreFull):
            fill(arrival, chunks=200)
        with pytest.raises(StoreFull):  # and stays so for this one
            arrival.complete()
    assert store._small.row("SELECT count(*) FROM submissions") == (1,)
    assert store._bulk.row("SELECT count(DISTINCT submission) FROM pieces") == (1,)
    store._bulk._connection.execute("PRAGMA max_page_count = 1073741823")
    keep(store, os.urandom(10 << 20))
    assert len(store.submissions.waiting()) == 2


def test_a_file_without_room_does_not_take_a_text_down_with_it(store: Store) -> None:
    """Both wait for the writer, and it tries them in one transaction first."""
    keep(store, b"something, so that pages are there")
    (pages,) = store._bulk._connection.execute("PRAGMA page_count").fetchone()
    store._bulk._connection.execute(f"PRAGMA max_page_count = {pages + 8}")
    file, text = (store.submissions.receive("2026-W48", MANIFEST) for _ in range(2))
    with store._bulk._lock:  # the writer cannot begin before both are there
        file.write(os.urandom(5 << 20))
        text.write(os.urandom(70_000))
        finishing = threading.Thread(target=text.complete)
        finishing.start()
        while text._being_written is None:
            time.sleep(0.001)
    finishing.join()
    with pytest.raises(StoreFull):
        file.complete()
    file.discard()
    assert sorted(each.length for each in store.submissions.waiting()) == [34, 70_000]


def test_a_store_held_by_another_process_is_named_and_works_again(store: Store, tmp_path: Path) -> None:
    store._bulk._connection.set_busy_timeout(0.05)
    with Store(tmp_path, KEY) as other:
        with other._bulk.transaction(), pytest.raises(StoreBusy):
            keep(store, b"sealed")
        assert store.submissions.waiting() == []
        store.submissions.sweep_left_over()
        keep(store, b"sealed")
    assert len(store.submissions.waiting()) == 1


def test_many_at_once_are_all_there(store: Store) -> None:
    sealed = [os.urandom(70_000) for _ in range(40)]
    threads = [threading.Thread(target=keep, args=(store, one)) for one in sealed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    digests = {found.sha256 for found in store.submissions.waiting()}
    assert digests == {hashlib.sha256(one).digest() for one in sealed}


def test_a_transaction_that_fails_late_fails_every_file_that_had_rows_in_it_and_no_text(store: Store) -> None:
    """Rows of unfinished files are taken before they are durable: when they are not, their files never complete."""
    keep(store, b"something, so that pages are there")
    first, second, text = (store.submissions.receive("2026-W48", MANIFEST) for _ in range(3))
    (pages,) = store._bulk._connection.execute("PRAGMA page_count").fetchone()
    store._bulk._connection.execute(f"PRAGMA max_page_count = {pages + 100}")  # one row of 4 MiB and little more
    with store._bulk._lock:
        for file in (first, second):
            file.write(os.urandom(4 << 20))
        text.write(os.urandom(70_000))
        finishing = threading.Thread(target=text.complete)
        finishing.start()
        while text._being_written is None:
            time.sleep(0.001)
    finishing.join()
    for file in (first, second):
        with pytest.raises(StoreFull):
            fill(file, chunks=64)
        file.discard()
    assert sorted(each.length for each in store.submissions.waiting()) == [34, 70_000]
    assert store._bulk.row("SELECT count(DISTINCT submission) FROM pieces") == (2,)
    assert store._writer._lost == {}


class _JustBefore:
    """A database in which something else happens just before the next transaction."""

    def __init__(self, database: Database, happens: Callable[[], None]) -> None:
        self._database = database
        self._happens = [happens]

    def transaction(self) -> Any:
        while self._happens:
            self._happens.pop()()
        return self._database.transaction()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def test_rows_leave_memory_once_they_are_written_however_long_the_file(store: Store) -> None:
    def pieces() -> int:
        return sum(type(each) is SealedRow for each in gc.get_objects())

    gc.collect()
    of_others = pieces()
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    most = 0
    for _ in range(12):
        for _ in range(ROW_BYTES // 65536):
            arrival.write(os.urandom(65536))
        most = max(most, pieces() - of_others)
    arrival.complete()
    assert 1 <= most <= 4  # one being filled, one written, and what a loop still names


def test_what_is_completed_while_another_process_sweeps_is_whole_or_refused(store: Store, tmp_path: Path) -> None:
    """A web process whose parent was killed ends its requests while the next one sweeps already."""
    receipts: list[bool] = []
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.write(os.urandom(5 << 20))
    while store._bulk.row("SELECT count(*) FROM pieces") == (0,):
        time.sleep(0.001)

    def complete() -> None:
        with contextlib.suppress(StoreError):
            arrival.complete()
            receipts.append(True)

    with Store(tmp_path, KEY) as other:
        bulk: Any = _JustBefore(other._bulk, complete)
        Submissions(other._small, bulk, other._writer, FixedClock()).sweep_unfinished()
    arrival.discard()
    waiting = store.submissions.waiting()
    assert len(waiting) == len(receipts)
    for each in waiting:
        assert sum(map(len, store.submissions.pieces(each.submission))) == each.length
    assert store._bulk.row("SELECT count(DISTINCT submission) FROM pieces") == (len(receipts),)


def test_nobody_waits_for_ever_for_a_writer_that_fails_in_an_unforeseen_way(store: Store) -> None:
    faults = [StoreFull("no room for both"), RuntimeError("unforeseen"), RuntimeError("unforeseen")]

    def check_room(_wanted_bytes: int) -> None:
        raise faults.pop(0)

    writer = BulkWriter(store._small, store._bulk, check_room)
    pieces = [SealedRow(os.urandom(16), 0, b"sealed", hashlib.sha256()) for _ in range(2)]
    with writer._changed:  # both are there before the writer looks
        for piece in pieces:
            writer.put(piece)
    for piece in pieces:
        with pytest.raises(RuntimeError, match="unforeseen"):
            piece.written.result(60)
    writer.close()


class _Short:
    """A connection on which some statements meet no memory, once each, from the moment on in which a submission is
    called complete."""

    def __init__(self, connection: Any, fails: list[str], *, begun: bool = False) -> None:
        self._real = connection
        self._fails = fails
        self._begun = begun

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, statement: str, *parameters: Any) -> Any:
        self._begun |= "state = 'complete'" in statement and statement.startswith("UPDATE")
        if self._begun and statement in self._fails:
            self._fails.remove(statement)
            raise MemoryError
        return self._real.execute(statement, *parameters)


@pytest.mark.parametrize("fails", [["COMMIT"], ["COMMIT", "ROLLBACK"]])
def test_what_could_not_be_committed_is_refused_and_the_next_one_is_kept(store: Store, fails: list[str]) -> None:
    """Also where memory is too short to take it back: that is done before anything else is written."""
    connection = store._small._connection
    store._small._connection = _Short(connection, fails)  # type: ignore[assignment]
    with pytest.raises(MemoryError), store.submissions.receive("2026-W48", MANIFEST) as arrival:
        send(arrival, b"sealed")
    assert not fails
    store._small._connection = connection
    keep(store, b"and then")
    (found,) = store.submissions.waiting()
    assert b"".join(store.submissions.pieces(found.submission)) == b"and then"


def test_after_one_that_could_not_be_taken_back_the_next_is_as_durable_as_any(store: Store) -> None:
    full, connection = (2,), store._small._connection
    store._small._connection = _Short(connection, ["ROLLBACK"], begun=True)  # type: ignore[assignment]
    with pytest.raises(StoreError), store._small.transaction(durable=False):
        raise MemoryError
    store._small._connection = connection
    assert connection.execute("PRAGMA synchronous").fetchone() != full
    with store._small.transaction() as small:
        assert small.execute("PRAGMA synchronous").fetchone() == full


def test_a_text_that_comes_into_the_open_transaction_of_a_file_survives_its_failure(store: Store) -> None:
    """The file's rows went ahead; with the text the disk is full. The file is lost, and the text is tried alone."""
    keep(store, b"something, so that pages are there")
    file, text = (store.submissions.receive("2026-W48", MANIFEST) for _ in range(2))
    (pages,) = store._bulk._connection.execute("PRAGMA page_count").fetchone()
    store._bulk._connection.execute(f"PRAGMA max_page_count = {pages + 40}")  # room for either, not for both
    text.write(os.urandom(900_000))
    with store._bulk._lock:  # the writer cannot begin before it is known who comes next
        file.write(os.urandom(2 << 20))
        assert file._being_written is not None
        # Called by the writer itself, within the transaction, when the file may go on.
        file._being_written.add_done_callback(lambda _: text._send(Completion(900_000, str(TODAY))))
    file._being_written.result()
    while text._being_written is None:
        time.sleep(0.001)
    text._being_written.result()
    with pytest.raises(StoreFull):
        file.complete()
    file.discard()
    assert sorted(each.length for each in store.submissions.waiting()) == [34, 900_000]


@pytest.mark.parametrize("fault", [StoreBroken("the disk fails"), OSError(errno.EIO, "the disk fails")])
def test_what_comes_into_the_open_transaction_of_a_file_is_told_when_the_disk_fails_the_look_for_room(
    store: Store, fault: Exception
) -> None:
    """Someone's text, taken into no transaction yet: its source would have waited for ever."""
    looks: list[Exception | None] = [None, fault, fault]

    def check_room(_wanted_bytes: int) -> None:
        if (now := looks.pop(0)) is not None:
            raise now

    writer = BulkWriter(store._small, store._bulk, check_room)
    file = SealedRow(os.urandom(16), 0, bytes(2 << 20), hashlib.sha256())
    text = SealedRow(os.urandom(16), 0, b"sealed", hashlib.sha256())
    # Called by the writer itself, within the transaction, when the file may go on.
    file.written.add_done_callback(lambda _: writer.put(text))
    writer.put(file)
    assert text.written.exception(60) is fault
    writer.close()
    assert list(writer._lost) == [file.submission]


def test_a_thread_that_the_system_refuses_to_the_first_submission_is_told_and_the_next_one_asks_again(
    tmp_path: Path,
) -> None:
    """It stayed as one that would never run, and later sources waited for it until the server was restarted."""
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        for sealed in (b"sealed", os.urandom(ROW_BYTES)):  # refused at its last row, and at an earlier one
            arrival = store.submissions.receive("2026-W48", MANIFEST)
            with no_thread_named("store-writer"), pytest.raises(StoreError, match="no thread"):
                send(arrival, sealed)
            in_time(arrival.discard)
        assert store._small.row("SELECT count(*) FROM submissions") == (0,)
        assert store.events.days() == {Event.SHORTAGE: [TODAY]}
        assert not store.submissions._arrivals._running
        keep(store, b"sealed")
        assert len(store.submissions.waiting()) == 1


def test_a_store_whose_writer_was_refused_a_thread_is_closed_all_the_same(tmp_path: Path) -> None:
    with Store(tmp_path, KEY, create=True, clock=FixedClock(), reserve_bytes=0) as store:
        arrival = store.submissions.receive("2026-W48", MANIFEST)
        arrival.write(b"sealed")
        with no_thread_named("store-writer"), pytest.raises(StoreError):
            arrival.complete()
    in_time(arrival.discard)


def test_a_piece_that_comes_while_the_store_is_being_closed_is_refused_and_waits_for_nothing(store: Store) -> None:
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.write(b"sealed")
    store._writer.close()
    with pytest.raises(StoreError, match="being closed"):
        arrival.complete()
    in_time(arrival.discard)


def test_a_thread_that_began_though_its_start_failed_writes_nothing_beside_the_one_that_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when there is no memory to wait for the sign that it began."""
    start, begun = threading.Thread.start, []

    def fails_late(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == "store-writer":
            begun.append(thread)
            if len(begun) == 1:
                raise MemoryError

    monkeypatch.setattr(threading.Thread, "start", fails_late)
    arrival = store.submissions.receive("2026-W48", MANIFEST)
    arrival.write(b"sealed")
    with pytest.raises(StoreError, match="no thread"):
        arrival.complete()
    in_time(arrival.discard)
    keep(store, b"sealed")
    first, second = begun
    first.join(60)
    assert (first.is_alive(), second.is_alive()) == (False, True)
    assert len(store.submissions.waiting()) == 1


def test_what_a_killed_import_left_is_swept_and_nothing_that_is_being_received_or_complete(
    store: Store, tmp_path: Path
) -> None:
    keep(store, b"complete")
    with store.submissions.receive("2026-W48", MANIFEST) as own:
        own.write(b"under way")
        with Store(tmp_path, KEY, clock=FixedClock(), reserve_bytes=0) as other:
            dead = other.submissions.receive("2026-W47", MANIFEST)
            dead.write(os.urandom(ROW_BYTES + 1))
            dead._await()
        assert store._small.rows("SELECT week FROM submissions WHERE state = 'receiving' ORDER BY week") == [
            ("2026-W47",),
            ("2026-W48",),
        ]
        store.submissions.sweep_dead()
        own.complete()
    assert not store.submissions.any_unfinished()
    assert len(store.submissions.waiting()) == len(store._bulk.rows("SELECT 1 FROM pieces")) == 2
