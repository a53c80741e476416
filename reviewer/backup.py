"""Casebook backups: everything in the casebook, sealed to a key that only the root medium holds the secret of.

What needs which secret: reading the backup needs ``casebook-backup-NAME.key`` from the root medium, and nothing
else. It holds the cases, and the keys with which this reviewer signs and receives bundles. It holds no intake key
and nothing that unlocks one: envelopes that were not taken in yet are lost with the home, unless there is a twin
medium.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crypto import canonical_json
from crypto.at_rest import RestKey
from crypto.byte_source import ExactSource
from crypto.canonical_json import Fields, Json
from crypto.envelope import EnvelopeWriter, open_envelope
from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.keys import HybridPublicKey, HybridSecretKey
from reviewer.casebook.database import CASEBOOK_FILE, CONTENTS_FILE
from reviewer.ceremony import BACKUP_KEY_SETTING
from reviewer.errors import HomeError, ReviewerError
from reviewer.home import CASEBOOK_KEY, KEYS_FOLDER, PARTY_KEY, Home, create_home
from reviewer.secret_entry import SecretEntry
from reviewer.twin import take_keys_from_twin
from reviewer.whole_file import whole_file

FORMAT = "tipline-casebook-backup"
FORMAT_VERSION = 1
_FILES = (CASEBOOK_FILE, CONTENTS_FILE)
_LONGEST_HEAD_BYTES = 8192
_LENGTH_BYTES = 4
_PIECE_BYTES = 1 << 20
_LONGEST_KEY_FILE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    submissions: int
    keys_from_twin: list[str]


def write_backup(home: Home, out: Path, *, today: dt.date) -> int:
    """Write a backup, and record that what is in the casebook now is in it; the number of submissions.

    Raises:
        ReviewerError: the file cannot be written.
    """
    key = HybridPublicKey.parse(home.casebook.settings.require(BACKUP_KEY_SETTING))
    home.casebook.log.add("backup", out.name, today=today)
    with whole_file(out) as sink:
        envelope = EnvelopeWriter(sink.write, to=[key])
        lengths = {name: (home.folder / name).stat().st_size for name in _FILES}
        head = canonical_json.to_bytes(_head(home, lengths))
        envelope.write(len(head).to_bytes(_LENGTH_BYTES, "big") + head)
        for name in _FILES:
            with (home.folder / name).open("rb") as source:
                _copy(source.read, envelope.write, lengths[name])
        envelope.finish()
    home.casebook.backups.record(today=today)
    return len(home.casebook.submissions.all())


def restore(
    folder: Path, *, backup: BinaryIO, identity: bytes, twin: Path | None, entry: SecretEntry, today: dt.date
) -> Restored:
    """Make a new home of a backup.

    Raises:
        ReviewerError: another key, a damaged file, or a folder that is not empty; nothing is left behind then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HomeError(f"{folder} is not empty", hint="name a folder that does not exist yet")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        casebook_key, party_seeds = _unpack(folder, backup, identity)
        with create_home(folder, entry=entry, casebook_key=casebook_key) as home:
            home.keyring.keep(PARTY_KEY, party_seeds)
            keys = take_keys_from_twin(home, twin, entry=entry) if twin is not None else []
            with home.casebook.changing():
                _begin_anew(home, today)
            return Restored(len(home.casebook.submissions.all()), keys)
    except CryptoError as error:
        raise _refused(error) from error
    finally:
        if not (folder / KEYS_FOLDER).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _head(home: Home, lengths: dict[str, int]) -> dict[str, Json]:
    return {
        "casebook_key": home.keyring.secret(CASEBOOK_KEY).hex(),
        "files": [[name, length] for name, length in lengths.items()],
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "reviewer_keys": home.keyring.secret(PARTY_KEY).hex(),
    }


def _unpack(folder: Path, backup: BinaryIO, identity: bytes) -> tuple[RestKey, bytes]:
    key = _parse_identity(identity)
    source = ExactSource(open_envelope(backup, keys=[key], slots=1))
    length = int.from_bytes(source.exactly(_LENGTH_BYTES, what="backup"), "big")
    if length > _LONGEST_HEAD_BYTES:
        raise Malformed(f"head of a backup must have at most {_LONGEST_HEAD_BYTES} bytes")
    fields = Fields.of_document(
        source.exactly(length, what="backup"),
        format_name=FORMAT,
        version=FORMAT_VERSION,
        limit_bytes=_LONGEST_HEAD_BYTES,
    )
    casebook_key = RestKey(fields.hex("casebook_key", length_bytes=32))
    party_seeds = fields.hex("reviewer_keys", length_bytes=64)
    files = fields.array("files", most=len(_FILES))
    fields.close()
    for name, listed in zip(_FILES, files, strict=False):
        match listed:
            case [str(listed_name), int(length_bytes)] if listed_name == name:
                descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as sink:
                    _copy(lambda size: source.exactly(size, what="backup"), sink.write, length_bytes)
                    sink.flush()
                    os.fsync(sink.fileno())
            case _:
                raise Malformed("backup must hold the two files of a casebook")
    if len(files) != len(_FILES) or source.up_to(1):
        raise Malformed("backup must hold the two files of a casebook and nothing else")
    return casebook_key, party_seeds


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], object], length_bytes: int) -> None:
    left = length_bytes
    while left:
        piece = read(min(left, _PIECE_BYTES))
        if not piece:
            raise ReviewerError("the casebook became shorter while it was read", hint="do it again")
        write(piece)
        left -= len(piece)


def _begin_anew(home: Home, today: dt.date) -> None:
    """The raw envelopes are not in a backup, and whatever was sent since is not known here."""
    for submission in home.casebook.submissions.all():
        if submission.unopened_file is not None:
            home.casebook.submissions.forget_envelope(submission)
    for server in home.casebook.servers.all():
        home.casebook.outgoing.end_stream(server.name)
    home.casebook.log.add("restored", "from a backup", today=today)


def _parse_identity(raw: bytes) -> HybridSecretKey:
    try:
        return HybridSecretKey.parse(raw[:_LONGEST_KEY_FILE_BYTES].decode("ascii").strip())
    except UnicodeDecodeError as error:
        raise Malformed("key file must hold one line that begins with AGE-SECRET-KEY-PQ-1") from error


def _refused(error: CryptoError) -> ReviewerError:
    if isinstance(error, NoKeyOpens):
        return ReviewerError(
            "this key does not open the backup", hint="it is opened by casebook-backup-NAME.key of the root medium"
        )
    return ReviewerError(
        f"the backup cannot be restored: {error}", hint="use another copy of it, or an earlier one"
    )
