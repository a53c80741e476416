"""The key of the store: 32 random bytes, on the disk only under the operator's passphrase.

Without a terminal and without a passphrase file, the key lies in the folder unprotected, and a thief of the disk
has it. A warning says so when that happens, and in every ``status``.
"""

import secrets
import sys
from pathlib import Path
from typing import Final

import click

from crypto.errors import CryptoError, NoKeyOpens
from crypto.passphrases.locked_key import KEY_BYTES, LONGEST_PASSPHRASE, lock_key, unlock_key
from system.atomic_files import write_whole
from system.errors import system_reason
from tipline.errors import DatabaseKeyError
from tipline.instance.folder import SiteFolder

_UNPROTECTED: Final = b"tipline database key, unprotected\n"
FEWEST_LETTERS: Final = 8
_LONGEST_FILE_BYTES: Final = 4 * LONGEST_PASSPHRASE + 2

UNPROTECTED_WARNING: Final = (
    "the database key lies UNPROTECTED in this folder: a thief of the disk can read what the store holds "
    "(sealed submissions, their number, size and day)"
)


def make_database_key(folder: SiteFolder, passphrase_file: str | None) -> bytes:
    """Make a new key and keep it in the folder.

    The operator is asked for a passphrase unless one comes from a file (``-`` is standard input).

    Raises:
        DatabaseKeyError: the file cannot be read, or holds no passphrase.
    """
    key = secrets.token_bytes(KEY_BYTES)
    passphrase = _new_passphrase(passphrase_file)
    if passphrase is None:
        write_whole(folder.database_key, _UNPROTECTED + key.hex().encode() + b"\n")
    else:
        write_whole(folder.database_key, lock_key(key, passphrase))
    return key


def is_protected(folder: SiteFolder) -> bool:
    """Return whether the key lies under a passphrase."""
    return not _read(folder).startswith(_UNPROTECTED)


def ask_database_key(folder: SiteFolder, passphrase_file: str | None) -> bytes:
    """The key of an existing folder; asks on the terminal when it is protected and no file is given.

    Raises:
        DatabaseKeyError: no passphrase to be had, the wrong one, or no key in the folder.
    """
    if is_protected(folder):
        return unlock_database_key(folder, read_passphrase(passphrase_file))
    try:
        key = bytes.fromhex(_read(folder)[len(_UNPROTECTED) :].decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise DatabaseKeyError(f"{folder.database_key} is damaged: expected {KEY_BYTES} bytes in hex")
    return key


def unlock_database_key(folder: SiteFolder, passphrase: str) -> bytes:
    """The key of a folder that is protected.

    Raises:
        DatabaseKeyError: another passphrase, or no key in the folder.
    """
    try:
        return unlock_key(_read(folder), passphrase)
    except NoKeyOpens as error:
        raise DatabaseKeyError("the passphrase does not open the database key", hint="type it again") from error
    except CryptoError as error:
        raise DatabaseKeyError(f"{folder.database_key} cannot be used: {error}") from error


def locked_copy(folder: SiteFolder, key: bytes, passphrase_file: str | None) -> bytes:
    """Return ``key`` locked for a backup: under its passphrase here, or under a new one.

    Raises:
        DatabaseKeyError: it is unprotected here, and no passphrase was given.
    """
    if is_protected(folder):
        return _read(folder)
    passphrase = _new_passphrase(passphrase_file)
    if passphrase is None:
        raise DatabaseKeyError(
            "the database key has no passphrase, and must have one to leave this machine",
            hint="give --passphrase-file FILE with one for this copy",
        )
    return lock_key(key, passphrase)


def _read(folder: SiteFolder) -> bytes:
    try:
        return folder.database_key.read_bytes()
    except OSError as error:
        raise DatabaseKeyError(f"cannot read {folder.database_key}: {system_reason(error)}") from error


def _new_passphrase(passphrase_file: str | None) -> str | None:
    if passphrase_file is not None:
        chosen = _from_file(passphrase_file)
    elif sys.stdin.isatty():
        chosen = click.prompt(
            "New passphrase for the database key", hide_input=True, confirmation_prompt="Once more", err=True
        )
    else:
        return None
    if not FEWEST_LETTERS <= len(chosen) <= LONGEST_PASSPHRASE:
        raise DatabaseKeyError(
            f"a passphrase must have {FEWEST_LETTERS} to {LONGEST_PASSPHRASE} characters",
            hint="a thief of the disk or of a backup can try without limit; six words drawn by dice are good",
        )
    return chosen


def read_passphrase(passphrase_file: str | None) -> str:
    """Asked on the terminal, or the first line of a file (``-`` is standard input).

    Raises:
        DatabaseKeyError: there is none to be had.
    """
    if passphrase_file is not None:
        return _from_file(passphrase_file)
    if not sys.stdin.isatty():
        raise DatabaseKeyError(
            "the database key has a passphrase, and there is no terminal to ask for it",
            hint="give --passphrase-file FILE, or - for standard input",
        )
    typed: str = click.prompt("Passphrase for the database key", hide_input=True, err=True)
    return typed


def _from_file(name: str) -> str:
    """The first line of a file, without its end."""
    try:
        if name == "-":
            line = sys.stdin.buffer.readline(_LONGEST_FILE_BYTES)
        else:
            with Path(name).open("rb") as source:
                line = source.readline(_LONGEST_FILE_BYTES)
        passphrase = line.rstrip(b"\r\n").decode()
    except OSError as error:
        raise DatabaseKeyError(f"cannot read {name}: {system_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise DatabaseKeyError("passphrase file must be UTF-8 text") from error
    if not passphrase or len(passphrase) > LONGEST_PASSPHRASE:
        raise DatabaseKeyError(
            f"passphrase file must hold one line of 1 to {LONGEST_PASSPHRASE} characters",
            hint="the first line counts, without its line end",
        )
    return passphrase
