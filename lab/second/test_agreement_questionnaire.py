"""Questions of a door, shipped ones and the page's, and changed ones: both implementations say the same."""

import json
import re
from pathlib import Path
from random import Random

import pytest

from crypto.questions import builtin_questionnaires
from crypto.questions.questionnaire import QuestionnaireError
from lab.second.agreement import ROWS
from lab.second.mutation import mutated
from lab.second.questionnaire import Question, read_questionnaire
from lab.second.refused import Refused

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats" / "questionnaire.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```toml\n")[2].partition("```")[0].encode()
SHIPPED = [path.read_bytes() for path in sorted((ROOT / "templates" / "doors").glob("*.toml"))]
VOCABULARIES = {
    path.stem: set(json.loads(path.read_bytes())["ids"])
    for path in (ROOT / "templates" / "vocabularies").glob("*.json")
}
WORDS = (
    *(
        "key",
        "type",
        "when",
        "long = true",
        "choices",
        "countries",
        "vocabulary",
        "suggestions",
        "text.en",
        "text.EN",
    ),
    *("text", "choice", "many", "place", "number", "file", "title", "intro", "hint", "goods", "ilo-indicators"),
    *(
        "[[sections]]",
        "[[sections.questions]]",
        "section:place",
        "text.zh-Hans",
        "text.x",
        "text.en-a",
        "\\u0085",
        "\\t",
    ),
    *('["AT", "BD"]', '["a", "a"]', "true", "1", '"', "=", "[", "]", "\r\n", "\ufeff"),
)
"""Tokens that mean something in such a file, each a whole token or a line of its own."""
COLLIDING = [
    ('key = "company"', 'key = "title"'),
    ('key = "company"', 'key = "intro"'),
    ('"farm"', '"hint"'),
    ('key = "factory"', 'key = "place"'),
    ('key = "company"', 'key = "kind"'),
    ('"factory", "farm"', '"factory", "factory"'),
    ('kind = ["factory"]', 'kind = ["factory", "factory"]'),
    ('kind = ["factory"]', 'company = ["factory"]'),
    ('type = "text"', 'type = "text"\nsuggestions = "none"'),
    ('type = "text"', 'type = "text"\nsuggestions = ""'),
    ('type = "text"', 'type = "place"\ncountries = ["AT", "AT"]'),
    ("[text.en]", "[text.EN]"),
    ("[text.en]", "[text.xabc]\n[text.en]"),
    ("[text.en]", "[text.xy-a]\n[text.en]"),
    ('"Work"', '"a\\tb"'),
    ('"Work"', '"a\\u0085b"'),
    ('"work"', "9" * 5_000),
]


def first(raw: bytes) -> object:
    try:
        found = builtin_questionnaires.read_questionnaire(raw)
    except QuestionnaireError:
        return "malformed"
    sections = [
        (
            section.key,
            (section.when.key, list(section.when.choices)) if section.when else None,
            [
                Question(
                    one.key,
                    one.type.value,
                    one.is_long,
                    one.suggestions or None,
                    list(one.choices),
                    one.vocabulary or None,
                    list(one.countries),
                )
                for one in section.questions
            ],
        )
        for section in found.sections
    ]
    return found.name, sections, found.texts, found.sha256


def second(raw: bytes) -> object:
    try:
        found = read_questionnaire(raw, vocabularies=VOCABULARIES)
    except Refused as refused:
        return refused.outcome
    sections = [(section.key, section.when, section.questions) for section in found.sections]
    return found.name, sections, found.texts, found.sha256


def is_read(raw: bytes) -> bool:
    """True if both take it; if they do, they read the same."""
    one, other = first(raw), second(raw)
    assert one == other, raw
    return one != "malformed"


def changed(random: Random, raw: bytes) -> bytes:
    """One or two tokens or lines changed; seldom bytes, which seldom leave TOML."""
    if random.random() < 0.15:
        return mutated(random, raw)
    text = raw.decode("utf-8")
    for _ in range(random.choice((1, 1, 2))):
        if random.random() < 0.4:
            lines = text.split("\n")
            at, to = random.randrange(len(lines)), random.randrange(len(lines))
            line = lines.pop(at) if random.random() < 0.6 else lines[at]
            lines.insert(to, line)
            text = "\n".join(lines)
        else:
            tokens = re.findall(r"[\w:.-]+|\W", text)
            places = [at for at, token in enumerate(tokens) if token[0].isalnum()] or [0]
            words = (*WORDS, tokens[random.choice(places)])
            tokens[random.choice(places)] = random.choice(words)
            text = "".join(tokens)
    return text.encode("utf-8")


@pytest.mark.parametrize("raw", [EXAMPLE, *SHIPPED], ids=["example", "help", "saw", "voice", "work"])
def test_both_read_the_example_and_every_shipped_file(raw: bytes) -> None:
    assert is_read(raw)
    assert not is_read(b"\xef\xbb\xbf" + raw)


def test_lines_may_end_as_on_windows() -> None:
    assert is_read(EXAMPLE.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(("old", "new"), COLLIDING, ids=lambda text: text[:24])
def test_of_what_the_page_once_left_open_both_say_the_same(old: str, new: str) -> None:
    text = EXAMPLE.decode()
    assert old in text
    for replaced in (text.replace(old, new, 1), text.replace(old, new)):
        assert not is_read(replaced.encode())


def test_a_section_may_have_the_key_of_a_question() -> None:
    assert is_read(EXAMPLE.replace(b'key = "place"', b'key = "kind"'))


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_files_both_say_the_same(row: int) -> None:
    random = Random(f"questionnaires {row}")
    answers = [is_read(changed(random, random.choice([EXAMPLE, EXAMPLE, *SHIPPED]))) for _ in range(80)]
    assert answers.count(True) > 5
    assert answers.count(False) > 20
