"""The makers of vectors make every vector again from nothing."""

import json

import pytest

from tests.crypto.test_vector_makers import MADE, copied_to, run_in
from tests.vectors.book import VectorBook
from tests.vectors.make import DRAWN, NO_MAKER
from tests.vectors.release import present

PROGRAM = """
import json
from lab.second import vectors
from lab.second.refused import Refused
from tests.lab.second import test_vectors
from tests.vectors import make, release
from tests.vectors.book import HERE, VectorBook
make.main()
vectors.FOLDER = HERE  # the second reader reads what was made just now
ends = []
for book in make.DRAWN:
    for vector in VectorBook(book):
        try:
            test_vectors.BOOKS[book](vector)
            ends.append([book, vector["name"], "opens"])
        except Refused as refused:
            ends.append([book, vector["name"], refused.outcome])
print(json.dumps({"digests": [[*place, digest] for place, digest in release.present().items()], "ends": ends}))
"""


@pytest.fixture(scope="module")
def from_nothing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    folder = tmp_path_factory.mktemp("makers")
    copied_to(folder, *MADE)
    found: dict[str, list[list[str]]] = json.loads(run_in(folder, "-c", PROGRAM))
    return found


def test_from_nothing_the_makers_make_every_vector_again(from_nothing: dict[str, list[list[str]]]) -> None:
    made = {(book, name) for book, name, _ in from_nothing["digests"]}
    assert made == {place for place in present() if place[0] != NO_MAKER}


def test_where_nothing_is_drawn_every_vector_is_the_same_again(from_nothing: dict[str, list[list[str]]]) -> None:
    stored = present()
    others = {(book, name) for book, name, digest in from_nothing["digests"] if stored[book, name] != digest}
    assert {book for book, _ in others} == set(DRAWN)


def test_where_something_is_drawn_every_new_vector_ends_as_the_stored_one(
    from_nothing: dict[str, list[list[str]]],
) -> None:
    stored = {(book, vector["name"]): vector["outcome"] for book in DRAWN for vector in VectorBook(book)}
    assert {(book, name): outcome for book, name, outcome in from_nothing["ends"]} == stored
