"""A manifest chain in files: ``docs/formats/manifest.md``, "In files".

The only module of this package that reads files of the machine: how a run lies in them is a part of its format, and
the server reads it as the reviewers do. Only :func:`adopt_chain_files` verifies them.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Final

from crypto.errors import Malformed
from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from crypto.manifests import manifest_body
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, adopt, verify_manifest

SIGNATURE_ENDING: Final = ".minisig"
CHAIN_ENDING: Final = ".chain"
MOST_BEFORE: Final = 1000
_IN_A_RUN: Final = re.compile(r"[0-9]{8}\.json")


def chain_file_name(version: int) -> str:
    """The name of a manifest among those of a run."""
    return f"{version:08d}.json"


def read_chain_files(path: Path) -> list[SignedManifest]:
    """Read a manifest file, its signature and the manifests before it.

    Those lie in the folder ``NAME.chain`` or, on a root medium, beside the file.

    Raises:
        Malformed: a file is too long.
        OSError: a file is missing or cannot be read.
    """
    return [_signed(each) for each in [*_before(path), path]]


def adopt_chain_files(
    path: Path, *, kept: VerifiedManifest | None, root: RootVerifyKey, today: dt.date
) -> VerifiedManifest:
    """The manifest of a file, verified with those before it and adopted in place of ``kept``.

    Raises:
        CryptoError: as :func:`crypto.manifests.manifest.verify_manifest` and ``adopt``.
        OSError: a file is missing or cannot be read.
    """
    run = [verify_manifest(one.raw, one.signature, root=root) for one in read_chain_files(path)]
    return adopt(kept, run, highest_seen=kept.version if kept else 0, today=today)


def _before(path: Path) -> list[Path]:
    chain = path.with_name(f"{path.name}{CHAIN_ENDING}")
    if chain.is_dir():
        return sorted(chain.glob("*.json"))[:MOST_BEFORE]
    if _IN_A_RUN.fullmatch(path.name):
        return [each for each in sorted(path.parent.glob("*.json")) if each.name < path.name][:MOST_BEFORE]
    return []


def _signed(path: Path) -> SignedManifest:
    raw = _read(path, manifest_body.LONGEST_BYTES)
    return SignedManifest(raw, _read(path.with_name(f"{path.name}{SIGNATURE_ENDING}"), minisign.LONGEST_FILE_BYTES))


def has_signature(path: Path) -> bool:
    """True if a signature lies beside the file."""
    return path.with_name(f"{path.name}{SIGNATURE_ENDING}").exists()


def _read(path: Path, longest_bytes: int) -> bytes:
    with path.open("rb") as source:
        content = source.read(longest_bytes + 1)
    if len(content) > longest_bytes:
        raise Malformed(f"{path.name} must have at most {longest_bytes:,} bytes")
    return content
