"""Questionnaires: questions beside the free text: ``docs/formats/questionnaire.md``.

One TOML file, known by its SHA-256 to the server that asks and to the reviewer that shows the answers.
"""

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from crypto.errors import CryptoError
from crypto.questions.toml_text import (
    Place,
    WrongValue,
    nearest_line,
    require_only,
    string_list,
    string_value,
    tables,
)

LONGEST_FILE_BYTES: Final = 65_536
MOST_SECTIONS: Final = 12
MOST_QUESTIONS: Final = 48
MOST_QUESTIONS_OF_A_SECTION: Final = 24
MOST_CHOICES: Final = 24
MOST_CONDITIONS: Final = 12
MOST_COUNTRIES: Final = 60
LONGEST_TEXT: Final = 400
ENGLISH: Final = "en"
TEXTS_OF_THE_FILE: Final = ("title", "intro")
HINT: Final = "hint"
"""``KEY.hint`` is the hint of a question, so that no choice has this name."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KEY: Final = re.compile(r"[a-z0-9_]{1,24}")
_CHOICE: Final = re.compile(r"[A-Za-z0-9_]{1,40}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class QuestionnaireError(CryptoError):
    """The file cannot be used; the message names the line and the key, and what was expected."""


class QuestionType(StrEnum):
    """The type of answer to a question."""

    TEXT = "text"
    CHOICE = "choice"
    MANY = "many"
    WHEN = "when"
    PLACE = "place"
    NUMBER = "number"
    FILE = "file"
    CODE = "code"


_OPTIONS: Final[Mapping[QuestionType, frozenset[str]]] = {
    QuestionType.TEXT: frozenset({"long", "suggestions"}),
    QuestionType.CHOICE: frozenset({"choices", "vocabulary"}),
    QuestionType.MANY: frozenset({"choices", "vocabulary"}),
    QuestionType.WHEN: frozenset(),
    QuestionType.PLACE: frozenset({"countries"}),
    QuestionType.NUMBER: frozenset(),
    QuestionType.FILE: frozenset(),
    QuestionType.CODE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its texts are in :class:`Questionnaire`, by language."""

    key: str
    type: QuestionType
    choices: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    vocabulary: str = ""
    suggestions: str = ""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A section is asked when ``key`` was answered with one of ``choices``."""

    key: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together."""

    key: str
    questions: tuple[Question, ...]
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole file, checked. ``texts`` is by language, then by the keys that the page names."""

    name: str
    sections: tuple[Section, ...]
    texts: Mapping[str, Mapping[str, str]]
    sha256: bytes

    @classmethod
    def parse(
        cls, untrusted_bytes: bytes, *, vocabularies: Mapping[str, Collection[str]] | None = None
    ) -> "Questionnaire":
        """Parse the bytes of the file; ``vocabularies`` are the lists that it may name, as their ids.

        Raises:
            QuestionnaireError: not TOML, or a key or value that the page does not allow.
        """
        if len(untrusted_bytes) > LONGEST_FILE_BYTES:
            raise QuestionnaireError(f"a questionnaire must have at most {LONGEST_FILE_BYTES} bytes")
        try:
            text = untrusted_bytes.decode("utf-8")
            table = tomllib.loads(text)
        except UnicodeDecodeError as error:
            raise QuestionnaireError("a questionnaire must be in UTF-8") from error
        except (ValueError, RecursionError) as error:  # tomllib's own, or a number of more digits than Python takes
            raise QuestionnaireError(f"a questionnaire must be TOML: {error}") from error
        reading = _QuestionnaireReading(vocabularies or {})
        try:
            return reading.whole(table, hashlib.sha256(untrusted_bytes).digest())
        except WrongValue as wrong:
            line = nearest_line((*reading.place, *wrong.names), text)
            raise QuestionnaireError(f"line {line}: {wrong}" if line else str(wrong)) from wrong

    def questions(self) -> Iterator[Question]:
        """All questions, in the order of the file."""
        for section in self.sections:
            yield from section.questions

    def text(self, key: str, tag: str) -> str:
        """The words for ``key`` in the language ``tag``, else in English; empty where there are none."""
        return self.texts.get(tag, {}).get(key) or self.texts[ENGLISH].get(key, "")

    def has(self, key: str, tag: str) -> bool:
        """True if :meth:`text` would be in ``tag`` itself."""
        return key in self.texts.get(tag, {})


class _QuestionnaireReading:
    """One pass over a parsed file; remembers where it is, which keys were used, and what was asked before."""

    def __init__(self, vocabularies: Mapping[str, Collection[str]]) -> None:
        self.place: Place = ()
        self._vocabularies = vocabularies
        self._asked: dict[str, Question] = {}
        self._sections: set[str] = set()

    def whole(self, table: dict[str, Any], sha256: bytes) -> Questionnaire:
        require_only(table, {"name", "sections", "text"}, "top")
        name = string_value(table.get("name"), _NAME, "name", "1 to 32 of a-z, 0-9 and -", name="name")
        found = tables(table.get("sections"), MOST_SECTIONS, "sections")
        sections = []
        for number, one in enumerate(found):
            self.place = ("sections", number)
            sections.append(self._section(one))
        self.place = ()
        if len(self._asked) > MOST_QUESTIONS:
            raise WrongValue(f"a questionnaire must have at most {MOST_QUESTIONS} questions")
        return Questionnaire(name, tuple(sections), self._texts(table.get("text")), sha256)

    def _section(self, table: dict[str, Any]) -> Section:
        require_only(table, {"key", "when", "questions"}, "a section")
        key = string_value(table.get("key"), _KEY, "key of a section", "1 to 24 of a-z, 0-9 and _")
        if key in self._sections:
            raise WrongValue(f"section {key} must stand once", "key")
        self._sections.add(key)
        when = self._condition(table["when"], key) if "when" in table else None
        found = tables(table.get("questions"), MOST_QUESTIONS_OF_A_SECTION, f"questions of section {key}")
        place = self.place
        questions = []
        for number, one in enumerate(found):
            self.place = (*place, "questions", number)
            questions.append(self._question(one))
        return Section(key, tuple(questions), when)

    def _condition(self, value: object, section: str) -> Condition:
        where = f"when of section {section}"
        if not isinstance(value, dict) or len(value) != 1:
            raise WrongValue(f"{where} must name one question and some of its choices", "when")
        key, untrusted_choices = next(iter(value.items()))
        question = self._asked.get(key)
        if question is None or not question.choices:
            raise WrongValue(f"{where} must name a question with choices that was asked before", "when")
        choices = string_list(untrusted_choices, 1, MOST_CONDITIONS, where, _CHOICE, name="when")
        if not set(choices) <= set(question.choices):
            raise WrongValue(f"{where} must name choices of {key}", "when")
        return Condition(key, choices)

    def _question(self, table: dict[str, Any]) -> Question:
        key = string_value(table.get("key"), _KEY, "key of a question", "1 to 24 of a-z, 0-9 and _")
        where = f"question {key}"
        if key in self._asked:
            raise WrongValue(f"{where} must stand once", "key")
        if key in TEXTS_OF_THE_FILE:
            raise WrongValue(f"{where} must have another key: {key} is a text of the whole file", "key")
        try:
            kind = QuestionType(table.get("type", ""))
        except ValueError as error:
            raise WrongValue(f"type of {where} must be one of {', '.join(QuestionType)}", "type") from error
        require_only(table, {"key", "type", *_OPTIONS[kind]}, f"{where}, of type {kind},")
        is_long = table.get("long", False)
        if not isinstance(is_long, bool):
            raise WrongValue(f"long of {where} must be true or false", "long")
        choices: tuple[str, ...] = ()
        if "choices" in _OPTIONS[kind]:
            choices = string_list(
                table.get("choices"), 2, MOST_CHOICES, f"choices of {where}", _CHOICE, name="choices"
            )
        if HINT in choices:
            raise WrongValue(
                f"choice {HINT} of {where} must have another name: {key}.{HINT} is its hint", "choices"
            )
        countries: tuple[str, ...] = ()
        if "countries" in table:
            countries = string_list(
                table["countries"], 2, MOST_COUNTRIES, f"countries of {where}", _COUNTRY, name="countries"
            )
        question = Question(
            key,
            kind,
            choices,
            countries,
            self._vocabulary(table, "vocabulary", choices, where),
            self._vocabulary(table, "suggestions", (), where),
            is_long,
        )
        self._asked[key] = question
        return question

    def _vocabulary(self, table: dict[str, Any], name: str, choices: tuple[str, ...], where: str) -> str:
        value = table.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or value not in self._vocabularies:
            raise WrongValue(f"{where} must name one of the vocabularies {', '.join(self._vocabularies)}", name)
        unknown = sorted(set(choices) - set(self._vocabularies[value]))
        if unknown:
            raise WrongValue(f"choice {unknown[0]} of {where} must be an id of the vocabulary {value}", "choices")
        return value

    def _texts(self, value: object) -> dict[str, dict[str, str]]:
        if not isinstance(value, dict) or ENGLISH not in value:
            raise WrongValue("text must hold a table for each language, and one for en", "text")
        needed = {TEXTS_OF_THE_FILE[0]}
        allowed = {*TEXTS_OF_THE_FILE, *(f"section:{section}" for section in self._sections)}
        for key, question in self._asked.items():
            needed |= {key, *(f"{key}.{choice}" for choice in question.choices)}
            allowed |= {f"{key}.{HINT}"}
        texts = {}
        for tag, table in value.items():
            self.place = ("text", tag)
            texts[tag] = _language(tag, table, allowed | needed)
        self.place = ("text", ENGLISH)
        lacking = sorted(needed - set(texts[ENGLISH]))
        if lacking:
            raise WrongValue(f"text.en must hold {lacking[0]}")
        return texts


def _language(tag: str, value: object, allowed: set[str]) -> dict[str, str]:
    if not _TAG.fullmatch(tag) or not isinstance(value, dict):
        raise WrongValue("each table in text must be named by a language tag, like text.en")
    texts = {}
    for key, text in value.items():
        if key not in allowed:
            raise WrongValue(f"text.{tag} holds {key[:80]!a}, which belongs to no question, choice or section", key)
        if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_TEXT or not _is_plain(text):
            raise WrongValue(f"{key} in text.{tag} must be 1 to {LONGEST_TEXT} letters in one line", key)
        texts[key] = text
    return texts


def _is_plain(text: str) -> bool:
    return not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text)
