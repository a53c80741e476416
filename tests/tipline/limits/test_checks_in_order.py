"""A typed text is looked at last: anyone who may not send now, or where, costs the server no look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import KNOWN_WORDS, Answer, Stage, Upload
from tipline.limits.rate_limit import RateLimit
from tipline.requests.nonce import Nonce

TEXT = f"my words are {KNOWN_WORDS}"
WARNING = "Your eight secret words are in your message."


@pytest.fixture
def challenged(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, line=RateLimit(is_on=lambda: True))
    yield made
    made.close()


def send(stage: Stage, path: str, *more: tuple[str, str], files: list[Upload] | None = None) -> Answer:
    fields = [("nonce", Nonce.generate().digits()), ("text", TEXT), *more]
    return stage.browser.upload(path, fields, files or [])


def test_the_words_in_a_text_are_warned_of_where_nothing_else_stands_against_it(stage: Stage) -> None:
    for path in ("/", "/files/send"):
        answer = send(stage, path)
        assert answer.status == 422
        assert WARNING in answer.text
    assert stage.read_all() == []


@pytest.mark.parametrize("path", ["/", "/files/send"])
@pytest.mark.parametrize("files", [[], [Upload("a", b"1" * 5000)]])
def test_whoever_is_to_wait_is_told_so_before_the_text_is_looked_at(
    challenged: Stage, path: str, files: list[Upload]
) -> None:
    answer = send(challenged, path, files=files)
    assert answer.status == 503
    assert WARNING not in answer.text


@pytest.mark.parametrize("files", [[], [Upload("a", b"1" * 5000)]])
def test_without_an_open_mailbox_or_a_handle_the_text_is_not_looked_at(stage: Stage, files: list[Upload]) -> None:
    for path, field in (("/mailbox/write", ("passphrase", "")), ("/more", ("handle", "0" * 32))):
        answer = send(stage, path, field, files=files)
        assert answer.status == 403
        assert WARNING not in answer.text


def test_where_there_is_no_room_the_text_is_not_looked_at(stage: Stage) -> None:
    stage.site.app.extensions["tipline"].quota._room_bytes = lambda: 0
    answer = send(stage, "/")
    assert answer.status == 503
    assert WARNING not in answer.text
    assert KNOWN_WORDS in answer.text
