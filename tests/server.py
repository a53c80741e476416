"""A server's store with an identity and a clock to set, without a command line around it."""

from pathlib import Path

from crypto.keys.party import PartyKeys
from tests.organisation import FixedClock, Organisation
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.store import Store

KEY = bytes(range(32))


class Server:
    """Made in an empty folder; close it."""

    def __init__(
        self, path: Path, organisation: Organisation, name: str = "server-1", *, reserve_bytes: int = 0
    ) -> None:
        self.organisation = organisation
        self.clock = FixedClock()
        self.folder = SiteFolder(path)
        self.keys = PartyKeys.generate(name)
        self.store = Store(path, KEY, create=True, clock=self.clock, reserve_bytes=reserve_bytes)
        Identity(self.keys, organisation.root.verify_key()).keep(self.store)
        self.policy = IntakePolicy(self.store, self.folder, self.clock)

    def adopt(self, *, first: int = 0) -> None:
        """Adopt the manifests that the organisation issued, from its manifest at place ``first`` on."""
        adopt_run(
            self.organisation.run()[first:],
            store=self.store,
            folder=self.folder,
            policy=self.policy,
            clock=self.clock,
        )

    def keep(self, sealed: bytes) -> None:
        """Store a submission under the keys of today."""
        intake = self.policy.intake()
        with self.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
            arrival.write(sealed)
            arrival.complete()
