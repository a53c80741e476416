"""The page about the vectors, ``tests/vectors/README.md``. ``lab/crypto`` runs their makers."""

import re

from tests.vectors.book import HERE
from tests.vectors.make import DRAWN, NO_MAKER
from tests.vectors.release import books


def test_the_page_names_the_books_that_cannot_be_made_again() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    said = page.partition("**these books cannot be made again byte for byte**: ")[2].partition(", and the files")[0]
    assert re.findall(r"`(\w+)`", said) == list(DRAWN)
    assert f"`{NO_MAKER}` has no maker" in page
    assert {*DRAWN, NO_MAKER} < set(books())
