"""Slow streams with room left, answers that are not read, and an upload that ends under pressure."""

import itertools
import re
from contextlib import ExitStack

from tests.tipline.circuit_site import Site
from tests.tipline.processes import eventually
from tests.tipline.served import status_of
from tests.tipline.site_stage import multipart
from tests.tipline.web.test_slow_streams import (  # noqa: F401 -- two are fixtures
    FIRST_NUISANCE,
    HEAD,
    KINDS,
    ROOM,
    Newcomers,
    SlowUpload,
    begin,
    has_ended,
    served,
    site,
)


def test_where_there_is_room_no_stream_ends_and_what_has_hardly_begun_holds_no_thread(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    newcomers = Newcomers(site)
    kinds = itertools.cycle(["whole header", "begun text"])  # the others end with their time
    few = ROOM.uploads - 2
    with ExitStack() as opened:
        streams = [begin(site, FIRST_NUISANCE, KINDS["begun file"]) for _ in range(few)]
        streams += [begin(site, FIRST_NUISANCE, KINDS[next(kinds)]) for _ in range(ROOM.connections - few - 4)]
        for each in streams:
            opened.enter_context(each)
        newcomers.come()
        slow = SlowUpload(site)
        opened.enter_context(slow.stream)
        assert status_of(slow.answer()) == 200
        assert not any(map(has_ended, streams))


def test_answers_that_nobody_reads_hold_no_thread_that_a_newcomer_needs(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    shown_again = multipart([("nonce", "0" * 32), ("text", '"' * 200_000), ("lang", "es")])
    head = HEAD.replace(b"900000", b"%d" % len(shown_again))
    newcomers = Newcomers(site)
    with ExitStack() as opened:
        for _ in range(2 * ROOM.uploads):
            opened.enter_context(begin(site, FIRST_NUISANCE, head + shown_again))
        newcomers.come()


def test_an_upload_that_ends_under_pressure_is_told_that_it_did_not_arrive_whole(
    site: Site,  # noqa: F811 -- the fixture
) -> None:
    with ExitStack() as opened:
        streams = [begin(site, FIRST_NUISANCE, KINDS["begun file"]) for _ in range(ROOM.uploads)]
        for each in streams:
            opened.enter_context(each)
        opened.enter_context(SlowUpload(site).stream)
        assert eventually(lambda: any(map(has_ended, streams)))
        ended = next(filter(has_ended, streams))
        answer = b"".join(iter(lambda: ended.recv(65536), b""))
    assert re.match(rb"HTTP/1.1 400 ", answer)
    assert b"Only part of your message arrived." in answer
