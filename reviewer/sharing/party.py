"""Reviewers of the newest manifest: this home among them, and its colleagues."""

import secrets
from collections.abc import Sequence

from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import Party
from crypto.manifests.manifest import VerifiedManifest
from crypto.sharing.operation import RUN_BYTES
from reviewer.home.home import Home

_RUN_SETTING = "sharing-run"
_ITEM_SETTING = "sharing-item"
RELEASES_UNSURE = "releases-unsure"
"""Set by a restore, until a person said which table was the last that left."""


def own_key(home: Home) -> PartyVerifyKey:
    """The public signature key of this home."""
    return home.party_keys().signing.verify_key()


def newest_manifest(home: Home) -> VerifiedManifest | None:
    return home.casebook.manifests.newest(root=home.root_key)


def reviewers(home: Home) -> Sequence[Party]:
    """The reviewers of the newest manifest, by name; none before the first one."""
    manifest = newest_manifest(home)
    return manifest.manifest.reviewers if manifest else ()


def colleagues(home: Home) -> list[Party]:
    """The other reviewers."""
    own = own_key(home)
    return [party for party in reviewers(home) if party.verify_key != own]


class ReviewerNames:
    """Names of reviewers by their signature keys, read once: a manifest is long."""

    def __init__(self, home: Home) -> None:
        self._names = {party.verify_key.to_bytes(): party.name for party in reviewers(home)}

    def of(self, key: bytes) -> str:
        """The name of a present reviewer, or the first digits of the key of a former one."""
        return self._names.get(key, f"former reviewer {key.hex()[:8]}")


def may_be_author(home: Home, key: PartyVerifyKey) -> bool:
    """True if any manifest known here lists this key."""
    return home.casebook.manifests.mention(str(key))


def own_run(home: Home) -> bytes:
    """The run of this home: 16 random bytes, drawn once, and again after a restore."""
    known = home.casebook.settings.get(_RUN_SETTING)
    if known is None:
        known = secrets.token_hex(RUN_BYTES)
        home.casebook.settings.set(_RUN_SETTING, known)
    return bytes.fromhex(known)


def begin_new_run(home: Home) -> None:
    """After a restore: numbers that were used since the backup are not used again.

    Releases may have left since, so nothing is published until a person says which was the last.
    """
    home.casebook.settings.set(RELEASES_UNSURE, "1")
    home.casebook.settings.forget(_RUN_SETTING)
    home.casebook.settings.forget(_ITEM_SETTING)


def next_item_number(home: Home) -> int:
    """The number of the next item of this run, from 1; it is used up by asking."""
    number = int(home.casebook.settings.get(_ITEM_SETTING) or 0) + 1
    home.casebook.settings.set(_ITEM_SETTING, str(number))
    return number
