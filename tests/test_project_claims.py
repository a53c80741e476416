"""Every promise names tests that exist, and the page of promises is the one that the data gives."""

import re
from pathlib import Path

import pytest

from tests.documents.claims import DATA, PAGE, Promise, page_of, read_groups
from tests.test_project_documents import TEST, anchors, collected_in

GROUPS = read_groups()
PROMISES = [promise for group in GROUPS for promise in group.promises]
FEWEST = 113
"""As many as there were when the promises moved into a file of their own; none of them was dropped."""


def test_the_page_of_promises_is_what_the_data_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_of(GROUPS), "run scripts/documents"


def test_no_promise_was_dropped_and_none_stands_twice() -> None:
    assert len(PROMISES) >= FEWEST
    assert len({promise.says for promise in PROMISES}) == len(PROMISES)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.says[:60])
def test_a_promise_names_tests_that_pytest_collects(promise: Promise) -> None:
    assert promise.held_by
    assert len(set(promise.held_by)) == len(promise.held_by)
    for test in promise.held_by:
        named = TEST.fullmatch(test)
        assert named, test
        file, name = named.groups()
        assert collected_in(file), f"{file} contains no test"
        assert not name or name in collected_in(file), test


def test_a_promise_without_a_test_or_with_a_helper_would_be_found() -> None:
    assert TEST.fullmatch("tests/a.py and its neighbours") is None
    assert not collected_in("tests/documents/claims.py")


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.says[:60])
def test_a_link_in_a_promise_leads_to_a_heading_that_exists(promise: Promise) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", promise.says):
        path, _, heading = target.partition("#")
        page = Path(DATA.parent, path)
        assert page.is_file(), target
        assert not heading or heading in anchors(page.read_text(encoding="utf-8")), target
