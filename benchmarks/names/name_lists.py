"""Lists of names and tables of romanisation for the pairs of ``unseen.py``; ``pairs.py`` uses none of them.

Names: mimesis (MIT) and Faker (MIT). Tables: Unicode CLDR through ICU (Unicode licence) and iuliia (MIT). Spellings
of one name in scripts without vowels: Wikidata (CC0) through rigour (MIT).
"""

import functools
import importlib.resources
import json
import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import icu
import iuliia
from anyascii import anyascii
from pairs import known_names, names_of
from rigour.names import NameTypeTag, analyze_names

_FEWEST: Final = 15
"""A language with fewer names than this on a list is left out."""

Table = Callable[[str], str]


@dataclass(frozen=True)
class Language:
    """Names of one language, in its own script, and the ways in which they are written in Latin letters."""

    code: str
    given: Sequence[str]
    family: Sequence[str]
    tables: Sequence[Table] = ()
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_latin: bool = False
    is_joined: bool = False

    def romanised(self, name: str, drawn: random.Random) -> str:
        """A name, or an initial, in Latin letters."""
        bare = name.removesuffix(".")
        if name in self.spellings:
            return drawn.choice(self.spellings[name])
        if not self.tables:
            return name if name.isascii() else anyascii(bare)[:1].upper() + name[len(bare) :]
        text = drawn.choice(self.tables)(bare)
        latin = " ".join(word[:1].upper() + word[1:].lower() for word in text.split())
        return latin[:1] + "." if name != bare else latin

    def joined(self, parts: Sequence[str]) -> str:
        """A name in its own script."""
        return ("" if self.is_joined else " ").join(parts)

    def are_one(self, one: str, other: str) -> bool:
        """True for one name in two spellings."""
        if self.spellings and one in self.spellings and other in self.spellings:
            return not set(self.spellings[one]).isdisjoint(self.spellings[other])
        return anyascii(one).lower() == anyascii(other).lower()


def languages() -> list[Language]:
    """Every language for which the lists suffice."""
    return [one for one in map(_language, _ROWS) if one is not None]


@dataclass(frozen=True)
class _Row:
    code: str
    mimesis: Sequence[str] = ()
    faker: Sequence[str] = ()
    icu: Sequence[str] = ()
    iuliia: Sequence[str] = ()
    latin_lists: Sequence[str] = ()
    is_latin: bool = False
    is_joined: bool = False


_ASCII: Final = "Latin-ASCII"
_RUSSIAN: Final = ("ala_lc", "bs_2979", "gost_52535", "gost_7034", "icao_doc_9303", "mosmetro", "mvd_310_fr")
_MUSLIM_LISTS: Final = ("fr_DZ", "en_PK", "id_ID", "en_IN", "sw", "ha_NG")
_ROWS: Final = (
    _Row("ru", ["ru"], icu=["Russian-Latin/BGN", "Cyrillic-Latin"], iuliia=_RUSSIAN),
    _Row("uk", ["uk"], icu=["Ukrainian-Latin/BGN", "Cyrillic-Latin"]),
    _Row("kk", ["kk"], icu=["Kazakh-Latin/BGN", "Cyrillic-Latin"]),
    _Row("mk", faker=["mk_MK"], icu=["Macedonian-Latin/BGN", "Cyrillic-Latin"]),
    _Row("el", ["el"], icu=["Greek-Latin", "Greek-Latin/BGN", "Greek-Latin/UNGEGN"]),
    _Row("hy", faker=["hy_AM"], icu=["Armenian-Latin", "Armenian-Latin/BGN"]),
    _Row("ka", faker=["ka_GE"], icu=["Georgian-Latin", "Georgian-Latin/BGN", "Georgian-Latin/BGN_1981"]),
    _Row("ko", ["ko"], icu=["Hangul-Latin", "Korean-Latin/BGN"], is_joined=True),
    _Row("zh", ["zh"], ["zh_TW"], ["Han-Latin/Names"], is_joined=True),
    _Row("bn", faker=["bn_BD"], icu=["Bengali-Latin"]),
    _Row("ta", faker=["ta_IN"], icu=["Tamil-Latin"]),
    _Row("ne", faker=["ne_NP"], icu=["Devanagari-Latin"]),
    _Row("ar", ["ar", "ar-dz", "ar-eg"], ["ar_AA", "ar_DZ"], latin_lists=_MUSLIM_LISTS),
    _Row("fa", ["fa"], ["fa_IR"], latin_lists=_MUSLIM_LISTS),
    _Row("hi", faker=["hi_IN", "mr_IN"], latin_lists=("en_IN",)),
    _Row("he", faker=["he_IL"], latin_lists=("en_GB", "de_DE", "fr_BE", "pl_PL")),
    _Row("cs", ["cs"], ["cs_CZ"], is_latin=True),
    _Row("de", ["de"], ["de_DE"], ["de-ASCII"], is_latin=True),
    _Row("hu", ["hu"], ["hu_HU"], is_latin=True),
    _Row("it", ["it"], ["it_IT"], is_latin=True),
    _Row("hr", ["hr"], ["hr_HR"], is_latin=True),
    _Row("az", ["az"], ["az_AZ"], is_latin=True),
    _Row("da", ["da"], ["da_DK"], ["da-ASCII"], is_latin=True),
)


def _language(row: _Row) -> Language | None:
    known = known_names()
    given, family = names_of(row.faker)
    for code in row.mimesis:
        more = _of_mimesis(code)
        given, family = given + more[0], family + more[1]
    given, family = (
        [name for name in dict.fromkeys(names) if _is_plain(name) and anyascii(name).lower() not in known]
        for names in (given, family)
    )
    spellings: dict[str, Sequence[str]] = {}
    if row.latin_lists:
        spellings = _spellings([*given, *family], row.latin_lists)
        given, family = ([name for name in names if name in spellings] for names in (given, family))
    if min(len(given), len(family)) < _FEWEST:
        return None
    mixed = random.Random(row.code)
    mixed.shuffle(given)
    mixed.shuffle(family)
    tables = [_of_icu(name) for name in row.icu] + [functools.partial(_of_iuliia, name) for name in row.iuliia]
    return Language(row.code, given, family, tables, spellings, row.is_latin, row.is_joined)


def _is_plain(name: str) -> bool:
    return all(one.isalpha() or unicodedata.combining(one) or unicodedata.category(one)[0] == "M" for one in name)


def _of_mimesis(code: str) -> tuple[list[str], list[str]]:
    file = importlib.resources.files("mimesis") / "datasets" / code / "person.json"
    person = json.loads(file.read_text(encoding="utf-8"))
    return _flat(person["names"]), _flat(person["surnames"])


def _flat(names: object) -> list[str]:
    if isinstance(names, Mapping):
        return [name for some in names.values() for name in _flat(some)]
    return list(names) if isinstance(names, list) else []


def _of_icu(name: str) -> Table:
    table = icu.Transliterator.createInstance(f"{name}; {_ASCII}")
    return lambda text: str(table.transliterate(text))


def _of_iuliia(name: str, text: str) -> str:
    return str(iuliia.schemas.get(name).translate(text))


def _spellings(names: Sequence[str], latin_lists: Sequence[str]) -> dict[str, Sequence[str]]:
    """The Latin names that Wikidata has as the same name as each, of some lists."""
    latin = {name: _items(name) for names in names_of(latin_lists) for name in names if name.isascii()}
    found = {}
    for name in dict.fromkeys(names):
        own = _items(name)
        same = [
            other for other, items in latin.items() if 2 * len(own & items) >= max(1, min(len(own), len(items)))
        ]
        same = [other for other in same if own & latin[other]]
        if same:
            found[name] = same
    return found


@functools.cache
def _items(name: str) -> frozenset[str]:
    """The items of Wikidata for names that are written like this."""
    return frozenset(
        str(symbol.id)
        for analysed in analyze_names(NameTypeTag.PER, [name], {})
        for symbol in analysed.symbols
        if str(symbol.category).endswith("NAME")
    )
