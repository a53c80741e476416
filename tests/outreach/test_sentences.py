"""The catalogue of cards, posters and clear page is whole in every language, by docs/develop/translating.md."""

import re
import tomllib

import pytest

from outreach.clear_page import clear_page
from outreach.sentences import PLACE_TO_BREAK, TAGS, TEXT, sentences
from system.errors import ProgramError
from tests.outreach.example_site import SITE
from tests.tipline.pages.reading_age import reading_of
from tipline.languages.language import LANGUAGES, Direction

NAMES = (
    *("Tor Browser", "Onion Browser", "Tails", "Google Play", "App Store", "Android", "iPhone", "Tor"),
    *("gettor@torproject.org", "torproject.org", "tails.net", "windows", "macos", "linux"),
)
MOST_GRADE = 4
TABLES = ("card", "plain", "page", "places")
SHORT = 3
"""Words; a shorter sentence may be the same in two languages, as "iPhone" is."""


def catalogue(tag: str) -> dict[tuple[str, str], str]:
    table = tomllib.loads((TEXT / f"{tag}.toml").read_text(encoding="utf-8"))
    assert set(table) == {*TABLES, "own_name", "direction", "steps"}
    return {(part, name): sentence for part in TABLES for name, sentence in table[part].items()}


def names_in(sentence: str) -> dict[str, int]:
    """How often each name stands there; a longer name is not also the shorter one in it."""
    found = re.findall("|".join(map(re.escape, NAMES)), sentence)
    return {name: found.count(name) for name in found}


def test_the_languages_are_those_of_the_site() -> None:
    ours = [(one.tag, one.own_name, one.right_to_left) for one in map(sentences, TAGS)]
    assert ours == [(one.tag, one.own_name, one.direction is Direction.RIGHT_TO_LEFT) for one in LANGUAGES]
    assert {path.stem for path in TEXT.iterdir()} == set(TAGS)


def test_a_language_that_the_site_does_not_speak_is_refused() -> None:
    with pytest.raises(ProgramError, match="there is no language"):
        sentences("../en")


@pytest.mark.parametrize("tag", TAGS)
def test_a_language_has_every_sentence_with_the_names_of_the_english_one(tag: str) -> None:
    english, ours = catalogue("en"), catalogue(tag)
    assert set(ours) == set(english)
    assert {key: names_in(ours[key]) for key in ours} == {key: names_in(english[key]) for key in english}
    assert len(sentences(tag).steps) == 3


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_no_sentence_was_left_in_english(tag: str) -> None:
    english = catalogue("en")
    long = {key for key, sentence in english.items() if len(sentence.split()) > SHORT}
    assert [key for key in long if catalogue(tag)[key] == english[key]] == []


@pytest.mark.parametrize("tag", TAGS)
def test_a_sentence_has_no_markup_no_straight_quote_and_no_loose_blank(tag: str) -> None:
    for (part, name), sentence in catalogue(tag).items():
        assert not re.search(r"[<>&\"'\x00-\x1f\u202a-\u202e]", sentence), name
        assert sentence == sentence.strip(), name
        assert sentence, name
        assert PLACE_TO_BREAK not in sentence or (tag == "th" and part in {"card", "plain"}), name


@pytest.mark.parametrize("tag", TAGS)
def test_the_plain_style_says_nothing_of_tor(tag: str) -> None:
    plain = [sentence for (part, _), sentence in catalogue(tag).items() if part == "plain"]
    assert all("tor" not in re.split(r"\W+", sentence.lower()) for sentence in plain)


def test_the_clear_page_is_read_by_a_child_of_ten() -> None:
    assert reading_of(clear_page(SITE, sentences("en"), [])).grade <= MOST_GRADE
