"""Names in any script: what is alike raises a question, brothers and sisters do not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.matching.calibration import NameQuestion, compare_names
from reviewer.matching.name_form import name_words
from reviewer.matching.name_likeness import NameReason

ALIKE = (
    ("Надежда Петровна Иванова", "Nadiezhda Ivanova"),
    ("Олександр Шевченко", "Aleksandr Shevchenko"),
    ("Владимир Зайцев", "Wladimir Saizew"),
    ("محمد الراشد", "Mohammed al-Rashed"),
    ("عبد الرحمن حداد", "Abdulrahman Haddad"),
    ("नरेन्द्र शर्मा", "Narendra Sharma"),
    ("王秀英", "Wang Xiuying"),
    ("Wang Hsiu-ying", "王秀英"),
    ("김민수", "Kim Minsu"),
    ("María López García", "Maria Lopez"),
    ("Popescu Ștefan", "Stefan Popescu"),
    ("John Smith", "John Smyth"),
    ("Bill Thompson", "William Thompson"),
    ("현우 정", "Hyunwoo Jeong"),
    ("Kim Min-su", "김민수"),
    ("सुनीता गुप्ता", "Suneeta Gupta"),
    ("ياسمين السيد", "Yasmine Elsayed"),
    ("Valeriu Suciu", "Vaelriu Suciu"),
)
STRANGERS = (
    ("Ivan Petrov", "Pyotr Petrov"),
    ("Anna Petrova", "Olga Petrova"),
    ("Mohamed Ali", "Mohamed Saleh"),
    ("王芳", "Wang Wei"),
    ("Maria Lopez", "Carmen Ruiz"),
    ("Li Wei", "Li Na"),
    ("Olga Karla Guajardo", "Fernando Karla Guajardo"),
)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_name_in_two_spellings_raises_a_question(one: str, other: str) -> None:
    assert compare_names(one, other).question is NameQuestion.YES


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_brothers_sisters_and_people_with_one_name_in_common_raise_none(one: str, other: str) -> None:
    compared = compare_names(one, other)
    assert compared.question is NameQuestion.NO
    assert set(compared.reasons) & {NameReason.LEFT_OVER_IN_BOTH, NameReason.NOTHING_ALIKE}


def test_a_name_of_one_word_beside_a_whole_name_and_an_initial_raise_a_weak_question_at_most() -> None:
    for one, other in (("Maria", "Maria Lopez"), ("J. Smith", "Smith")):
        assert compare_names(one, other).question is not NameQuestion.YES
    assert compare_names("J. S.", "John Smith").question is NameQuestion.NO


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_comparison_is_symmetric_bounded_and_quotes_nothing(one: str, other: str) -> None:
    if not (name_words(one) and name_words(other)):
        with pytest.raises(ValueError, match="a name must hold a letter"):
            compare_names(one, other)
        return
    compared = compare_names(one, other)
    assert compared == compare_names(other, one)
    assert 0 <= compared.score <= 1
    assert all(re.fullmatch("[a-z-]+", reason) for reason in compared.reasons)


def test_a_name_is_most_like_itself() -> None:
    for name, _other in ALIKE:
        assert compare_names(name, name).score >= 0.98
