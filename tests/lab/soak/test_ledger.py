"""Findings of a ledger, and how often it lets a form come that was sent again."""

import hashlib
import http.client
import http.server
import random
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab.forensics.visitor import Address, Visitor
from lab.soak.crowd import Crowd
from lab.soak.ledger import Content, Ledger
from lab.soak.losses import Lost
from lab.soak.tries import Try, most_copies
from lab.soak.unit import Unit
from tests.tipline.site_stage import Upload

ONE, OTHER = b"1" * 32, b"2" * 32


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ([], "open nowhere"),
        ([Content("one", (("a.bin", "00"),))], "other files"),
        ([Content("one", (), ONE), Content("one", (), OTHER)], "2 times"),
        ([Content("one"), Content("two")], "no one sent"),
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


@pytest.mark.parametrize(
    ("mailboxes", "told"),
    [
        ([ONE], "the copy of its receipt is not there"),
        ([OTHER], ""),
        ([ONE, OTHER], ""),
        ([OTHER, OTHER], "twice under one mailbox"),
        ([ONE, OTHER, b"3" * 32], "3 times"),
    ],
)
def test_of_a_form_that_was_sent_again_the_copy_of_the_receipt_must_be_there(
    mailboxes: list[bytes], told: str
) -> None:
    """It was stored, the server died before it said so, and the same form got a receipt from the next one."""
    ledger = Ledger()
    ledger.sending(Content("one"))
    ledger.tried(Content("one"), Try(0, 1, "no answer", was_handed_over=True))
    ledger.tried(Content("one"), Try(2, 2, "a receipt", was_handed_over=True, is_answered=True))
    ledger.was_promised(Content("one"), "eight words")
    ledger.take(Content("one", (), mailbox) for mailbox in mailboxes)
    if told:
        with pytest.raises(Lost, match=told):
            ledger.require_all({"eight words": OTHER}.__getitem__)
    else:
        assert ledger.require_all({"eight words": OTHER}.__getitem__) == 1


@pytest.mark.parametrize(
    ("tries", "copies"),
    [
        ([(0, 0), (0, 0)], 1),  # one memory
        ([(0, 1), (2, 2)], 2),  # it died
        ([(0, 0), (0, 2)], 2),  # it died while the second was on its way, after the first was cut off
        ([(0, 0), (0, 2), (2, 2)], 2),  # two memories, three tries
        ([(0, 0), (1, 1), (1, 1), (2, 2)], 2),  # the old one outlives its front, and the new one is there already
        ([(1, 1), (1, 1)], 2),
        ([(0, 4), (2, 4), (4, 4)], 3),
        ([(2, 2), (0, 0)], 1),
        ([(0, 1), (1, 2), (2, 3), (4, 4)], 3),
    ],
)
def test_within_one_memory_a_form_is_stored_once(tries: list[tuple[int, int]], copies: int) -> None:
    assert most_copies(Try(began, ended, "", was_handed_over=True) for began, ended in tries) == copies


def test_what_was_refused_or_not_handed_over_is_stored_nowhere() -> None:
    refused = Try(0, 1, "", was_handed_over=True, is_answered=True, is_refused=True)
    cut = Try(2, 3, "", was_handed_over=False)
    assert most_copies([refused, cut, Try(4, 4, "", was_handed_over=True)]) == 1


def test_what_is_there_though_every_try_was_refused_is_found() -> None:
    ledger = Ledger()
    ledger.sending(Content("one"))
    ledger.tried(Content("one"), Try(0, 0, "", was_handed_over=True, is_answered=True, is_refused=True))
    ledger.take([Content("one", (), ONE)])
    with pytest.raises(Lost, match="1 times"):
        ledger.require_all()


def test_of_a_form_that_was_refused_before_the_copy_of_the_receipt_must_be_there() -> None:
    ledger = Ledger()
    ledger.sending(Content("one"))
    ledger.tried(Content("one"), Try(0, 0, "", was_handed_over=True, is_answered=True, is_refused=True))
    ledger.tried(Content("one"), Try(0, 0, "a receipt", was_handed_over=True, is_answered=True))
    ledger.was_promised(Content("one"), "eight words")
    ledger.take([Content("one", (), ONE)])
    with pytest.raises(Lost, match="the copy of its receipt"):
        ledger.require_all(lambda _words: OTHER)


def test_more_copies_than_there_can_be_are_found_though_their_reader_is_lost_with_its_home() -> None:
    ledger = Ledger()
    ledger.sending(Content("one"))
    ledger.take([Content("one", (), ONE), Content("one", (), OTHER)])
    with pytest.raises(Lost, match="2 times"):
        ledger.forget_what_was_read()


def test_a_request_is_handed_over_when_all_of_it_left() -> None:
    """Only then the server can have stored it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        visitor = Visitor(Address("127.0.0.1", server.getsockname()[1], patience_seconds=10))
        whole = threading.Thread(target=_read_and_cut, args=(server, b"--\r\n"))
        whole.start()
        with pytest.raises(http.client.RemoteDisconnected):
            visitor.upload("/", [("text", "one")])
        whole.join()
        assert visitor.handed_over
        half = threading.Thread(target=_read_and_cut, args=(server, b"\r\n\r\n"))
        half.start()
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            visitor.upload("/", [], [Upload("long.bin", bytes(50_000_000))])
        half.join()
        assert not visitor.handed_over
    with pytest.raises(ConnectionRefusedError):
        visitor.get("/")
    assert not visitor.handed_over


def _read_and_cut(server: socket.socket, end: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        come = b""
        while end not in come:
            come += connection.recv(1 << 16)


class _Server(http.server.BaseHTTPRequestHandler):
    """Each form that it is sent meets the next of ``answers``; before it, a server that dies meanwhile dies."""

    answers: Sequence[str]
    unit: Unit
    met: list[str]

    def do_GET(self) -> None:
        self._answer(200, b'<form action="/"><input name="nonce" value="n">')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        come = self.answers[len(self.met)]
        self.met.append(come)
        if "dies" in come:
            self.unit.deaths += 2
        if "none" in come:
            self.close_connection = True
        elif "busy" in come:
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


@pytest.mark.parametrize(
    ("answers", "copies"),
    [
        (("receipt",), 1),
        (("none", "receipt"), 1),
        (("none", "busy", "receipt"), 1),
        (("dies busy", "dies receipt"), 1),
        (("dies none", "receipt"), 2),
        (("none", "busy", "dies receipt"), 2),  # as through Tor: it dies while the last is on its way
        (("none", "dies none", "receipt"), 2),
        (("none", "dies none", "dies receipt"), 3),
    ],
)
def test_a_text_may_come_once_for_each_memory_that_may_have_stored_it(
    tmp_path: Path, answers: tuple[str, ...], copies: int
) -> None:
    unit, ledger = Unit([], log=tmp_path / "log"), Ledger()
    handler = type("Handler", (_Server,), {"answers": answers, "unit": unit, "met": []})
    content = Content("one")
    with http.server.HTTPServer(("127.0.0.1", unit.address("").port), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            assert Crowd(unit, ledger, name="crowd", seed=40).send("one", content, [], random.Random(40))
        finally:
            server.shutdown()
    ledger.take(Content("one", (), hashlib.sha256(bytes([number])).digest()) for number in range(copies))
    ledger.require_all()
    ledger.take([Content("one", (), ONE)])
    with pytest.raises(Lost, match=rf"{copies + 1} times.*: a receipt"):
        ledger.require_all()
