"""Emergency numbers that the language of a page adds, each with the name of its country in that language.

Only countries in which the language is spoken by most, and only the number of the police. Sources: the ITU list of
national emergency numbers (E.129) and the national authorities, looked up in November 2026. The operator's own
numbers stand before them; an operator who shows none shows none of these.
"""

from collections.abc import Mapping
from typing import Final

from tipline.instance.site_settings import EmergencyNumber

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
    """Those of the language with this tag; none for a language that adds none."""
    return NUMBERS.get(tag, ())
