"""Names of people: read behind words that announce one, and in answers to questions that ask for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.reading.finding import FindingKind
from reviewer.reading.reader import read_text


def names(text: str, *, asks_for_name: bool = False) -> list[str]:
    """The names that are read in a text, each cut from it."""
    found = read_text(text, asks_for_name=asks_for_name).findings
    return [text[one.first : one.end] for one in found if one.kind is FindingKind.PERSON]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They call her Nadezhda Petrovna Ivanova, she is there", "Nadezhda Petrovna Ivanova"),
        ("my friend Nadja works in a house", "Nadja"),
        ("The boss is Karel Novak. He came", "Karel Novak"),
        ("his name is “J. Smith” I think", "J. Smith"),
        ("ask Mrs. van der Berg about it", "van der Berg"),
        ("ein Mann namens Jürgen Groß-Lutz hat", "Jürgen Groß-Lutz"),
        ("se llama María López García.", "María López García"),
        ("Il s'appelle Étienne d’Arc et", "Étienne"),
        ("её зовут Надежда Иванова, она там", "Надежда Иванова"),
        ("اسمه محمد الراشد ويعمل في", "محمد الراشد"),
        ("أختي اسمها ناديا. اتصلوا", "ناديا"),
        ("نام او رضا احمدی است", "رضا احمدی"),
        ("मेरा नाम नरेन्द्र शर्मा है", "नरेन्द्र शर्मा"),
        ("她名叫王秀英,在厂里", "王秀英"),
        ("NAME IS NADJA", "NADJA"),
        ("Her name is Na\u200bdja Kovac", "Na\u200bdja Kovac"),
    ],
)
def test_a_name_is_read_behind_words_that_announce_it(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Karel Novak was there with Nadja",
        "his name is not known to me",
        "she called me on Monday and I went",
        "the farm is called in the evening",
        "they called the police",
        "name is +44 7700 900123",
        "اسمه لا أعرف",
        "",
    ],
)
def test_without_such_words_or_a_capital_nothing_is_read_as_a_name(text: str) -> None:
    assert names(text) == []


def test_an_answer_to_a_question_for_names_is_one_or_several_names() -> None:
    assert names("nadja kovac, Karel and 王秀英", asks_for_name=True) == ["nadja kovac", "Karel", "王秀英"]
    assert names("  Надежда\nИван ", asks_for_name=True) == ["Надежда", "Иван"]
    assert names("I do not know what the names of all these people are", asks_for_name=True) == []
    assert names("+44 7700 900123", asks_for_name=True) == []


@given(st.text(alphabet="Mr. nameiszovut Надя王نام-'\u200b\n,", max_size=200), st.booleans())
def test_each_name_stands_where_it_is_said_to_stand_and_overlaps_with_no_other(text: str, asks: bool) -> None:
    end = 0
    for one in read_text(text, asks_for_name=asks).findings:
        assert end <= one.first < one.end <= len(text)
        assert text[one.first : one.end].strip()
        end = one.end


@pytest.mark.parametrize("text", ["name is " + "A" * 100_000, "Mr " * 50_000, "name is " * 40_000 + "A b " * 1000])
def test_a_hostile_text_gives_a_bounded_number_of_names(text: str) -> None:
    assert len(names(text)) <= 2000
