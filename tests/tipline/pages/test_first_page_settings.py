"""The operator's words on the first page: who reads, whom they tell, whom to call; and the page after leaving."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.instance.emergency_numbers import NUMBERS, EmergencyNumber, language_numbers
from tipline.instance.site_settings import LEFT_PAGES, SiteSettings, drawn_line, left_page
from tipline.languages.site_languages import SiteLanguages

NOBODY = "We tell nobody without your yes."
POLICE = "We are not the police."


@contextmanager
def shown(folder: Path, settings: SiteSettings, path: str = "/") -> Iterator[str]:
    stage = Stage(folder, settings, SiteLanguages.load())
    try:
        yield stage.browser.get(path).text
    finally:
        stage.close()


def test_who_reads_and_whom_they_tell_stand_under_the_first_sentence_only_where_the_operator_chose(
    tmp_path: Path,
) -> None:
    (tmp_path / "unset").mkdir()
    with shown(tmp_path / "unset", SiteSettings()) as page:
        assert 'class="who"' not in page
        assert "police" not in page.lower()
    chosen = SiteSettings(who_we_are="helpline", tells_others="only-if-you-agree", not_the_police=True)
    (tmp_path / "set").mkdir()
    with shown(tmp_path / "set", chosen) as page:
        (line,) = re.findall(r'class="lead">[^<]*</p>\s*<p class="who">([^<]*)</p>', page)
        assert line == f"We run a helpline. {POLICE} {NOBODY}"


def test_the_operator_may_choose_a_quieter_name_for_the_secret_words_on_the_first_page(tmp_path: Path) -> None:
    with shown(tmp_path, SiteSettings(quiet_words=True)) as page:
        send = page.split('class="bar"')[1].split("<details")[0]
        assert "You then get eight words, to read our answer." in send
        assert "secret" not in send


def numbers_of(page: str) -> list[str]:
    box = page.split('<ul class="numbers">')[1].split("</ul>", maxsplit=1)[0]
    return re.findall(r'<b dir="ltr">([^<]*)</b>', box)


def test_the_operators_numbers_come_first_and_a_language_adds_some_with_the_name_of_their_country(
    tmp_path: Path,
) -> None:
    own = SiteSettings(
        emergency_numbers=(EmergencyNumber("Here", "112"), EmergencyNumber("There", "1", "2", "register first"))
    )
    for number, tag in enumerate(("en", "th", "ar")):
        (tmp_path / str(number)).mkdir()
        with shown(tmp_path / str(number), own, f"/?lang={tag}") as page:
            added = language_numbers(tag)
            assert numbers_of(page) == ["112", "1", "2", *(one.number for one in added)]
            assert "(register first)" in page
            for one in added:
                assert f'<li>{one.place} <b dir="ltr">{one.number}</b></li>' in page


def test_an_operator_who_shows_no_numbers_shows_none_of_a_language(tmp_path: Path) -> None:
    with shown(tmp_path, SiteSettings(emergency_numbers=()), "/?lang=th") as page:
        assert 'class="numbers"' not in page


def test_no_number_is_added_without_a_country_and_english_adds_none() -> None:
    assert all(one.place and one.number for several in NUMBERS.values() for one in several)
    assert language_numbers("en") == ()


@pytest.mark.parametrize("choose", [lambda: left_page("", "a" * 56), lambda: drawn_line().split('"')[1]])
def test_a_site_without_a_choice_has_one_of_the_pages(choose: Callable[[], str]) -> None:
    assert choose() in LEFT_PAGES


def test_sites_differ_in_the_page_after_leaving_and_each_keeps_its_own() -> None:
    addresses = [f"{letter * 56}.onion" for letter in "abcdefghijklmnopqrstuvwxyz"]
    drawn = [left_page("", address) for address in addresses]
    assert set(drawn) == set(LEFT_PAGES)
    assert drawn == [left_page("", address) for address in addresses]
    assert {drawn_line() for _ in range(200)} == {f'left_page = "{one}"\n' for one in LEFT_PAGES}


def test_each_page_after_leaving_is_an_everyday_page_with_nothing_of_ours(tmp_path: Path) -> None:
    titles = set()
    for name in LEFT_PAGES:
        (tmp_path / name).mkdir()
        with shown(tmp_path / name, SiteSettings(name="Weather", left_page=name), "/left") as page:
            (title,) = re.findall(r"<title>(.*?)</title>", page)
            assert f"<h1>{title}</h1>" in page
            assert not re.search(r"<(?:a|button|form|input|footer|header)\b", page)
            for word in ("Weather", "Leave", "Back", "words", "safe", "message"):
                assert word not in page
            titles.add(title)
    assert titles == {"Tea", "Rice", "Plants", "Bread"}
