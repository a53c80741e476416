"""Figures that count or measure, as dates and prices: no other kind may take their digits.

They are no findings. Dates that tell a day are read before (:mod:`reviewer.reading.dates`). What is left counts as
a date only where day and month can be right, in either order, and no further figure follows: "06.12.34.56.78" is
how a French telephone number is written.
"""

import re
from collections.abc import Iterator
from typing import Final

from reviewer.reading.plain_text import near_figures

_SEPARATOR: Final = r"[./\-]"
_YEAR: Final = r"(?:1[3-9]|20|25)[0-9]{2}"
"""Also of the Islamic and of the Buddhist calendar."""

_DATE: Final = re.compile(
    rf"(?<![0-9])(?<![0-9]{_SEPARATOR})(?:"
    rf"{_YEAR}(?P<first>[./\- ])(?P<month1>[01]?[0-9])(?P=first)(?P<day1>[0-3]?[0-9])"
    rf"|(?P<day2>[0-3]?[0-9])[ ]?(?P<second>{_SEPARATOR})[ ]?(?P<month2>[0-3]?[0-9])[ ]?(?P=second)[ ]?"
    rf"(?:{_YEAR}|[0-9]{{2}})"
    rf"|(?P<day3>[0-3]?[0-9]) (?P<month3>[01]?[0-9]) {_YEAR}(?! [0-9])"
    rf")(?!{_SEPARATOR}?[0-9])"
)
_MONTH: Final = re.compile(
    rf"(?<![0-9])(?<![0-9][./\- ])(?:0?[1-9]|1[0-2])[./](?:19|20)[0-9]{{2}}(?! ?[0-9])(?!{_SEPARATOR}[0-9])"
)
_HOUR: Final = "(?:[01]?[0-9]|2[0-4])"
_TIME: Final = re.compile(
    rf"(?<![0-9:.]){_HOUR}[:h][0-5][0-9](?::[0-5][0-9])?(?:[ ]?-[ ]?{_HOUR}:[0-5][0-9])?(?![0-9:])"
)
_TRUNK: Final = re.compile("0[0-9]")
_MOST_MONTHS, _MOST_DAYS = 12, 31

_CURRENCIES: Final = "EUR|USD|GBP|CHF|RUB|UAH|RON|INR|BDT|PKR|THB|VND|PHP|CNY|BRL|euros?|dollars?"
_SIGNS: Final = "[$€£¥₽₴₹₺฿₫₱﷼]"
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_SPACED: Final = "[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,2})?(?![.,]?[0-9])"
_MARKED: Final = (
    r"[0-9]{1,3}(?:(?:\.[0-9]{3})+(?:,[0-9]{1,2})?|(?:,[0-9]{2,3})+(?:\.[0-9]{1,2})?|(?:'[0-9]{3})+(?:[.,][0-9]{1,2})?)"
    "(?![.,]?[0-9])|[0-9]{1,20}(?:[.,][0-9]{1,2})?(?![.,]?[0-9])"
)
_PRICE: Final = f"{_SPACED}|{_MARKED}"
_PRICES: Final = (
    rf"(?<![0-9])(?:(?:(?:{_PRICE})[ ]?[/\-][ ]?)?(?:{_PRICE})(?![\-/]?[0-9]| [0-9]+(?![0-9.,]))|{_MARKED})"
)
"""One, or from one to another. Where figures follow, the blank does not part thousands: "$5 202 555 0123"."""

_WHOLE_PRICE: Final = r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,|(?:,[0-9]{3})+\.|(?:['][0-9]{3})+[.,])[0-9]{2}(?![0-9])"
"""No telephone number is written with two kinds of marks in this order."""

_UNITS: Final = "(?:0|[1-9][0-9]{0,6})"
_DECIMALS: Final = "|".join(
    rf"{_UNITS}{mark}[0-9]{{2}}(?:[ ]?[ \-/;,][ ]?{_UNITS}{mark}[0-9]{{2}})+(?![.,']?[0-9]){after}"
    for mark, after in ((",", ""), (r"\.", "(?! [0-9])"))
)
"""At least two in a row."""

_AMOUNTS: Final = re.compile(
    rf"(?:{_SIGNS}|\b(?:{_CURRENCIES}))[ ]?{_PRICES}(?:[.,]-)?"
    rf"|(?<![0-9+])(?<![0-9)\]][ \-/.|*_~])(?![0-9]{{7}}){_PRICES}[.,]-(?!-?[0-9])"
    rf"|{_PRICES}(?:{_SIGNS}|[ ](?:{_SIGNS})(?![0-9])"
    rf"|[ ]?(?:{_CURRENCIES}|руб\w*|грн|lei|baht|taka|rupees?|pesos?|reais|yuan|元|บาท|đồng)(?!\w))"
    rf"|(?<![0-9+.,'])(?:{_WHOLE_PRICE})"
    rf"|(?<![0-9+])(?<![0-9][.,' \-/])(?:{_DECIMALS})"
    r"|(?<![0-9.])[0-9]{1,3}\.[0-9]{4,}(?:,?[ ]+-?[0-9]{1,3}\.[0-9]{4,})?(?![0-9.])"
    rf"|(?<![0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9.])",
    re.IGNORECASE,
)
"""Prices, also from one to another, coordinates with a decimal point, and addresses of computers."""


def times(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each date, each month with its year and each time of day in a plain text."""
    for found in near_figures(_DATE, text):
        month, day = (int(found[f"{part}1"] or found[f"{part}2"] or found[f"{part}3"]) for part in ("month", "day"))
        if 1 <= min(month, day) <= _MOST_MONTHS and max(month, day) <= _MOST_DAYS:
            yield found.span()
    for pattern in (_MONTH, _TIME):
        for found in near_figures(pattern, text):
            yield found.span()


def amounts(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each price, pair of coordinates and computer's address.

    None begins with a zero and a further digit, as telephone numbers do.
    """
    return (found.span() for found in near_figures(_AMOUNTS, text) if _TRUNK.match(found[0]) is None)
