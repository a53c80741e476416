"""Addresses of houses as text: a word for a street beside a name and a number.

The reading is the folded words, as ``address:lindenstrasse 12``: two are alike only where the number is equal.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from reviewer.atlas.folding import place_key
from reviewer.reading.place_names import place_words
from reviewer.reading.plain_text import near_figures

ADDRESS: Final = "address"
_NUMBER: Final = r"[0-9]{1,4}(?:[ ]?[a-cA-C])?(?!\w)(?![.,:/][0-9])"
_HOUSE: Final = rf"(?:(?i:nr|no|n°|номер|№|house|дом|д|رقم)\.?[ ]?)?{_NUMBER}"
_ARTICLES: Final = r"(?:(?:de|des|du|la|las|los|el|le|les|l'|da|das|do|dos|della|del|ال)[ ])*"
_NAMED: Final = (
    rf"{_ARTICLES}(?:(?![a-zß-ÿа-я])[^\W\d_][\w'’.\-]*)(?:[ ]{_ARTICLES}(?![a-zß-ÿа-я])[^\W\d_][\w'’.\-]*){{0,2}}"
)
"""At most three words, which begin with a capital in scripts that have some."""

_FILLING: Final = frozenset(["nr", "no", "n°", "номер", "№", "number", "house", "дом", "д", "число", "رقم"])


def addresses(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Begin, end and reading of each address in a plain text."""
    for pattern in _patterns():
        for found in near_figures(pattern, text):
            key = place_key(found[0].replace(",", " ").replace(".", " "))
            words = [one for one in key.split() if one not in _FILLING]
            if len(words) > 1:
                yield found.start(), found.end(), (f"{ADDRESS}:{' '.join(words)}",)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    listed = {
        name: sorted(words.split("|"), key=len, reverse=True) for name, words in place_words()["streets"].items()
    }
    words = {name: f"(?i:{'|'.join(map(re.escape, some))})" for name, some in listed.items()}
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?<!\w)(?![a-z])[^\W\d_]\w+(?:-\w+)*-?{words['joined']}[ ]{_HOUSE}",  # Lindenstraße 12
            rf"(?<!\w)(?![a-z])[^\W\d_]\w+[ ](?:Straße|Strasse|Str\.|Allee|Platz)[ ]{_HOUSE}",
            rf"(?<![\w.,/]){_NUMBER},?[ ]{_NAMED}[ ]{words['behind']}(?!\w)",  # 12 Linden Road
            rf"(?<![\w.,/]){_NUMBER},?[ ]{words['between']}[ ]{_NAMED}",  # 12 rue des Lilas
            rf"(?<!\w){words['front']}\.?[ ]{_NAMED},?[ ]{_HOUSE}",  # calle Mayor 12; ул. Садовая, дом 12
        )
    )
