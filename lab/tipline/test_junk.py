"""Anyone who sends junk, however much or slowly, keeps no one else from sending and no one from coming back."""

import contextlib
import secrets
import socket
import threading

from tests.tipline.circuit_site import Site, line_of
from tests.tipline.limits.test_junk import crowd, site  # noqa: F401 -- a fixture
from tests.tipline.site_stage import BOUNDARY, Upload, multipart, well_formed_words
from tipline.limits.kdf_queue import MOST_WAITING_A_CIRCUIT

WRONG_TRIES = 1000
SLOW_UPLOADS = 200
JUNK_AT_ONCE = 10
TRIES_AT_ONCE = 10
SOURCES_AT_ONCE = 16


def test_sixteen_sources_at_once_all_get_their_receipts_and_open_their_mailboxes(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    opened: list[int] = []

    def source(number: int) -> None:
        words = site.send_tip(f"source {number}", circuit=200 + number)
        opened.append(site.log_in(words, circuit=200 + number))

    sources = [threading.Thread(target=source, args=(number,)) for number in range(SOURCES_AT_ONCE)]
    for thread in sources:
        thread.start()
    for thread in sources:
        thread.join()
    assert opened == [200] * SOURCES_AT_ONCE


def test_while_one_circuit_posts_junk_without_pause_others_get_their_receipts_and_log_in(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    junk: list[str] = []
    with crowd(JUNK_AT_ONCE, lambda: junk.append(site.send_tip("junk", circuit=1))):
        words = [site.send_tip(f"a tip {number}", circuit=2) for number in range(2)]
        assert all(words)
        assert site.log_in(words[0], circuit=3) == 200
    assert len(junk) > JUNK_AT_ONCE
    assert all(junk), "nor is the one who sends much told anything else: it may be someone with much to say"


def test_a_thousand_wrong_tries_from_one_circuit_are_mostly_turned_away_and_lock_nobody_out(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    words = site.send_tip("hello", circuit=2)
    statuses: list[int] = []

    def try_once() -> None:
        statuses.append(site.log_in(well_formed_words(), circuit=1))

    with crowd(TRIES_AT_ONCE, try_once, at_least=WRONG_TRIES):
        assert [site.log_in(words, circuit=circuit) for circuit in (2, 3, 4)] == [200, 200, 200]
        assert site.send_tip("another tip", circuit=5)
    assert len(statuses) >= WRONG_TRIES
    # Two are derived at a time and four wait; anyone who tries ten at once is told to wait for most of them.
    # On a machine that has other work those in line may once have waited for their turn as long as anyone does.
    assert {200, 429} <= set(statuses) <= {200, 429, 503}
    assert statuses.count(503) <= MOST_WAITING_A_CIRCUIT
    assert statuses.count(429) > len(statuses) // 2
    # And it is not remembered against that circuit, which may be someone else's a moment later.
    assert site.log_in(words, circuit=1) == 200


def test_two_hundred_uploads_that_send_a_byte_now_and_then_do_not_stop_a_tip(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    body = multipart([("nonce", secrets.token_hex(16)), ("text", "slow")], [Upload("a.bin", bytes(1000))])
    head = (
        b"POST / HTTP/1.1\r\nHost: x.onion\r\nSec-Fetch-Site: same-origin\r\nContent-Length: %d\r\n"
        b"Content-Type: multipart/form-data; boundary=%s\r\n\r\n" % (len(body), BOUNDARY.encode())
    )
    with contextlib.ExitStack() as open_uploads:
        slow = [open_uploads.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(SLOW_UPLOADS)]
        for number, connection in enumerate(slow):
            connection.connect(str(site.path))
            connection.sendall(line_of(100 + number) + head + body[:1])
        for at in range(1, 4):
            for connection in slow:
                connection.sendall(body[at : at + 1])
            assert site.send_tip(f"a tip {at}", circuit=2)
        # They are uploads like any other: one that hurries at last is taken.
        slow[0].settimeout(90)
        slow[0].sendall(body[4:])
        assert b"data-passphrase" in b"".join(iter(lambda: slow[0].recv(65536), b""))
