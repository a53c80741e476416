"""Telephone numbers: one number in many spellings is one number, and dates, prices and accounts are none."""

import random
from collections.abc import Callable
from typing import Final

import pytest

from reviewer.reading.finding import FindingKind
from reviewer.reading.reader import read_text

NUMBER = "+4915123456789"
SPELLINGS = (
    "+49 151 23456789",
    "0049 151 23456789",
    "0151 23456789",
    "0151/23456789",
    "(0151) 2345-6789",
    "+49 (0) 151 2345 6789",
    "(+49) 151 23456789",
    "o151 zwei3 45 67 89",
    "OI5I 23456789",
    "0l5l 23456789",
    "0|5| 23456789",
    "0151|234|56789",
    "0 1 5 1 2 3 4 5 6 7 8 9",
    "0151.234.567.89",
    "0151_2345_6789",
    "0151*234*56789",
    "0151 – 23 45 67 89",
    "0151\n23456789",
    "0151\u00a023456789",
    "0\u200b1\u200b5\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8\u200b9",
    "٠١٥١٢٣٤٥٦٧٨٩",
    "०१५१ २३४५६७८९",
    "０１５１ ２３４５６７８９",
    "0️⃣1️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣",
    "0151😀234😀567😀89",
    "https://wa.me/4915123456789",
    "https://api.whatsapp.com/send?phone=4915123456789&text=hi",
    "tel:+49-151-23456789",
    "viber://chat?number=%2B4915123456789",
    "https://signal.me/#p/+4915123456789",
    "signal.me/#p/+4915123456789",
    "null eins fünf eins zwei drei vier fünf sechs sieben acht neun",
    "zero one five one two three four five six seven eight nine",
    "zeroonefiveone23456789",
    "ноль один пять один два три четыре пять шесть семь восемь девять",
    "零一五一二三四五六七八九",
)
"""Each stands for the same number, and is cut out whole."""

WITHOUT_NUMBER = (
    "On 29.11.2026 at 10:15 she came, and left 2026-11-30 08:00:33.",
    "It costs 1.200.500,00 € or $1,234,567.89, not 12345678 EUR.",
    "IBAN DE89 3704 0044 0532 0130 00",
    "Kennzeichen B-AB 1234, room 012, floor 3",
    "52.520008, 13.404954",
    "ISBN 978-3-16-148410-0",
    "order 0123456789",
    "between 2020 and 2026, 15 women of 23 to 45 years",
    "In 1998 there were 1,234,567 people, 2,345,678 in 2005.",
    "12/03/2025 - 14/04/2025",
    "born 05 07 1991, worked 05.2024 - 07.2025",
    "passport C01X00T47",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "I have one or two or three or four of five friends.",
    "192.168.178.201",
    "+" + "4" * 400,
    "2026-11-01/2026-11-30",
    "29/11/2026-05/12/2026",
    "from 11/01/2026-11/30/2026",
    "49351-57.060,50,-",
    "83,587.93/49,475.77,-",
    "0,25 0,50 0,75 1,00",
    "DE89 3704 0044 0532 0130 0",
    "DE89\n3704 0044 0532 0130 0",
    "GB06 NWB 3930 0029 0248 58",
    "account 3704 0044 0532 0130 00",
)
BESIDE: Final = (
    "since 01.02.2026 {} at noon",
    "{} 2026-11-01/2026-11-30 or later",
    "01.02.2026-05.03.2026, {}",
    "she pays 50 € {} 20 € a day",
    "12,50-13,00 EUR {} now",
    "0,25 0,50 0,75 {}",
    "1.234,50 {} 2.345,60",
    "DE89 3704 0044 0532 0130\n{}",
)
RANDOM_TEXTS: Final = 2000
IBAN_LENGTHS: Final = {"DE": 22, "AT": 20, "ES": 24, "GB": 22, "PL": 28, "UA": 29}


def _phones(text: str, *regions: str) -> list[tuple[str, tuple[str, ...]]]:
    findings = read_text(text, regions=regions).findings
    return [(text[one.first : one.end], one.readings) for one in findings if one.kind is FindingKind.PHONE]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_of_a_number_is_read_as_that_number_and_cut_out_whole(spelling: str) -> None:
    ((words, readings),) = _phones(f"Bitte ruf {spelling} an!", "DE", "AT")
    assert NUMBER in readings
    assert words == spelling


@pytest.mark.parametrize("text", ["plus 49 151 23456789", "whatsapp 49 151 23456789"])
def test_a_country_code_counts_behind_a_plus_in_words_and_behind_the_name_of_an_app(text: str) -> None:
    assert _phones(text) == [("49 151 23456789", (NUMBER,))]


@pytest.mark.parametrize("text", WITHOUT_NUMBER)
def test_dates_prices_accounts_plates_and_counts_hold_no_number(text: str) -> None:
    assert _phones(text, "DE", "AT", "US") == []


@pytest.mark.parametrize("around", BESIDE)
def test_beside_dates_prices_and_accounts_each_spelling_is_still_found_whole(around: str) -> None:
    for spelling in SPELLINGS:
        assert [words for words, _ in _phones(around.format(spelling), "DE", "AT")] == [spelling]


def _date(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1990, 2026)
    forms = (f"{day:02}.{month:02}.{year}", f"{day}.{month}.{year}", f"{year}-{month:02}-{day:02}")
    more = (f"{day:02}/{month:02}/{year}", f"{month:02}/{day:02}/{year}", f"{day:02}-{month:02}-{year}")
    return chance.choice(forms + more)


def _price(chance: random.Random) -> str:
    cents = chance.randint(100, 9_999_999)
    english = f"{cents / 100:,.2f}"
    german = english.translate({ord(","): ".", ord("."): ","})
    return chance.choice((english, german, f"{cents / 100:.2f}", f"{cents // 100:,}", f"{cents // 100}"))


def _dates(chance: random.Random) -> str:
    return _date(chance) + chance.choice("-–/") + _date(chance)


def _prices(chance: random.Random) -> str:
    form = chance.choice(("{} €", "€{}", "{} EUR", "${}", "{} грн", "{},-"))
    return form.format(_price(chance) + chance.choice("-–/") + _price(chance))


def _in_fours(account: str) -> str:
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def _broken_account(chance: random.Random) -> str:
    country = chance.choice(list(IBAN_LENGTHS))
    figures = "".join(chance.choices("0123456789", k=IBAN_LENGTHS[country] - 2))
    account = country + figures[:2] + ("NWBK" + figures[6:] if country == "GB" else figures[2:])
    cut = chance.randrange(4, len(account))
    account = chance.choice((account[:-1], account[:cut] + account[cut + 1 :], account + "7"))
    in_groups = _in_fours(account)
    return chance.choice((account, account.lower(), in_groups, in_groups.replace(" ", "\n", 1)))


def _account_without_head(chance: random.Random) -> str:
    length = chance.choice((16, 18, 20, 24, 25))  # of Austria, Germany, Spain, Poland and Ukraine
    return "account " + _in_fours("".join(chance.choices("0123456789", k=length)))


@pytest.mark.parametrize("told", [_dates, _prices, _broken_account, _account_without_head])
def test_pairs_of_dates_and_prices_and_broken_accounts_hold_no_number(told: Callable[[random.Random], str]) -> None:
    chance = random.Random(23)
    lines = [f"Am {told(chance)} war es.\n\n" for _ in range(RANDOM_TEXTS)]
    for first in range(0, RANDOM_TEXTS, 500):
        assert _phones("".join(lines[first : first + 500]), "DE", "AT", "US", "GB", "UA") == []


def test_a_number_without_country_code_has_a_reading_for_each_home_region_and_none_without_regions() -> None:
    assert _phones("07700 900123", "DE", "GB") == [("07700 900123", ("+497700900123", "+447700900123"))]
    assert _phones("07700 900123") == []
    assert _phones("+44 7700 900123") == [("+44 7700 900123", ("+447700900123",))]


def test_two_numbers_side_by_side_are_two_findings() -> None:
    found = _phones("0151 23456789, 0170 1234567", "DE")
    assert [readings for _words, readings in found] == [(NUMBER,), ("+491701234567",)]


@pytest.mark.parametrize("regions", [["XX"], ["de"], ["DE", "AT", "CH", "FR", "IT", "ES"]])
def test_an_unknown_region_and_a_sixth_one_are_refused(regions: list[str]) -> None:
    with pytest.raises(ValueError, match="home region"):
        read_text("0151 23456789", regions=regions)


def test_a_text_full_of_digits_ends_and_tells_that_more_is_there() -> None:
    # Each stretch differs, so that none is tried for nothing.
    text = " ".join(str(number % 10_007) for number in range(12_000))
    assert read_text(text, regions=["DE"]).has_more
