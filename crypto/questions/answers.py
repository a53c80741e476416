"""Answers to a questionnaire, from a form to a container and back: ``docs/formats/questionnaire.md``."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.errors import CryptoError
from crypto.questions.place_code import LONGEST_TYPED, read_place_code
from crypto.questions.questionnaire import Question, Questionnaire, QuestionType

FORM_FIELD: Final = "door"
QUESTIONS_FIELD: Final = "questions"
PREFIX: Final = "q:"
COUNTRY: Final = ":country"
MOST_LETTERS: Final = {
    QuestionType.TEXT: 1000,
    QuestionType.WHEN: 100,
    QuestionType.PLACE: 200,
    QuestionType.CODE: LONGEST_TYPED,
}
LARGEST_NUMBER: Final = 999_999_999
_MOST_DIGITS: Final = 12
_MARK_DIGITS: Final = 16


class WrongAnswer(ValueError):
    """An answer that the questionnaire does not allow; ``key`` is the question's."""

    def __init__(self, key: str) -> None:
        super().__init__(f"answer to {key} must be one that the questionnaire allows")
        self.key = key


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; ``fits`` if the questionnaire allows it. Its repr hides it."""

    question: Question
    values: tuple[str, ...]
    country: str = ""
    fits: bool = True

    def __repr__(self) -> str:
        return f"<Answer to {self.question.key}>"


def form_names(questionnaire: Questionnaire) -> list[str]:
    """The names that a form with these questions may send, in the order of the file."""
    names = []
    for question in questionnaire.questions():
        name = PREFIX + question.key
        match question.type:
            case QuestionType.FILE:
                continue
            case QuestionType.MANY:
                names += [f"{name}:{choice}" for choice in question.choices]
            case _:
                names.append(name)
        if question.countries:
            names.append(name + COUNTRY)
    return names


def form_mark(questionnaire: Questionnaire) -> str:
    """The value of ``QUESTIONS_FIELD`` in a form: it binds the answers to these questions.

    Another questionnaire may use the same keys.
    """
    return questionnaire.sha256.hex()[:_MARK_DIGITS]


def answers_of_form(questionnaire: Questionnaire, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """The container fields of a submitted form: no empty answers, numbers and codes in ASCII digits.

    Raises:
        WrongAnswer: a choice that is not offered, too many letters, or no number where one is asked.
    """
    fields = [one for question in questionnaire.questions() for one in _fields_of(question, typed)]
    if not fields:
        return []
    return [(FORM_FIELD, questionnaire.name), (QUESTIONS_FIELD, questionnaire.sha256.hex()), *fields]


def wrong_answers(questionnaire: Questionnaire, typed: Mapping[str, str]) -> frozenset[str]:
    """The keys of all questions whose answers :func:`answers_of_form` would refuse."""
    wrong = set()
    for question in questionnaire.questions():
        try:
            _fields_of(question, typed)
        except WrongAnswer:
            wrong.add(question.key)
    return frozenset(wrong)


def answers_in(
    questionnaire: Questionnaire, fields: Iterable[tuple[str, str]]
) -> tuple[list[Answer], list[tuple[str, str]]]:
    """The answers in the fields of a container, and its ``q:`` fields without a question.

    The answers are in the order of the file. One that the questionnaire does not allow has ``fits`` false.
    """
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name.startswith(PREFIX):
            given.setdefault(name, []).append(value)
    answers = []
    for question in questionnaire.questions():
        values = tuple(given.pop(PREFIX + question.key, ()))
        countries = given.pop(PREFIX + question.key + COUNTRY, [])
        if not values and not countries:
            continue
        country = ", ".join(countries)
        answers.append(Answer(question, values, country, _fits(question, values, country)))
    left = [(name, value) for name, values_left in given.items() for value in values_left]
    return answers, left


def _fields_of(question: Question, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    name = PREFIX + question.key
    if question.type is QuestionType.MANY:
        return [(name, choice) for choice in question.choices if typed.get(f"{name}:{choice}")]
    value = typed.get(name, "").strip()
    if question.type is QuestionType.NUMBER and value:
        value = _number(value, question.key)
    if question.type is QuestionType.CODE and value:
        value = _code(value, question.key)
    country = typed.get(name + COUNTRY, "")
    if not _fits(question, (value,) if value else (), country):
        raise WrongAnswer(question.key)
    return [(key, one) for key, one in ((name, value), (name + COUNTRY, country)) if one]


def _fits(question: Question, values: tuple[str, ...], country: str) -> bool:
    if country and country not in question.countries:
        return False
    if question.type is QuestionType.MANY:
        in_order = tuple(choice for choice in question.choices if choice in values)
        return values == in_order
    if not values:
        return True
    if len(values) > 1:
        return False
    match question.type:
        case QuestionType.CHOICE:
            return values[0] in question.choices
        case QuestionType.NUMBER:
            # Its length first: Python refuses to read a number of more than 4,300 digits.
            is_whole = len(values[0]) <= _MOST_DIGITS and values[0].isascii() and values[0].isdigit()
            return is_whole and int(values[0]) <= LARGEST_NUMBER
        case QuestionType.CODE:
            return _is_code(values[0])
        case QuestionType.FILE:
            return False
        case _:
            return len(values[0]) <= MOST_LETTERS[question.type]


def _code(text: str, key: str) -> str:
    try:
        return read_place_code(text)
    except CryptoError as error:
        raise WrongAnswer(key) from error


def _is_code(value: str) -> bool:
    try:
        return read_place_code(value) == value
    except CryptoError:
        return False


def _number(text: str, key: str) -> str:
    """Convert any digits to ASCII digits."""
    if len(text) > _MOST_DIGITS:
        raise WrongAnswer(key)
    try:
        return str(int("".join(str(unicodedata.decimal(letter)) for letter in text if not letter.isspace())))
    except ValueError as error:
        raise WrongAnswer(key) from error


__all__ = ["Answer", "WrongAnswer", "answers_in", "answers_of_form", "form_names", "wrong_answers"]
