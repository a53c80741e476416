"""New keys for a whole home, after a person was removed who knew the ones before.

The people file is replaced first, in one step: from then on the removed passphrase opens nothing here. It holds the
former keys, sealed under the new home key, until everything else is sealed again: the key files and the databases.
A home that was interrupted is finished by the next reader who unlocks it, at whatever step it was.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import open_key_file, seal_key_file
from crypto.passphrases.people_file import PeopleFile
from crypto.passphrases.people_roster import PLACES, FormerKeys, Roster
from reviewer.casebook.database import change_keys, largest_file_bytes
from reviewer.casebook.member_store import MEMBERS_FILE, MemberStore, change_store_key
from reviewer.errors import CasebookError, HomeError
from reviewer.home.keyring import (
    CASEBOOK_KEY,
    ENVELOPES_KEY,
    FORMER_KEY,
    KEYRING_LABEL,
    Keyring,
    replace_and_overwrite,
)
from reviewer.home.lock import PEOPLE_FILE, read_people
from reviewer.home.member_channels import channels, store_key

_SPARE_BYTES = 16 << 20


def require_room(folder: Path) -> None:
    """Return when the disk has room to seal each file of the casebook again.

    Raises:
        HomeError: it has not; nothing was changed.
    """
    needed = largest_file_bytes(folder) + _SPARE_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise HomeError(
            f"the disk of this home needs {needed >> 20} MiB of free room to seal the casebook again",
            hint="make room on the disk and do it again; nothing was changed",
        )


def begin(
    folder: Path, people: PeopleFile, roster: Roster, keyring: Keyring, *, old: RestKey, gone: int
) -> RestKey:
    """Replace the home key for the people of ``roster``; :func:`finish` has to follow. The new home key.

    ``gone`` is the place of the person whose lock is destroyed.
    """
    new = RestKey.generate()
    former = FormerKeys(old, *(RestKey(keyring.secret(name)) for name in (CASEBOOK_KEY, ENVELOPES_KEY)))
    changed = people.with_roster(new, replace(roster, former=former), gone=gone)
    replace_and_overwrite(folder / PEOPLE_FILE, changed.to_bytes())
    return new


def finish(folder: Path, keys_folder: Path, *, home_key: RestKey, former: FormerKeys) -> Keyring:
    """Seal key files and databases under the new keys, where that was not done yet. The new keyring.

    Raises:
        HomeError, CasebookError: a file opens with neither key, or there is no room.
    """
    keyring = Keyring(keys_folder, key=home_key.derive(KEYRING_LABEL))
    before = Keyring(keys_folder, key=former.home.derive(KEYRING_LABEL))
    _keep_former(keyring, before)
    for name in keyring.names():
        if name not in (CASEBOOK_KEY, ENVELOPES_KEY):
            _seal_again(keyring, before, name, None)
    for name in (CASEBOOK_KEY, ENVELOPES_KEY):
        _seal_again(keyring, before, name, RestKey.generate().seed())
    _seal_members_again(folder, old=former.home, new=home_key)
    change_keys(
        folder,
        keys=(former.casebook, former.envelopes),
        new_keys=(RestKey(keyring.secret(CASEBOOK_KEY)), RestKey(keyring.secret(ENVELOPES_KEY))),
    )
    return keyring


def forget_former(folder: Path, home_key: RestKey) -> None:
    """The former keys open nothing any more, and leave the people file."""
    people = read_people(folder)
    roster = replace(people.roster(home_key), former=None)
    replace_and_overwrite(folder / PEOPLE_FILE, people.with_roster(home_key, roster).to_bytes())


def former_keys(folder: Path, home_key: RestKey) -> FormerKeys | None:
    """The keys of an exchange that was begun and not finished.

    Raises:
        HomeError: the people file was changed.
    """
    try:
        return read_people(folder).roster(home_key).former
    except CryptoError as error:
        raise HomeError(f"{PEOPLE_FILE} was changed", hint="copy it from the twin medium") from error


def _seal_members_again(folder: Path, *, old: RestKey, new: RestKey) -> None:
    """Seal items of members under their new keys; those of the removed person become random."""
    places = read_people(folder).roster(new).people
    old_store, new_store = store_key(old), store_key(new)
    try:
        store = MemberStore.open(folder, key=old_store)
    except CasebookError:  # it was sealed again already
        try:
            change_store_key(folder, key=old_store, new_key=new_store)
        except CasebookError:
            # Damaged, or sealed under a key of its own by a member: that must not keep readers out. What was given
            # is in the casebook still, and a new store is made when the home is opened.
            (folder / MEMBERS_FILE).unlink()
        return
    try:
        store.seal_again(channels(old, range(PLACES)), channels(new, places))
    finally:
        store.close()
    change_store_key(folder, key=old_store, new_key=new_store)


def _keep_former(keyring: Keyring, before: Keyring) -> None:
    """The twin medium is under the former key of the keyring until it is written again."""
    if FORMER_KEY not in keyring.names():
        keyring.keep(FORMER_KEY, before.key.seed())


def _seal_again(keyring: Keyring, before: Keyring, name: str, new_secret: bytes | None) -> None:
    """One key file under the new key; ``new_secret`` takes the place of the one that was in it."""
    path = keyring.folder / f"{name}.key"
    raw = path.read_bytes()
    try:
        open_key_file(raw, name=name, key=keyring.key)
    except CryptoError:
        try:
            secret = open_key_file(raw, name=name, key=before.key)
        except CryptoError:
            return  # damaged before; it is named where it is needed
        sealed = seal_key_file(new_secret or secret, name=name, key=keyring.key)
        replace_and_overwrite(path, sealed)
