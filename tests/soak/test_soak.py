"""Short forms of `scripts/soak`; what they do, and what the long ones found, is in docs/soak.md."""

import http.server
import random
import threading
from pathlib import Path

import pytest

from tests.soak.count import play_count
from tests.soak.crowd import Crowd
from tests.soak.faults import play_faults
from tests.soak.interrupted import play_interrupted
from tests.soak.kills import play_kills
from tests.soak.ledger import Content, Ledger
from tests.soak.losses import Lost
from tests.soak.unit import Unit

SEED = 40


def test_what_was_promised_is_read_though_every_process_of_the_server_is_killed_while_many_write(
    tmp_path: Path,
) -> None:
    """Worker, master, front, and commands beside them, each at a random moment; every receipt that was shown opens
    at the reviewer, bit by bit, nothing is there that nobody sent, and readers' answers are all shown."""
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


def test_a_text_may_come_twice_where_the_server_died_after_a_try_without_an_answer_also_if_it_refused_one_between(
    tmp_path: Path,
) -> None:
    unit, ledger = Unit([], log=tmp_path / "log"), Ledger()
    answers: list[bytes] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, b'<form action="/"><input name="nonce" value="n">')

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answers.append(b"")
            if len(answers) == 1:
                self.close_connection = True  # stored, and no answer
            elif len(answers) == 2:
                unit.deaths += 2  # a moment after this answer it is killed, and started again
                self._answer(503, b"too many at once")
            else:
                self._answer(200, b"<p data-passphrase lang>eight words</p>")

        def _answer(self, status: int, page: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    content = Content("one")
    with http.server.HTTPServer(("127.0.0.1", unit.address("").port), Server) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            assert Crowd(unit, ledger, name="crowd", seed=SEED).send("one", content, [], random.Random(SEED))
        finally:
            server.shutdown()
    ledger.take([content, content])
    with pytest.raises(Lost, match=r"3 times.*0: Remote.*'0: status 503', '2: a receipt'"):
        ledger.take([content])


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ([], "open nowhere"),
        ([Content("one", (("a.bin", "00"),))], "other files"),
        ([Content("one"), Content("one")], "2 times"),
        ([Content("one"), Content("two")], "nobody sent"),
    ],
    ids=["missing", "changed", "twice", "strange"],
)
def test_a_loss_is_found(read: list[Content], told: str) -> None:
    ledger = Ledger()
    ledger.sending(Content("one"))
    ledger.was_promised(Content("one"))

    def compare() -> None:
        ledger.take(read)
        ledger.require_all()

    with pytest.raises(Lost, match=told):
        compare()
