"""An organisation made by its own commands, its real site, and the way from an upload to the casebook."""

import io
import json
from pathlib import Path
from typing import Any

from crypto.keys import minisign
from crypto.keys.party import PartyKeys
from system.clock import today
from tests.foreign.programs import review_here
from tests.organisation import FixedClock
from tests.tipline.site_stage import Browser, Upload
from tipline.bundles.exporter import carry_out
from tipline.bundles.importer import BundleImporter
from tipline.bundles.manifest_update import adopt_run, read_run
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.instance.site_settings import SiteSettings
from tipline.pages.site import Site
from tipline.store import Store


class SealedRound:
    """Commands run as staff run them, in the test's process; the site is asked at its WSGI seam."""

    def __init__(self, folder: Path) -> None:
        self.home, self.root, self.site_folder = folder / "home", folder / "root", folder / "site"
        self.manifest, self._stick = folder / "manifest.json", folder / "stick.bundle"
        review_here("init", self.home, "--root", self.root, "--organisation", "Example Watch")
        self.site_folder.mkdir()
        self._clock = FixedClock(today())
        self._folder = SiteFolder(self.site_folder)
        keys = PartyKeys.generate("server-1")
        (folder / "server.pub").write_bytes(keys.party().to_bytes())
        review_here("servers", "add", self.home, folder / "server.pub")
        review_here("keys", "issue", self.home, "--root", self.root, "--out", self.manifest)
        self._store = Store(self.site_folder, bytes(32), create=True, clock=self._clock, reserve_bytes=0)
        Identity(keys, minisign.parse_public_key_file((self.root / "root.pub").read_bytes())).keep(self._store)
        self._policy = IntakePolicy(self._store, self._folder, self._clock)
        adopt_run(
            read_run(self.manifest),
            store=self._store,
            folder=self._folder,
            policy=self._policy,
            clock=self._clock,
        )
        site = Site(self._store, self._policy, settings=SiteSettings(), clock=self._clock)
        self.browser = Browser(site.wsgi_app)
        self.words = ""

    def stored(self) -> int:
        """Submissions in the server's store, whole or not."""
        return len(self._store.submissions._small.rows("SELECT id FROM submissions"))

    def send_and_import(self, text: str, files: list[Upload]) -> dict[str, Any]:
        """One tip through the site, the export and the import; the submission as ``show --json`` prints it."""
        before = {one["id"] for one in self._listed()}
        answer = self.browser.send_tip(text, files)
        assert answer.status == 200
        self.words = answer.words
        sink = io.BytesIO()
        carry_out(
            sink.write,
            store=self._store,
            folder=self._folder,
            policy=self._policy,
            clock=self._clock,
            from_number=None,
        )
        self._stick.write_bytes(sink.getvalue())
        review_here("import", self.home, self._stick)
        (fresh,) = {one["id"] for one in self._listed()} - before
        shown: dict[str, Any] = json.loads(review_here("show", self.home, fresh, "--json"))
        return shown

    def carry_answers(self, folder: Path) -> None:
        """The reviewer's outbox, taken in by the server."""
        review_here("outbox", self.home, "--out", folder / "outbox")
        importer = BundleImporter(store=self._store, folder=self._folder, policy=self._policy, clock=self._clock)
        importer.carry_in(io.BytesIO((folder / "outbox").read_bytes()))

    def close(self) -> None:
        self._store.close()

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(review_here("list", self.home, "--json"))["submissions"]
        return listed
