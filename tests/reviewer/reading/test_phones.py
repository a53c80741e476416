"""Telephone numbers: one number in many spellings is one number, and dates, prices and accounts are none."""

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
)


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
    text = " ".join(str(number % 10_007) for number in range(100_000))
    assert read_text(text, regions=["DE"]).has_more
