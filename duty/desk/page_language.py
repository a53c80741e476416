"""The language of the pages: English, or a catalogue beside the templates.

Sentences in templates stand in ``trans`` blocks, those in code in :func:`said`; a catalogue is ``locale/TAG.po``.
None has been made yet.
"""

import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from system.errors import ProgramError

PAGES = Path(__file__).parent.parent / "pages"
ENGLISH = "en"
_CATALOGUES = PAGES / "locale"
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class PageLanguage:
    """The sentences of one language; ``direction`` is ``ltr`` or ``rtl``, as in HTML."""

    tag: str
    sentences: gettext.NullTranslations

    @classmethod
    def of(cls, tag: str) -> "PageLanguage":
        """The words of a language.

        Raises:
            ProgramError: there is no readable catalogue of it.
        """
        return cls(tag, gettext.NullTranslations() if tag == ENGLISH else _read(tag))

    @property
    def direction(self) -> str:
        return "rtl" if self.tag in _RIGHT_TO_LEFT else "ltr"

    def said(self, sentence: str, **values: object) -> str:
        """The sentence, with the values in its ``%(name)s`` places."""
        found = self.sentences.gettext(sentence) if sentence else sentence
        return found % values if values else found

    def number(self) -> Callable[[str, str, int], str]:
        """The form of a counted sentence for a number."""
        return self.sentences.ngettext


def _read(tag: str) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with (_CATALOGUES / f"{tag}.po").open(encoding="utf-8") as file:
            read = read_po(file, locale=tag, charset="utf-8", abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise ProgramError(f"the pages in {tag} need a readable file {tag}.po in {_CATALOGUES}") from error
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
