"""The shipped catalogues of the desk: every sentence of its pages, whole and right."""

import re
from pathlib import Path

import pytest

from reviewer.languages.staff_language import CATALOGUES, STAFF_LANGUAGES, StaffLanguage, catalogue
from tests.languages.catalogue_rules import Sentence
from tests.languages.desk_rules import faults
from tests.languages.desk_sentences import ROOT, TRANSLATED, main, problems, updated

TEMPLATES = ROOT / "templates/reviewer"
MARKED = re.compile(r"\{% trans\b.*?%\}.*?\{% endtrans %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NAMES_OF_DIGESTS = re.compile(r"SHA-256|SHA-1|MD5")


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
def test_a_language_of_the_desk_is_whole_and_keeps_every_rule(language: StaffLanguage) -> None:
    assert list(problems(language)) == []


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
def test_an_update_of_the_desk_would_change_nothing(language: StaffLanguage) -> None:
    assert updated(language) == (CATALOGUES / f"{language.tag}.po").read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.po")} == {language.tag for language in TRANSLATED}


@pytest.mark.parametrize("page", sorted(TEMPLATES.glob("*.html")), ids=lambda page: page.name)
def test_every_word_of_a_page_is_marked_for_translation(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    bare = re.sub(r"<[^<>]*>", "\n", MARKED.sub("", text))
    assert not re.findall(r"[^\W\d_]+", NAMES_OF_DIGESTS.sub("", bare))
    for attribute in re.findall(r'\b(?:aria-label|alt|title)="([^"{]*[a-z][^"{]*)"', text):
        pytest.fail(f"not marked: {attribute}")


@pytest.mark.parametrize("page", sorted(TEMPLATES.glob("*.html")), ids=lambda page: page.name)
def test_only_literals_are_looked_up_as_html(page: Path) -> None:
    """A value that was looked up so would be inserted unescaped."""
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![a-z])(?:_|gettext|ngettext)\((?![\"'])|\|safe\b", text)


@pytest.mark.parametrize("page", sorted(TEMPLATES.glob("*.html")), ids=lambda page: page.name)
def test_words_in_an_expression_are_marked_too(page: Path) -> None:
    text = re.sub(
        r"\{% trans\b(.*?)%\}.*?\{% endtrans %\}", r"{%\1%}", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for expression in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL):
        for literal in re.finditer("\"[^\"]*\"|'[^']*'", expression):
            if expression[: literal.start()].endswith(("_(", "[", "(")):
                continue
            assert not re.search(r"[A-Za-z]{2,} [A-Za-z]|^.[A-Z][a-z]{2}", literal[0]), literal[0]


def test_a_value_between_arabic_words_is_isolated_and_one_in_a_tag_is_not() -> None:
    said = catalogue("ar").gettext('Tip <a href="%(address)s">%(tip)s</a>')
    assert '<a href="%(address)s">\u2068%(tip)s\u2069</a>' in said


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("", "not translated"),
        ("Aviso", "places must be"),
        ("<b>Aviso %(tip)s</b>", "tags must be"),
        ("Aviso %(tip)s & más", "must hold no markup"),
        ("Aviso %(tip)s 112", "must hold no number"),
        ("Aviso %(tip)s www.example.org", "must hold no address"),
        ("Aviso %(tip)s 100 %", "must hold no further percent sign"),
        ("Aviso %(tip)s\u202e", "must hold no control character"),
        ('Aviso "%(tip)s"', "must use the quotation marks"),
    ],
)
def test_a_fault_of_a_translation_is_named(form: str, fault: str) -> None:
    sentence = Sentence(("Tip %(tip)s",), (form,), False, 1, ())
    named = list(faults(sentence, STAFF_LANGUAGES["es"]))
    assert any(one.startswith(fault) for one in named), named


def test_the_command_for_the_desk_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "no problems\n"
