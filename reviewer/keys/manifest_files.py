"""The newest manifest of a root medium as files that are carried to servers and to other reviewers."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest
from crypto.manifests.manifest_chain import CHAIN_ENDING, SIGNATURE_ENDING
from reviewer.errors import MediumError
from reviewer.exchange.outbox import newest_that_fit
from reviewer.files.overwrite_guard import require_own_signature
from reviewer.keys.recipient_files import require_own_recipient_files, write_recipient_files
from reviewer.media.root_medium import RootMedium, write_chain_file
from system.atomic_files import whole_folder, write_whole


def require_own_place(out: Path, *, root: RootVerifyKey, issued: dt.date) -> None:
    """Return if a manifest can be written to ``out`` without replacing one of another organisation.

    Raises:
        ProgramError: the manifest, or a recipient file beside it, is signed by another root key.
    """
    require_own_signature(out.with_name(out.name + SIGNATURE_ENDING), root=root)
    require_own_recipient_files(out.parent, root=root, issued=issued)


@dataclass(frozen=True, slots=True)
class ManifestFiles:
    """The manifest, and those before it, which a server or a reviewer may lack."""

    verified: VerifiedManifest
    chain: tuple[SignedManifest, ...]

    @classmethod
    def of(cls, medium: RootMedium) -> "ManifestFiles":
        """The files of the medium.

        Raises:
            MediumError: no manifest was ever issued.
        """
        verified = medium.newest
        if verified is None:
            raise MediumError("no manifest was issued yet", hint="tipline-review keys issue HOME --root MEDIUM")
        return cls(verified, tuple(newest_that_fit([each.signed for each in medium.run[:-1]])))

    def write(self, out: Path) -> list[str]:
        """``out``, ``out.minisig`` and, where there are earlier ones, ``out.chain/``.

        Recipient files too; their names are returned.

        Raises:
            ProgramError: they cannot be written there; what was written may be written again.
        """
        chain_folder = out.with_name(out.name + CHAIN_ENDING)
        if chain_folder.is_dir():
            # An older run of ours; a folder with anything else in it is left alone, and refused below.
            for path in chain_folder.glob("[0-9]*.json*"):
                path.unlink()
        if self.chain:
            with whole_folder(chain_folder) as folder:
                for version, signed in enumerate(self.chain, start=self.verified.version - len(self.chain)):
                    write_chain_file(folder, signed, version=version)
        elif chain_folder.is_dir():
            chain_folder.rmdir()
        recipient_files = write_recipient_files(self.verified.manifest, out.parent)
        write_whole(out.with_name(out.name + SIGNATURE_ENDING), self.verified.signature, mode=0o644)
        write_whole(out, self.verified.raw, mode=0o644)
        return recipient_files
