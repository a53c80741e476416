"""Cards and posters: other programs read them back, here in three scripts, in ``lab/outreach`` in all languages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach import printed
from outreach.printed import COLUMNS, ROWS, Style
from outreach.public_site import Number, PublicSite
from outreach.sentences import PLACE_TO_BREAK, TAGS, Sentences, sentences
from system.errors import ProgramError
from tests.outreach.example_site import ADDRESS, SITE
from tests.outreach.read_back import codes_in, letters, places_of_words, text_of

CARDS = COLUMNS * ROWS
SOME_TAGS = ("en", "ar", "hi")
"""Three scripts. ``lab/outreach`` holds the same claims for the other languages."""


def drawn_once(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    """Several tests read the same sheet, and each takes a while to draw."""
    made: dict[tuple[object, ...], bytes] = {}

    def drawn(site: PublicSite, language: Sentences, style: Style, *, code: bool) -> bytes:
        key = (site, language.tag, style, code)
        if key not in made:
            made[key] = draw(site, language, style, code=code)
        return made[key]

    return drawn


cards, poster = drawn_once(printed.cards), drawn_once(printed.poster)


def steps(language: Sentences) -> list[str]:
    named = zip(language.steps, ("get", "open", "type"), strict=True)
    return [f"{number}. {language.card(name)}" for number, name in named]


def on_a_card(language: Sentences) -> str:
    return "".join([language.card("heading"), language.card("lead"), *steps(language), ADDRESS])


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_what_is_read_on_a_sheet_of_cards_is_the_sentences_and_the_address_eight_times(tag: str) -> None:
    read = text_of(cards(SITE, sentences(tag), Style.PICTURES, code=False))
    assert letters(read) == letters(on_a_card(sentences(tag)) * CARDS)


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_what_is_read_on_a_poster_is_the_sentences_the_address_and_the_operators_numbers(tag: str) -> None:
    language = sentences(tag)
    numbers = " · ".join(f"{language.place(one.place)}: {one.number}" for one in SITE.numbers)
    read = text_of(poster(SITE, language, Style.PICTURES, code=False))
    assert letters(read) == letters(on_a_card(language) + language.card("danger") + numbers)


def test_the_address_stands_in_groups_of_four_letters_in_reading_order() -> None:
    read = text_of(poster(SITE, sentences("en"), Style.PICTURES, code=False)).splitlines()
    at = read.index("abcd efgh ijkl mnop")
    groups = " ".join(read[at : at + 4]).split()
    assert "".join(groups) == ADDRESS
    assert {len(group) for group in groups[:-1]} == {4}


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_a_step_begins_with_its_number_on_the_side_where_its_language_begins(tag: str) -> None:
    language = sentences(tag)
    words = places_of_words(poster(SITE, language, Style.PICTURES, code=False))
    [(_, number_at, height)] = [one for one in words if language.steps[0] in one[0] and "." in one[0]]
    [browser_at] = [
        left
        for word, left, top in words
        if word.startswith("Browser") and abs(top - height) < 30 and abs(left - number_at) < 170
    ]
    assert (number_at > browser_at) is language.right_to_left


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_the_plain_style_has_no_picture_and_does_not_name_tor(tag: str) -> None:
    language = sentences(tag)
    for sheet, copies in (
        (cards(SITE, language, Style.PLAIN, code=False), CARDS),
        (poster(SITE, language, Style.PLAIN, code=False), 1),
    ):
        read = text_of(sheet)
        assert letters(read) == letters((language.plain("heading") + ADDRESS + language.plain("type")) * copies)
        assert "tor" not in read.lower().split()


@pytest.mark.parametrize("tag", ["ar"])
def test_a_code_opens_the_site_and_its_warning_stands_beside_it(tag: str, tmp_path: Path) -> None:
    language = sentences(tag)
    for make, columns, rows in ((cards, COLUMNS, ROWS), (poster, 1, 1)):
        sheet = make(SITE, language, Style.PICTURES, code=True)
        copies = columns * rows
        assert codes_in(sheet, tmp_path, columns=columns, rows=rows) == [f"http://{ADDRESS}/"] * copies
        warned = letters(language.card("scan") * copies)
        assert warned <= letters(text_of(sheet))


@pytest.mark.parametrize("make", [cards, poster], ids=["cards", "poster"])
def test_without_being_asked_for_there_is_no_code(make: type, tmp_path: Path) -> None:
    assert codes_in(make(SITE, sentences("en"), Style.PICTURES, code=False), tmp_path) == []


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_the_warning_beside_a_code_fits(tag: str) -> None:
    language = sentences(tag)
    read = letters(text_of(cards(SITE, language, Style.PICTURES, code=True)))
    card = "".join([language.card("heading"), *steps(language), ADDRESS, language.card("scan")])
    assert read == letters(card * CARDS)


def test_the_same_site_gives_the_same_bytes_without_a_time_or_the_name_of_a_program() -> None:
    sheet = cards(SITE, sentences("en"), Style.PICTURES, code=False)
    assert sheet == printed.cards(SITE, sentences("en"), Style.PICTURES, code=False)
    assert b"fpdf" not in sheet.lower()


def test_a_letter_that_no_font_has_is_refused_by_its_number_and_not_drawn_as_a_box() -> None:
    site = PublicSite(ADDRESS, (Number("\U00013000", "112"),))
    with pytest.raises(ProgramError, match=r"U\+13000"):
        poster(site, sentences("en"), Style.PICTURES, code=False)


def test_numbers_that_do_not_fit_legibly_are_refused_and_not_cut() -> None:
    site = PublicSite(
        ADDRESS, tuple(Number(f"A place with a very long name, number {n:02}", "0" * 30) for n in range(24))
    )
    with pytest.raises(ProgramError, match="does not fit"):
        poster(site, sentences("en"), Style.PICTURES, code=False)


def test_vowel_signs_of_an_operators_place_are_left_out_as_they_would_cut_the_word() -> None:
    site = PublicSite(ADDRESS, (Number("\u0645\u064f\u062f\u064f\u0646", "112"),))
    read = letters(text_of(poster(site, sentences("ar"), Style.PICTURES, code=False)))
    assert "\u064f" not in read
    assert letters("\u0645\u062f\u0646") <= read


def test_no_mark_for_breaking_is_drawn() -> None:
    assert PLACE_TO_BREAK not in text_of(cards(SITE, sentences(TAGS[-3]), Style.PICTURES, code=False))
