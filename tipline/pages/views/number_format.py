"""Numbers, sizes and days as the readers of a page's language write them, in their own digits."""

import datetime as dt

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask_babel import gettext

from tipline.languages.language import DIGITS, LATIN
from tipline.pages.views.display_settings import page_language

_KIB, _MIB, _GIB = 1024, 1024**2, 1024**3


def localize_digits(text: str) -> str:
    """``text`` with its Latin digits replaced by those of the page's language."""
    return text.translate(str.maketrans(DIGITS[LATIN], DIGITS[page_language().language.numerals]))


def number(value: float) -> str:
    """``50,000``, ``50.000`` or ``٥٠٬٠٠٠``."""
    language = page_language().language
    return localize_digits(format_decimal(value, locale=language.locale, numbering_system=language.numerals))


def size(size_bytes: int) -> str:
    """``3 MB`` and the like: at most one digit after the point."""
    if size_bytes < _MIB:
        return str(gettext("%(number)s KB", number=number(max(1, round(size_bytes / _KIB)))))
    if size_bytes < _GIB:
        return str(gettext("%(number)s MB", number=number(round(size_bytes / _MIB, 1))))
    return str(gettext("%(number)s GB", number=number(round(size_bytes / _GIB, 1))))


def day(value: dt.date) -> str:
    """``25 November``. Without the year: nothing is older than 60 days, and not everybody counts years alike."""
    return localize_digits(format_skeleton("MMMMd", value, locale=page_language().language.locale))


def country(code: str) -> str:
    """The country of a code of two capitals, in the language of the page; the code where Babel knows none."""
    return str(Locale.parse(page_language().language.locale).territories.get(code, code))
