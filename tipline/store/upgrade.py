"""Upgrades the schema step by step; a program opens only a store of its own version."""

import contextlib
import shutil
from pathlib import Path
from typing import Final

from tipline.store.errors import NewerStore, StoreError
from tipline.store.store import SMALL, SMALL_VERSION, open_bulk, open_small

_STEPS: Final = {
    # A week that was signed as closed may wait to be said again: after a restore.
    1: """
        CREATE TABLE closed_weeks_2 (
            week TEXT PRIMARY KEY,
            bundle INTEGER REFERENCES statements (number)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO closed_weeks_2 (week, bundle) SELECT week, bundle FROM closed_weeks;
        DROP TABLE closed_weeks;
        ALTER TABLE closed_weeks_2 RENAME TO closed_weeks
    """,
    # After a restore staff adopt a manifest and accept each reviewer again; until then much only waits. And days
    # are counted by no clock: for a receipt that came before they begin with the upgrade.
    2: """
        CREATE TABLE receipts_3 (
            sha256 BLOB NOT NULL REFERENCES submissions (sha256) ON DELETE CASCADE,
            reviewer BLOB NOT NULL CHECK (length(reviewer) = 32),
            counted INTEGER NOT NULL,
            PRIMARY KEY (sha256, reviewer)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO receipts_3 (sha256, reviewer, counted) SELECT sha256, reviewer, 0 FROM receipts;
        DROP TABLE receipts;
        ALTER TABLE receipts_3 RENAME TO receipts;
        CREATE TABLE counted_days (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            days INTEGER NOT NULL,
            exported INTEGER NOT NULL
        ) STRICT;
        INSERT INTO counted_days (only, days, exported) VALUES (1, 0, 0);
        CREATE TABLE unaccepted (
            reviewer BLOB PRIMARY KEY CHECK (length(reviewer) = 32)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE held_statements (
            sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
            sender BLOB NOT NULL CHECK (length(sender) = 32)
        ) STRICT, WITHOUT ROWID
    """,
}
"""The steps from version N to N + 1 of ``tipline.db``."""


def upgrade(folder: Path, key: bytes) -> list[int]:
    """Bring a store that no process has open to the version of this program; return the versions reached.

    A copy of ``tipline.db`` is made first, and removed once the check of every page is good. The result is empty if
    there was nothing to do.

    Raises:
        NewerStore: a newer program made it; nothing is changed.
        StoreError: a step failed; the store is as it was.
    """
    reached: list[int] = []
    for version in range(1, SMALL_VERSION):
        try:
            small = open_small(folder, key, version=version)
        except NewerStore:
            continue  # past this step already; the last look below refuses what is newer than all
        copy = folder / f"{SMALL}.before-{version + 1}"
        with contextlib.closing(small):
            small.empty_log()
            _copy(folder / SMALL, copy)
            small.change_schema(_STEPS[version], version=version + 1)
            if damage := small.damage():
                raise StoreError(f"{SMALL} is damaged: {damage[0]}", hint=f"the copy before the step is {copy}")
        copy.unlink()
        reached.append(version + 1)
    open_small(folder, key).close()
    open_bulk(folder, key).close()
    return reached


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600, exist_ok=False)
    shutil.copyfile(source, target)
