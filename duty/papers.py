"""The manifest and week files of a duty machine, as they came, in one file; verified at each start.

What is brought is verified whole before anything is written.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crypto.beacon.kept_parts import join_parts, split_parts
from crypto.beacon.week_file import LONGEST_BYTES, WeekFile, open_week
from crypto.errors import CryptoError
from crypto.keys.keys import DutySecretKey, RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.manifests.manifest_chain import adopt_chain_files, has_signature
from crypto.primitives.week import Week
from system.atomic_files import write_whole
from system.errors import ProgramError
from system.given_files import read_given

_MANIFEST = "manifest"
_SEALED_OVERHEAD = 1 << 17
_BRING_BOTH = "bring the newest manifest and week file again: tipline-duty take HOME FILE FILE"


class DutyRefused(ProgramError):
    """The duty machine cannot do what was asked. Nothing was changed."""


@dataclass(frozen=True)
class DutyPapers:
    """One file, and what verifies and opens its parts: the pinned root key, and the duty keys."""

    path: Path
    root: RootVerifyKey
    keys: Sequence[DutySecretKey] = field(repr=False)

    def weeks(self) -> list[WeekFile]:
        """The week files that open, the oldest first; one that does not is passed over."""
        parts = self._parts()
        manifest = self._manifest(parts)
        return [] if manifest is None else list(self._weeks(parts, manifest))

    def take(self, files: Sequence[Path], *, today: dt.date) -> list[WeekFile]:
        """Take a manifest, week files or both, in any order; all of them or none.

        Also when the power is cut. A file whose signature lies beside it is a manifest, with those before it in its
        folder. Files of weeks that are over are forgotten.

        Raises:
            DutyRefused: a file is not as it must be, its week is over, or it was made before the one that is here.
        """
        manifests = [file for file in files if has_signature(file)]
        if len(manifests) > 1 or not files:
            raise DutyRefused("expected at most one manifest, and week files")
        parts, kept = self._kept(is_replaced=bool(manifests))
        manifest = self._adopted(manifests[0], kept, today) if manifests else kept
        if manifest is None:
            raise DutyRefused(
                "the first week file comes with a manifest",
                hint="name both; the signature lies beside a manifest: manifest.json and manifest.json.minisig",
            )
        taken, made = [], {one.week: one.made for one in self._weeks(parts, manifest)}
        for file in files:
            if file in manifests:
                continue
            raw = read_given(file, LONGEST_BYTES + _SEALED_OVERHEAD, refused=DutyRefused)
            week_file = self._brought(raw, file.name, manifest, today)
            if week_file.made < made.get(week_file.week, 0):
                raise DutyRefused(
                    f"{file.name} was made before the file of {week_file.week} that is here",
                    hint="the later one serves on; if it is wrong, make another one, and look at the clock there",
                )
            made[week_file.week] = week_file.made
            taken.append(week_file)
            parts[str(week_file.week)] = raw
        weeks = {name: parts[name] for name in parts if name != _MANIFEST and Week.parse(name).last_day >= today}
        write_whole(self.path, join_parts({_MANIFEST: manifest.signed.to_bytes(), **weeks}))
        return taken

    def _kept(self, *, is_replaced: bool) -> tuple[dict[str, bytes], VerifiedManifest | None]:
        """The parts and the manifest that are here, without what is damaged if it is to be replaced."""
        parts: dict[str, bytes] = {}
        try:
            parts = self._parts()
            return parts, self._manifest(parts)
        except DutyRefused:
            if not is_replaced:
                raise
            return parts, None

    def _parts(self) -> dict[str, bytes]:
        """The manifest, and week files by the name of their week."""
        try:
            parts = split_parts(self.path.read_bytes()) if self.path.exists() else {}
            for name in set(parts) - {_MANIFEST}:
                Week.parse(name)
        except (OSError, CryptoError) as error:
            raise DutyRefused("manifest and week files that are here cannot be read", hint=_BRING_BOTH) from error
        return parts

    def _manifest(self, parts: Mapping[str, bytes]) -> VerifiedManifest | None:
        if _MANIFEST not in parts:
            return None
        try:
            signed = SignedManifest.parse(parts[_MANIFEST])
            return verify_manifest(signed.raw, signed.signature, root=self.root)
        except CryptoError as error:
            raise DutyRefused(f"the manifest that is here is damaged: {error}", hint=_BRING_BOTH) from error

    def _weeks(self, parts: Mapping[str, bytes], manifest: VerifiedManifest) -> Iterator[WeekFile]:
        for name in sorted(set(parts) - {_MANIFEST}):
            try:
                yield self._opened(parts[name], manifest)
            except CryptoError:
                continue

    def _opened(self, untrusted_bytes: bytes, manifest: VerifiedManifest) -> WeekFile:
        signers = [party.verify_key for party in manifest.manifest.reviewers]
        return open_week(untrusted_bytes, keys=self.keys, signers=signers)

    def _adopted(self, path: Path, kept: VerifiedManifest | None, today: dt.date) -> VerifiedManifest:
        try:
            found = adopt_chain_files(path, kept=kept, root=self.root, today=today)
        except (CryptoError, OSError) as error:
            raise DutyRefused(f"{path.name} is no manifest for this machine: {error}") from error
        named = set(found.manifest.duty)
        if named and not named & {key.public_key() for key in self.keys}:
            raise DutyRefused(
                "the manifest names the keys of other duty machines",
                hint="bring duty.pub of this machine behind the air gap: keys issue --duty names it",
            )
        return found

    def _brought(self, untrusted_bytes: bytes, name: str, manifest: VerifiedManifest, today: dt.date) -> WeekFile:
        try:
            week_file = self._opened(untrusted_bytes, manifest)
        except CryptoError as error:
            raise DutyRefused(
                f"{name} is no week file for this machine: {error}",
                hint="it is sealed to duty.pub of this machine; the old one serves on",
            ) from error
        if week_file.week.last_day < today:
            raise DutyRefused(f"{name} is of {week_file.week}, which is over", hint="the old one serves on")
        return week_file
