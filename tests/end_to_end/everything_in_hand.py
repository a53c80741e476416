"""A seizer with every machine and every medium of today, unlocked: opens all, and tries all."""

import io
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crypto.age.age_header import FILE_KEY_BYTES
from crypto.age.envelope import open_envelope
from crypto.errors import NoKeyOpens
from crypto.keys import minisign
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HYBRID_SECRET_PREFIX, HybridSecretKey
from crypto.primitives import bech32
from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookFiles
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY, ENVELOPES_KEY, Keyring
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.sole_copies import twin_ring
from tests.end_to_end.real_server import RealServer
from tests.reviewer.desk_stage import Desk

_SEED_BYTES = 32


@dataclass
class Hand:
    """The reviewer with twin, backups and root medium, and the servers, as they are now."""

    desk: Desk
    twin: Path
    servers: Sequence[RealServer]
    backups: Sequence[Path]
    opened: list[bytes] = field(default_factory=list)

    def take(self) -> "Hand":
        """Open everything that opens; each thing found is a string of bytes that was sealed or lay open."""
        self.opened = [found for found in self._everything() if found]
        return self

    def opens(self, envelope: bytes) -> bool:
        """True if any string of 32 bytes among all that was found, as a key, opens it."""
        seeds = {found[at : at + _SEED_BYTES] for found in self.opened for at in _places(found)}
        keys = [HybridSecretKey(seed) for seed in seeds]
        try:
            open_envelope(io.BytesIO(envelope), keys=keys)
        except NoKeyOpens:
            return False
        return True

    def holds(self, secret: bytes) -> bool:
        """True if a secret stands anywhere in all that was found, raw, in hex, or as age prints it."""
        forms = [secret, secret.hex().encode(), secret.hex().upper().encode()]
        if len(secret) == _SEED_BYTES:
            printed = bech32.encode(HYBRID_SECRET_PREFIX, secret)
            forms += [printed.encode(), printed.upper().encode()]
        return any(form in found for found in self.opened for form in forms)

    def _everything(self) -> Iterator[bytes]:
        yield from _of_home(self.desk.home, self.twin)
        for backup in self.backups:
            for twin in (None, self.twin):
                restored = self.desk.folder / f"restored-{secrets.token_hex(8)}"
                self.desk.do("restore", restored, "--from", backup, "--identity", self._backup_key())
                if twin is not None:
                    self.desk.do("keys", "restore", restored, "--twin", twin)
                yield from _of_home(restored, None)
        yield minisign.parse_secret_key_file((self.desk.root / "root.key").read_bytes()).seed()
        yield HybridSecretKey.parse(self._backup_key().read_text(encoding="ascii").strip()).seed()
        for folder in (self.desk.home, self.twin, self.desk.root, *(server.folder.path for server in self.servers)):
            yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())
        for server in self.servers:
            for database in (server.store._small, server.store._bulk):
                yield from _rows(database)

    def _backup_key(self) -> Path:
        return self.desk.root / "casebook-backup-reviewer.key"


def file_key(desk: Desk, envelope: bytes, week: Week) -> bytes:
    """The key that opens the one envelope; it follows from the envelope itself and the key of its week."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        found = open_envelope(io.BytesIO(envelope), keys=home.keyring.intake_keys(week)).frame.file_key
    assert len(found) == FILE_KEY_BYTES
    return found


def _of_home(folder: Path, twin: Path | None) -> Iterator[bytes]:
    with open_home(folder, entry=SecretEntry(None)) as home:
        yield home.keyring.key.seed()
        yield from _secrets(home.keyring)
        if twin is not None:
            yield from _secrets(twin_ring(home, twin))
        keys = (RestKey(home.keyring.secret(name)) for name in (CASEBOOK_KEY, ENVELOPES_KEY))
        casebook_key, envelopes_key = keys
    files = CasebookFiles.open_existing(folder, key=casebook_key, envelopes_key=envelopes_key)
    try:
        for database in (files.small, files.contents, files.envelopes):
            yield from _rows(database)
    finally:
        files.close()


def _secrets(ring: Keyring) -> Iterator[bytes]:
    return (ring.secret(name) for name in ring.names())


def _rows(database: Any) -> Iterator[bytes]:
    """Every value of every table."""
    for (table,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        for row in database.rows(f'SELECT * FROM "{table}"'):  # noqa: S608 -- names of our own schema
            yield from (value if isinstance(value, bytes) else str(value).encode() for value in row)


def _places(found: bytes) -> range:
    """The places at which a key could begin: anywhere in a short string; long ones are searched for the key
    itself."""
    return range(max(0, len(found) - _SEED_BYTES + 1)) if len(found) <= 2 * _SEED_BYTES else range(0)
