"""The state of a locked desk, which the next program gets, and what opens it again.

It holds no key of the home. Drafts are sealed: only the open home reads them. The language of the pages stays too,
because the casebook that remembers it is closed.
"""

from dataclasses import dataclass, field

from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, STAFF_LANGUAGES, catalogue
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError

LANGUAGE_SETTING = "desk language"


@dataclass(frozen=True, slots=True)
class TypedPassphrase(SecretEntry):
    """A passphrase that was typed into the page."""

    typed: str = field(default="", repr=False)

    def ask(self) -> str | None:
        return self.typed


@dataclass(frozen=True, slots=True)
class LockedSession:
    """The state of a locked desk: no key of the home, and no text in the clear."""

    folder: str
    idle_seconds: float
    is_protected: bool
    language: str
    handle: str = field(repr=False)
    token: str | None = field(repr=False)
    drafts_key: str
    drafts: list[str] = field(repr=False)
    """In hex, sealed to ``drafts_key``."""


@dataclass(slots=True)
class DeskLanguage:
    """The language of the pages.

    One that is chosen while the home is closed is remembered at its next opening.
    """

    tag: str = ENGLISH
    _is_new: bool = False

    def choose(self, tag: str, home: Home | None) -> None:
        """Take another language, and note it in an open home.

        Raises:
            ProgramError: no language of the desk, or its catalogue cannot be read.
        """
        if tag not in STAFF_LANGUAGES:
            raise ProgramError(
                "the desk does not speak this language", hint=f"choose one of: {', '.join(STAFF_LANGUAGES)}"
            )
        catalogue(tag)
        self.tag, self._is_new = tag, True
        if home is not None:
            self.remember(home)

    def remember(self, home: Home) -> None:
        """Note a new choice in the casebook, or take the one that it has."""
        if self._is_new:
            home.casebook.settings.set(LANGUAGE_SETTING, self.tag)
        else:
            known = home.casebook.settings.get(LANGUAGE_SETTING)
            self.tag = known if known in STAFF_LANGUAGES else self.tag
        self._is_new = False
