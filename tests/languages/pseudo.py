"""A language that no one speaks: every sentence stands in brackets and is 40 % longer, so that what no catalogue
reaches, and what does not fit, can be seen."""

import re
from typing import Final

from babel.support import NullTranslations

from tipline.languages.language import LANGUAGES, Direction, Language
from tipline.languages.site_languages import SiteLanguages, SpokenLanguage

OPEN, CLOSE = "⟦", "⟧"
_KEPT: Final = re.compile(r"%\(\w+\)s|%%|<[^>]*>|&\w+;")
_LONGER: Final = 0.4
_ACCENTS: Final = str.maketrans("aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž")
_FILLING: Final = "ſam ipſum "


class PseudoTranslations(NullTranslations):
    """Translates whatever it is asked for."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    ugettext = gettext
    ungettext = ngettext


def pseudo(sentence: str) -> str:
    """``⟦Séñd ſam⟧``"""
    kept = _KEPT.findall(sentence)
    pieces = [piece.translate(_ACCENTS) for piece in _KEPT.split(sentence)]
    accented = "".join(piece + rest for piece, rest in zip(pieces, [*kept, ""], strict=True))
    longer = round(len(sentence) * _LONGER)
    filling = (_FILLING * (longer // len(_FILLING) + 1))[:longer]
    return f"{OPEN}{accented} {filling}{CLOSE}"


def speaks_pseudo(direction: Direction = Direction.LEFT_TO_RIGHT) -> SiteLanguages:
    """A site in it, that offers all real languages beside it; none of them is reviewed, and English is."""
    language = Language("qps-ploc", f"{OPEN}{CLOSE}", "en", direction)
    there = SiteLanguages.load()
    others = [there.get(one.tag) or SpokenLanguage(one, NullTranslations()) for one in LANGUAGES]
    return SiteLanguages([SpokenLanguage(language, PseudoTranslations()), *others])
