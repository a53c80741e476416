"""The language in which the desk speaks to staff: English, or one of three catalogues.

The desk sets it for each request. Commands never set it, so all that they print stays English. Sentences are looked
up where they are shown, and never before they are stored or compared.
"""

import gettext
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from system.errors import ProgramError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

CATALOGUES: Final = Path(__file__).parent.parent.parent / "templates" / "reviewer" / "locale"
ENGLISH: Final = "en"
_PLACE: Final = re.compile(r"%\(\w+\)s|\[#[0-9]+\]")
"""A value, and a mark like [#1]."""

_TAG: Final = re.compile(r"(<[^<>]*>)")


@dataclass(frozen=True, slots=True)
class StaffLanguage:
    """A language of the desk; ``direction`` is ``ltr`` or ``rtl``, as in HTML."""

    tag: str
    own_name: str
    direction: str = "ltr"
    plurals: str = "nplurals=2; plural=(n != 1);"
    """The rule of its plural forms, in the notation of gettext."""

    is_reviewed: bool = False
    """A native speaker who was not the translator has read every page."""


STAFF_LANGUAGES: Final = {
    one.tag: one
    for one in (
        StaffLanguage(ENGLISH, "English", is_reviewed=True),
        StaffLanguage("es", "Español"),
        StaffLanguage("fr", "Français", plurals="nplurals=2; plural=(n > 1);"),
        StaffLanguage(
            "ar",
            "العربية",
            "rtl",
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        ),
    )
}
_current: ContextVar[str] = ContextVar("staff_language", default=ENGLISH)


def staff_language() -> StaffLanguage:
    """The language that is spoken now."""
    return STAFF_LANGUAGES[_current.get()]


@contextmanager
def spoken(tag: str) -> Iterator[None]:
    """Speak a language of :data:`STAFF_LANGUAGES`, and afterwards the one before."""
    before = _current.set(tag)
    try:
        yield
    finally:
        _current.reset(before)


def speak(tag: str) -> None:
    """Speak a language of :data:`STAFF_LANGUAGES` from now on, in this context."""
    _current.set(STAFF_LANGUAGES[tag].tag)


def marked(sentence: str) -> str:
    """Return it as it is: it is for the catalogues, and is looked up where it is shown."""
    return sentence


def marked_number(one: str, many: str) -> tuple[str, str]:
    """As :func:`marked`, for the forms of a counted sentence."""
    return one, many


def said(sentence: str, **values: object) -> str:
    """The sentence in the language of staff, with the values in its ``%(name)s`` places.

    One that the catalogue lacks is returned in English: it may be text that a person typed.
    """
    found = catalogue(_current.get()).gettext(sentence) if sentence else sentence
    return found % values if values else found


def is_own_sentence(text: str) -> bool:
    """True for an English sentence of the program, which the catalogues have."""
    return bool(text) and catalogue("es").gettext(text) != text


def said_number(one: str, many: str, num: int, **values: object) -> str:
    """The form of a counted sentence for ``num``, which stands in its ``%(num)s`` places."""
    found = catalogue(_current.get()).ngettext(one, many, num)
    return found % {"num": f"{num:,}", **values}


def _isolated(form: str | Sequence[str] | None) -> str | tuple[str, ...]:
    """Isolate each value and mark outside of tags: between Arabic words they would be turned round."""
    if not isinstance(form, str):
        return tuple(str(_isolated(one)) for one in form or ())
    pieces = _TAG.split(form)
    return "".join(
        piece if number % 2 else _PLACE.sub("\u2068\\g<0>\u2069", piece) for number, piece in enumerate(pieces)
    )


def without_isolates(ours: str) -> str:
    """A sentence of ours for a text in which a page names every letter without a picture."""
    return ours.replace("\u2068", "").replace("\u2069", "")


REFUSAL: Final = "refusal"
"""The comment of sentences that errors say: their values are found again in the finished message."""


def refusals(tag: str) -> Sequence[str]:
    """The English sentences of errors that the file of a language translates; none for English."""
    if tag == ENGLISH:
        return ()
    return [str(one.id) for one in _read(tag) if REFUSAL in one.auto_comments and isinstance(one.id, str)]


@cache
def catalogue(tag: str) -> gettext.NullTranslations:
    """The sentences of a language, read once.

    Raises:
        ProgramError: the file is not a readable catalogue.
    """
    if tag == ENGLISH:
        return gettext.NullTranslations()
    # A desk in English needs none of it.
    from babel.messages.mofile import write_mo

    read = _read(tag)
    if STAFF_LANGUAGES[tag].direction == "rtl":
        for message in read:
            message.string = _isolated(message.string)
    read.mime_headers = [("Plural-Forms", STAFF_LANGUAGES[tag].plurals)]
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _read(tag: str) -> "Catalog":
    from babel.messages.pofile import PoFileError, read_po

    try:
        with open(CATALOGUES / f"{tag}.po", encoding="utf-8") as file:
            return read_po(file, locale=tag, charset="utf-8", abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise ProgramError(f"the sentences of the desk in {tag} must be a readable .po file in UTF-8") from error
