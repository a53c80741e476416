"""Backups of a server: all that its folder holds, sealed to a key that only the database key gives.

``docs/formats/server-backup.md``. What was restored signs a new stream. Its intake and its exports stay closed
until a person has it adopt the newest manifest by ``tipline manifest``: no outbox takes a server back to an older
one. The receipts of a reviewer count only when staff have accepted that reviewer again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import CryptoError, NoKeyOpens
from crypto.passphrases.locked_key import unlock_key
from crypto.primitives.byte_source import ExactSource
from system.atomic_files import whole_file, write_whole
from system.clock import SYSTEM_CLOCK, Clock
from system.errors import ProgramError
from tipline.bundles.week_closing import note_restored
from tipline.instance.folder import SiteFolder
from tipline.operations.backup_file import (
    END,
    LONGEST_FILE_BYTES,
    NOT_IN_A_BACKUP,
    backup_key,
    front_bytes,
    head_bytes,
    read_front,
    read_head,
    row_bytes,
    rows_in,
)
from tipline.store import Store
from tipline.store.copying import fill, rows_of
from tipline.store.events import Event

_TORS_OWN: Final = Path("onion") / "tor"


class BackupRefused(ProgramError):
    """A backup cannot be written, or is of no use; nothing half done is left."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """Counts of a backup. ``damaged`` submissions are not in it."""

    submissions: int
    files: int
    damaged: int = 0


def write_backup(folder: SiteFolder, store: Store, out: Path, *, key: bytes, locked_key: bytes) -> BackupSummary:
    """Write a backup of a site that may be served meanwhile. ``locked_key`` is ``key`` under a passphrase.

    Raises:
        ProgramError: FILE cannot be written, or the folder holds what a backup cannot take.
    """
    files = list(_files_of(folder))
    submissions = 0
    left_out: list[bytes] = []
    with whole_file(out) as sink:
        sink.write(front_bytes(locked_key))
        envelope = EnvelopeWriter(sink.write, to=[backup_key(key).public_key()])
        envelope.write(head_bytes([(path.as_posix(), len(content)) for path, content in files]))
        for _path, content in files:
            envelope.write(content)
        for row in rows_of(store, left_out):
            for piece in row_bytes(row):
                envelope.write(piece)
            submissions += row.table == "submissions"
        envelope.write(END)
        envelope.finish()
    store.events.note(Event.BACKUP_WRITTEN)
    still_here = {stored.submission for stored in store.submissions.waiting()}
    return BackupSummary(submissions, len(files), damaged=len(still_here.intersection(left_out)))


def restore(path: Path, backup: BinaryIO, *, passphrase: str, clock: Clock = SYSTEM_CLOCK) -> BackupSummary:
    """Make a new folder of a backup, whole or not at all. Its database key lies under the same passphrase.

    Raises:
        BackupRefused: another passphrase, or a file that is cut, changed or of a newer program.
        FolderError: there is something at ``path`` already.
        StoreError.
    """
    try:
        locked_key = read_front(backup)
        key = unlock_key(locked_key, passphrase)
        source = ExactSource(open_envelope(backup, keys=[backup_key(key)], slots=1))
        files = read_head(source)
        with SiteFolder.make(path) as folder:
            for name, length in files:
                _write_file(folder.path / name, source.exactly(length, what="backup"))
            with Store(folder.store, key, create=True) as store:
                submissions = fill(store, rows_in(source))
                note_restored(store, clock.today())
                store.events.note(Event.RESTORED)
            write_whole(folder.database_key, locked_key)
        return BackupSummary(submissions, len(files))
    except NoKeyOpens as error:
        raise BackupRefused("the passphrase does not open this backup", hint="type it again") from error
    except CryptoError as error:
        raise BackupRefused(f"the backup cannot be restored: {error}", hint="use another copy of it") from error


def _files_of(folder: SiteFolder) -> Iterator[tuple[Path, bytes]]:
    """Return the files that the operator and tor keep beside the store.

    These are addresses, couriers, texts and settings.
    """
    for path in sorted(folder.path.rglob("*")):
        name = path.relative_to(folder.path)
        if (
            name.parts[0] in NOT_IN_A_BACKUP
            or name.is_relative_to(_TORS_OWN)
            or any(p[0] == "." for p in name.parts)
        ):
            continue
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if len(content) > LONGEST_FILE_BYTES:
            raise BackupRefused(
                f"{name} is too large for a backup: at most {LONGEST_FILE_BYTES >> 20} MiB",
                hint="move what does not belong to the tip line out of its folder",
            )
        yield name, content


def _write_file(path: Path, content: bytes) -> None:
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir(mode=0o700)
    write_whole(path, content)
