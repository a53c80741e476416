"""Sole copies: keys that only a twin has, and damaged keys at home that must not reach a twin.

A disk loses files, and files lose bits, without notice. A twin is overwritten from its home, so a key that the home
has lost would be lost on the twin too. Each key is therefore opened, at home and there, before a copy is removed.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import PARTY_KEYS
from reviewer.errors import HomeError
from reviewer.home.home import KEYS_FOLDER, Home
from reviewer.home.keyring import CASEBOOK_KEY, ENVELOPES_KEY, FORMER_KEY, Keyring, first_name, intake_name

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


def twin_ring(home: Home, folder: Path) -> Keyring:
    """The keys on the twin of this home, under its home key or the one before a removal."""
    former = RestKey(home.keyring.secret(FORMER_KEY)) if FORMER_KEY in home.keyring.names() else None
    return Keyring(folder / KEYS_FOLDER, key=home.keyring.key, former=former)


def sole_copies(home: Home, folder: Path) -> list[str]:
    """Names of the keys on the medium ``folder`` that this home lacks and that were never retired.

    They open with the key of this home, and are not in it under any name of their week or quarter. A key that does
    not open there is ignored.
    """
    ring = twin_ring(home, folder)
    if not ring.folder.is_dir():
        return []
    list(ring.folder.iterdir())  # a glob passes over what it may not list
    retired = retired_names(home)
    names = [name for name in _names_for_tips(ring) if first_name(name) not in retired]
    return [name for name in names if _is_lacking(home, ring, name)]


def note_files(home: Home) -> dict[str, str]:
    """The key files for tips at home: name and SHA-256 of each sealed file, for :func:`lost_since`."""
    noted = {}
    for name in _names_for_tips(home.keyring):
        with suppress(OSError):  # one on a bad sector is not here
            noted[name] = hashlib.sha256(_file(home, name).read_bytes()).hexdigest()
    return noted


def lost_since(home: Home, noted: Mapping[str, str]) -> list[str]:
    """Names among ``noted`` (from :func:`note_files`) whose file changed or is gone without a retirement."""
    here, retired = note_files(home), retired_names(home)
    return [name for name, digest in noted.items() if first_name(name) not in retired and here.get(name) != digest]


def _names_for_tips(ring: Keyring) -> list[str]:
    """The keys that keys restore imports. The others open the home itself, which is open."""
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


RETIRED_ACT = "keys retired"
"""The log's name for a retirement; names of keys follow."""


def retired_names(home: Home) -> set[str]:
    """First names of keys that were destroyed; of quarters only the log tells."""
    logged = (
        name
        for _number, _day, act, subject in home.casebook.log.lines()
        if act == RETIRED_ACT
        for name in subject.split(", ")
    )
    return {*map(intake_name, home.casebook.retired.all()), *map(first_name, logged)}
