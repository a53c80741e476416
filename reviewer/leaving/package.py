"""Writes an evidence package: a readable folder, or one sealed file.

``docs/formats/evidence-package.md`` is the page of the format.
A sealed package is never readable on a disk: its files go from the casebook through the seal.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from crypto.age.outside_recipient import Recipient, sealed_to
from crypto.keys import minisign
from crypto.keys.leaving_keys import EvidenceSigningKey
from reviewer.leaving.evidence_facts import EvidenceFacts
from reviewer.leaving.evidence_readme import BESIDE_SEALED, INSIDE, SEALED_NAME, TOP_FOLDER
from reviewer.leaving.tar_stream import Member, write_tar

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.minisig"
_MODE: Final = 0o600
_NO_TIME: Final = 315_532_800
"""1 January 1980, the first moment that every file system of a medium can hold."""

_ENDINGS: Final = {
    "picture": ("jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"),
    "film": ("mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp"),
    "sound": ("mp3", "m4a", "aac", "wav", "ogg", "opus", "amr", "flac"),
    "document": (
        "pdf",
        "txt",
        "csv",
        "eml",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "odt",
        "ods",
        "odp",
        "rtf",
    ),
    "container": ("zip", "7z", "rar", "age"),
}
_KEPT_ENDINGS: Final = frozenset(ending for some in _ENDINGS.values() for ending in some)
_UNTRUSTED: Final = ".untrusted"


def file_path(number: int, untrusted_name: str) -> str:
    """The path of a ticked file: its number in the package, and an ending that is known to be harmless."""
    ending = untrusted_name.rpartition(".")[2].lower() if "." in untrusted_name else ""
    return f"files/file-{number:03d}" + (f".{ending}" if ending in _KEPT_ENDINGS else _UNTRUSTED)


def members_of(
    facts: EvidenceFacts, *, report: bytes, files: Sequence[Member], key: EvidenceSigningKey
) -> list[Member]:
    """All files of the package, signed."""
    listed = [
        Member.of_bytes("README.txt", INSIDE.encode("ascii")),
        Member.of_bytes("evidence.pub", facts.key.file),
        Member.of_bytes("manifest.json", facts.manifest()),
        Member.of_bytes("report.pdf", report),
        *files,
    ]
    listed.sort(key=lambda one: one.path)
    sums = "".join(f"{one.sha256.hex()}  {one.path}\n" for one in listed).encode("ascii")
    signature = minisign.sign(
        sums,
        key=key,
        trusted_comment=f"evidence package, exported {facts.exported.isoformat()}, {len(listed)} files",
        untrusted_comment="signature by the key of this home for evidence",
    )
    return [*listed, Member.of_bytes(SUMS, sums), Member.of_bytes(SIGNATURE, signature)]


def write_readable(folder: Path, members: Sequence[Member]) -> None:
    """Write each member into ``folder``, for anyone to read."""
    for member in members:
        path = folder / member.path
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write(path, member)
    for path in sorted(folder.rglob("*"), reverse=True):
        with suppress(OSError):  # a medium may keep no times
            os.utime(path, (_NO_TIME, _NO_TIME))


def write_sealed(folder: Path, members: Sequence[Member], *, to: Recipient) -> None:
    """Write one sealed file into ``folder``, and a README that says how to open it."""
    _write(folder / "README.txt", Member.of_bytes("README.txt", BESIDE_SEALED.encode("ascii")))
    descriptor = os.open(folder / SEALED_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(descriptor, "wb") as sink:
        envelope = sealed_to(to, sink.write)
        write_tar(members, top=TOP_FOLDER, sink=envelope.write)
        envelope.finish()
        sink.flush()
        os.fsync(sink.fileno())


def _write(path: Path, member: Member) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(descriptor, "wb") as sink:
        member.write(sink.write)
        sink.flush()
        os.fsync(sink.fileno())
