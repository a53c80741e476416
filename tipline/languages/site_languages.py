"""The languages that the site speaks: those that are shipped, each with the day of its last review."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.support import NullTranslations

from tipline.languages.catalogue import no_translations, read_catalogue, translations
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
    def load(cls) -> "SiteLanguages":
        """Everything that is shipped."""
        return cls(_shipped())

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

    def to_json(self) -> dict[str, dict[str, str | None]]:
        """Return by tag: own name, day of the last review or null, number of the operator's corrections."""
        return {
            one.tag: {
                "own_name": one.own_name,
                "reviewed": one.reviewed.isoformat() if one.reviewed else None,
            }
            for one in self.spoken
        }


def shipped_reviews() -> dict[str, dt.date]:
    """By tag: the day on which a native speaker had read a language."""
    table: dict[str, dt.date] = tomllib.loads((SHIPPED / REVIEWED).read_text(encoding="utf-8"))
    return table


@cache
def _shipped() -> tuple[SpokenLanguage, ...]:
    reviewed = shipped_reviews()
    return tuple(
        SpokenLanguage(
            language,
            no_translations()
            if language == ENGLISH
            else translations(read_catalogue(SHIPPED / f"{language.tag}.po", language), language),
            reviewed.get(language.tag),
        )
        for language in LANGUAGES
        if language == ENGLISH or (SHIPPED / f"{language.tag}.po").exists()
    )
