"""A reviewer's home from recovery sheets alone: the reviewer's own keys, and no case."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.keys import HybridSecretKey, RootVerifyKey
from crypto.keys.party import Party, PartyKeys
from crypto.manifests.manifest import VerifiedManifest
from crypto.recovery.backup_key import reviewer_keys
from reviewer.home.home import Home, create_home
from reviewer.keys.manifest_update import follow
from reviewer.recovery.key_ceremony import assign_home
from reviewer.sharing.party import begin_new_run
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import begin_without_keys


@dataclass(frozen=True, slots=True)
class IdentifiedReviewer:
    """The reviewer whose sheets these are."""

    backup_key: HybridSecretKey
    keys: PartyKeys

    @classmethod
    def of(cls, backup_key: HybridSecretKey, *, name: str) -> "IdentifiedReviewer":
        """By what follows from the key for backups.

        Raises:
            Malformed: no reviewer may be called so.
        """
        return cls(backup_key, reviewer_keys(backup_key, name=name))


def find_reviewer(
    listed: Iterable[Party], *, backup_key_of: Callable[[str], HybridSecretKey]
) -> IdentifiedReviewer | None:
    """The reviewer in ``listed`` whose keys follow from the sheets, or None.

    Homes made before keys followed from sheets had random keys.
    """
    for party in listed:
        found = IdentifiedReviewer.of(backup_key_of(party.name), name=party.name)
        if found.keys.party() == party:
            return found
    return None


@contextmanager
def home_from_sheets(
    folder: Path,
    reviewer: IdentifiedReviewer,
    *,
    root_key: RootVerifyKey,
    run: Sequence[VerifiedManifest],
    entry: SecretEntry,
    today: dt.date,
) -> Iterator[Home]:
    """Yield the home, which adopts the chain ``run``; complete if the block succeeds, else removed."""
    with create_home(folder, entry=entry) as home:
        assign_home(
            home,
            reviewer.keys,
            organisation=run[-1].manifest.organisation,
            root_key=root_key,
            backup_key=reviewer.backup_key.public_key(),
            today=today,
        )
        with home.casebook.changing():
            begin_without_keys(home)
            home.casebook.replies.leave_numbers_out()
            begin_new_run(home)
            home.casebook.log.add("restored", "from recovery sheets alone", today=today)
        follow(home, run, today=today)
        yield home
