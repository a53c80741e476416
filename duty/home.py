"""The folder of one duty machine: settings, keys, manifest, week files, and what is kept.

A key before the newest one still opens, so that relays have time to take the new one.
"""

import datetime as dt
import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from crypto.beacon.week_file import WeekFile
from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.fingerprint import duty_words, root_words
from crypto.keys.keys import DutyPublicKey, DutySecretKey, RootVerifyKey
from duty.papers import DutyPapers, DutyRefused
from onion.client_auth import ClientKey
from onion.private_file import private_folder, read_private, remove_private, write_private
from onion.service_key import is_address
from system.atomic_files import write_whole
from system.given_files import read_given

ONION_PUBLIC, DUTY_PUBLIC = "duty-onion.pub", "duty.pub"
"""The first goes to the operator of the server, the second to the air-gapped machine and the other duty machine."""
LEDGER, FETCH_PLACE, COPIES, HOURS, NOTEBOOK = "ledger", "place.json", "copies", "hours.json", "notebook.json"
KEYS_KEPT = 2
_SETTINGS, _ONION_KEY, _OTHER, _PAPERS = "settings.json", "onion.key", "other.pub", "papers.json"
_KEY_FOLDER, _RUN_LOCK = "keys", "run.lock"
_KEY_BYTES, _LONGEST_KEY_FILE = 200, 4096


@dataclass(frozen=True, slots=True)
class DutySettings:
    """``machine`` is 1 or 2; ``address`` is empty until it is known.

    ``network`` is the folder of a private network.
    """

    address: str
    machine: int
    root: RootVerifyKey
    network: Path | None = None


class DutyHome:
    """One folder, 0700; made by :meth:`set_up`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def set_up(self, *, machine: int, root_file: Path, network: Path | None) -> str:
        """Make folder and keys, once; returns the seven words of the root key, to be compared.

        Raises:
            DutyRefused: there is one already, or the file holds no root key.
        """
        if (self.folder / _SETTINGS).exists():
            raise DutyRefused(f"{self.folder} is the folder of a duty machine already", hint="name another folder")
        try:
            root = minisign.parse_public_key_file(
                read_given(root_file, minisign.LONGEST_FILE_BYTES, refused=DutyRefused)
            )
        except CryptoError as error:
            raise DutyRefused(
                f"{root_file} is not a root key: {error}",
                hint="root.pub lies on the root medium of the organisation",
            ) from error
        for name in (self.folder, self.folder / _KEY_FOLDER):
            private_folder(name)
        onion = ClientKey.make()
        onion.keep(self.folder / _ONION_KEY)
        write_whole(self.folder / ONION_PUBLIC, onion.public.to_bytes(), mode=0o644)
        self.renew_key()
        self._keep_settings(DutySettings("", machine, root, network))
        return root_words(root)

    def set_address(self, address: str) -> None:
        """Keep the server's address for relays, which its operator tells after the key was added.

        Raises:
            DutyRefused: the folder is none of a duty machine, or the address is none.
        """
        settings = self.settings()
        if not is_address(address):
            raise DutyRefused(
                "expected the server's address for relays: 56 letters and digits, then .onion",
                hint="tipline relays status DIR shows it on the server",
            )
        self._keep_settings(replace(settings, address=address))

    def _keep_settings(self, settings: DutySettings) -> None:
        told = {
            "address": settings.address,
            "machine": settings.machine,
            "network": str(settings.network.absolute()) if settings.network else None,
            "root": str(settings.root),
        }
        write_whole(self.folder / _SETTINGS, json.dumps(told, indent=1).encode() + b"\n")

    def settings(self) -> DutySettings:
        """The settings. Raises DutyRefused: the folder is none of a duty machine."""
        try:
            told = json.loads((self.folder / _SETTINGS).read_bytes())
            network = Path(told["network"]) if told["network"] else None
            return DutySettings(
                str(told["address"]), int(told["machine"]), RootVerifyKey.parse(told["root"]), network
            )
        except (OSError, ValueError, KeyError, TypeError, CryptoError) as error:
            raise DutyRefused(
                f"{self.folder} is not the folder of a duty machine", hint="tipline-duty setup HOME makes one"
            ) from error

    def onion_key(self) -> ClientKey:
        """The key of the way to the server. Raises OnionError: its file is damaged, or open to others."""
        return ClientKey.load(self.folder / _ONION_KEY)

    def renew_key(self) -> DutyPublicKey:
        """Make another duty key. The one before still opens; all older ones are destroyed."""
        names = self._key_files()
        number = int(names[-1].stem) + 1 if names else 1
        key = DutySecretKey.generate()
        write_private(self.folder / _KEY_FOLDER / f"{number:06d}.key", key.reveal().encode() + b"\n")
        for old in self._key_files()[:-KEYS_KEPT]:
            remove_private(old)
        public = key.public_key()
        write_whole(self.folder / DUTY_PUBLIC, f"{public}\n".encode(), mode=0o644)
        return public

    def keys(self) -> list[DutySecretKey]:
        """The duty keys, the newest first. Raises OnionError: a file is open to others."""
        raw = [read_private(path, limit_bytes=_KEY_BYTES) for path in reversed(self._key_files())]
        return [DutySecretKey.parse(one.decode("ascii", "replace").strip().lower()) for one in raw]

    def pair(self, file: Path) -> tuple[str, str]:
        """Take the public key of the other machine; seven words of this machine's key, and of the other one.

        Raises:
            DutyRefused: no key, or this machine's own.
        """
        other = _other_key(read_given(file, _LONGEST_KEY_FILE, refused=DutyRefused), file.name)
        own = self.keys()[0].public_key()
        if other in {key.public_key() for key in self.keys()}:
            raise DutyRefused(f"{file.name} is the key of this machine", hint="bring duty.pub of the other one")
        write_whole(self.folder / _OTHER, f"{other}\n".encode())
        return duty_words(own), duty_words(other)

    def pair_keys(self) -> tuple[DutyPublicKey, DutyPublicKey] | None:
        """The newest key of this machine, and that of the other one; None before they were paired."""
        path = self.folder / _OTHER
        if not path.exists():
            return None
        return self.keys()[0].public_key(), _other_key(path.read_bytes(), _OTHER)

    def take(self, files: Sequence[Path], *, today: dt.date) -> list[WeekFile]:
        """Take a manifest, week files or both, in any order; all of them or none.

        Raises:
            DutyRefused: a file is not as it must be, its week is over, or it was made before the one that is here.
        """
        return self._papers().take(files, today=today)

    def weeks(self) -> list[WeekFile]:
        """The week files that open, the oldest first; one that does not is passed over."""
        return self._papers().weeks()

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Changes when a file that this machine judges by was brought, or a key was renewed."""
        paths = [self.folder / _PAPERS, self.folder / _OTHER, *self._key_files()]
        return tuple((path.name, path.stat().st_mtime_ns) for path in paths if path.exists())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the folder while a desk runs: two of them would lose each other's presses.

        Raises:
            DutyRefused: another desk runs in it.
        """
        with (self.folder / _RUN_LOCK).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DutyRefused("a desk runs in this folder already", hint="end the other one first") from error
            yield

    def _papers(self) -> DutyPapers:
        return DutyPapers(self.folder / _PAPERS, self.settings().root, self.keys())

    def _key_files(self) -> list[Path]:
        return sorted((self.folder / _KEY_FOLDER).glob("*.key"))


def _other_key(untrusted_bytes: bytes, name: str) -> DutyPublicKey:
    """The public key of a duty machine. Raises DutyRefused: the file ``name`` holds none."""
    try:
        return DutyPublicKey.parse(untrusted_bytes.decode("ascii", "replace").strip())
    except CryptoError as error:
        raise DutyRefused(f"{name} must hold a public key that begins with age1pq1") from error
