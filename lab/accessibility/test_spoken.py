"""A screen reader is told of every page where it is, the name of each thing, the order, and what is wrong.

The tests read Firefox's own tree for screen readers. No one listens to a voice here (docs/develop/manual-check.md).
"""

from itertools import pairwise

import pytest

from demo.firefox import Firefox
from lab.accessibility.spoken import Spoken, spoken
from tests.end_to_end.site_in_firefox import served_page
from tests.tipline.pages.named_pages import PAGES

pytestmark = pytest.mark.browser

FIELDS = {"entry", "checkbutton", "combobox", "editcombobox"}
PRESSED = FIELDS | {"link", "pushbutton", "summary"}
FAULTY = b"""<!doctype html><html lang=en><title>x</title><body><h1>a</h1><h3>b</h3><input><p role=alert>No</p>"""


def faults(page: Spoken) -> list[str]:
    """Faults for a person who hears this page."""
    everything = page.all()
    found = []
    if not page.name:
        found.append("the page has no name")
    first = next((one for one in everything if one.role in PRESSED), page)
    if first is not page and first.role != "link":
        found.append("leaving does not come first")
    if [one.tag for one in page.own()].count("main") != 1:
        found.append("no main part, or several")
    levels = [one.level for one in everything if one.role == "heading"]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append("the first heading is not the only one of the first level")
    found += ["a level of headings is left out" for a, b in pairwise(levels) if b > a + 1]
    found += [f"a {one.role} without a name" for one in everything if one.role in PRESSED and not one.name]
    return found + _unlinked_errors(everything)


def _unlinked_errors(everything: list[Spoken]) -> list[str]:
    """An alert that stands behind the fields, and one that no field speaks of, where there are fields."""
    roles = [one.role for one in everything]
    alerts = [one for one in everything if one.role == "alert"]
    fields = [one for one in everything if one.role in FIELDS or _takes_files(one)]
    found = []
    for alert in alerts:
        if not alert.text:
            found.append("an alert that says nothing")
        if fields and roles.index("alert") > everything.index(fields[0]):
            found.append("what is wrong is said after the fields")
        wrong = [one for one in fields if "invalid" in one.states]
        if fields and not wrong and not any(alert.text[:20] in one.description for one in fields):
            found.append("no field says that it is wrong")
        found += [f"{one.name} does not say what is wrong" for one in wrong if not one.description]
    return found


def _takes_files(one: Spoken) -> bool:
    return one.role == "pushbutton" and one.tag == "input" and bool(one.parts)


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_reader_is_told_all_of_a_page_in_order_and_what_is_wrong(
    every_page_at: str, firefox: Firefox, name: str
) -> None:
    firefox.open(f"{every_page_at}/{name}?lang=en")
    assert faults(spoken(firefox)) == []


def test_words_to_keep_are_read_as_english_on_an_arabic_page_and_its_digits_are_not(
    every_page_at: str, firefox: Firefox
) -> None:
    firefox.open(f"{every_page_at}/receipt?lang=ar")
    page = spoken(firefox)
    assert page.language == "ar"
    words = [one for one in page.all() if one.role == "text leaf" and one.name.isascii() and one.name.isalpha()]
    assert len(words) >= 8
    assert {one.language for one in words} == {"en"}


def test_the_search_finds_what_nobody_would_hear(firefox: Firefox) -> None:
    with served_page(FAULTY) as address:
        firefox.open(address)
        found = faults(spoken(firefox))
    assert set(found) == {
        "leaving does not come first",
        "no main part, or several",
        "a level of headings is left out",
        "a entry without a name",
        "what is wrong is said after the fields",
        "no field says that it is wrong",
    }
