"""The organisation's root key on its own medium, with the whole manifest chain beside it.

``root.key`` and ``root.pub`` are minisign files, so that ``minisign -V`` verifies their signatures on any machine.
The medium alone is enough to issue the next manifest with the same salt; a reviewer's home is not.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import HybridSecretKey, RootSigningKey, RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.manifests.manifest_chain import SIGNATURE_ENDING, chain_file_name
from reviewer.errors import MediumError
from reviewer.files.incomplete_marker import is_incomplete
from reviewer.media.medium_offers import copy_offers
from system.atomic_files import sync_folder, write_whole

SECRET_FILE = "root.key"  # noqa: S105 -- a file name
PUBLIC_FILE = "root.pub"
RUN_FOLDER = "manifests"
SECRET_MODE = 0o400
BACKUP_KEYS = "casebook-backup-*.key"
"""Names of the files that open casebook backups, of all reviewers together."""


class RootMedium:
    """An opened medium: the signing key, and a run that was verified link by link."""

    def __init__(self, folder: Path, signing_key: RootSigningKey) -> None:
        self._folder = folder
        self.signing_key = signing_key
        self.run = self._verified_run()

    @classmethod
    def open_existing(cls, folder: Path) -> "RootMedium":
        """The medium as it is.

        Raises:
            MediumError: no root key there, it was never finished, or its run of manifests is not whole.
        """
        if is_incomplete(folder):
            raise MediumError(
                f"the root medium {folder} was never finished: the command was interrupted",
                hint="do that again; the key that is on it now was never used",
            )
        return cls.open_unfinished(folder)

    @classmethod
    def open_unfinished(cls, folder: Path) -> "RootMedium":
        """The same while it is being made, for the rehearsal."""
        try:
            key = minisign.parse_secret_key_file((folder / SECRET_FILE).read_bytes())
        except OSError as error:
            raise MediumError(
                f"there is no {SECRET_FILE} on {folder}",
                hint="is the root medium plugged in? give its folder to --root",
            ) from error
        except CryptoError as error:
            raise MediumError(
                f"{SECRET_FILE} on {folder} is damaged: {error}", hint="use the second medium"
            ) from error
        return cls(folder, key)

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def verify_key(self) -> RootVerifyKey:
        return self.signing_key.verify_key()

    @property
    def newest(self) -> VerifiedManifest | None:
        return self.run[-1] if self.run else None

    def add(self, verified: VerifiedManifest) -> None:
        """The next manifest of the run, durably before this returns.

        Raises:
            MediumError: another process has put a manifest of this version there meanwhile.
        """
        if (self._folder / RUN_FOLDER / chain_file_name(verified.version)).exists():
            raise MediumError(
                f"manifest {verified.version} was put on {self._folder} meanwhile", hint="see who else issues keys"
            )
        write_chain_file(self._folder / RUN_FOLDER, verified.signed, version=verified.version)
        self.run.append(verified)

    def copy_to(self, second: Path) -> None:
        """A second medium with the same key and the same run; what is there already must agree.

        Raises:
            MediumError: another organisation's medium, or it cannot be written.
        """
        try:
            self.require_agreeing(second)
            (second / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
            for path in self._folder.glob(BACKUP_KEYS):
                # Not overwritten in place: only root may write to a read-only file.
                write_whole(second / path.name, path.read_bytes(), mode=SECRET_MODE)
            for verified in self.run:
                write_chain_file(second / RUN_FOLDER, verified.signed, version=verified.version)
            copy_offers(self._folder, second)
            # The key last: a copy that was cut short must not begin a run, and a salt, of its own.
            if not (second / SECRET_FILE).exists():
                write_whole(second / PUBLIC_FILE, minisign.public_key_file(self.verify_key), mode=0o644)
                write_whole(second / SECRET_FILE, minisign.secret_key_file(self.signing_key), mode=SECRET_MODE)
            sync_folder(second)
        except OSError as error:
            raise MediumError(f"the second medium {second} cannot be written: {error.strerror}") from error

    def require_agreeing(self, second: Path) -> None:
        """Return if :meth:`copy_to` would only add to ``second``, which may be empty.

        Asked before a signature: a manifest issued from the other copy must not be lost, nor get a rival.

        Raises:
            MediumError: another organisation's medium, one with a manifest that this one lacks, or no copy yet and
                with another key for backups under the name of one here.
        """
        if (second / SECRET_FILE).exists() and RootMedium.open_existing(second).verify_key != self.verify_key:
            raise MediumError(f"{second} is the root medium of another organisation")
        is_copy = (second / SECRET_FILE).exists()  # what has the root key is brought up to date
        for path in sorted(self._folder.glob(BACKUP_KEYS)):
            there = second / path.name
            if not is_copy and there.exists() and there.read_bytes() != path.read_bytes():
                raise MediumError(
                    f"{second} holds another {path.name} than {self._folder}, which is never overwritten",
                    hint="it opens other casebook backups: move it to another medium, or name another one",
                )
        for path in sorted((second / RUN_FOLDER).glob("*.json")):
            own = self._folder / RUN_FOLDER / path.name
            if not own.exists():
                raise MediumError(
                    f"{second} holds manifest {path.name}, and {self._folder} does not",
                    hint="the second medium was used last: give it to --root, and the other one to --root-copy",
                )
            if own.read_bytes() != path.read_bytes():
                raise MediumError(
                    f"{second} and {self._folder} hold two manifests {path.name} that differ",
                    hint="the two media were used apart from each other: see which one the servers have adopted",
                )

    def _verified_run(self) -> list[VerifiedManifest]:
        run: list[VerifiedManifest] = []
        for path in sorted((self._folder / RUN_FOLDER).glob("*.json")):
            try:
                signature = path.with_name(path.name + SIGNATURE_ENDING).read_bytes()
                verified = verify_manifest(path.read_bytes(), signature, root=self.verify_key)
            except (OSError, CryptoError) as error:
                raise MediumError(
                    f"{RUN_FOLDER}/{path.name} on the root medium is damaged", hint="use the second medium"
                ) from error
            before = run[-1] if run else None
            expected = (before.version + 1, before.sha256) if before else (1, None)
            if (verified.version, verified.manifest.previous_sha256) != expected:
                raise MediumError(
                    f"the run of manifests on the root medium has a gap before {path.name}",
                    hint="use the second medium, or copy the missing manifest back",
                )
            run.append(verified)
        return run


def backup_key_name(name: str) -> str:
    """The file that opens the casebook backups of the reviewer ``name``."""
    return f"casebook-backup-{name}.key"


def backup_key_line(key: HybridSecretKey) -> bytes:
    """The one line of that file."""
    return f"{key.reveal()}\n".encode("ascii")


def write_chain_file(folder: Path, signed: SignedManifest, *, version: int) -> None:
    """Write one manifest of a chain as two files, ``00000001.json`` and ``00000001.json.minisig``."""
    path = folder / chain_file_name(version)
    write_whole(path.with_name(path.name + SIGNATURE_ENDING), signed.signature, mode=0o644)
    write_whole(path, signed.raw, mode=0o644)


def holds_root_key(folder: Path, key: RootVerifyKey) -> bool:
    """True if ``folder`` is a finished medium of this key, as it states."""
    return not is_incomplete(folder) and shown_root_key(folder) == str(key)


def shown_root_key(folder: Path) -> str:
    """The public root key that ``folder`` says to be of; empty where there is none."""
    try:
        return str(minisign.parse_public_key_file((folder / PUBLIC_FILE).read_bytes()))
    except (OSError, CryptoError):
        return ""


@contextmanager
def held_for_issuing(folder: Path) -> Iterator[None]:
    """Read a medium, sign and add to it inside the block.

    Raises:
        MediumError: another one is at work.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:  # reported better when it is opened
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MediumError(
                f"another tipline-review issues keys with {folder}", hint="wait until it has ended"
            ) from error
        except OSError:  # a file system without locks; add() still looks
            pass
        yield
    finally:
        os.close(descriptor)
