"""Questionnaires: what the page allows is read, all else is refused with the key that is wrong."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.questions.questionnaire import (
    LONGEST_FILE_BYTES,
    LONGEST_TEXT,
    MOST_QUESTIONS,
    Condition,
    Questionnaire,
    QuestionnaireError,
    QuestionType,
)
from tests.vectors.book import MALFORMED, OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("questionnaire"))

ROOT = Path(__file__).parents[3]
VOCABULARIES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["ids"]
    for path in (ROOT / "templates" / "vocabularies").glob("*.json")
}
SHIPPED = sorted((ROOT / "templates" / "doors").glob("*.toml"))

SMALL = """
name = "small"
[[sections]]
key = "first"
[[sections.questions]]
key = "kind"
type = "choice"
choices = ["farm", "factory"]
[[sections]]
key = "second"
when = { kind = ["factory"] }
[[sections.questions]]
key = "company"
type = "text"
[text.en]
title = "Small"
kind = "What kind?"
"kind.farm" = "A farm"
"kind.factory" = "A factory"
company = "Which company?"
"company.hint" = "As on the door."
[text.es]
company = "¿Qué empresa?"
"""


def _parse(text: str) -> Questionnaire:
    return Questionnaire.parse(text.encode(), vocabularies=VOCABULARIES)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 25


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    try:
        found = Questionnaire.parse(bytes_of(vector["file"]), vocabularies=vector["vocabularies"])
    except QuestionnaireError:
        assert vector["outcome"] == MALFORMED  # the only kind that there is
    else:
        assert vector["outcome"] == OPENS
        assert [[question.key, question.type] for question in found.questions()] == vector["questions"]
        assert (found.name, found.sha256.hex()) == (vector["door"], vector["sha256"])
        assert sorted(found.texts) == vector["languages"]


def test_a_file_is_read_as_it_stands_and_known_by_its_digest() -> None:
    small = _parse(SMALL)
    assert small.name == "small"
    assert [question.key for question in small.questions()] == ["kind", "company"]
    assert [question.type for question in small.questions()] == [QuestionType.CHOICE, QuestionType.TEXT]
    assert small.sections[1].when == Condition("kind", ("factory",))
    assert small.sha256 == hashlib.sha256(SMALL.encode()).digest()


def test_a_text_is_shown_in_its_language_else_in_english_else_not_at_all() -> None:
    small = _parse(SMALL)
    assert small.text("company", "es") == "¿Qué empresa?"
    assert small.text("kind", "es") == "What kind?"
    assert small.text("intro", "es") == ""
    assert (small.has("company", "es"), small.has("kind", "es")) == (True, False)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_questionnaire_follows_the_page(path: Path) -> None:
    questionnaire = Questionnaire.parse(path.read_bytes(), vocabularies=VOCABULARIES)
    assert questionnaire.name == path.stem


def test_the_four_doors_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == ["help", "saw", "voice", "work"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('name = "small"', 'name = "Small"', "name must be"),
        ('name = "small"', 'name = "small"\nversion = 2', "'version'"),
        ('key = "second"', 'key = "first"', "section first must stand once"),
        ('key = "company"', 'key = "kind"', "question kind must stand once"),
        ('key = "company"', 'key = "Company"', "key of a question"),
        ('key = "company"', 'key = "title"', "question title must have another key"),
        ('key = "company"', 'key = "intro"', "question intro must have another key"),
        ('choices = ["farm", "factory"]', 'choices = ["hint", "factory"]', "choice hint of question kind"),
        ('type = "text"', 'type = "email"', "type of question company must be one of text, choice"),
        ('type = "text"', 'type = "text"\nchoices = ["a", "b"]', "question company, of type text, holds 'choices'"),
        ('type = "text"', 'type = "text"\nlong = "yes"', "long of question company must be true or false"),
        (
            'type = "text"',
            'type = "text"\nsuggestions = "none"',
            "question company must name one of the vocabularies",
        ),
        (
            'choices = ["farm", "factory"]',
            'choices = ["farm"]',
            "choices of question kind must be a list of 2 to 24",
        ),
        ('choices = ["farm", "factory"]', 'choices = ["farm", "farm"]', "must each stand once"),
        ('choices = ["farm", "factory"]', 'choices = ["farm", "fac:tory"]', "choices of question kind"),
        (
            'choices = ["farm", "factory"]',
            'choices = ["farm", "factory"]\nvocabulary = "ilo-indicators"',
            "choice factory of question kind must be an id of the vocabulary",
        ),
        ('when = { kind = ["factory"] }', 'when = { kind = ["shop"] }', "must name choices of kind"),
        ('when = { kind = ["factory"] }', 'when = { company = ["factory"] }', "that was asked before"),
        ('when = { kind = ["factory"] }', "when = { }", "must name one question"),
        ("[text.en]", "[text.fr]", "one for en"),
        ('title = "Small"', 'titel = "Small"', "'titel'"),
        ('title = "Small"', "", "text.en must hold title"),
        ('"kind.farm" = "A farm"', "", "text.en must hold kind.farm"),
        ('title = "Small"', 'title = ""', "title in text.en must be 1 to 400 letters"),
        ('title = "Small"', f'title = "{"x" * (LONGEST_TEXT + 1)}"', "title in text.en"),
        ('title = "Small"', 'title = "a\\nb"', "in one line"),
        ("[text.es]", '[text."e s"]', "language tag"),
        ('company = "¿Qué empresa?"', 'company = "x"\n"kind.shop" = "y"', "'kind.shop'"),
        ("[[sections]]", "[sections]", "must be TOML"),
    ],
)
def test_one_fault_refuses_the_file_and_is_named(old: str, new: str, named: str) -> None:
    assert old in SMALL
    with pytest.raises(QuestionnaireError) as refused:
        _parse(SMALL.replace(old, new, 1))
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("faulty_line", "instead", "named"),
    [
        ('name = "small"', 'name = "Small"', "name must be"),
        ('key = "second"', 'key = "first"', "section first must stand once"),
        ('when = { kind = ["factory"] }', 'when = { kind = ["shop"] }', "when of section second"),
        ('choices = ["farm", "factory"]', 'choices = ["farm", "farm"]', "choices of question kind"),
        ('type = "text"', 'type = "email"', "type of question company"),
        ('"kind.farm" = "A farm"', '"kind.shop" = "A shop"', "'kind.shop'"),
        ('"company.hint" = "As on the door."', '"company.hint" = ""', "company.hint in text.en"),
        ('company = "¿Qué empresa?"', 'company = "¿Qué\\nempresa?"', "company in text.es"),
        ("[text.es]", "[text.'e s']", "language tag"),
        ('type = "choice"', "type = choice", "must be TOML"),
    ],
)
def test_a_fault_is_named_by_its_line(faulty_line: str, instead: str, named: str) -> None:
    line = SMALL.splitlines().index(faulty_line) + 1
    with pytest.raises(QuestionnaireError, match=rf"line {line}\b") as refused:
        _parse(SMALL.replace(faulty_line, instead, 1))
    assert named in str(refused.value)


def test_what_lacks_is_named_by_the_line_of_its_table() -> None:
    text = SMALL.replace('"kind.farm" = "A farm"\n', "").replace('type = "text"\n', "")
    with pytest.raises(QuestionnaireError, match=r"^line 12: type of question company must be one of"):
        _parse(text)
    text = SMALL.replace('"kind.farm" = "A farm"\n', "")
    with pytest.raises(QuestionnaireError, match=r"^line 15: text\.en must hold kind\.farm$"):
        _parse(text)
    with pytest.raises(QuestionnaireError, match=r"^sections must be 1 to"):
        _parse('name = "small"')


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(QuestionnaireError, match=str(LONGEST_FILE_BYTES)):
        Questionnaire.parse(b"\xff" * (LONGEST_FILE_BYTES + 1))
    with pytest.raises(QuestionnaireError, match="UTF-8"):
        Questionnaire.parse(b"\xff" * LONGEST_FILE_BYTES)


def test_one_question_more_than_the_limit_is_refused() -> None:
    def many(count: int) -> str:
        lines = ['name = "many"']
        for n in range(count):
            if n % 24 == 0:
                lines += ["[[sections]]", f'key = "s{n}"']
            lines += ["[[sections.questions]]", f'key = "q{n}"', 'type = "text"']
        return "\n".join([*lines, "[text.en]", 'title = "Many"', *(f'q{n} = "?"' for n in range(count))])

    assert len(list(_parse(many(MOST_QUESTIONS)).questions())) == MOST_QUESTIONS
    with pytest.raises(QuestionnaireError, match=f"at most {MOST_QUESTIONS} questions"):
        _parse(many(MOST_QUESTIONS + 1))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_our_error(untrusted: bytes) -> None:
    with pytest.raises(QuestionnaireError):
        Questionnaire.parse(untrusted)


def test_a_number_longer_than_python_takes_is_refused_with_our_error() -> None:
    with pytest.raises(QuestionnaireError, match="TOML"):
        Questionnaire.parse(b"name = " + b"9" * 5_000)


def test_deep_nesting_is_refused_with_our_error() -> None:
    with pytest.raises(QuestionnaireError, match="TOML"):
        Questionnaire.parse(b"name = " + b"[" * 20_000)
