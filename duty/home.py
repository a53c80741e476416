"""The folder of one duty machine: settings, keys, manifest, week files, and what is kept.

Manifest and week files lie there as they came, and are verified again at each start. What is brought is verified
whole before anything is written.
"""

import datetime as dt
import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from crypto.beacon.week_file import LONGEST_BYTES, WeekFile, open_week
from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.fingerprint import duty_words, root_words
from crypto.keys.keys import DutyPublicKey, DutySecretKey, RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.manifests.manifest_chain import adopt_chain_files, has_signature
from crypto.primitives.week import Week
from onion.client_auth import ClientKey
from onion.private_file import private_folder, read_private, remove_private, write_private
from onion.service_key import is_address
from system.atomic_files import write_whole
from system.errors import ProgramError
from system.given_files import read_given

ONION_PUBLIC, DUTY_PUBLIC = "duty-onion.pub", "duty.pub"
"""The first goes to the operator of the server, the second to the air-gapped machine and the other duty machine."""
LEDGER, FETCH_PLACE, COPIES, HOURS, NOTEBOOK = "ledger", "place.json", "copies", "hours.json", "notebook.json"
KEYS_KEPT = 2
_SETTINGS, _ONION_KEY, _OTHER, _MANIFEST = "settings.json", "onion.key", "other.pub", "manifest.json"
_KEY_FOLDER, _WEEK_FOLDER, _RUN_LOCK = "keys", "weeks", "run.lock"
_KEY_BYTES, _LONGEST_KEY_FILE = 200, 4096
_SEALED_OVERHEAD = 1 << 17


class DutyRefused(ProgramError):
    """The duty machine cannot do what was asked. Nothing was changed."""


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
        for name in (self.folder, self.folder / _KEY_FOLDER, self.folder / _WEEK_FOLDER):
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

        A file whose signature lies beside it is a manifest, with those before it in its folder.

        Raises:
            DutyRefused: a file is not as it must be, its week is over, or it was made before the one that is here.
        """
        root = self.settings().root
        manifests = [file for file in files if has_signature(file)]
        if len(manifests) > 1 or not files:
            raise DutyRefused("expected at most one manifest, and week files")
        manifest = self._adopted(manifests[0], root, today) if manifests else self._manifest(root)
        if manifest is None:
            raise DutyRefused("the first week file comes with a manifest", hint="name both files")
        taken, made = [], {one.week: one.made for one in self._weeks(manifest)}
        for file in files:
            if file in manifests:
                continue
            raw = read_given(file, LONGEST_BYTES + _SEALED_OVERHEAD, refused=DutyRefused)
            try:
                week_file = self._opened(raw, manifest)
            except CryptoError as error:
                raise DutyRefused(
                    f"{file.name} is no week file for this machine: {error}",
                    hint=f"it is sealed to the key in {self.folder / DUTY_PUBLIC}; the old one serves on",
                ) from error
            if week_file.week.last_day < today:
                raise DutyRefused(
                    f"{file.name} is of {week_file.week}, which is over", hint="the old one serves on"
                )
            if week_file.made < made.get(week_file.week, 0):
                raise DutyRefused(
                    f"{file.name} was made before the file of {week_file.week} that is here",
                    hint="the later one serves on; if it is wrong, make another one, and look at the clock there",
                )
            made[week_file.week] = week_file.made
            taken.append((week_file, raw))
        if manifests:
            write_whole(self.folder / _MANIFEST, manifest.signed.to_bytes())
        for week_file, raw in taken:
            write_whole(self._week_path(week_file.week), raw)
        self._forget_old_weeks(today)
        return [week_file for week_file, _raw in taken]

    def weeks(self) -> list[WeekFile]:
        """The week files that open, the oldest first; one that does not is passed over."""
        manifest = self._manifest(self.settings().root)
        return [] if manifest is None else list(self._weeks(manifest))

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Changes when a file that this machine judges by was brought, or a key was renewed."""
        paths = [
            self.folder / _MANIFEST,
            self.folder / _OTHER,
            *self._key_files(),
            *sorted((self.folder / _WEEK_FOLDER).glob("*.week")),
        ]
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

    def _weeks(self, manifest: VerifiedManifest) -> Iterator[WeekFile]:
        for path in sorted((self.folder / _WEEK_FOLDER).glob("*.week")):
            try:
                yield self._opened(path.read_bytes(), manifest)
            except (CryptoError, OSError):
                continue

    def _opened(self, untrusted_bytes: bytes, manifest: VerifiedManifest) -> WeekFile:
        signers = [party.verify_key for party in manifest.manifest.reviewers]
        return open_week(untrusted_bytes, keys=self.keys(), signers=signers)

    def _manifest(self, root: RootVerifyKey) -> VerifiedManifest | None:
        path = self.folder / _MANIFEST
        if not path.exists():
            return None
        try:
            signed = SignedManifest.parse(path.read_bytes())
            return verify_manifest(signed.raw, signed.signature, root=root)
        except (CryptoError, OSError) as error:
            raise DutyRefused(f"the manifest that is here is damaged: {error}", hint="bring it again") from error

    def _adopted(self, path: Path, root: RootVerifyKey, today: dt.date) -> VerifiedManifest:
        try:
            kept = self._manifest(root)
        except DutyRefused:  # it is damaged, and is replaced
            kept = None
        try:
            found = adopt_chain_files(path, kept=kept, root=root, today=today)
        except (CryptoError, OSError) as error:
            raise DutyRefused(f"{path.name} is no manifest for this machine: {error}") from error
        named = set(found.manifest.duty)
        if named and not named & {key.public_key() for key in self.keys()}:
            raise DutyRefused(
                "the manifest names the keys of other duty machines",
                hint=f"bring {self.folder / DUTY_PUBLIC} behind the air gap: keys issue --duty names it",
            )
        return found

    def _key_files(self) -> list[Path]:
        return sorted((self.folder / _KEY_FOLDER).glob("*.key"))

    def _week_path(self, week: Week) -> Path:
        return self.folder / _WEEK_FOLDER / f"{week}.week"

    def _forget_old_weeks(self, today: dt.date) -> None:
        for path in (self.folder / _WEEK_FOLDER).glob("*.week"):
            try:
                is_over = Week.parse(path.stem).last_day < today
            except CryptoError:
                continue
            if is_over:
                remove_private(path)


def _other_key(untrusted_bytes: bytes, name: str) -> DutyPublicKey:
    """The public key of a duty machine. Raises DutyRefused: the file ``name`` holds none."""
    try:
        return DutyPublicKey.parse(untrusted_bytes.decode("ascii", "replace").strip())
    except CryptoError as error:
        raise DutyRefused(f"{name} must hold a public key that begins with age1pq1") from error
