"""The remains of a request go with the request: nothing readable waits for the garbage collector.

CPython frees at once what no one holds any more, and freed blocks are overwritten. What is held in a circle stays
until the collector comes by, which on a quiet server may take days: so it comes by after each request.
"""

import gc
import io
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.tipline.site_stage import BOUNDARY, Answer, Browser, Stage, Upload, multipart
from tipline.intake.unfinished_submission import UnfinishedSubmission
from tipline.web.garbage_collection import GarbageCollection

CANARY = "canary-5d20f7"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


@contextmanager
def _collected() -> Iterator[list[object]]:
    """The objects that the collector would have had to find, filled at the end of the block."""
    found: list[object] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
        gc.collect()


def _readable(garbage: list[object]) -> list[str]:
    """The canary, in garbage or one step from it; and every unfinished submission.

    Its writer and its digest hold what came last.
    """
    unfinished = [type(each).__name__ for each in garbage if isinstance(each, UnfinishedSubmission)]
    return unfinished + [
        f"{type(each).__name__} in {type(holder).__name__}"
        for holder in garbage
        for each in (holder, *gc.get_referents(holder))
        if CANARY.encode() in _plain(each)
    ]


def _plain(each: object) -> bytes:
    """The texts in it. Other threads of the tests have garbage too, of any kind."""
    if isinstance(each, str):
        return each.encode(errors="surrogatepass")
    if isinstance(each, bytes | bytearray | memoryview):
        with suppress(ValueError):  # a view that was released shows nothing
            return bytes(each)
    return b""


def _unfinished() -> list[UnfinishedSubmission]:
    # By its type: to ask a weak proxy of others for its class would ask what may be gone.
    return [each for each in gc.get_objects() if type(each) is UnfinishedSubmission]


def _tip(stage: Stage, browser: Browser, nonce: str) -> Answer:
    return browser.send_tip(f"I saw {CANARY}", [Upload(f"{CANARY}.bin", CANARY.encode() * 99)], nonce=nonce)


def _text(stage: Stage, browser: Browser, nonce: str) -> Answer:
    return browser.send_tip(f"I saw {CANARY}", nonce=nonce)


def _too_long(stage: Stage, browser: Browser, nonce: str) -> Answer:
    return browser.send_tip(CANARY * 200_000, nonce=nonce)


def _unforeseen(stage: Stage, browser: Browser, nonce: str) -> Answer:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(size)
            if not piece:
                raise ZeroDivisionError(CANARY)
            return piece

    body = multipart([("nonce", nonce), ("text", CANARY)], [Upload("a", CANARY.encode() * 20_000)])
    source = Failing(body[:-5000])
    return browser.ask("POST", "/", content_type=FORM, length=len(body), source=source)


def _store_fails(stage: Stage, browser: Browser, nonce: str) -> Answer:
    stage.store._bulk._connection.execute(
        "CREATE TEMP TRIGGER fault BEFORE INSERT ON main.pieces BEGIN SELECT RAISE(ABORT, 'fault'); END"
    )
    try:
        return _tip(stage, browser, nonce)
    finally:
        stage.store._bulk._connection.execute("DROP TRIGGER fault")


@pytest.mark.parametrize("send", [_tip, _text, _too_long, _unforeseen, _store_fails])
def test_what_arrives_holds_nothing_in_a_circle(
    stage: Stage, send: Callable[[Stage, Browser, str], Answer]
) -> None:
    browser = stage.other_browser()
    nonce = browser.get("/").hidden("nonce")
    of_others = _unfinished()  # and held, so that none of them becomes garbage meanwhile
    with _collected() as garbage:
        answer = send(stage, browser, nonce)
        status = answer.status
        del answer
    is_taken = send in (_tip, _text)
    assert (status == 200) == is_taken, status
    found = _readable(garbage)
    assert "UnfinishedSubmission" not in found
    # An error and the frames that it went through may hold each other; the collector is told of every request.
    assert not is_taken or found == []
    del garbage
    gc.collect()
    assert len(_unfinished()) == len(of_others), "someone waits with it in hand"


def test_the_search_sees_what_is_held_in_a_circle() -> None:
    with _collected() as garbage:
        circle: list[object] = [CANARY]
        circle.append(circle)
        del circle
    assert _readable(garbage) == ["str in list"]


class _Circle:
    def __init__(self) -> None:
        self.itself = self


def test_a_circle_is_gone_soon_after_the_end_of_a_request_is_told() -> None:
    gone = threading.Event()
    forgetting = GarbageCollection(pause_seconds=0.01)
    forgetting.start()
    gc.disable()
    try:
        weakref.finalize(_Circle(), gone.set)
        assert not gone.wait(0.2), "no one said that a request has ended"
        forgetting.collect_soon(time.monotonic())
        assert gone.wait(30)
    finally:
        gc.enable()
        forgetting.stop()
        gc.unfreeze()


def test_what_was_there_at_an_earlier_look_is_gone_soon_after_its_own_request_ends() -> None:
    gone = threading.Event()
    looked = threading.Event()
    # Its clock stands still, so that everything is never due.
    forgetting = GarbageCollection(pause_seconds=0.01, seconds=lambda: 1.0)
    forgetting.start()
    gc.disable()
    try:
        old = _Circle()
        weakref.finalize(old, gone.set)
        weakref.finalize(_Circle(), looked.set)
        forgetting.collect_soon(1.0)  # of another request, that is over sooner
        assert looked.wait(30)
        assert not gone.is_set()
        del old
        forgetting.collect_soon(1.0)
        assert gone.wait(30), "it is not looked through again before everything is"
    finally:
        gc.enable()
        forgetting.stop()
        gc.unfreeze()


def test_everything_is_looked_through_some_time_after_the_last_request() -> None:
    now = [0.0]
    gone = threading.Event()
    looked = threading.Event()
    forgetting = GarbageCollection(pause_seconds=0.01, seconds=lambda: now[0])
    forgetting.start()
    gc.disable()
    try:
        old = _Circle()
        weakref.finalize(old, gone.set)
        weakref.finalize(_Circle(), looked.set)
        forgetting.collect_soon(1.0)
        assert looked.wait(30)
        del old
        now[0] = 100.0
        forgetting.collect_soon(99.0)
        assert gone.wait(30)
    finally:
        gc.enable()
        forgetting.stop()
        gc.unfreeze()


def test_what_a_thread_that_is_still_ending_holds_is_forgotten_too() -> None:
    gone, looked = threading.Event(), threading.Event()
    forgetting = GarbageCollection(pause_seconds=0.01, whole_after_seconds=0.1)
    forgetting.start()
    gc.disable()
    try:
        ending = _Circle()
        weakref.finalize(ending, gone.set)
        weakref.finalize(_Circle(), looked.set)
        forgetting.collect_soon(0.0)  # it was there long before, so that everything is looked through
        assert looked.wait(30)
        del ending
        assert gone.wait(30), "no one looks again before the next request"
    finally:
        gc.enable()
        forgetting.stop()
        gc.unfreeze()
