"""Only copies: keys that a twin has and its home lacks, and keys at home that no twin may be written from.

A disk loses files, and files lose bits, and nobody is told. A twin is written over from its home, so whatever the
home has lost by then would be lost on the twin too: each key is opened, at home and there, before one of them goes.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from crypto.keys.key_file import PARTY_KEYS
from reviewer.errors import HomeError
from reviewer.home.home import CASEBOOK_KEY, ENVELOPES_KEY, KEYS_FOLDER, Home
from reviewer.home.keyring import Keyring, first_name
from reviewer.twin.retired_keys import retired_names

_KEYS_OF_THE_HOME = frozenset({PARTY_KEYS, CASEBOOK_KEY, ENVELOPES_KEY})


def require_sound(home: Home) -> None:
    """Return when every key at home opens. One that was retired need not: its destruction was cut short.

    Raises:
        HomeError: some do not, or one that every home has is gone; they are named.
    """
    retired = retired_names(home)
    damaged = [
        name
        for name in sorted({*home.keyring.names(), *_KEYS_OF_THE_HOME})
        if first_name(name) not in retired and not _opens(home.keyring, name)
    ]
    if not damaged:
        return
    file = _file(home, damaged[0])
    raise HomeError(
        "key files of this home are damaged or gone, and the twin may have the only good copies:"
        f" {', '.join(damaged)}",
        hint=f"copy {file.name} again from the twin medium"
        if damaged[0] in _KEYS_OF_THE_HOME
        else f"move {file} elsewhere, then take that of the twin: tipline-review keys restore HOME --twin FOLDER",
    )


def sole_copies(home: Home, folder: Path) -> list[str]:
    """Names of the keys on the medium ``folder`` that open with the key of this home, are not in it under any name
    of their week or quarter, and were never retired. One that does not open there counts for nothing.

    Raises:
        OSError: the medium cannot be read.
    """
    ring = Keyring(folder / KEYS_FOLDER, key=home.keyring.key)
    if not ring.folder.is_dir():
        return []
    list(ring.folder.iterdir())  # a glob passes over what it may not list
    retired = retired_names(home)
    names = [name for name in _names_for_tips(ring) if first_name(name) not in retired]
    return [name for name in names if _is_lacking(home, ring, name)]


def note_files(home: Home) -> dict[str, str]:
    """Which key files for tips are at home now, by name, and the SHA-256 of each, sealed as it is: for
    :func:`lost_since`."""
    noted = {}
    for name in _names_for_tips(home.keyring):
        with suppress(OSError):  # one on a bad sector is not here
            noted[name] = hashlib.sha256(_file(home, name).read_bytes()).hexdigest()
    return noted


def lost_since(home: Home, noted: Mapping[str, str]) -> list[str]:
    """Names among ``noted``, of :func:`note_files`, whose file is gone or another one now, without a retirement."""
    here, retired = note_files(home), retired_names(home)
    return [name for name, digest in noted.items() if first_name(name) not in retired and here.get(name) != digest]


def _names_for_tips(ring: Keyring) -> list[str]:
    """What keys restore takes. The others open the home itself, which is open."""
    return [name for name in ring.names() if name.startswith(("intake-", "sealed-"))]


def _is_lacking(home: Home, ring: Keyring, name: str) -> bool:
    try:
        secret = ring.secret(name)
    except HomeError:
        return False  # damaged, or of the home before a restore, whose keys were taken
    family = [here for here in home.keyring.names() if first_name(here) == first_name(name)]
    return not any(_opens(home.keyring, here) and home.keyring.secret(here) == secret for here in family)


def _file(home: Home, name: str) -> Path:
    return home.keyring.folder / f"{name}.key"


def _opens(keyring: Keyring, name: str) -> bool:
    try:
        keyring.secret(name)
    except (HomeError, OSError):  # changed, gone, or on a bad sector
        return False
    return True
