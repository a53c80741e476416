"""Input of a home's passphrase: a file, standard input or the terminal; never an argument."""

import getpass
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from reviewer.errors import HomeError

LONGEST_BYTES = 1024
FEWEST_LETTERS = 8
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class SecretEntry:
    """The source of the passphrase of ``home``: ``source`` is a path, ``-``, or None for the terminal.

    ``option`` is the option that names it.
    """

    source: str | None
    home: str = "this home"
    option: str = "--passphrase-file"
    chosen: str | None = field(default=None, repr=False)

    def ask(self) -> str | None:
        """The passphrase of an existing home; None when there is neither a file nor a terminal.

        Raises:
            HomeError: the file cannot be read, or holds no passphrase.
        """
        if self.source is not None:
            return _from_file(self.source)
        return getpass.getpass(f"Passphrase of {self.home}: ") if _has_terminal() else None

    def choose(self) -> str | None:
        """A new passphrase, typed twice at a terminal; None when there is neither a file nor a terminal.

        Raises:
            HomeError: too short, or not the same twice.
        """
        if self.chosen is not None:
            return self.chosen
        if self.source is not None:
            chosen = _from_file(self.source)
        elif _has_terminal():
            chosen = getpass.getpass("New passphrase for this home: ")
            if getpass.getpass("The same again: ") != chosen:
                raise HomeError("the two passphrases differ", hint="start again")
        else:
            return None
        require_good(chosen)
        return chosen

    def chosen_now(self) -> "SecretEntry":
        """An entry whose :meth:`choose` is done, before there is anything that a slip would undo.

        Raises:
            HomeError: as :meth:`choose`.
        """
        return replace(self, chosen=self.choose())


def require_good(chosen: str) -> None:
    """Return when a new passphrase is neither too short nor too long.

    Raises:
        HomeError: it is.
    """
    if len(chosen) < FEWEST_LETTERS:
        raise HomeError(f"the passphrase must have at least {FEWEST_LETTERS} letters")
    if len(chosen.encode("utf-8", "replace")) > LONGEST_BYTES:
        raise HomeError(f"the passphrase must have at most {LONGEST_BYTES} bytes")


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _from_file(source: str) -> str:
    try:
        if source == STANDARD_INPUT:
            raw = sys.stdin.buffer.readline(LONGEST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.readline(LONGEST_BYTES + 1)
        text = raw.decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise HomeError(
            "the passphrase file cannot be read as text", hint="it holds the passphrase on its first line, in UTF-8"
        ) from error
    if not text or len(raw) > LONGEST_BYTES:
        raise HomeError(f"the passphrase file must hold 1 to {LONGEST_BYTES} bytes on its first line")
    return text
