"""Emergency numbers: the default ones, and those that the language of a page adds.

A language adds numbers only for countries in which most people speak it, and only the number of the police, with
the country's name in that language. Sources: the ITU list of national emergency numbers (E.129) and the national
authorities, looked up in November 2026. The operator's own numbers come before them; an operator who shows none
shows none of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number to call in one place.

    ``silent`` is a number for text messages; ``condition`` says what it needs ("register first").
    """

    place: str
    number: str
    silent: str = ""
    condition: str = ""


DEFAULT_NUMBERS = (
    EmergencyNumber("Europe, India", "112"),
    EmergencyNumber("USA, Canada, Mexico", "911"),
    EmergencyNumber("United Kingdom", "999"),
    EmergencyNumber("Australia", "000"),
)

NUMBERS: Final[Mapping[str, tuple[EmergencyNumber, ...]]] = {
    "ar": (
        EmergencyNumber("الإمارات، قطر", "999"),
        EmergencyNumber("الكويت", "112"),
        EmergencyNumber("الأردن", "911"),
        EmergencyNumber("مصر", "122"),
    ),
    "bn": (EmergencyNumber("বাংলাদেশ", "999"),),
    "fa": (EmergencyNumber("ایران", "110"), EmergencyNumber("افغانستان", "119")),
    "pt": (EmergencyNumber("Brasil", "190"),),
    "ru": (EmergencyNumber("Россия", "112"),),
    "th": (EmergencyNumber("ประเทศไทย", "191"),),
    "tl": (EmergencyNumber("Pilipinas", "911"),),
    "uk": (EmergencyNumber("Україна", "112"),),
    "ur": (EmergencyNumber("پاکستان", "15"),),
    "vi": (EmergencyNumber("Việt Nam", "113"),),
    "zh-Hans": (EmergencyNumber("中国", "110"),),
}


def language_numbers(tag: str) -> tuple[EmergencyNumber, ...]:
    """Return the numbers that the language with this tag adds; most add none."""
    return NUMBERS.get(tag, ())
