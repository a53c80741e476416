"""The languages that a running site speaks: what is shipped, and what the operator has corrected.

An operator corrects a sentence in ``DIR/languages/<tag>.po``, and writes into ``DIR/languages/reviewed.toml`` when
a native speaker has read a language. Both are read at start, and refused there with file and line.
"""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.support import NullTranslations

from tipline.languages.catalogue import (
    CatalogueError,
    joined,
    no_translations,
    read_catalogue,
    sentences,
    translations,
)
from tipline.languages.catalogue_rules import faults
from tipline.languages.language import ENGLISH, LANGUAGES, Language, by_name, likely

SHIPPED: Final = Path(__file__).parent.parent.parent / "templates" / "site" / "locale"
TEMPLATE: Final = "site.pot"
REVIEWED: Final = "reviewed.toml"


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language with its sentences.

    ``reviewed`` is the day on which a native speaker had read them all, or None.
    """

    language: Language
    translations: NullTranslations
    reviewed: dt.date | None = None
    corrected: int = 0

    @property
    def tag(self) -> str:
        return self.language.tag

    @property
    def own_name(self) -> str:
        return self.language.own_name

    @property
    def direction(self) -> str:
        return self.language.direction.value


class SiteLanguages:
    """The languages that a visitor may choose from, in the order of the menu."""

    def __init__(self, spoken: Sequence[SpokenLanguage]) -> None:
        """The first one is for visitors who ask for none of them."""
        self.spoken = tuple(spoken)
        self._by_tag = {one.tag: one for one in self.spoken}
        self._by_name = by_name(one.language for one in self.spoken)

    @classmethod
    def load(cls, corrections: Path | None = None) -> "SiteLanguages":
        """Everything that is shipped, corrected by the files in the folder ``corrections`` where there is one.

        Raises:
            CatalogueError: a file names a sentence or a language that is not there, or breaks a rule.
        """
        if corrections is None or not corrections.is_dir():
            return cls(_shipped())
        reviewed = read_reviewed(corrections / REVIEWED)
        files = {path.stem: path for path in sorted(corrections.glob("*.po"))}
        known = {one.tag: one for one in _shipped()}
        for tag in files.keys() - known.keys():
            raise CatalogueError(f"languages/{tag}.po must be named by a language of the site: {', '.join(known)}")
        return cls(
            [_corrected(one, files.get(one.tag), reviewed.get(one.tag, one.reviewed)) for one in known.values()]
        )

    def get(self, untrusted_tag: str) -> SpokenLanguage | None:
        """Return the language with exactly this tag, or None."""
        return self._by_tag.get(untrusted_tag)

    def likely(self, untrusted_accept_language: str) -> SpokenLanguage:
        """Return the language that this browser prefers, or else the first one."""
        found = likely(untrusted_accept_language, self._by_name)
        return self._by_tag[found.tag] if found else self.spoken[0]

    @property
    def reviewed(self) -> tuple[SpokenLanguage, ...]:
        """Languages that a native speaker has reviewed."""
        return tuple(one for one in self.spoken if one.reviewed)

    @property
    def not_reviewed(self) -> tuple[SpokenLanguage, ...]:
        """Languages that no native speaker but the translator has read."""
        return tuple(one for one in self.spoken if not one.reviewed)

    def to_json(self) -> dict[str, dict[str, str | int | None]]:
        """Return by tag: own name, day of the last review or null, number of the operator's corrections."""
        return {
            one.tag: {
                "own_name": one.own_name,
                "reviewed": one.reviewed.isoformat() if one.reviewed else None,
                "corrected": one.corrected,
            }
            for one in self.spoken
        }


def read_reviewed(path: Path) -> dict[str, dt.date]:
    """Read the day on which a native speaker reviewed each language: lines of ``tag = 2026-11-25``.

    Without a file there are none.

    Raises:
        CatalogueError: not TOML, an unknown language, or no day.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{name} must be a readable file in UTF-8") from error
    except ValueError as error:  # TOMLDecodeError; a number of 5,000 digits is another one
        raise CatalogueError(f"{name} must be TOML: {error}") from error
    known = {language.tag for language in LANGUAGES}
    for tag, day in table.items():
        if tag not in known:
            raise CatalogueError(f"{name}: {tag} is no language of the site")
        if type(day) is not dt.date:
            raise CatalogueError(f"{name}: {tag} must be a day, such as 2026-11-25, without quotation marks")
    return table


@cache
def _shipped() -> tuple[SpokenLanguage, ...]:
    reviewed = read_reviewed(SHIPPED / REVIEWED)
    return tuple(
        SpokenLanguage(
            language,
            no_translations() if language == ENGLISH else translations(_shipped_catalogue(language), language),
            reviewed.get(language.tag),
        )
        for language in LANGUAGES
        if language == ENGLISH or (SHIPPED / f"{language.tag}.po").exists()
    )


def _shipped_catalogue(language: Language) -> Catalog:
    name = TEMPLATE if language == ENGLISH else f"{language.tag}.po"
    return read_catalogue(SHIPPED / name, language)


def _corrected(spoken: SpokenLanguage, path: Path | None, reviewed: dt.date | None) -> SpokenLanguage:
    if path is None:
        return SpokenLanguage(spoken.language, spoken.translations, reviewed)
    shipped = _shipped_catalogue(spoken.language)
    corrections = read_catalogue(path, spoken.language)
    known = {sentence.source for sentence in sentences(shipped)}
    corrected = list(sentences(corrections))
    for sentence in corrected:
        place = f"{path.parent.name}/{path.name} line {sentence.line}"
        if sentence.source not in known:
            raise CatalogueError(f"{place}: msgid must be a sentence of the site, letter by letter")
        if not any(sentence.forms):
            raise CatalogueError(f"{place}: msgstr must not be empty")
        for fault in faults(sentence, spoken.language):
            raise CatalogueError(f"{place}: {fault}")
    whole = joined(shipped, corrections, spoken.language)
    return SpokenLanguage(spoken.language, translations(whole, spoken.language), reviewed, len(corrected))
