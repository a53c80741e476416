"""The shipped catalogues: every sentence of every page in every language, whole and right."""

import datetime as dt
import tomllib

import pytest

from crypto.questions.builtin_questionnaires import builtin_files
from tests.languages.catalogue_rules import faults, sentences
from tests.languages.extraction import extract, path_of, template_path, template_text, updated
from tests.languages.pseudo import pseudo
from tests.languages.run import TRANSLATED, main, problems
from tipline.languages.language import ENGLISH, LANGUAGES, Language
from tipline.languages.site_languages import SHIPPED, SiteLanguages, shipped_reviews


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
def test_a_language_is_whole_and_keeps_every_rule(language: Language) -> None:
    assert list(problems(language)) == []


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
def test_an_update_would_change_nothing(language: Language) -> None:
    assert updated(language) == path_of(language).read_text(encoding="utf-8")


def test_the_list_of_sentences_is_that_of_the_pages() -> None:
    assert template_path().read_text(encoding="utf-8") == template_text(), "run scripts/languages update"


def test_all_sixteen_languages_are_offered_and_no_file_is_left_over() -> None:
    assert [one.language for one in SiteLanguages.load().spoken] == list(LANGUAGES)
    assert {path.stem for path in SHIPPED.glob("*.po")} == {language.tag for language in TRANSLATED}


def test_a_review_has_a_language_of_the_site_and_a_day() -> None:
    known = {language.tag for language in LANGUAGES}
    for tag, day in shipped_reviews().items():
        assert tag in known
        assert type(day) is dt.date


def test_english_needs_no_file_and_its_sentences_keep_the_rules_themselves() -> None:
    for sentence in sentences(extract()):
        itself = type(sentence)(sentence.source, sentence.source, False, 1, ())
        assert not list(faults(itself, ENGLISH))


def test_whoever_translates_into_pseudo_breaks_no_rule() -> None:
    for sentence in sentences(extract()):
        forms = tuple(pseudo(text) for text in sentence.source)
        assert not list(faults(type(sentence)(sentence.source, forms, False, 1, ()), ENGLISH))


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "no problems\n"
    assert main(["status", "es"]) == 0
    assert "not reviewed" in capsys.readouterr().out


@pytest.mark.parametrize("door", builtin_files())
def test_a_door_that_is_shipped_asks_everything_in_every_language(door: str) -> None:
    texts = tomllib.loads(builtin_files()[door].decode())["text"]
    assert texts.keys() == {language.tag for language in LANGUAGES}
    for tag, table in texts.items():
        assert table.keys() == texts["en"].keys(), tag
