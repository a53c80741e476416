"""Short forms of `scripts/soak`; what they do, and what the long ones found, is in docs/evidence/soak.md."""

import http.server
import threading
from pathlib import Path

import pytest

from lab.soak.count import play_count
from lab.soak.crowd import Crowd
from lab.soak.faults import play_faults
from lab.soak.interrupted import play_interrupted
from lab.soak.kills import play_kills
from lab.soak.ledger import Ledger
from lab.soak.unit import Unit

SEED = 40


def test_what_was_promised_is_read_though_every_process_of_the_server_is_killed_while_many_write(
    tmp_path: Path,
) -> None:
    """Worker, master, front, and commands beside them, each at a random moment; every receipt that was shown opens
    at the reviewer, bit by bit, nothing is there that no one sent, and readers' answers are all shown."""
    (row,) = play_kills(tmp_path, points=5, seed=SEED, say=print, onion=False, sources=10, readers=1, round_every=2)
    assert row.points == 5


def test_every_fault_of_the_vectors_is_refused_by_name_in_the_real_tools(tmp_path: Path) -> None:
    """And a server lets go of exactly the bytes for which there is a receipt, once."""
    assert play_faults(tmp_path, print, each_to_both=False).points >= 140


def test_a_courier_that_breaks_off_leaves_whole_files_and_a_server_that_let_go_of_nothing_unproved(
    tmp_path: Path,
) -> None:
    (row,) = play_interrupted(tmp_path, points=2, seed=SEED, say=print)
    assert row.points >= 2


def test_submissions_arrive_once_at_each_reviewer_through_two_servers_and_faults(tmp_path: Path) -> None:
    (row,) = play_count(tmp_path, points=8, seed=SEED, say=print, batch=(3, 6))
    assert row.points >= 8


def test_what_one_of_the_crowd_meets_at_the_very_end_is_told_as_well(tmp_path: Path) -> None:
    """It is asked for after each kill, and went unheard after the last one."""
    asked = threading.Event()

    class Nonsense(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            self.send_response(http.HTTPStatus.OK)
            self.end_headers()
            self.wfile.write(b"\xff")

        def log_message(self, *_: object) -> None:
            pass

    unit = Unit([], log=tmp_path / "log")

    def write() -> None:
        with Crowd(unit, Ledger(), name="crowd", seed=SEED, sources=1, readers=0):
            assert asked.wait(60)

    with http.server.HTTPServer(("127.0.0.1", unit.address("").port), Nonsense) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            with pytest.raises(UnicodeDecodeError):
                write()
        finally:
            server.shutdown()
