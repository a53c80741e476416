"""How far an upload is: seen while it lasts, gone when it was kept, told for a while when it was not."""

from contextlib import ExitStack

import pytest

from tipline.requests.progress import ENDED_SECONDS, MOST_ENDED, STILL_SECONDS, Progress, UploadProgress
from tipline.requests.refusals import Reason, Refused


class Body:
    """As much of a request's body as a look needs."""

    announced_bytes = 100
    arrived_bytes = 0


class Seconds:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def refuse(progress: Progress, token: str, body: Body, reason: Reason = Reason.BROKEN) -> None:
    with pytest.raises(Refused), progress.following(token, body):
        raise Refused(reason)


def test_an_upload_is_counted_while_it_lasts_and_not_seen_once_it_was_kept() -> None:
    progress, token, body = Progress(), Progress.token(), Body()
    assert progress.look(token) is None
    with progress.following(token, body):
        assert progress.look(token) == UploadProgress(0, 100)
        body.arrived_bytes = 60
        seen = progress.look(token)
        assert seen == UploadProgress(60, 100)
        assert seen.left_bytes == 40
    assert progress.look(token) is None
    assert not progress._under_way
    assert not progress._failed


def test_an_upload_that_failed_says_why_for_ten_minutes_and_then_is_gone() -> None:
    seconds = Seconds()
    progress, token, body = Progress(seconds=seconds), Progress.token(), Body()
    body.arrived_bytes = 70
    refuse(progress, token, body)
    assert progress.look(token) == UploadProgress(70, 100, ended=Reason.BROKEN)
    body.arrived_bytes = 80  # what is drained afterwards is no arrival
    assert progress.look(token) == UploadProgress(70, 100, ended=Reason.BROKEN)
    seconds.now += ENDED_SECONDS + 1
    assert progress.look(token) is None
    progress.sweep()
    assert not progress._failed


def test_an_error_of_ours_is_told_as_one() -> None:
    progress, token = Progress(), Progress.token()
    with pytest.raises(ZeroDivisionError), progress.following(token, Body()):
        raise ZeroDivisionError
    seen = progress.look(token)
    assert seen is not None
    assert seen.ended is Reason.STORE_TROUBLE


def test_the_second_press_has_the_token_and_the_end_of_the_first_does_not_take_it_away() -> None:
    progress, token, first, second = Progress(), Progress.token(), Body(), Body()
    second.arrived_bytes = 5
    first_press = ExitStack()
    first_press.enter_context(progress.following(token, first))
    with progress.following(token, second):
        with pytest.raises(Refused), first_press:
            raise Refused(Reason.BROKEN)
        assert progress.look(token) == UploadProgress(5, 100)
    assert progress.look(token) is None


def test_one_that_failed_is_forgotten_when_it_is_sent_again() -> None:
    progress, token = Progress(), Progress.token()
    refuse(progress, token, Body())
    with progress.following(token, Body()):
        assert progress.look(token) == UploadProgress(0, 100)
    assert progress.look(token) is None


def test_nothing_new_for_half_a_minute_is_told_until_something_comes() -> None:
    seconds = Seconds()
    progress, token, body = Progress(seconds=seconds), Progress.token(), Body()
    with progress.following(token, body):
        body.arrived_bytes = 10
        assert progress.look(token) == UploadProgress(10, 100)
        seconds.now += STILL_SECONDS
        assert progress.look(token) == UploadProgress(10, 100, is_still=True)
        body.arrived_bytes = 11
        assert progress.look(token) == UploadProgress(11, 100)
        body.arrived_bytes = 100
        progress.look(token)
        seconds.now += STILL_SECONDS
        assert progress.look(token) == UploadProgress(100, 100)  # all is here: that it takes a while is ours


def test_only_the_newest_thousand_failures_are_remembered() -> None:
    progress = Progress()
    tokens = [Progress.token() for _ in range(MOST_ENDED + 5)]
    for token in tokens:
        refuse(progress, token, Body())
    assert len(progress._failed) == MOST_ENDED
    assert [progress.look(token) for token in tokens[:5]] == [None] * 5
    assert progress.look(tokens[5]) is not None


@pytest.mark.parametrize("untrusted", ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, "٠" * 32, "0" * 5000])
def test_what_is_no_token_is_never_remembered(untrusted: str) -> None:
    progress = Progress()
    with progress.following(untrusted, Body()):
        assert progress.look(untrusted) is None
    refuse(progress, untrusted, Body())
    assert not progress._failed


def test_tokens_are_random_and_long() -> None:
    assert len({Progress.token() for _ in range(100)}) == 100
    assert len(bytes.fromhex(Progress.token())) == 16
