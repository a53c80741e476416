"""Texts of 40 letters or more get the right language of the site, or none; the figures stand in the evidence."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

from reviewer.languages.text_language import UNSURE, language_name, reads_like
from reviewer.languages.word_lists import NAMES, TAGS, common_words, street_words
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tipline.languages.language import LANGUAGES

BENCHMARKS = Path(__file__).parent.parent.parent.parent / "benchmarks"


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("text_languages")


def test_95_of_100_texts_get_their_language_and_none_gets_another(
    measured: ModuleType,
) -> None:
    outcomes = measured.outcomes()
    for tag in TAGS:
        counted = outcomes[tag]
        assert counted["right"] >= 0.95 * counted.total(), (tag, counted)
        assert counted["wrong"] == 0, (tag, counted)
    assert outcomes["other"]["right"] >= 0.95 * outcomes["other"].total()
    assert json.loads(measured.RESULTS.read_text(encoding="utf-8")) == measured.results()


def test_every_language_of_the_site_is_known_by_its_tag_and_has_common_words() -> None:
    assert {language.tag for language in LANGUAGES} == set(TAGS) == set(NAMES)
    for tag in TAGS:
        assert len(common_words(tag)) >= 100, tag
        assert street_words(tag), tag
    assert language_name("xx") == language_name(UNSURE) == "unsure"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "12345 67890 " * 10,
        "https://example.org/we-are-here-and-they-are-not",
        "😀" * 50,
        "\x00\u202e" * 50,
        "qwrtz pfgh xkcd bvnm " * 5,
        "help " + "помогите пожалуйста " * 1 + "请帮助我们请帮助我们",
        "\u0301" * 5000,
    ],
)
def test_what_says_too_little_is_unsure(text: str) -> None:
    assert reads_like(text) == UNSURE


def test_the_language_of_a_text_stands_beside_that_of_the_page(desk: Desk) -> None:
    text = "me quitaron el pasaporte cuando llegué y no me pagan desde hace meses"
    spanish, _unsure = desk.take_in(
        desk.server.seal(fields=[("text", text), ("language", "en")], mailbox=a_mailbox()),
        desk.server.seal(fields=[("text", "ok"), ("language", "ar")], submission_id=b"2" * 16),
    )
    with open_desk(desk.home) as opened:
        for page in (seen(opened.page("/")), seen(opened.page(f"/tip/{spanish}"))):
            assert "page: en reads like: Spanish" in page
        assert "page: ar reads like: unsure" in seen(opened.page("/"))
    assert desk.show(spanish)["reads_like"] == "es"
