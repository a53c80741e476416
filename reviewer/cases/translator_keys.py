"""Translators outside of the team: an age key each, which is compared by telephone before it is used.

The translator reads the last 16 letters of the key, and a member of the team types what was heard. Both keys that
the age program makes are taken: ``age1…`` (X25519) and ``age1pq1…`` (post-quantum).
"""

import datetime as dt
from typing import Final

from crypto.age.outside_recipient import Recipient, parse_recipient
from crypto.errors import CryptoError
from reviewer.casebook.translators import Translator
from reviewer.cases.translating import require_author
from reviewer.home.home import Home
from system.errors import ProgramError

COMPARED_LETTERS: Final = 16
LONGEST_KEY: Final = 4096
_GROUP: Final = 4


def translator_key(untrusted_text: str) -> Recipient:
    """The key of a translator.

    Raises:
        ProgramError: not one key of the age program.
    """
    try:
        return parse_recipient(untrusted_text)
    except CryptoError as error:
        raise ProgramError(
            "this is no public key of age",
            hint="the translator's age-keygen shows it: one line that begins with age1",
        ) from error


def add_translator(home: Home, name: str, untrusted_key: str, *, today: dt.date) -> Translator:
    """Add a translator, or give one another key, which must be compared first.

    Raises:
        ProgramError: no name, or no key.
    """
    found = require_author(name)
    recipient = str(translator_key(untrusted_key))
    with home.casebook.changing():
        home.casebook.translators.put(found, recipient, today=today)
        home.casebook.log.add("translator added", found, today=today)
    return find_translator(home, found)


def mark_compared(home: Home, name: str, untrusted_letters: str, *, today: dt.date) -> None:
    """Note that the key was compared: these are the last 16 letters, as the translator read them.

    Raises:
        ProgramError: they are others; nothing is sealed to this key then.
    """
    translator = find_translator(home, name)
    heard = "".join(untrusted_letters.split()).lower()
    if len(heard) != COMPARED_LETTERS:
        raise ProgramError(f"type the last {COMPARED_LETTERS} letters and digits of the key, as you heard them")
    if not translator.recipient.endswith(heard):
        raise ProgramError(
            "these are not the last letters of the key that is here",
            hint="listen once more; if they stay different, this is another person's key: remove it",
        )
    with home.casebook.changing():
        home.casebook.translators.mark_compared(translator.name, today=today)
        home.casebook.log.add("translator compared", translator.name, today=today)


def remove_translator(home: Home, name: str, *, today: dt.date) -> None:
    """Forget a translator and the key; translations keep the name.

    Raises:
        ProgramError: there is none of this name.
    """
    translator = find_translator(home, name)
    with home.casebook.changing():
        home.casebook.translators.remove(translator.name)
        home.casebook.log.add("translator removed", translator.name, today=today)


def find_translator(home: Home, name: str) -> Translator:
    """Raises ProgramError where there is none of this name."""
    translator = home.casebook.translators.find(" ".join(name.split()))
    if translator is None:
        known = ", ".join(one.name for one in home.casebook.translators.all()) or "none yet"
        raise ProgramError("there is no translator of this name", hint=f"known are: {known}")
    return translator


def key_shown(recipient: str) -> str:
    """A key for the eye: its beginning, and dots for the letters that the translator reads aloud."""
    head = recipient[:-COMPARED_LETTERS][-24:] if len(recipient) > 100 else recipient[:-COMPARED_LETTERS]
    groups = [head[at : at + _GROUP] for at in range(0, len(head), _GROUP)]
    return " ".join([*(["…"] if len(recipient) > 100 else []), *groups, "… (16 more)"])
