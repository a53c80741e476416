"""Casebook backups: the whole casebook, sealed to a key whose secret is on the root medium only.

Reading the backup needs ``casebook-backup-NAME.key`` from the root medium, and nothing else. It contains the cases,
and the keys with which this reviewer signs and receives bundles. It contains no intake key and nothing that unlocks
one: envelopes that were not imported yet are lost with the home, unless there is a twin medium.
"""

import datetime as dt
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.keys.identity_file import IdentityFile
from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridPublicKey, HybridSecretKey
from crypto.recovery.casebook_backup import FILES, BackupHead, begin_backup, read_backup
from reviewer.files.overwrite_guard import require_replaceable
from reviewer.home.home import Home, fill_home, new_home_folder
from reviewer.home.keyring import CASEBOOK_KEY
from reviewer.keys.reviewer_roster import HomeSummary
from reviewer.recovery.key_ceremony import BACKUP_KEY_SETTING
from reviewer.sharing.party import begin_new_run
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import begin_without_keys
from reviewer.twin.twin import forget_contents
from system.atomic_files import whole_file
from system.errors import ProgramError

_PIECE_BYTES = 1 << 20
_AGE_LINE = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore."""

    submissions: int
    wanted: int
    """Envelopes that did not open, of which a backup has the digest only: they must come again."""
    known: HomeSummary

    @classmethod
    def of(cls, home: Home) -> "Restored":
        """The present state of the home."""
        wanted = len(home.casebook.unopened.wanted())
        return cls(len(home.casebook.submissions.all()), wanted, HomeSummary.of(home))


def write_backup(home: Home, out: Path, *, today: dt.date) -> int:
    """Write a backup, and record that what is in the casebook now is in it; the number of submissions.

    Raises:
        ProgramError: the file cannot be written, or something else is there.
    """
    require_replaceable(out, beginning=_AGE_LINE, kind="backup")
    key = HybridPublicKey.parse(home.casebook.settings.require(BACKUP_KEY_SETTING))
    home.casebook.log.add("backup", out.name, today=today)
    with whole_file(out) as sink:
        head = BackupHead(
            RestKey(home.keyring.secret(CASEBOOK_KEY)),
            home.keyring.secret(PARTY_KEYS),
            tuple((home.folder / name).stat().st_size for name in FILES),
        )
        envelope = begin_backup(sink.write, to=key, head=head)
        for name, length_bytes in zip(FILES, head.lengths, strict=True):
            with (home.folder / name).open("rb") as source:
                _copy(source.read, envelope.write, length_bytes)
        envelope.finish()
    home.casebook.backups.record(today=today)
    return len(home.casebook.submissions.all())


def restore(folder: Path, *, backup: BinaryIO, identity: bytes, entry: SecretEntry, today: dt.date) -> Restored:
    """Make a new home from a backup. It has no intake keys: import them from a twin, or issue new ones.

    Raises:
        ProgramError: another key, a damaged file, or a folder that is not empty; nothing is left behind then.
    """
    with new_home_folder(folder):
        try:
            head = _unpack(folder, backup, identity)
        except CryptoError as error:
            raise _refused(error) from error
        with fill_home(folder, entry=entry, casebook_key=head.casebook_key) as home:
            home.keyring.keep(PARTY_KEYS, head.reviewer_seeds)
            with home.casebook.changing():
                _begin_new_streams(home, today)
            return Restored.of(home)


def _unpack(folder: Path, backup: BinaryIO, identity: bytes) -> BackupHead:
    with ExitStack() as stack:
        sinks: list[IO[bytes]] = []

        def into(name: str) -> Callable[[bytes], object]:
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            sinks.append(stack.enter_context(os.fdopen(descriptor, "wb")))
            return sinks[-1].write

        head = read_backup(backup, key=_parse_identity(identity), into=into)
        for sink in sinks:
            sink.flush()
            os.fsync(sink.fileno())
    return head


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], object], length_bytes: int) -> None:
    left = length_bytes
    while left:
        piece = read(min(left, _PIECE_BYTES))
        if not piece:
            raise ProgramError("the casebook became shorter while it was read", hint="do it again")
        write(piece)
        left -= len(piece)


def _begin_new_streams(home: Home, today: dt.date) -> None:
    """Begin new streams: raw envelopes are not in a backup, and later traffic is not known here."""
    for submission in home.casebook.submissions.all():
        if submission.unopened_file is not None:
            home.casebook.submissions.forget_envelope(submission)
    lost = home.casebook.bin.forget_all()
    if lost:
        home.casebook.log.add("bin not restored", f"{lost} submissions", today=today)
    forget_contents(home)
    begin_without_keys(home)
    for server in home.casebook.servers.all():
        home.casebook.outgoing.end_stream(server.name)
    home.casebook.replies.leave_numbers_out()
    begin_new_run(home)
    home.casebook.log.add("restored", "from a backup", today=today)


def _parse_identity(raw: bytes) -> HybridSecretKey:
    try:
        (key,) = IdentityFile.parse(raw).keys
    except (CryptoError, ValueError) as error:
        raise ProgramError(
            "the file of the backup key must hold one line AGE-SECRET-KEY-PQ-1…",
            hint="it is casebook-backup-NAME.key of the root medium",
        ) from error
    return key


def _refused(error: CryptoError) -> ProgramError:
    if isinstance(error, NoKeyOpens):
        return ProgramError(
            "this key does not open the backup", hint="it is opened by casebook-backup-NAME.key of the root medium"
        )
    return ProgramError(
        f"the backup cannot be restored: {error}",
        hint="use another copy of it; an earlier one lacks tips that came since and may be deleted on the servers",
    )
