"""The chain of signed manifests that this reviewer knows."""

from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.shared_marks import SharedMarks
from reviewer.errors import CasebookError


class CasebookManifests:
    """Kept for ever: an envelope names the manifest it was sealed under."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._verified: VerifiedManifest | None = None

    def add(self, verified: VerifiedManifest) -> None:
        """Keep one; the same one again is no error.

        Raises:
            CasebookError: another manifest has this version.
        """
        kept = self._small.row("SELECT sha256 FROM manifests WHERE version = ?", (verified.version,))
        if kept is not None:
            if kept[0] != verified.sha256:
                raise CasebookError(
                    f"another manifest of version {verified.version} is known here",
                    hint="two copies of the root medium were used; compare them before going on",
                )
            return
        self._small.run(
            "INSERT INTO manifests VALUES (?, ?, ?, ?)",
            (verified.version, verified.sha256, verified.raw, verified.signature),
        )
        newest = self._small.row("SELECT max(version) FROM manifests")
        if newest == (verified.version,):
            SharedMarks(self._small).note_reviewers(verified.raw)

    def knows(self, sha256: bytes) -> bool:
        return self._small.row("SELECT 1 FROM manifests WHERE sha256 = ?", (sha256,)) is not None

    def knows_version(self, version: int) -> bool:
        return self._small.row("SELECT 1 FROM manifests WHERE version = ?", (version,)) is not None

    def mention(self, text: str) -> bool:
        """True if any manifest contains ``text``, as a printed key."""
        found = self._small.row("SELECT 1 FROM manifests WHERE instr(raw, ?) > 0", (text.encode("ascii"),))
        return found is not None

    def reviewer_keys(self) -> set[str]:
        """The printed signature keys of the reviewers of all manifests here."""
        rows = self._small.rows(
            "SELECT DISTINCT json_extract(one.value, '$.sign')"
            " FROM manifests, json_each(CAST(raw AS TEXT), '$.reviewers') AS one"
        )
        return {row[0] for row in rows}

    def newest(self, *, root: RootVerifyKey) -> VerifiedManifest | None:
        """The newest manifest, verified once by this process: the database is not trusted for it."""
        row = self._small.row("SELECT raw, signature FROM manifests ORDER BY version DESC LIMIT 1")
        if row is None:
            return None
        known = self._verified
        if known is None or (known.raw, known.signature) != row:
            known = self._verified = verify_manifest(row[0], row[1], root=root)
        return known

    def signed_after(self, version: int) -> list[SignedManifest]:
        """The manifests later than ``version``, oldest first."""
        rows = self._small.rows(
            "SELECT raw, signature FROM manifests WHERE version > ? ORDER BY version", (version,)
        )
        return [SignedManifest(*row) for row in rows]
