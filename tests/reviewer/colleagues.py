"""Several reviewers of one organisation, each with a home of its own and none with the others' keys."""

from pathlib import Path

from crypto.manifests.manifest import VerifiedManifest
from tests.reviewer.desk_stage import Desk


class Colleague(Desk):
    """Joins the organisation of another desk: pins its root key, makes its own keys, adopts its manifests."""

    def __init__(self, founder: Desk, name: str) -> None:
        super().__init__(founder.folder / name, founder._captured)
        self.folder.mkdir(exist_ok=True)
        self.name = name
        self.root = founder.root
        self.server = founder.server
        self.backup_medium = self.folder / "backup-key"

    def join(self, *options: str | Path) -> None:
        """Make the home."""
        self.do(
            "init", self.home, "--root-key", self.root / "root.pub", "--organisation", "Example Watch",
            "--name", self.name, "--backup-medium", self.backup_medium, *options,
        )  # fmt: skip

    def offer(self, *options: str | Path) -> Path:
        """The offer that is carried to anyone who issues."""
        path = self.folder / "offer"
        self.do("keys", "offer", self.home, "--out", path, *options)
        return path

    def adopt(self, manifest: Path) -> None:
        self.do("manifest", self.home, manifest)

    @property
    def backup_key(self) -> Path:
        return self.backup_medium / f"casebook-backup-{self.name}.key"


def a_colleague(founder: Desk, name: str = "second") -> Colleague:
    """One more reviewer, who has joined and whom the newest manifest lists."""
    colleague = Colleague(founder, name)
    colleague.join()
    colleague.adopt(founder.issue("--with", colleague.offer()))
    return colleague


def manifest_of(desk: Desk) -> VerifiedManifest:
    """The one that the desk's server goes by."""
    assert desk.server.manifest is not None
    return desk.server.manifest


def keys_by_week(manifest: VerifiedManifest) -> dict[str, set[bytes]]:
    """The four intake keys of each week."""
    return {str(entry.week): {key.to_bytes() for key in entry.keys} for entry in manifest.manifest.intake}


def fingerprint_in(told: str) -> str:
    """The reviewer key that a command has printed."""
    line = next(line for line in told.splitlines() if line.startswith("reviewer key"))
    return line.removeprefix("reviewer key").strip()
