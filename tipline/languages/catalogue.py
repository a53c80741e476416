"""Reads one language's sentences from its ``.po`` file: nothing is compiled or kept elsewhere."""

import io
from gettext import c2py
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from system.errors import ProgramError
from tipline.languages.language import Language

# Babel 2.18 has the last two the other way round than CLDR and all others: 4 is for 11 to 99, 5 for 100 to 102.
_OWN_RULES: Final = {
    "ar": "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
}


class CatalogueError(ProgramError):
    """A file of sentences cannot be used; the message names file, line and what was expected."""


def plural_count(language: Language) -> int:
    """Return the number of plural forms of this language: 1 in Chinese, 6 in Arabic."""
    return get_plural(language.locale).num_plurals


def plural_rule(language: Language) -> str:
    """Return the rule from a number ``n`` to its plural form, in the notation of gettext."""
    return _OWN_RULES.get(language.tag) or get_plural(language.locale).plural_expr


def empty_catalogue(language: Language) -> Catalog:
    """Return a catalogue without sentences, with the plural rule of the language."""
    made = Catalog(locale=language.locale, charset="utf-8")
    made.mime_headers = [("Plural-Forms", f"nplurals={plural_count(language)}; plural={plural_rule(language)};")]
    return made


def read_catalogue(path: Path, language: Language) -> Catalog:
    """The entries of a file; a header is not needed, its plural rule is the language's own.

    Raises:
        CatalogueError: not a readable ``.po`` file in UTF-8.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{name} must be a readable file in UTF-8") from error
    try:
        return read_po(io.StringIO(text), locale=language.locale, charset="utf-8", abort_invalid=True)
    except PoFileError as error:
        raise CatalogueError(f"{name} line {error.lineno + 1}: must be a .po file") from error
    except (ValueError, IndexError) as error:
        raise CatalogueError(f"{name} must be a .po file") from error


class CatalogueTranslations(Translations):
    """The sentences of a catalogue, taken over as they are: no ``.mo`` file is made and read again."""

    def _parse(self, fp: Any) -> None:
        """gettext's own place for another form of catalogue; ``fp`` is the catalogue and its language."""
        catalogue, language = fp
        self.plural = c2py(plural_rule(language))  # type: ignore[assignment]  # babel asks with a whole number
        for message in catalogue:
            if not message.id:  # the header
                continue
            before = f"{message.context}\x04" if message.context else ""
            if isinstance(message.id, str):
                self._catalog[before + message.id] = message.string or message.id
                continue
            one, many = message.id
            for number, form in enumerate(message.string):
                self._catalog[before + one, number] = form or (many if number else one)


def translations(catalogue: Catalog, language: Language) -> Translations:
    """Return the translations that pages are rendered with. A missing sentence is shown in English."""
    return CatalogueTranslations((catalogue, language))  # type: ignore[arg-type]  # what its own _parse reads


def no_translations() -> NullTranslations:
    """For English: each sentence stands for itself."""
    return NullTranslations()
