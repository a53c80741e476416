"""Manifests as they travel and as they are believed: signed by the root, chained, never rolled back.

``docs/formats/manifest.md``. Verify first, parse after; the only way to a :class:`VerifiedManifest` is
:func:`verify_manifest`. The rules take the day as an argument and do no input or output.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Never

from crypto.errors import Expired, Forked, Malformed, NotForUs, OutOfOrder, RolledBack, TooEarly
from crypto.keys import minisign
from crypto.keys.keys import PartyVerifyKey, RootSigningKey, RootVerifyKey
from crypto.keys.party import Party
from crypto.manifests.issued_keys import IntakeWeek, SealedQuarter
from crypto.manifests.manifest_body import LONGEST_BYTES, Manifest
from crypto.manifests.recipient_file import check_signature

__all__ = [
    "IntakeWeek",
    "Manifest",
    "SealedQuarter",
    "SignedManifest",
    "VerifiedManifest",
    "adopt",
    "sign_manifest",
    "verify_manifest",
]

_LENGTH_BYTES = 4
_CLOCK_DAYS = 1
"""How far the clocks of two machines may lie apart before one of them counts as wrong."""


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """Manifest and signature in one piece, as an item of a bundle. Not verified."""

    raw: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """Length of the manifest in 4 bytes, the manifest, the signature file."""
        return len(self.raw).to_bytes(_LENGTH_BYTES, "big") + self.raw + self.signature

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "SignedManifest":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: a length out of bounds.
        """
        length = int.from_bytes(untrusted_bytes[:_LENGTH_BYTES], "big")
        end = _LENGTH_BYTES + length
        if length > LONGEST_BYTES or not 0 < len(untrusted_bytes) - end <= minisign.LONGEST_FILE_BYTES:
            raise Malformed("expected a manifest and its signature, with the length of the first")
        return cls(untrusted_bytes[_LENGTH_BYTES:end], untrusted_bytes[end:])


class VerifiedManifest:
    """A manifest whose signature by the pinned root key was checked. There is no other way to one."""

    __slots__ = ("manifest", "raw", "sha256", "signature")

    manifest: Manifest
    raw: bytes
    signature: bytes
    sha256: bytes

    def __init__(self) -> None:
        raise RuntimeError("a verified manifest comes from verify_manifest only")

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("a verified manifest does not change")

    @property
    def version(self) -> int:
        return self.manifest.version

    @property
    def signed(self) -> SignedManifest:
        return SignedManifest(self.raw, self.signature)

    def check_day(self, today: dt.date) -> None:
        """Return when this manifest may be acted on.

        Raises:
            Expired: its last day is over.
            TooEarly: it was issued after tomorrow.
        """
        if today > self.manifest.expires:
            raise Expired("manifest must not be past its last day")
        if today < self.manifest.issued - dt.timedelta(days=_CLOCK_DAYS):
            raise TooEarly("manifest must not be issued in the future: is the clock right?")

    def intake_week(self, today: dt.date) -> IntakeWeek:
        """The newest week whose keys are valid today.

        Raises:
            Expired: the manifest's last day is over, or it has no key for today.
            TooEarly: see :meth:`check_day`.
        """
        self.check_day(today)
        valid = [entry for entry in self.manifest.intake if entry.week.is_valid_on(today)]
        if not valid:
            raise Expired("manifest must have intake keys for today")
        return valid[-1]

    def sealed_quarter(self, today: dt.date) -> SealedQuarter:
        """The keys for files that are sealed by their source today.

        Raises:
            Expired: the manifest's last day is over, or it has no key for today.
            TooEarly: see :meth:`check_day`.
        """
        self.check_day(today)
        valid = [entry for entry in self.manifest.sealed if entry.quarter.is_valid_on(today)]
        if not valid:
            raise Expired("manifest must have keys for sealed files of today")
        return valid[-1]

    def server(self, verify_key: PartyVerifyKey) -> Party:
        """The server that signs with ``verify_key``.

        Raises:
            NotForUs: no server of this manifest does.
        """
        return _named(self.manifest.servers, verify_key, "server")

    def reviewer(self, verify_key: PartyVerifyKey) -> Party:
        """The reviewer who signs with ``verify_key``.

        Raises:
            NotForUs: no reviewer of this manifest does.
        """
        return _named(self.manifest.reviewers, verify_key, "reviewer")

    def __repr__(self) -> str:
        return f"<VerifiedManifest {self.version}>"

    def __reduce__(self) -> Never:
        raise TypeError("a verified manifest is verified again, not pickled")


def sign_manifest(manifest: Manifest, *, root: RootSigningKey) -> tuple[bytes, bytes]:
    """The exact bytes of the manifest and the signature file over them, ``NAME`` and ``NAME.minisig``."""
    raw = manifest.to_bytes()
    if len(raw) > LONGEST_BYTES:
        raise Malformed(f"manifest must have at most {LONGEST_BYTES} bytes")
    comment = f"tipline manifest {manifest.version} of {manifest.issued.isoformat()}"
    return raw, minisign.sign(raw, key=root, trusted_comment=comment)


def verify_manifest(untrusted_bytes: bytes, untrusted_signature: bytes, *, root: RootVerifyKey) -> VerifiedManifest:
    """Check size, then signature, then form, then the signatures of the recipient files in it.

    Raises:
        Malformed: too long, no signature file, or signed and yet not a manifest.
        BadSignature: not by ``root`` over these bytes, or one of the recipient files is not.
        NewerFormat: a later version of the format.
    """
    if len(untrusted_bytes) > LONGEST_BYTES:
        raise Malformed(f"manifest must have at most {LONGEST_BYTES} bytes")
    minisign.verify(untrusted_bytes, untrusted_signature=untrusted_signature, key=root)
    manifest = Manifest.parse(untrusted_bytes)
    for entry in manifest.sealed:
        check_signature(entry, root=root)
    verified = object.__new__(VerifiedManifest)
    for name, value in (
        ("manifest", manifest),
        ("raw", untrusted_bytes),
        ("signature", untrusted_signature),
        ("sha256", hashlib.sha256(untrusted_bytes).digest()),
    ):
        object.__setattr__(verified, name, value)
    return verified


def adopt(
    current: VerifiedManifest | None, newer: Sequence[VerifiedManifest], *, highest_seen: int, today: dt.date
) -> VerifiedManifest:
    """Return the manifest to adopt: the last of ``newer``, if the whole chain leads there.

    ``newer`` may begin before ``current`` and may have any order. Without ``current`` it may begin at any version:
    staff compare the version then. ``highest_seen`` is the highest version that this machine ever saw, 0 for none.
    Returns ``current`` itself when it is what ``newer`` ends with.

    Raises:
        OutOfOrder: a version between is missing.
        Forked: two manifests of one version, a broken chain, or another salt or cost of the derivation.
        RolledBack: ``newer`` ends before ``current`` or before ``highest_seen``.
        Expired, TooEarly: the last one is not good today.
    """
    if not newer:
        raise ValueError("expected at least one manifest to adopt")
    run = _run(([current] if current is not None else []) + list(newer))
    last = max(newer, key=lambda verified: verified.version)
    if last.version < max(highest_seen, current.version if current is not None else 0):
        raise RolledBack("manifest must not be older than one that was seen before")
    for before, after in pairwise(run):
        _check_link(before, after)
    last.check_day(today)
    return current if current is not None and current.raw == last.raw else last


def _run(verified: Sequence[VerifiedManifest]) -> list[VerifiedManifest]:
    by_version: dict[int, VerifiedManifest] = {}
    for each in verified:
        if by_version.setdefault(each.version, each).raw != each.raw:
            raise Forked("there must be one manifest of each version")
    return [by_version[version] for version in sorted(by_version)]


def _check_link(before: VerifiedManifest, after: VerifiedManifest) -> None:
    if after.version != before.version + 1:
        raise OutOfOrder(f"manifest {before.version + 1} is missing: its chain must be whole")
    if after.manifest.previous_sha256 != before.sha256:
        raise Forked("manifest must name the one before it")
    if after.manifest.derivation != before.manifest.derivation:
        raise Forked("salt and costs of the derivation must never change")


def _named(parties: Sequence[Party], verify_key: PartyVerifyKey, what: str) -> Party:
    for party in parties:
        if party.verify_key == verify_key:
            return party
    raise NotForUs(f"manifest must list this {what}")
