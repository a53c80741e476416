"""Which language a page is in: by link, else by what the browser asks for; and how it writes numbers."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.support import Translations
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.pseudo import speaks_pseudo
from tests.tipline.outline import Outline
from tests.tipline.site_stage import Answer, Stage
from tipline.languages.catalogue import empty_catalogue, translations
from tipline.languages.language import DIGITS, ENGLISH, LANGUAGES, Direction, Language, by_name, likely
from tipline.languages.site_languages import SiteLanguages, SpokenLanguage
from tipline.pages.views import number_format

BY_TAG = {language.tag: language for language in LANGUAGES}
KNOWN = by_name(LANGUAGES)


def tag_for(header: str) -> str | None:
    found = likely(header, KNOWN)
    return found.tag if found else None


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("ar", "ar"),
        ("fr-CH, en;q=0.8", "fr"),
        ("uk-UA,ru;q=0.5,en;q=0.3", "uk"),
        ("zh-CN,en;q=0.5", "zh-Hans"),
        ("bn-BD,en;q=0.4", "bn"),
        ("en;q=0.8, fr-CH", "fr"),
        ("PT_br", "pt"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("fil-PH", "tl"),
        ("prs", "fa"),
        ("mo", "ro"),
        ("xx, yy;q=0.9, uk;q=0.1", "uk"),
        ("es;q=0, ru;q=0.5", "ru"),
        ("es;q=nan, ru;q=2, vi;q=0.3", "vi"),
        ("en,es;q=1", "en"),
        ("*", None),
        ("", None),
        ("tlh", None),
    ],
)
def test_the_first_guess_is_the_language_that_the_browser_asks_for_most(header: str, tag: str | None) -> None:
    assert tag_for(header) == tag


@pytest.mark.parametrize("asked", ["zh-Hant", "zh-hant", "ZH-HANT-TW", "zh_Hant"])
def test_a_tag_with_capitals_is_found_however_the_browser_writes_it(asked: str) -> None:
    traditional = Language("zh-Hant", "繁體中文", "zh_Hant")
    assert likely(f"{asked}, en;q=0.5", by_name([ENGLISH, traditional])) == traditional


@given(st.text())
def test_no_header_is_too_strange(header: str) -> None:
    assert likely(header, KNOWN) in {None, *LANGUAGES}


def test_a_language_of_very_many_parts_is_looked_up_not_once() -> None:
    class Counted(dict[str, Language]):
        asked = 0

        def get(self, key: str, default: object = None) -> Any:
            self.asked += 1
            return super().get(key, default)

    known = Counted(KNOWN)
    assert likely(f"{'a-' * 2000}, es;q=0.5", known) == KNOWN["es"]
    assert known.asked == 1


def test_there_are_sixteen_languages_and_three_run_from_right_to_left() -> None:
    assert len(LANGUAGES) == len(BY_TAG) == 16
    assert {tag for tag, one in BY_TAG.items() if one.direction is Direction.RIGHT_TO_LEFT} == {"ar", "fa", "ur"}


@pytest.fixture
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("many"), languages=speaks_pseudo())
    yield made
    made.close()


def lang_of(stage: Stage, path: str, accepted: str = "") -> str:
    headers = {"HTTP_ACCEPT_LANGUAGE": accepted} if accepted else {}
    return Outline(stage.browser.ask("GET", path, headers=headers).body.decode()).all("html")[0]["lang"]


def test_a_link_decides_before_the_browser_and_the_browser_before_the_site(many: Stage) -> None:
    assert lang_of(many, "/") == "qps-ploc"
    assert lang_of(many, "/", "ar-EG,ar;q=0.9,en;q=0.5") == "ar"
    assert lang_of(many, "/?lang=ru", "ar") == "ru"
    for unknown in ("AR", "xx", "", "../ar", "%00", "a" * 1500):
        assert lang_of(many, f"/?lang={unknown}", "uk") == "uk"


def test_no_answer_may_be_kept_and_none_sets_a_cookie_for_the_language(many: Stage) -> None:
    answer = many.browser.get("/?lang=ar")
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Set-Cookie") is None


def test_the_chosen_language_and_look_stay_in_every_link_and_form_but_not_in_the_stylesheet(many: Stage) -> None:
    outline = Outline(many.browser.get("/?lang=ar&look=dark").body.decode())
    (style,) = [one["href"] for one in outline.all("link") if one["rel"] == "stylesheet"]
    assert "?" not in style
    addresses = [one["href"] for one in outline.all("a")] + [one["action"] for one in outline.all("form")]
    assert len(addresses) > 10
    assert all("lang=" in address and "look=" in address for address in addresses if not address.startswith("#"))


def test_the_language_lasts_from_the_form_through_receipt_and_mailbox(many: Stage) -> None:
    browser = many.browser
    nonce = browser.get("/?lang=fa").hidden("nonce")
    receipt = browser.upload("/?lang=fa", [("nonce", nonce), ("text", "hello")])
    opened = browser.post("/mailbox?lang=fa", [("passphrase", receipt.words)])
    for page in (receipt, opened, browser.upload("/?lang=fa", [("nonce", "0" * 32), ("text", "")])):
        html = Outline(page.body.decode()).all("html")[0]
        assert (html["lang"], html["dir"]) == ("fa", "rtl")
        for form in Outline(page.body.decode()).all("form"):
            assert "lang=fa" in form["action"]


def test_what_fails_before_every_view_also_speaks_the_chosen_language(many: Stage) -> None:
    for path, status in (("/nothing?lang=ur", 404), ("/kept?lang=ur", 405)):
        answer = many.browser.get(path)
        assert answer.status == status
        assert Outline(answer.body.decode()).all("html")[0]["lang"] == "ur"


def test_each_language_is_offered_by_its_own_name_on_every_page_that_has_an_address(many: Stage) -> None:
    for path in ("/questions", "/way", "/limits", "/program", "/nothing"):
        page = many.browser.get(f"{path}?lang=es").body.decode()
        links = page.split('<details class="languages">')[1].split("</details>")[0]
        offered = {one["lang"]: one["href"] for one in Outline(links).all("a")}
        assert offered.keys() >= BY_TAG.keys()
        for tag, address in offered.items():
            assert f"lang={tag}" in address
            assert address.startswith("/?" if path == "/nothing" else path)
        for language in LANGUAGES:
            assert f">{language.own_name}</a>" in page


def test_beside_a_form_each_other_language_is_a_button_that_takes_along_what_was_typed(many: Stage) -> None:
    for path, sent_to in (("/", ""), ("/return", "/return"), ("/files", "/files/again")):
        page = many.browser.get(f"{path}?lang=es").body.decode()
        buttons = page.split('<details class="languages">')[1].split("</details>")[0]
        offered = Outline(buttons).all("button")
        assert {one["value"] for one in offered} >= BY_TAG.keys() - {"es"}
        for one in offered:
            assert (one["name"], one["form"], one["lang"]) == ("lang", "write", one["value"])
            assert one["formenctype"] == "application/x-www-form-urlencoded", "files stay where they are"
            assert one.get("formaction", "").partition("?")[0] == sent_to
        assert 'form id="write"' in page


def test_words_of_the_passphrase_are_english_and_their_digits_the_pages_own(many: Stage) -> None:
    browser = many.browser
    nonce = browser.get("/").hidden("nonce")
    page = browser.upload("/?lang=ar", [("nonce", nonce), ("text", "hello")]).body.decode()
    (words,) = [one for one in Outline(page).all("p") if "data-passphrase" in one]
    assert (words["lang"], words["dir"]) == ("en", "ltr")
    digits = re.search(r"<p[^>]* data-passphrase-digits[^>]*>(.*?)</p>", page, re.DOTALL)
    assert digits
    groups = re.findall(r"<span>(.*?)</span>", digits[1])
    assert len(groups) == 8
    assert set("".join(groups)) <= set(DIGITS["arab"])
    assert browser.post("/mailbox?lang=ar", [("passphrase", " ".join(groups))]).status == 200


@pytest.mark.parametrize(
    ("tag", "number", "size", "day"),
    [
        ("en", "50,000", "1.5", "November 25"),
        ("es", "50.000", "1,5", "25 de noviembre"),
        ("ar", "٥٠٬٠٠٠", "١٫٥", "٢٥ نوفمبر"),
        ("fa", "۵۰٬۰۰۰", "۱٫۵", "۲۵ نوامبر"),
        ("bn", "৫০,০০০", "১.৫", "২৫ নভেম্বর"),
        ("hi", "50,000", "1.5", "25 नवंबर"),
        ("th", "50,000", "1.5", "25 พฤศจิกายน"),
        ("zh-Hans", "50,000", "1.5", "11月25日"),
        ("ru", "50\u00a0000", "1,5", "25 ноября"),
    ],
)
def test_numbers_sizes_and_days_are_written_as_their_readers_write_them(
    many: Stage, tag: str, number: str, size: str, day: str
) -> None:
    with many.site.app.test_request_context(f"/?lang={tag}"):
        assert number_format.number(50_000) == number
        assert size in number_format.size(1_572_864)
        assert number_format.day(dt.date(2026, 11, 25)) == day


def arabic_files() -> Translations:
    catalogue = empty_catalogue(BY_TAG["ar"])
    forms = ("بلا ملفات", "ملف واحد", "ملفان", "%(num)s ملفات", "%(num)s ملفا", "%(num)s ملف")
    catalogue.add(("%(num)s file", "%(num)s files"), forms)
    return translations(catalogue, BY_TAG["ar"])


def test_a_counted_sentence_takes_the_form_of_its_number_and_the_digits_of_its_page(tmp_path: Path) -> None:
    stage = Stage(tmp_path, languages=SiteLanguages([SpokenLanguage(BY_TAG["ar"], arabic_files())]))
    try:
        with stage.site.app.test_request_context("/"):
            shown = stage.site.app.jinja_env.from_string("{{ ngettext('%(num)s file', '%(num)s files', count) }}")
            assert [shown.render(count=count) for count in (0, 1, 2, 3, 11, 100)] == [
                "بلا ملفات", "ملف واحد", "ملفان", "٣ ملفات", "١١ ملفا", "١٠٠ ملف",
            ]  # fmt: skip
    finally:
        stage.close()


NOT_CHECKED = re.compile(r'<p class="hint unchecked">.*?</p>', re.DOTALL)


def not_checked(answer: Answer) -> str:
    """The line that says so; empty where there is none."""
    found = NOT_CHECKED.findall(answer.body.decode())
    assert len(found) <= 1
    return found[0] if found else ""


@pytest.mark.parametrize("address", ["/", "/form/1", "/files"])
def test_at_the_end_of_a_form_a_press_shows_it_in_a_language_that_was_reviewed_and_loses_nothing(
    many: Stage, address: str
) -> None:
    page = many.browser.get(f"{address}?lang=ar")
    line = not_checked(page)
    assert page.body.decode().split("</main>")[0].rstrip().endswith(line)
    assert line
    (button,) = re.findall(r"<button [^>]*>", line)
    assert 'form="write"' in button
    assert 'name="lang" value="en" lang="en"' in button
    there = re.search(r'formaction="([^"]*)"', button)
    action = there[1] if there else f"{address}?lang=ar"
    again = many.browser.post(action, [("nonce", page.hidden("nonce")), ("text", "help me"), ("lang", "en")])
    assert '<html lang="en"' in again.text
    assert "help me</textarea>" in again.text
    assert not_checked(again) == ""


def test_beside_how_to_keep_the_words_a_link_leads_to_the_same_sentences_and_the_words_stay_where_they_are(
    many: Stage,
) -> None:
    nonce = many.browser.get("/").hidden("nonce")
    line = not_checked(many.browser.upload("/?lang=ar", [("nonce", nonce), ("text", "hello")]))
    (link,) = re.findall(r"<a [^>]*>", line)
    assert 'href="/questions?lang=en#words"' in link
    assert 'target="_blank" rel="noopener"' in link
    there = many.browser.get("/questions?lang=en").text.split('id="words"')[1]
    nonce = many.browser.get("/").hidden("nonce")
    receipt = many.browser.upload("/?lang=en", [("nonce", nonce), ("text", "hello again")])
    kept = re.findall(r'<ul class="icons">.*?</ul>', receipt.text, re.DOTALL)
    assert kept == re.findall(r'<ul class="icons">.*?</ul>', there, re.DOTALL)
    assert not_checked(receipt) == ""


def test_english_is_reviewed_and_what_is_not_says_so_beside_the_safety_sentences(many: Stage) -> None:
    assert SiteLanguages.load().reviewed[0].language == ENGLISH
    unchecked = many.browser.get("/questions?lang=ar").body.decode()
    assert 'href="/questions?lang=en" lang="en"' in unchecked.split("<main>")[1]
    assert 'lang="en"' not in many.browser.get("/questions?lang=en").body.decode().split("<main>")[1]
    assert (
        'href="/?lang=en"' not in many.browser.get("/?lang=ar").body.decode().split("<main>")[1].split("<form")[0]
    )
