"""The folder of one relay: settings, keys, and the manifest and relay file that were brought last.

Manifest and relay file lie there as they came, in one file, and are verified again at each start. What is
brought is verified whole before anything is written. No id of a button ever lies here.
"""

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crypto.beacon.kept_parts import join_parts, part, split_parts
from crypto.beacon.relay_file import LONGEST_BYTES, RelayFile, RelayFileSecretKey, open_relay_file
from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.fingerprint import root_words
from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.manifests.manifest_chain import adopt_chain_files, has_signature
from onion.client_auth import ClientKey
from onion.errors import OnionError
from onion.private_file import private_folder, read_private, write_private
from onion.service_key import is_address
from relay.marks import RelayKeys
from relay.relay import RelayIdentity
from system.atomic_files import write_whole
from system.errors import ProgramError
from system.given_files import read_given

ONION_PUBLIC, FILE_PUBLIC = "relay-onion.pub", "relay-file.pub"
"""The first goes to the operator of the server, the second to the air-gapped machine."""
STATE_FILE = "state.json"
_SETTINGS, _ONION_KEY, _FILE_KEY = "settings.json", "onion.key", "file.key"
_PAPERS = "papers.json"
_MANIFEST, _RELAY_FILE = "manifest", "relay file"
_PHASES = 1_000_000
_SEALED_OVERHEAD = 8192
_SIGNATURE_BESIDE = "the signature lies beside a manifest: manifest.json and manifest.json.minisig"


class RelayRefused(ProgramError):
    """The relay cannot do what was asked. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The server's address for relays, empty until it is known, the root key, and the phase of posts.

    ``phase`` is the share of a slot after which this relay posts. ``network`` is the folder of a private network.
    """

    address: str
    root: RootVerifyKey
    phase: float
    network: Path | None = None


@dataclass(frozen=True)
class RelayPapers:
    """The manifest and the relay file that hold now."""

    manifest: VerifiedManifest
    relay_file: RelayFile = field(repr=False)

    def identity(self) -> RelayIdentity:
        """The number, the secret, and both duty keys."""
        return RelayIdentity(self.relay_file.number, self.relay_file.secret, self.relay_file.duty)

    def keys(self) -> RelayKeys:
        """The marks of the relay file, and the intake keys of the manifest."""
        intake = {entry.week: entry.keys for entry in self.manifest.manifest.intake}
        return RelayKeys(self.relay_file.marks_by_day(), intake)


class RelayHome:
    """One folder, 0700; made by :meth:`set_up`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def set_up(self, *, root_file: Path, network: Path | None) -> str:
        """Make folder and keys, once; returns the seven words of the root key, to be compared.

        Raises:
            RelayRefused: there is one already, or the file holds no root key.
        """
        if (self.folder / _SETTINGS).exists():
            raise RelayRefused(f"{self.folder} is the folder of a relay already", hint="name another folder")
        root = _root_key(root_file)
        private_folder(self.folder)
        onion, files = ClientKey.make(), RelayFileSecretKey.generate()
        onion.keep(self.folder / _ONION_KEY)
        write_private(self.folder / _FILE_KEY, files.reveal().encode() + b"\n")
        write_whole(self.folder / ONION_PUBLIC, onion.public.to_bytes(), mode=0o644)
        write_whole(self.folder / FILE_PUBLIC, f"{files.public_key()}\n".encode(), mode=0o644)
        # The last one: without it the folder is none of a relay, and all may be made again.
        self._keep_settings(RelaySettings("", root, secrets.randbelow(_PHASES) / _PHASES, network))
        return root_words(root)

    def set_address(self, address: str) -> None:
        """Keep the server's address for relays, which its operator tells after the key was added.

        Raises:
            RelayRefused: the folder is none of a relay, or the address is none.
        """
        settings = self.settings()
        if not is_address(address):
            raise RelayRefused(
                "expected the server's address for relays: 56 letters and digits, then .onion",
                hint="tipline relays status DIR shows it on the server",
            )
        self._keep_settings(replace(settings, address=address))

    def _keep_settings(self, settings: RelaySettings) -> None:
        told = {
            "address": settings.address,
            "network": str(settings.network.absolute()) if settings.network else None,
            "phase": round(settings.phase * _PHASES),
            "root": str(settings.root),
        }
        write_whole(self.folder / _SETTINGS, json.dumps(told, indent=1).encode() + b"\n")

    def settings(self) -> RelaySettings:
        """The settings. Raises RelayRefused: the folder is none of a relay."""
        try:
            told = json.loads((self.folder / _SETTINGS).read_bytes())
            network = Path(told["network"]) if told["network"] else None
            return RelaySettings(
                str(told["address"]), RootVerifyKey.parse(told["root"]), int(told["phase"]) / _PHASES, network
            )
        except (OSError, ValueError, KeyError, TypeError, CryptoError) as error:
            raise RelayRefused(
                f"{self.folder} is not the folder of a relay", hint="tipline-relay setup HOME makes one"
            ) from error

    def onion_key(self) -> ClientKey:
        """The key of the way to the server. Raises OnionError: its file is damaged, or open to others."""
        return ClientKey.load(self.folder / _ONION_KEY)

    def papers(self) -> RelayPapers | None:
        """Manifest and relay file as they lie here, verified again; None before both were brought.

        Raises:
            RelayRefused: one of them is damaged, or its reviewer is no longer in the manifest.
        """
        root = self.settings().root
        try:
            path = self.folder / _PAPERS
            if not path.exists():
                return None
            parts = split_parts(path.read_bytes())
            manifest = _verified(part(parts, _MANIFEST), root)
            relay_file = self._opened(part(parts, _RELAY_FILE), manifest)
        except (CryptoError, OnionError, OSError) as error:
            raise RelayRefused(
                f"manifest or relay file of {self.folder} cannot be read: {error}",
                hint="bring the newest manifest and relay file again: tipline-relay take HOME FILE FILE",
            ) from error
        _require_duty_machines(relay_file, manifest)
        return RelayPapers(manifest, relay_file)

    def stamp(self) -> int:
        """Changes when another manifest or relay file was taken."""
        path = self.folder / _PAPERS
        return path.stat().st_mtime_ns if path.exists() else 0

    def take(self, files: Sequence[Path], *, today: dt.date) -> RelayPapers:
        """Take a manifest, a relay file or both, in any order; all of them or none.

        Also when the power is cut. A file whose signature lies beside it is a manifest, with those before it in its
        folder.

        Raises:
            RelayRefused: a file is not as it must be, of another relay, or older than what is here.
        """
        root = self.settings().root
        manifests = [file for file in files if has_signature(file)]
        others = [file for file in files if file not in manifests]
        if len(manifests) > 1 or len(others) > 1 or not files:
            raise RelayRefused("expected one manifest, one relay file, or one of each", hint=_SIGNATURE_BESIDE)
        here = self._parts_here()
        kept = _manifest_here(here, root)
        manifest = self._adopted(manifests[0], kept, root, today) if manifests else kept
        if manifest is None:
            raise RelayRefused("the first relay file comes with a manifest", hint=_SIGNATURE_BESIDE)
        if others:
            raw: bytes | None = read_given(others[0], LONGEST_BYTES + _SEALED_OVERHEAD, refused=RelayRefused)
        else:
            raw = here.get(_RELAY_FILE)
        if raw is None:
            raise RelayRefused("the first manifest comes with a relay file", hint="name both files")
        name = others[0].name if others else _RELAY_FILE
        try:
            relay_file = self._opened(raw, manifest)
        except CryptoError as error:
            raise RelayRefused(
                f"{name} is no relay file of this relay: {error}",
                hint=f"it is made for the key in {self.folder / FILE_PUBLIC}",
            ) from error
        _require_duty_machines(relay_file, manifest)
        if (before := self._relay_file_here(here, kept)) is not None:
            _require_newer(before, relay_file)
        if relay_file.last_day < today:
            raise RelayRefused(f"{name} has marks up to {relay_file.last_day} only", hint="ask for the next one")
        parts = {_MANIFEST: manifest.signed.to_bytes(), _RELAY_FILE: raw}
        write_whole(self.folder / _PAPERS, join_parts(parts))
        return RelayPapers(manifest, relay_file)

    def _parts_here(self) -> dict[str, bytes]:
        """The parts that are here; none where they are missing or damaged: what is brought replaces them."""
        try:
            return split_parts((self.folder / _PAPERS).read_bytes())
        except (OSError, CryptoError):
            return {}

    def _relay_file_here(self, here: Mapping[str, bytes], kept: VerifiedManifest | None) -> RelayFile | None:
        """The relay file that is here; None for one that does not open, and is replaced."""
        try:
            return None if kept is None else self._opened(part(here, _RELAY_FILE), kept)
        except CryptoError:
            return None

    def _adopted(
        self, path: Path, kept: VerifiedManifest | None, root: RootVerifyKey, today: dt.date
    ) -> VerifiedManifest:
        try:
            return adopt_chain_files(path, kept=kept, root=root, today=today)
        except (CryptoError, OSError) as error:
            raise RelayRefused(f"{path.name} is no manifest for this relay: {error}") from error

    def _opened(self, untrusted_bytes: bytes, manifest: VerifiedManifest) -> RelayFile:
        text = read_private(self.folder / _FILE_KEY, limit_bytes=200).decode("ascii", "replace").strip()
        signers = [party.verify_key for party in manifest.manifest.reviewers]
        return open_relay_file(untrusted_bytes, key=RelayFileSecretKey.parse(text.lower()), signers=signers)


def _manifest_here(here: Mapping[str, bytes], root: RootVerifyKey) -> VerifiedManifest | None:
    """The manifest that is here; None for one that is damaged, and is replaced."""
    try:
        return _verified(part(here, _MANIFEST), root)
    except CryptoError:
        return None


def _verified(untrusted_bytes: bytes, root: RootVerifyKey) -> VerifiedManifest:
    signed = SignedManifest.parse(untrusted_bytes)
    return verify_manifest(signed.raw, signed.signature, root=root)


def _require_duty_machines(relay_file: RelayFile, manifest: VerifiedManifest) -> None:
    """Hold a relay file to the duty machines that the root key names, where it names them."""
    if manifest.manifest.duty and set(manifest.manifest.duty) != set(relay_file.duty):
        raise RelayRefused(
            f"the relay file has other duty keys than manifest {manifest.version}",
            hint="bring the newest manifest and a relay file that was made after it",
        )


def _require_newer(before: RelayFile, after: RelayFile) -> None:
    if after.number != before.number:
        raise RelayRefused(
            f"this relay is number {before.number}, and the file is for number {after.number}",
            hint="a box that becomes another relay gets a new folder: tipline-relay setup HOME",
        )
    if after.last_day < before.last_day:
        raise RelayRefused(f"the relay file that is here reaches further: to {before.last_day}")
    if after.made < before.made:
        raise RelayRefused(
            "the relay file that is here was made later",
            hint="if it is wrong, make another one, and look at the clock of the air-gapped machine",
        )


def _root_key(path: Path) -> RootVerifyKey:
    try:
        return minisign.parse_public_key_file(read_given(path, minisign.LONGEST_FILE_BYTES, refused=RelayRefused))
    except CryptoError as error:
        raise RelayRefused(
            f"{path} is not a root key: {error}", hint="root.pub lies on the root medium of the organisation"
        ) from error
