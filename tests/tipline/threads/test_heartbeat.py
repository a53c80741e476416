"""The store is rewritten from time to time, whether anyone visits or not."""

import itertools
import secrets
import threading
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder, send_tip
from tipline.store import Store
from tipline.store.errors import StoreBusy
from tipline.threads.periodic import Heartbeat


def test_a_beat_changes_both_files_without_any_visitor(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    with served.store() as store:
        before = {path.name: path.read_bytes() for path in tmp_path.glob("site/*.db*")}
        beaten = threading.Event()

        def beat() -> None:
            store.beat()
            beaten.set()

        heartbeat = Heartbeat(beat)
        heartbeat.start()
        assert beaten.wait(30)
        heartbeat.stop()
    after = {path.name: path.read_bytes() for path in tmp_path.glob("site/*.db")}
    assert all(before[name] != content for name, content in after.items())


def _noise_of_two_beats(store: Store) -> list[bytes]:
    """Of both files, one beat after the other."""
    found = []
    for _ in range(2):
        store.beat()
        for database in (store.submissions._small, store.submissions._bulk):
            found += [bytes(row[0]) for row in database.rows("SELECT noise FROM heartbeat")]
    return found


def test_the_noise_of_a_beat_is_what_the_system_gave_at_random_whatever_the_store_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = ServedFolder(tmp_path / "used")
    idle = used.copy_to(tmp_path / "idle")
    with used.web() as web:
        assert web.port is not None
        for number in range(3):
            assert b"data-passphrase" in send_tip(web.port, f"What I saw, {number}")
    noises = []
    for served in (idle, used):
        with served.store() as store, monkeypatch.context() as fixed:
            numbers = itertools.count()
            fixed.setattr(secrets, "token_bytes", lambda size, at=numbers: next(at).to_bytes(2) * (size // 2))
            noises.append(_noise_of_two_beats(store))
    assert used.waiting() == 3
    assert noises[0] == noises[1] == [number.to_bytes(2) * 32 for number in range(4)]


def test_no_two_beats_leave_the_same_noise_nor_the_same_part_of_it(tmp_path: Path) -> None:
    with ServedFolder(tmp_path / "site").store() as store:
        noises = _noise_of_two_beats(store)
    parts = [noise[at : at + 8] for noise in noises for at in range(0, 64, 8)]
    assert len(set(parts)) == len(parts) == 4 * 8


@pytest.mark.parametrize("trouble", [StoreBusy("for a test"), MemoryError()])
def test_a_missed_beat_is_followed_by_the_next(trouble: Exception) -> None:
    beats: list[int] = []
    twice = threading.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) == 1:
            raise trouble
        twice.set()

    heartbeat = Heartbeat(beat, every_seconds=0.01)
    heartbeat.start()
    assert twice.wait(30)
    heartbeat.stop()


def test_the_end_is_a_beat_too_so_that_no_file_keeps_the_time_of_the_last_upload() -> None:
    beats: list[int] = []
    begun = threading.Event()

    def beat() -> None:
        beats.append(1)
        begun.set()

    heartbeat = Heartbeat(beat)
    heartbeat.start()
    assert begun.wait(30)
    heartbeat.stop()
    assert len(beats) == 2
