"""The store is rewritten from time to time, whether anybody visits or not."""

import threading
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder
from tipline.heartbeat import Heartbeat
from tipline.store.errors import StoreBusy


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
