"""Every sentence on every page can be translated, also in titles and in what only a screen reader says."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.languages.every_page import EveryPage
from tests.languages.pseudo import CLOSE, OPEN, pseudo, speaks_pseudo
from tests.tipline.pages.named_pages import PAGES
from tests.tipline.site_stage import Stage
from tipline.pages.app import TEMPLATES as TEMPLATE_FOLDER
from tipline.pages.views.page import refused_page, status_page
from tipline.requests.refusals import Reason, Refused

# What a page shows of others: what was typed or answered, words of the passphrase, file names, months from CLDR,
# and addresses, which are marked `translate="no"`. A `lang` of its own marks words that stay as they are, such as
# names of languages and what is typed into a terminal.
NOT_OURS = {"data-passphrase", "data-passphrase-digits", "download"}
OTHERS_CLASSES = {"reply", "day"}
SPOKEN_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "aria-description")
UNCLOSED = {"meta", "link", "input", "br", "img"}
TEMPLATES = sorted(path.name for path in TEMPLATE_FOLDER.glob("*.html"))
# What is no sentence: a doctype, statements, and a value put in, which the pages below show in pseudo.
_JINJA = re.compile(r"{#.*?#}|{% set \w+ %}.*?{% endset %}|{%.*?%}|{{.*?}}|<!doctype html>", re.DOTALL)


class Spoken(HTMLParser):
    """All that a reader sees or hears of a page, without what is not ours."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.pieces += [known[name] for name in SPOKEN_ATTRIBUTES if name in known]
        if tag == "meta" and known.get("name") == "description":
            self.pieces.append(known["content"])
        if tag == "input" and known.get("type") in {"submit", "button", "reset"}:
            self.pieces.append(known.get("value", ""))
        if tag in UNCLOSED:
            return
        others = (
            bool(NOT_OURS & set(known))
            or bool(OTHERS_CLASSES & set(known.get("class", "").split()))
            or tag == "textarea"
            or (tag != "html" and "lang" in known)
            or known.get("translate") == "no"
        )
        self._open.append(others)

    def handle_endtag(self, _tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open) and data.strip():
            self.pieces.append(data.strip())


def untranslatable(page: str) -> list[str]:
    """Texts outside the brackets that have letters."""
    found = []
    for piece in Spoken(page).pieces:
        rest = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", _without_inner(piece))
        if re.search(r"[^\W\d_]", rest):
            found.append(piece)
    return found


def _without_inner(piece: str) -> str:
    """Sentences that were put into a sentence, such as a size, stand in brackets inside brackets."""
    while (shorter := re.sub(f"({OPEN}[^{CLOSE}]*){OPEN}([^{OPEN}{CLOSE}]*){CLOSE}", r"\1\2", piece)) != piece:
        piece = shorter
    return piece


@pytest.fixture
def stage_in_pseudo(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, languages=speaks_pseudo())
    yield made
    made.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_string_on_every_page_is_translatable(name: str, every_page: EveryPage) -> None:
    page = every_page.page(name, "qps-ploc").decode()
    assert f"<title>{OPEN}" in page
    assert not untranslatable(page)


def test_every_refusal_and_every_error_is_translatable(stage_in_pseudo: Stage) -> None:
    with stage_in_pseudo.site.app.test_request_context():
        pages = [refused_page(Refused(reason)) for reason in Reason]
        pages += [status_page(code) for code in (400, 404, 405, 413, 429, 500, 503)]
    for page in pages:
        assert f"<title>{OPEN}" in page.get_data(as_text=True)
        assert not untranslatable(page.get_data(as_text=True))


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_holds_words_that_no_catalogue_reaches(name: str) -> None:
    source = (TEMPLATE_FOLDER / name).read_text(encoding="utf-8")
    assert not untranslatable(_JINJA.sub("", source))


def test_the_check_finds_a_string_in_the_text_in_a_title_and_in_what_is_only_heard() -> None:
    for page in (
        "<p>plain</p>",
        f"<title>Write {pseudo('x')}</title>",
        f'<nav aria-label="Good to know">{pseudo("x")}</nav>',
        '<input type="submit" value="Send">',
        f"<p>{pseudo('x')}, 3 MB</p>",
    ):
        assert untranslatable(page), page
    assert not untranslatable(
        f'<p>{pseudo("Up to %(size)s") % {"size": pseudo("3 MB")}} 50 <b lang="fr">Oui</b></p>'
    )
