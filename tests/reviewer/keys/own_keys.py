"""A reviewer's own two keys: what they are, and as they were before they followed from the key for backups."""

from pathlib import Path

from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.party import PartyKeys
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk


def own_keys(folder: Path) -> tuple[str, bytes]:
    """Name and secret keys of the reviewer whose home it is."""
    with open_home(folder, entry=SecretEntry(None)) as home:
        return home.party_keys().name, home.party_keys().seeds()


def make_as_before(desk: Desk) -> PartyKeys:
    """Give the home the random keys that homes had before they followed from the key for backups."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        keys = PartyKeys.generate(home.casebook.settings.require("name"))
        home.keyring.destroy(PARTY_KEYS)
        home.keyring.keep(PARTY_KEYS, keys.seeds())
    return keys
