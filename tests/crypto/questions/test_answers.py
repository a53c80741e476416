"""Answers: a form's become fields of a container, and the reviewer finds them under their questions again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.questions.answers import Answer, WrongAnswer, answers_in, answers_of_form, form_names
from crypto.questions.questionnaire import Questionnaire

ASKED = Questionnaire.parse(
    b"""
name = "asked"
[[sections]]
key = "all"
[[sections.questions]]
key = "story"
type = "text"
[[sections.questions]]
key = "kind"
type = "choice"
choices = ["farm", "factory"]
[[sections.questions]]
key = "signs"
type = "many"
choices = ["debt", "papers", "threats"]
[[sections.questions]]
key = "since"
type = "when"
[[sections.questions]]
key = "where"
type = "place"
countries = ["AA", "BB"]
[[sections.questions]]
key = "people"
type = "number"
[[sections.questions]]
key = "photo"
type = "file"
[text.en]
title = "t"
story = "t"
kind = "t"
"kind.farm" = "t"
"kind.factory" = "t"
signs = "t"
"signs.debt" = "t"
"signs.papers" = "t"
"signs.threats" = "t"
since = "t"
where = "t"
people = "t"
photo = "t"
"""
)
FULL = {
    "q:story": "They keep the door locked",
    "q:kind": "factory",
    "q:signs:threats": "on",
    "q:signs:debt": "on",
    "q:since": "summer",
    "q:where": "by the river",
    "q:where:country": "BB",
    "q:people": "١٢",
}
HEAD = [("door", "asked"), ("questions", ASKED.sha256.hex())]


def _values(answers: list[Answer]) -> dict[str, tuple[str, ...]]:
    return {answer.question.key: answer.values for answer in answers}


def test_a_form_becomes_fields_in_the_order_of_the_file() -> None:
    assert answers_of_form(ASKED, FULL) == [
        *HEAD,
        ("q:story", "They keep the door locked"),
        ("q:kind", "factory"),
        ("q:signs", "debt"),
        ("q:signs", "threats"),
        ("q:since", "summer"),
        ("q:where", "by the river"),
        ("q:where:country", "BB"),
        ("q:people", "12"),
    ]


def test_what_a_form_said_is_found_again_under_its_questions() -> None:
    answers, left = answers_in(ASKED, [("text", "t"), *answers_of_form(ASKED, FULL)])
    assert _values(answers) == {
        "story": ("They keep the door locked",),
        "kind": ("factory",),
        "signs": ("debt", "threats"),
        "since": ("summer",),
        "where": ("by the river",),
        "people": ("12",),
    }
    assert [answer.country for answer in answers if answer.country] == ["BB"]
    assert all(answer.fits for answer in answers)
    assert left == []


def test_a_form_on_which_nothing_was_answered_names_no_door() -> None:
    assert answers_of_form(ASKED, {"q:story": "  ", "q:kind": "", "q:where:country": ""}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q:kind", "shop"),
        ("q:where:country", "CC"),
        ("q:people", "many"),
        ("q:people", "-1"),
        ("q:people", "1000000000"),
        ("q:people", "9" * 5000),
        ("q:people", "1.5"),
        ("q:story", "x" * 1001),
        ("q:since", "x" * 101),
        ("q:where", "x" * 201),
    ],
)
def test_an_answer_that_is_not_allowed_is_refused_by_its_key_and_not_quoted(name: str, value: str) -> None:
    with pytest.raises(WrongAnswer) as refused:
        answers_of_form(ASKED, {name: value})
    assert refused.value.key == name.split(":")[1]
    assert value not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("q:story", "x" * 1000), ("q:people", "999999999"), ("q:people", "0")])
def test_an_answer_at_its_limit_is_taken(name: str, value: str) -> None:
    assert (name, value) in answers_of_form(ASKED, {name: value})


def test_a_form_may_send_exactly_the_names_of_its_questions() -> None:
    assert form_names(ASKED) == [
        "q:story",
        "q:kind",
        "q:signs:debt",
        "q:signs:papers",
        "q:signs:threats",
        "q:since",
        "q:where",
        "q:where:country",
        "q:people",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        [("q:kind", "shop")],
        [("q:kind", "farm"), ("q:kind", "factory")],
        [("q:signs", "threats"), ("q:signs", "debt")],
        [("q:signs", "debt"), ("q:signs", "debt")],
        [("q:people", "١٢")],
        [("q:where:country", "CC")],
        [("q:photo", "x")],
        [("q:story", "x" * 1001)],
    ],
)
def test_what_the_file_does_not_allow_is_shown_as_such(fields: list[tuple[str, str]]) -> None:
    answers, left = answers_in(ASKED, fields)
    assert [answer.fits for answer in answers] == [False]
    assert left == []


def test_answers_to_no_question_are_kept_beside() -> None:
    assert answers_in(ASKED, [("text", "t"), ("q:other", "a"), ("q:kind", "farm")])[1] == [("q:other", "a")]


def test_an_answer_prints_nothing_of_itself() -> None:
    assert "river" not in repr(answers_in(ASKED, [("q:where", "river")]))


@given(st.dictionaries(st.sampled_from([*form_names(ASKED), "q:none"]), st.text(max_size=30)))
def test_whatever_a_form_may_say_fits_at_the_reviewer(typed: dict[str, str]) -> None:
    try:
        fields = answers_of_form(ASKED, typed)
    except WrongAnswer:
        return
    answers, left = answers_in(ASKED, fields)
    assert left == []
    assert all(answer.fits for answer in answers)
