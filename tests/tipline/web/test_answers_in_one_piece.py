"""An answer's head goes out with the first of its body: each call to the system is a wait beside many requests."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.tipline.one_connection import OneConnection
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.worker import LONGEST_JOINED_BYTES

PAGE = bytes(range(256)) * 64


def answering(pieces: Iterable[bytes], *headers: tuple[str, str]) -> Any:
    def site(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return pieces

    return site


def answer_to_a_post(site: Any) -> tuple[bytes, bytes, list[int]]:
    """Head and body, and the length of each piece that was handed to the connection."""
    sent: list[int] = []

    class Measured(DeadlineSocket):
        def sendall(self, content: Any, flags: int = 0, /) -> None:
            sent.append(len(content))
            super().sendall(content, flags)

    with OneConnection(site, "/", b"", length=0, socket_class=Measured) as connection:
        whole = b""
        while piece := connection.client.recv(1 << 16):
            whole += piece
    head, _, body = whole.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    return head, body, sent


def test_a_page_goes_out_in_one_call() -> None:
    head, body, sent = answer_to_a_post(answering([PAGE], ("Content-Length", str(len(PAGE)))))
    assert body == PAGE
    assert sent == [len(head) + len(b"\r\n\r\n") + len(PAGE)]


@pytest.mark.parametrize("headers", [(), (("Content-Length", "5"),)], ids=["of unknown length", "of five bytes"])
def test_an_error_before_anything_was_sent_has_the_page_of_an_error(
    headers: tuple[tuple[str, str], ...],
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b""
        raise RuntimeError("spoiled")

    page = b"HTTP/1.1 400 BAD REQUEST\r\n\r\nthe page of an error"
    with OneConnection(answering(pieces(), *headers), "/", b"", length=0, bad_request=page) as connection:
        assert connection.client.recv(1 << 16) == page


def test_a_long_answer_is_not_copied_behind_its_head() -> None:
    long = bytes(LONGEST_JOINED_BYTES + 1)
    head, body, sent = answer_to_a_post(answering([long], ("Content-Length", str(len(long)))))
    assert body == long
    assert sent == [len(head) + len(b"\r\n\r\n"), len(long)]


def test_an_answer_without_a_body_is_its_head() -> None:
    head, body, sent = answer_to_a_post(answering([], ("Content-Length", "0")))
    assert body == b""
    assert sent == [len(head) + len(b"\r\n\r\n")]


@pytest.mark.parametrize("pieces", [[], [b"one", b"", b"three"]], ids=["of nothing", "of three"])
def test_an_answer_of_unknown_length_has_its_head_before_its_chunks(pieces: list[bytes]) -> None:
    head, body, sent = answer_to_a_post(answering(pieces))
    assert b"\r\nTransfer-Encoding: chunked\r\n" in head
    chunks = [b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece]
    assert body == b"".join([*chunks, b"0\r\n\r\n"])
    assert len(sent) == 1 + len(chunks) + 1
