"""No text, and no other request, costs many times the processor time of as much ordinary prose.

The time is that of one thread, and prose is measured beside each: how busy the machine is changes both alike.
"""

import importlib
import statistics
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.tipline.site_stage import Browser, Stage

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
LETTERS = 50_000
REQUEST_BYTES = 64 * 1024
ROUNDS = 5
MOST_TIMES_PROSE = 4.0


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Texts and requests that the benchmark measures too."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("dear_requests")


FORMS = (
    "first message",
    "first message, short form",
    "in another language",
    "from the page for files",
    "to a mailbox that is not open",
    "beside a button",
)


@pytest.mark.parametrize("form", FORMS)
def test_no_text_costs_more_than_four_times_the_processor_time_of_as_much_prose(
    stage: Stage, dear: ModuleType, form: str
) -> None:
    prose = dict(dear.text_forms(dear.prose(LETTERS)))[form]
    dearer = {}
    for name, text in dear.dear_texts(LETTERS):
        asked = dict(dear.text_forms(text))[form]
        if asked.media_type == dear.SHORT_FORM:  # a letter has up to twelve bytes there, and each of them costs
            letters = min(LETTERS, LETTERS * len(prose.body) // len(asked.body))
            asked = dict(dear.text_forms(text[:letters]))[form]
        if (times := _times(stage.browser, asked, prose)) > MOST_TIMES_PROSE:
            dearer[name] = times
    assert not dearer


def test_the_forms_that_are_measured_are_all_that_there_are(dear: ModuleType) -> None:
    assert tuple(name for name, _ in dear.text_forms("")) == FORMS


def test_no_request_of_64_kib_costs_more_than_four_times_the_processor_time_of_as_much_prose(
    stage: Stage, dear: ModuleType
) -> None:
    prose = dict(dear.text_forms(dear.prose(LETTERS)))["first message"]
    dearer = {
        (one.path, one.name): times
        for one in dear.dear_requests(REQUEST_BYTES)
        if one.path != "/mailbox" and (times := _times(stage.browser, one, prose)) > MOST_TIMES_PROSE
    }
    assert not dearer


def test_no_words_cost_more_than_four_times_the_processor_time_of_prose_in_their_place(
    stage: Stage, dear: ModuleType
) -> None:
    prose = dear.DearRequest(
        "", "/mailbox", b"passphrase=" + dear.prose(250).replace(" ", "+").encode(), dear.SHORT_FORM
    )
    dearer = {
        one.name: times
        for one in dear.dear_requests(REQUEST_BYTES)
        if one.path == "/mailbox" and len(one.body) < 5000
        if (times := _times(stage.browser, one, prose)) > MOST_TIMES_PROSE
    }
    assert not dearer


def _times(browser: Browser, dear: Any, prose: Any) -> float:
    """How many times the processor time of ``prose`` the request ``dear`` takes, the median of some rounds."""
    return statistics.median(_seconds(browser, dear) / _seconds(browser, prose) for _ in range(ROUNDS))


def _seconds(browser: Browser, one: Any) -> float:
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in one.headers.items()}
    begun = time.thread_time()
    browser.ask(one.method, one.path, one.body, content_type=one.media_type, headers=headers)
    return time.thread_time() - begun
