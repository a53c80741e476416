"""The organisation's root key on its own medium, with the whole run of manifests beside it.

``root.key`` and ``root.pub`` are minisign files, so that ``minisign -V`` checks what they signed on any machine.
Whoever has the medium can issue the next manifest with the same salt; whoever has only the reviewer's home
cannot.
"""

from pathlib import Path

from crypto import minisign
from crypto.errors import CryptoError
from crypto.keys import RootSigningKey, RootVerifyKey
from crypto.manifest import SignedManifest, VerifiedManifest, verify_manifest
from reviewer.errors import MediumError
from reviewer.whole_file import sync_folder, write_whole

SECRET_FILE = "root.key"  # noqa: S105 -- a file name
PUBLIC_FILE = "root.pub"
RUN_FOLDER = "manifests"
SIGNATURE_ENDING = ".minisig"
_SECRET_MODE = 0o400


class RootMedium:
    """An opened medium: the signing key, and a run that was verified link by link."""

    def __init__(self, folder: Path, signing_key: RootSigningKey) -> None:
        self._folder = folder
        self.signing_key = signing_key
        self.run = self._verified_run()

    @classmethod
    def create(cls, folder: Path) -> "RootMedium":
        """A new root key.

        Raises:
            MediumError: there is one already, or the medium cannot be written.
        """
        _require_none(folder)
        key = RootSigningKey.generate()
        try:
            (folder / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MediumError(f"the root medium {folder} cannot be written: {error.strerror}") from error
        write_whole(folder / SECRET_FILE, minisign.secret_key_file(key), mode=_SECRET_MODE)
        write_whole(folder / PUBLIC_FILE, minisign.public_key_file(key.verify_key()), mode=0o644)
        return cls(folder, key)

    @classmethod
    def open_existing(cls, folder: Path) -> "RootMedium":
        """The medium as it is.

        Raises:
            MediumError: no root key there, or its run of manifests is not whole.
        """
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
    def verify_key(self) -> RootVerifyKey:
        return self.signing_key.verify_key()

    @property
    def newest(self) -> VerifiedManifest | None:
        return self.run[-1] if self.run else None

    def add(self, verified: VerifiedManifest) -> None:
        """The next manifest of the run, durably before this returns."""
        write_run_file(self._folder / RUN_FOLDER, verified.signed, version=verified.version)
        self.run.append(verified)

    def copy_to(self, second: Path) -> None:
        """A second medium with the same key and the same run; what is there already must agree.

        Raises:
            MediumError: another organisation's medium, or it cannot be written.
        """
        try:
            (second / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
            if (second / SECRET_FILE).exists():
                if RootMedium.open_existing(second).verify_key != self.verify_key:
                    raise MediumError(f"{second} is the root medium of another organisation")
            else:
                write_whole(second / SECRET_FILE, minisign.secret_key_file(self.signing_key), mode=_SECRET_MODE)
                write_whole(second / PUBLIC_FILE, minisign.public_key_file(self.verify_key), mode=0o644)
            for path in self._folder.glob("casebook-backup-*.key"):
                # Not written over in place: nobody but root may write to a file that is there to be read only.
                write_whole(second / path.name, path.read_bytes(), mode=_SECRET_MODE)
            for verified in self.run:
                write_run_file(second / RUN_FOLDER, verified.signed, version=verified.version)
            sync_folder(second)
        except OSError as error:
            raise MediumError(f"the second medium {second} cannot be written: {error.strerror}") from error

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


def write_run_file(folder: Path, signed: SignedManifest, *, version: int) -> None:
    """One manifest of a run as two files, ``00000001.json`` and ``00000001.json.minisig``."""
    path = folder / f"{version:08d}.json"
    write_whole(path.with_name(path.name + SIGNATURE_ENDING), signed.signature, mode=0o644)
    write_whole(path, signed.raw, mode=0o644)


def _require_none(folder: Path) -> None:
    for name in (SECRET_FILE, PUBLIC_FILE, RUN_FOLDER):
        if (folder / name).exists():
            raise MediumError(
                f"{folder} holds a {name} already, which is never overwritten",
                hint="a root key is made once; name another, empty medium if this is a new organisation",
            )
