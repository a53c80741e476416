"""The traffic between a browser and the real server, as the tap sees it; `scripts/traffic` guesses from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.forensics.machine import Machine
from lab.traffic.comparisons import COMPARISONS, CONTROLLED_ELSEWHERE, Comparison, Verdict
from lab.traffic.judged import Judged
from lab.traffic.manner import Manner
from lab.traffic.onlooker import Seen, numbers
from lab.traffic.quick_browser import QuickBrowser
from lab.traffic.record import HOST, learn_from_firefox, tour
from lab.traffic.sources import sources_of
from lab.traffic.tap import Exchange, Tap
from lab.traffic.visits import CLASSES, Source
from tipline.pages.padding import HEAD_BYTES, PAGE_BYTES

ROOT = Path(__file__).parents[2]


@dataclass
class Watched:
    """A server, the tap before it, and what passed when Firefox made the tour."""

    machine: Machine
    tap: Tap
    manner: Manner
    passed: list[Exchange]

    def browser(self) -> QuickBrowser:
        return QuickBrowser(HOST, self.tap.port, self.manner)

    def visit(self, name: str, source: Source) -> list[Seen]:
        """A visit of the class of this name."""
        next(one for one in CLASSES if one.name == name).make(self.browser(), source)
        return [Seen.of(exchange) for exchange in self.tap.take()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("traffic")
    with Machine(folder / "machine") as machine:
        machine.start()
        with Tap(HOST, machine.address.port) as tap:
            yield Watched(machine, tap, *learn_from_firefox(folder / "firefox", tap))


@pytest.mark.browser
def test_the_quick_browser_sends_what_firefox_sends_byte_for_byte_in_the_same_order(watched: Watched) -> None:
    tour(watched.browser())
    quick = watched.tap.take()
    assert [as_any(one.request) for one in quick] == [as_any(one.request) for one in watched.passed]
    assert [len(one.answer) for one in quick] == [len(one.answer) for one in watched.passed]
    assert {one.turns for one in (*quick, *watched.passed)} == {0}


@pytest.mark.browser
def test_a_browser_that_makes_the_tour_asks_nobody_but_the_site(watched: Watched) -> None:
    assert watched.passed
    assert watched.tap.strangers == []


@pytest.mark.browser
def test_every_page_has_one_length_on_the_wire_with_its_head_whatever_it_is_and_whoever_asks(
    watched: Watched,
) -> None:
    pages = [one.answer for one in watched.passed if b"\r\nContent-Type: text/html" in one.answer]
    assert len(pages) == 9
    assert {len(page) for page in pages} == {HEAD_BYTES + PAGE_BYTES}
    assert any(b"\r\nSet-Cookie: " in page for page in pages)
    assert any(b"\r\nClear-Site-Data: " in page for page in pages)
    unfilled = {Seen.of(one).unfilled_bytes for one in watched.passed}
    assert len(unfilled) > 6, "without the filling they would differ"


@pytest.mark.browser
def test_a_first_visit_is_two_requests_and_24_kib_on_the_wire(watched: Watched) -> None:
    watched.browser().open()
    first = watched.tap.take()
    assert len(first) == 2
    assert sum(len(one.answer) for one in first) <= 24 * 1024


@pytest.mark.browser
def test_whether_an_answer_waits_shows_in_no_length_in_no_count_and_in_no_order(watched: Watched) -> None:
    sources = sources_of(watched.machine, HOST, watched.tap, watched.manner, answered=1, silent=1)
    with_answer, without = (
        watched.visit("comes back, an answer" if source.was_answered else "comes back, no answer", source)
        for source in sorted(sources, key=lambda one: not one.was_answered)
    )
    assert [one.answer_bytes for one in with_answer] == [one.answer_bytes for one in without]
    assert numbers(with_answer, "cells") == numbers(without, "cells")
    assert with_answer[-1].unfilled_bytes > without[-1].unfilled_bytes + 20, "the control shows it"


def test_the_verdict_falls_where_guesses_are_sure_to_be_better_than_chance() -> None:
    alike = Comparison(("one", "other"), "cells", Verdict.ALIKE)
    assert all(Judged(alike, right, 200).is_as_it_must_be for right in (80, 100, 115))
    assert not Judged(alike, 125, 200).is_as_it_must_be
    control = Comparison(("one", "other"), "unfilled cells", Verdict.TOLD_APART)
    assert Judged(control, 182, 200).is_as_it_must_be
    assert not Judged(control, 178, 200).is_as_it_must_be
    low, high = Judged(alike, 100, 200).bounds()
    assert 0.43 < low < 0.5 < high < 0.57


def test_every_view_in_which_visits_must_look_alike_has_its_control() -> None:
    names = {one.name for one in CLASSES}
    must_be_alike = {(one.classes, one.view) for one in COMPARISONS if one.verdict is Verdict.ALIKE}
    seen_through = {(one.classes, one.view) for one in COMPARISONS if one.verdict is Verdict.TOLD_APART}
    # Who counts bytes sees all that one who counts cells does.
    without = {
        (classes, view)
        for classes, view in must_be_alike
        if not {(classes, f"unfilled {view}"), (classes, f"unfilled {view.replace('bytes', 'cells')}")}
        & seen_through
    }
    assert must_be_alike
    assert without == CONTROLLED_ELSEWHERE.keys()
    assert all((ROOT / command.split()[0]).is_file() for command in CONTROLLED_ELSEWHERE.values())
    assert all(set(one.classes) <= names for one in COMPARISONS)


def as_any(request: bytes | bytearray) -> bytes:
    """Without what is drawn again for each visit, or typed: boundary, nonce, cookie and words."""
    told = re.sub(rb"[0-9a-f]{26,32}\b", b"NONCE", bytes(request))
    told = re.sub(rb"Cookie: s=[\w-]{43}\r", b"Cookie: s=ANY\r", told)
    told = re.sub(rb"passphrase=[a-z+]+", b"passphrase=WORDS", told)
    # The length of the words, and of a boundary.
    return re.sub(rb"Content-Length: \d+", b"Content-Length: ANY", told)
