"""An organisation as its own commands make it."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from crypto.primitives.week import Week
from tests.fakes_server import FakeServer, file_of
from tests.foreign.programs import npm_age, review, review_here, tipline


class Founded:
    """A reviewer's home, the root medium, one server; and the key of this week, as an emergency would print it."""

    def __init__(self, folder: Path) -> None:
        self.home, self.root, self.site = folder / "home", folder / "root", folder / "site"
        self.manifest = folder / "manifest.json"
        review_here("init", self.home, "--root", self.root, "--organisation", "Example Watch")
        tipline("init", self.site, "--root-key", self.root / "root.pub").whole()
        review_here("servers", "add", self.home, self.site / "server.pub")
        self.server = FakeServer("another")
        review_here("servers", "add", self.home, self.server.write_party(folder))
        review_here("keys", "issue", self.home, "--root", self.root, "--out", self.manifest)
        self.server.adopt(self.manifest, self.root / "root.pub")
        self.week = Week.of(dt.datetime.now(dt.UTC).date())
        self.identity = folder / "identity.txt"
        self.identity.write_text(
            review_here("keys", "identity", self.home, "--week", str(self.week)), encoding="ascii"
        )
        self.recipient = npm_age("recipient", given=self.identity.read_bytes()).whole().decode()

    def raw_envelope(self, folder: Path, **content: object) -> bytes:
        """A tip, carried in and written out again with ``raw``."""
        envelope = self.server.seal(week=self.week, **content)  # type: ignore[arg-type]
        (folder / "tips.bundle").write_bytes(file_of(self.server.submissions(envelope)))
        review("import", self.home, folder / "tips.bundle").whole()
        review("raw", self.home, hashlib.sha256(envelope).hexdigest()[:12], "--out", folder / "tip.age").whole()
        raw = (folder / "tip.age").read_bytes()
        assert raw == envelope
        return raw


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return Founded(tmp_path_factory.mktemp("founded"))
