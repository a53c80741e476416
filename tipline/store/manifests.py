"""The run of manifests that this server adopted, exactly as they were signed."""

from dataclasses import dataclass

from tipline.store.database import Database


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """Exact bytes and their detached signature; believed only when verified again."""

    version: int
    sha256: bytes
    raw: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class ManifestName:
    """Version and digest of a manifest that is kept."""

    version: int
    sha256: bytes


class Manifests:
    """The table of manifests."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def newest_name(self) -> ManifestName | None:
        """Return the name of the one with the highest version; cheap enough for every upload."""
        row = self._small.row("SELECT version, sha256 FROM manifests ORDER BY version DESC LIMIT 1")
        return None if row is None else ManifestName(*row)

    def by_sha256(self, sha256: bytes) -> StoredManifest | None:
        """The one that a submission row names."""
        row = self._small.row("SELECT version, sha256, raw, signature FROM manifests WHERE sha256 = ?", (sha256,))
        return None if row is None else StoredManifest(*row)

    def run(self) -> list[StoredManifest]:
        """Return all adopted manifests, the earliest first."""
        rows = self._small.rows("SELECT version, sha256, raw, signature FROM manifests ORDER BY version")
        return [StoredManifest(*row) for row in rows]

    def put(self, manifest: StoredManifest) -> None:
        """Keep one; the same again does nothing, another with a version that is here is refused by the schema.

        Raises:
            StoreError: another manifest has this version.
        """
        with self._small.transaction() as small:
            known = small.execute(
                "SELECT raw, signature FROM manifests WHERE sha256 = ?", (manifest.sha256,)
            ).fetchone()
            if known is None:
                small.execute(
                    "INSERT INTO manifests (version, sha256, raw, signature) VALUES (?, ?, ?, ?)",
                    (manifest.version, manifest.sha256, manifest.raw, manifest.signature),
                )
