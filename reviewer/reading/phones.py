"""Telephone numbers, however they are spelled. The only module that imports phonenumbers.

A number with a country code has one reading. A number without one has a reading for each home region in which it is
valid, in the order of the regions: two tips match where one reading is equal.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat

from reviewer.reading.cues import cue_pattern
from reviewer.reading.digit_runs import DigitGroup, digit_runs

MOST_REGIONS: Final = 5
_FEWEST_DIGITS, _MOST_DIGITS = 7, 17
"""The longest number has 15 digits (E.164), and two more where 00 stands for the plus."""

_MOST_TRIES: Final = 4096
"""Stretches of digits that are tried in one text: a text of a million digits must not take minutes."""

_PLUS_LETTERS: Final = 3
"""How far in front of the first digit a plus may stand."""

_CUE_LETTERS: Final = 30
_LINK: Final = re.compile(
    r"(?:(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:[^\s]{0,80}&)?phone=|t\.me/\+|signal\.me/#p/)"
    r"|(?:tel|sms|callto|whatsapp|viber|signal)://?(?:send\?phone=|(?:chat|add)\?number=)?|(?:tel|sms|callto):)"
    r"[ ]?((?:\+|%2B|00)?[0-9][0-9\-.() ]{5,22}[0-9])(?:[&?][^\s]{0,80})?",
    re.IGNORECASE,
)
_IN_LINKS: Final = ("wa.me", "whatsapp", "t.me", "signal", "tel:", "sms:", "callto:", "viber:")
_COUNTED: Final = re.compile(r"(?:#|№|\bISBN[ :]?|\border\b\D{0,6}|\binvoice\b\D{0,6})$", re.IGNORECASE)
_AFTER_CODE: Final = re.compile(r"^(0)(?=[0-9])")

# Kept free for films and training. No country hands them out, so the library calls them impossible.
# Ofcom: Numbers for drama; ACMA: Phone numbers for use in TV shows, films and creative works.
_FICTION: Final = re.compile(
    r"44(?:7700900|1632960|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|"
    r"1914980|2896496|2920180|8081570|9098790|3069990)[0-9]{3}|442079460[0-9]{3}|61491570[0-9]{3}"
)

Stretch = tuple[int, int, tuple[str, ...]]


class PhoneReader:
    """Reads telephone numbers for home regions (ISO 3166, two letters, at most five, the likeliest first).

    ``has_more`` is True once a text was too full of digits to try them all.

    Raises:
        ValueError: a region is unknown, or there are more than five.
    """

    def __init__(self, regions: Sequence[str] = ()) -> None:
        if len(regions) > MOST_REGIONS:
            raise ValueError(f"there can be at most {MOST_REGIONS} home regions")
        for region in regions:
            if region not in phonenumbers.SUPPORTED_REGIONS:
                raise ValueError("a home region must be a country code of two capital letters, as DE")
        self._regions = tuple(regions)
        self.has_more = False

    def phones(self, text: str) -> Iterator[Stretch]:
        """Begin, end and readings (E.164) of each telephone number in a plain text."""
        cues = cue_pattern("phone")
        tries = _MOST_TRIES
        for run in digit_runs(text):
            before = text[max(0, run[0].first - _CUE_LETTERS) : run[0].first]
            has_cue = cues.search(before) is not None
            at = 0
            while at < len(run):
                if tries <= 0:
                    self.has_more = True
                    return
                found, used = _longest(run, at, self._regions, has_cue=has_cue, before=before if at == 0 else "")
                tries -= used
                if found is None:
                    at += 1
                    continue
                last, readings = found
                begins = run[at].first
                if run[at].has_plus and "+" in text[max(0, begins - _PLUS_LETTERS) : begins]:
                    begins = text.rindex("+", 0, begins)
                yield _with_bracket(text, begins, run[last].end), run[last].end, readings
                at = last + 1


def is_assignable(reading: str) -> bool:
    """True if a reading is a number that a telephone can have. Numbers for fiction are none."""
    number = _parsed(reading, None) if reading.startswith("+") else None
    return number is not None and bool(phonenumbers.is_valid_number(number))


def _with_bracket(text: str, first: int, end: int) -> int:
    """The beginning with the bracket in front, if the number closes it: ``(0151) 234``."""
    has_bracket = first > 0 and (text[first - 1], True) in (
        ("(", ")" in text[first:end]),
        ("[", "]" in text[first:end]),
    )
    return first - 1 if has_bracket else first


def phone_links(text: str) -> Iterator[Stretch]:
    """Begin, end and readings of each link that calls or writes to a number, as ``tel:`` or ``wa.me``."""
    small = text.lower()
    if not any(word in small for word in _IN_LINKS):
        return
    for found in _LINK.finditer(text):
        first_piece = found[1].partition(" ")[0]  # behind a blank a price or a day may follow
        for number, end in ((found[1], found.end()), (first_piece, found.start(1) + len(first_piece))):
            digits = "".join(re.findall("[0-9]", number.replace("%2B", "")))
            if (reading := _international(digits.removeprefix("00"))) is not None:
                yield found.start(), end, (reading,)
                break


def _longest(
    run: Sequence[DigitGroup], at: int, regions: Sequence[str], *, has_cue: bool, before: str
) -> tuple[tuple[int, tuple[str, ...]] | None, int]:
    """The last group and the readings of the longest number from group ``at`` on; and the tries it took."""
    ends, digits = [], ""
    for last in range(at, len(run)):
        digits += run[last].digits
        if len(digits) > _MOST_DIGITS:
            break
        ends.append((last, digits))
    is_counted = (_COUNTED.search(before) is not None and not run[at].has_plus) or _counts_up(run[at : at + 5])
    used = 0
    for last, digits in reversed(ends):
        if len(digits) < _FEWEST_DIGITS or is_counted:
            break
        used += 1
        readings = _readings(digits, regions, has_plus=run[at].has_plus, has_cue=has_cue)
        if readings:
            return (last, readings), used
    return None, used


def _counts_up(run: Sequence[DigitGroup]) -> bool:
    """True for a list as "1 2 3 4 5"."""
    values = [int(group.digits[:4]) for group in run[:5]]
    return len(values) == 5 and len(run[0].digits) < 3 and all(b == a + 1 for a, b in pairwise(values))


def _readings(digits: str, regions: Sequence[str], *, has_plus: bool, has_cue: bool) -> tuple[str, ...]:
    if has_plus or digits.startswith("00"):
        reading = _international(digits if has_plus else digits[2:])
        return (reading,) if reading is not None else ()
    found = [reading for region in regions if (reading := _national(digits, region)) is not None]
    if not found and not digits.startswith("0"):
        # Without a zero in front any count would do: so only with a home region's code, or behind a word as "call".
        codes = tuple(str(phonenumbers.country_code_for_region(region)) for region in regions)
        reading = _international(digits) if has_cue or digits.startswith(codes) else None
        if reading is not None:
            found = [reading]
        elif has_cue:
            found = [one for region in regions if (one := _national(digits, region, is_told=True)) is not None]
    return tuple(dict.fromkeys(found))


def _international(digits: str) -> str | None:
    """The number behind a plus, without the zero of "+49 (0) 151"; None if no country has such a number."""
    for candidate in (digits, _without_trunk_zero(digits)):
        number = _parsed(f"+{candidate}", None)
        if number is not None and (_is_kept_free(candidate) or phonenumbers.is_valid_number(number)):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None


def _without_trunk_zero(digits: str) -> str:
    number = _parsed(f"+{digits}", None)
    code = str(number.country_code) if number is not None else ""
    return code + _AFTER_CODE.sub("", digits.removeprefix(code))


def _national(digits: str, region: str, *, is_told: bool = False) -> str | None:
    """The number as one of this region; ``is_told``: also without the zero that the country writes."""
    number = _parsed(digits, region)
    if number is None:
        return None
    reading: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not (phonenumbers.is_valid_number(number) or _is_kept_free(reading[1:])):
        return None
    written = re.sub("[^0-9]", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
    has_trunk_prefix = digits == written or digits.startswith("0") or reading[1:] == digits
    return reading if has_trunk_prefix or is_told else None


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_kept_free(digits: str) -> bool:
    return _FICTION.fullmatch(digits) is not None
