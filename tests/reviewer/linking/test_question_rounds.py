"""Answers about names and pictures reach colleagues in the rounds, and close the same questions there."""

from collections.abc import Iterator

import pytest

from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.linking.answering import answer
from reviewer.linking.link_decisions import undo
from reviewer.linking.link_question import LinkQuestion
from reviewer.linking.masking import Masks
from reviewer.linking.picture_reading import read_new_pictures
from reviewer.linking.questions import QuestionReader
from reviewer.linking.tip_reading import read_new_tips
from reviewer.matching.clusters import Verdict
from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops
from tests.reviewer.linking.invented_pictures import as_png


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    photo = ("photo.png", "image/png", as_png(drawn_scene(1)))
    with three_laptops(desk, second, "tip {n}: they call her Nadezhda Ivanova", files=[photo]) as three:
        yield three


def asked(home: Home, *, of_pictures: bool) -> list[LinkQuestion]:
    read_new_tips(home)
    if of_pictures:
        read_new_pictures(home, children=Children(), today=DAY)
    return QuestionReader(home).open(most=10, of_pictures=of_pictures)


def same(home: Home) -> set[frozenset[bytes | None]]:
    """The entities that are one, by the ids that are the same at every reviewer."""
    return {
        frozenset(home.casebook.entities.id_of(number) for number in cluster)
        for cluster in Masks(home).clusters.all()
    }


def test_an_answer_closes_the_same_question_at_colleagues_and_its_undo_opens_it_again(laptops: Laptops) -> None:
    first, *others = laptops.homes
    decisions = []
    for of_pictures in (False, True):
        assert {len(asked(home, of_pictures=of_pictures)) for home in laptops.homes} == {3}
        number = asked(first, of_pictures=of_pictures)[0].number
        decisions.append(answer(first, number, Verdict.SAME, because="one scar", today=DAY))
    laptops.rounds(2)
    for of_pictures in (False, True):
        assert len({len(asked(home, of_pictures=of_pictures)) for home in laptops.homes} - {3}) == 1
    assert all(same(home) == same(first) for home in others)
    assert len(same(first)) == 2
    for decision in decisions:
        undo(first, decision, today=DAY)
    laptops.rounds(2)
    for of_pictures in (False, True):
        assert {len(asked(home, of_pictures=of_pictures)) for home in laptops.homes} == {3}
