"""Questions that may stand on the form, after docs/formats/questionnaire.md."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lab.second.refused import malformed
from lab.second.values import listed

LIMIT = 65_536
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
KEY = re.compile(r"[a-z0-9_]{1,24}")
CHOICE = re.compile(r"[A-Za-z0-9_]{1,40}")
COUNTRY = re.compile(r"[A-Z]{2}")
TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
MOST_QUESTIONS = 48
TEXT_LIMIT = 400
CHOSEN = ("choice", "many")
BESIDE = {
    "text": ("long", "suggestions"),
    "choice": ("choices", "vocabulary"),
    "many": ("choices", "vocabulary"),
    "when": (),
    "place": ("countries",),
    "number": (),
    "file": (),
    "code": (),
}
"""Other keys that may stand beside key and type, by type."""
Table = dict[str, object]
Vocabularies = Mapping[str, Collection[str]]


@dataclass
class Question:
    key: str
    type: str
    long: bool = False
    suggestions: str | None = None
    choices: list[str] = field(default_factory=list)
    vocabulary: str | None = None
    countries: list[str] = field(default_factory=list)


@dataclass
class Section:
    """`when` is the question that was asked before, and the choices that show this section."""

    key: str
    when: tuple[str, list[str]] | None
    questions: list[Question]


@dataclass
class Questionnaire:
    """`texts` by the tag of their language."""

    name: str
    sections: list[Section]
    texts: dict[str, dict[str, str]]
    sha256: bytes

    def questions(self) -> Iterator[Question]:
        return (question for section in self.sections for question in section.questions)


def table(value: object, needed: Collection[str], optional: Collection[str] = ()) -> Table:
    """A table with all that is needed, and nothing that is neither needed nor optional."""
    if not isinstance(value, dict) or not set(needed) <= set(value) <= {*needed, *optional}:
        raise malformed()
    return value


def matched(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise malformed()
    return value


def each_once(value: object, low: int, high: int, pattern: re.Pattern[str]) -> list[str]:
    found = [matched(entry, pattern) for entry in listed(value, low, high)]
    if len(set(found)) != len(found):
        raise malformed()
    return found


def vocabulary(value: object) -> str:
    """The name of one."""
    if not isinstance(value, str) or not value:
        raise malformed()
    return value


def read_question(value: object) -> Question:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in BESIDE:
        raise malformed()
    entry = table(value, ("key", "type", "choices") if kind in CHOSEN else ("key", "type"), BESIDE[kind])
    question = Question(matched(entry["key"], KEY), kind)
    if question.key in ("title", "intro"):
        raise malformed()
    if "long" in entry:
        if not isinstance(entry["long"], bool):
            raise malformed()
        question.long = entry["long"]
    if "suggestions" in entry:
        question.suggestions = vocabulary(entry["suggestions"])
    if "choices" in entry:
        question.choices = each_once(entry["choices"], 2, 24, CHOICE)
        if "hint" in question.choices:
            raise malformed()
    if "vocabulary" in entry:
        question.vocabulary = vocabulary(entry["vocabulary"])
    if "countries" in entry:
        question.countries = each_once(entry["countries"], 2, 60, COUNTRY)
    return question


def read_condition(value: object, asked: Mapping[str, Question]) -> tuple[str, list[str]]:
    if not isinstance(value, dict) or len(value) != 1:
        raise malformed()
    ((key, wanted),) = value.items()
    choices = each_once(wanted, 1, 12, CHOICE)
    if key not in asked or not set(choices) <= set(asked[key].choices):
        raise malformed()
    return key, choices


def read_sections(value: object) -> list[Section]:
    sections: list[Section] = []
    asked: dict[str, Question] = {}
    for entry in listed(value, 1, 12):
        fields = table(entry, ("key", "questions"), ("when",))
        key = matched(fields["key"], KEY)
        if key in [section.key for section in sections]:
            raise malformed()
        when = read_condition(fields["when"], asked) if "when" in fields else None
        questions = [read_question(question) for question in listed(fields["questions"], 1, 24)]
        for question in questions:
            if question.key in asked:
                raise malformed()
            asked[question.key] = question
        if len(asked) > MOST_QUESTIONS:
            raise malformed()
        sections.append(Section(key, when, questions))
    return sections


def check_vocabularies(questionnaire: Questionnaire, known: Vocabularies) -> None:
    for question in questionnaire.questions():
        for name in (question.suggestions, question.vocabulary):
            if name is not None and name not in known:
                raise malformed()
        if question.vocabulary is not None and not set(question.choices) <= set(known[question.vocabulary]):
            raise malformed()


def read_text(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_LIMIT:
        raise malformed()
    if any(unicodedata.category(letter) == "Cc" for letter in value):
        raise malformed()
    return value


def read_texts(value: object, questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    """Those of English whole, those of other languages as far as they go."""
    needed, optional = {"title"}, {"intro"} | {f"section:{section.key}" for section in questionnaire.sections}
    for question in questionnaire.questions():
        needed |= {question.key} | {f"{question.key}.{choice}" for choice in question.choices}
        optional.add(f"{question.key}.hint")
    if not isinstance(value, dict) or "en" not in value:
        raise malformed()
    found = {}
    for tag, texts in value.items():
        listed_texts = table(texts, needed if tag == "en" else (), needed | optional)
        found[matched(tag, TAG)] = {key: read_text(text) for key, text in listed_texts.items()}
    return found


def read_questionnaire(raw: bytes, *, vocabularies: Vocabularies | None = None) -> Questionnaire:
    """Choices are held against vocabularies where the caller has them."""
    if len(raw) > LIMIT:
        raise malformed()
    try:
        found = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise malformed() from None
    top = table(found, ("name", "sections", "text"))
    name = matched(top["name"], NAME)
    questionnaire = Questionnaire(name, read_sections(top["sections"]), {}, hashlib.sha256(raw).digest())
    if vocabularies is not None:
        check_vocabularies(questionnaire, vocabularies)
    questionnaire.texts = read_texts(top["text"], questionnaire)
    return questionnaire
