"""Every page by keyboard alone: all of it is reached, in the order in which it is written, forwards and back; the
focus is seen, and nothing lies over it on a telephone either. ``Leave now`` comes first."""

import pytest

from demo.firefox import Firefox
from lab.accessibility.keyboard import walk
from tests.tipline.pages.named_pages import PAGES

pytestmark = pytest.mark.browser

WALKS = 5
FAULTY = f"""data:text/html,<title>x</title><style>a{{outline:none}}header{{position:sticky;top:0;height:12rem;
background:white}}p{{height:2rem;margin:0}}</style><header><a href="x">1</a></header>{'<p><a href="x">2</a>' * 60}
<p><button tabindex="1" style="outline:3px solid">3</button>"""


def covered(firefox: Firefox, page: str) -> set[str]:
    """Controls that stay covered, however often one walks through the page."""
    firefox.open(page)
    way = walk(firefox)
    places = way.covered
    for _ in range(WALKS - 1):
        if places:
            firefox.open(page)
            places &= walk(firefox).covered
    return {way.names[place] for place in places}


@pytest.mark.parametrize("name", PAGES)
def test_all_of_a_page_is_reached_in_its_order_with_a_focus_that_is_seen(
    every_page_at: str, firefox: Firefox, name: str
) -> None:
    firefox.set_viewport(320, 640)
    page = f"{every_page_at}/{name}?lang=fr"  # where what stays at the top is two lines high
    firefox.open(page)
    way = walk(firefox)
    assert way.names[:1] == () if name == "left" else way.names[0].startswith("a: ")
    assert [stop.place for stop in way.there] == list(range(len(way.names)))
    assert [stop.place for stop in way.back] == list(range(len(way.names) - 1))[::-1]
    assert [stop.name for stop in (*way.there, *way.back) if stop.outline < 2] == []
    assert not way.covered or covered(firefox, page) == set()


def test_the_walk_finds_another_order_a_focus_that_is_not_seen_and_one_that_is_covered(firefox: Firefox) -> None:
    firefox.set_viewport(320, 640)
    firefox.open(FAULTY)
    way = walk(firefox)
    assert [stop.place for stop in way.there] == [61, *range(61)]
    assert {stop.name for stop in way.there if stop.outline < 2} == {"a: 1", "a: 2"}
    assert covered(firefox, FAULTY) == {"a: 2"}
