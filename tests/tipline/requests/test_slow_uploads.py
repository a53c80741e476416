"""An upload that comes a byte at a time ends in time, leaves nothing, holds no week open, and is seen to move."""

import datetime as dt
import io
from collections.abc import Callable

import pytest

from crypto.primitives.week import Week
from tests.organisation import TODAY
from tests.tipline.intake.test_site_submitting import left_in_the_store
from tests.tipline.one_connection import NotedPatience, OneConnection
from tests.tipline.processes import eventually
from tests.tipline.served import status_of
from tests.tipline.site_stage import Stage, Upload, multipart
from tipline.bundles.exporter import carry_out
from tipline.instance.folder import SiteFolder
from tipline.requests.body import RequestBody
from tipline.requests.progress import Progress
from tipline.requests.timeouts import CLIENT_TIMEOUTS, PATIENCE_KEY, ClientTimeouts

LENGTH = 4 << 20
START = multipart([("nonce", "0" * 32), ("text", "some words")], [Upload("x", b"1" * 700_000)])[:600_000]
SOON = ClientTimeouts(upload=1.5, drain=1)
"""Half a day and ten minutes are over within moments."""


@pytest.fixture
def begun(stage: Stage) -> list[tuple[str, bytes]]:
    """The submissions that the store has begun to receive."""
    found: list[tuple[str, bytes]] = []
    receive = stage.store.submissions.receive
    stage.store.submissions.receive = lambda *of: found.append(of) or receive(*of)  # type: ignore[method-assign,func-returns-value]
    return found


@pytest.mark.parametrize(
    "is_over", [OneConnection.is_over, OneConnection.is_over_though_bytes_come], ids=["silent", "trickling"]
)
def test_an_upload_ends_in_time_however_slowly_it_comes_and_its_week_can_be_closed(
    stage: Stage, begun: list[tuple[str, bytes]], is_over: Callable[[OneConnection], bool]
) -> None:
    with OneConnection(stage.site.wsgi_app, "/", START, length=LENGTH, timeouts=SOON) as upload:
        assert eventually(lambda: bool(begun))
        stage.clock.day = Week.of(TODAY).last_day + dt.timedelta(days=1)
        assert eventually(lambda: is_over(upload), seconds=30)
        answer = upload.answer()
    assert status_of(answer) == 400
    assert b"Only part of your message arrived" in answer
    assert left_in_the_store(stage) == (0, 0)
    carry_out(
        io.BytesIO().write, store=stage.store, folder=SiteFolder(stage.path), policy=stage.policy,
        clock=stage.clock,
    )  # fmt: skip
    assert stage.store.submissions.is_closed(str(Week.of(TODAY)))


def test_an_upload_that_falls_silent_does_not_wait_for_the_end_of_half_a_day(stage: Stage) -> None:
    silent = ClientTimeouts(silence=0.5)
    with OneConnection(stage.site.wsgi_app, "/", START, length=LENGTH, timeouts=silent) as upload:
        assert eventually(upload.is_over, seconds=30)
        assert b"Only part of your message arrived" in upload.answer()
    assert left_in_the_store(stage) == (0, 0)


def test_what_follows_a_refusal_is_read_for_a_while_only_however_slowly_it_comes(stage: Stage) -> None:
    with OneConnection(
        stage.site.wsgi_app, "/", START, length=LENGTH, fetch_site="cross-site", timeouts=SOON
    ) as refused:
        assert eventually(refused.is_over_though_bytes_come, seconds=30)
        assert status_of(refused.answer()) == 403


def test_a_slow_upload_is_seen_to_move(stage: Stage) -> None:
    token, progress = Progress.token(), stage.site.progress
    length = len(START) + 3

    def arrived() -> int:
        seen = progress.look(token)
        return seen.arrived_bytes if seen is not None and seen.ended is None else 0

    with OneConnection(stage.site.wsgi_app, f"/files/send?upload={token}", START, length=length) as upload:
        assert eventually(lambda: arrived() == len(START))
        for more in (1, 2):
            upload.client.sendall(b"x")
            assert eventually(lambda more=more: arrived() == len(START) + more)  # type: ignore[misc]


def test_whoever_waits_for_the_client_is_told_how_long_that_may_be_for_an_upload_and_for_draining_it() -> None:
    patience = NotedPatience()
    body = RequestBody({"wsgi.input": io.BytesIO(b"x"), "CONTENT_LENGTH": "1", PATIENCE_KEY: patience})
    assert patience.told == [CLIENT_TIMEOUTS.upload]
    body.drain()
    assert patience.told == [CLIENT_TIMEOUTS.upload, CLIENT_TIMEOUTS.drain]


def test_whoever_has_the_answer_and_does_not_hang_up_keeps_no_thread(stage: Stage) -> None:
    with OneConnection(stage.site.wsgi_app, "/", b"x", length=1) as answered:
        assert eventually(answered.is_over, seconds=30)
        assert status_of(answered.answer()) == 400
