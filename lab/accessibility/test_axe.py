"""axe finds nothing on any page: here in three languages; ``scripts/axe`` goes through all of them. A page is built
alike in every language (``tests/languages/test_every_page.py``)."""

import pytest

from demo.firefox import Firefox
from lab.accessibility import axe, run
from lab.accessibility.run import SHORT
from tests.end_to_end.site_in_firefox import served_page
from tests.tipline.pages.named_pages import PAGES

pytestmark = pytest.mark.browser


@pytest.fixture
def with_axe(every_page_at: str, firefox: Firefox) -> Firefox:
    """axe is there already."""
    firefox.open(f"{every_page_at}/start?lang=en")
    axe.begin(firefox)
    return firefox


@pytest.mark.parametrize("tag", SHORT)
def test_axe_finds_nothing_on_any_page_light_on_a_desk_or_dark_on_a_telephone(
    every_page_at: str, with_axe: Firefox, tag: str
) -> None:
    pages = [f"{every_page_at}/{name}?lang={tag}" for name in PAGES]
    with_axe.set_viewport(1280, 900)
    assert axe.faults_of(with_axe, pages) == {}
    with_axe.set_viewport(*axe.TELEPHONE)
    assert axe.faults_of(with_axe, pages, rules=axe.LOOKS, dark=True) == {}


def test_axe_would_have_found_a_field_without_a_label_pale_letters_and_what_a_thumb_misses(
    every_page_at: str, with_axe: Firefox
) -> None:
    with served_page(axe.FAULTY) as faulty:
        found = axe.faults_of(
            with_axe, [f"{every_page_at}/start?lang=en", faulty, f"{every_page_at}/return?lang=en"]
        )
    assert list(found) == [faulty]
    assert axe.missed_in(found[faulty]) == set()


def test_an_axe_that_misses_faults_is_told_before_any_page_counts_as_good(
    capsys: pytest.CaptureFixture[str],
) -> None:
    faulty = b"<!doctype html><title>x</title><h1>A</h1><input name=text>"
    assert run.main(["en"], faulty=faulty) == 1
    assert "axe misses" in capsys.readouterr().err
