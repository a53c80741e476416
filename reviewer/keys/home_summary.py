"""The servers and reviewers that a home knows, for staff to compare after a restore."""

from dataclasses import dataclass

from reviewer.home.home import Home
from reviewer.keys.reviewer_roster import LISTED, roster


@dataclass(frozen=True, slots=True)
class HomeSummary:
    """``version`` is that of the newest manifest, or 0; joining and leaving reviewers are marked."""

    version: int
    servers: tuple[str, ...]
    reviewers: tuple[str, ...]

    @classmethod
    def of(cls, home: Home) -> "HomeSummary":
        newest = home.casebook.manifests.newest(root=home.root_key)
        return cls(
            newest.version if newest else 0,
            tuple(party.name for party in home.casebook.servers.all()),
            tuple(
                row.party.name if row.state == LISTED else f"{row.party.name} ({row.state})" for row in roster(home)
            ),
        )

    def lines(self) -> list[str]:
        return [
            f"known here       {f'manifest {self.version}' if self.version else 'no manifest'}",
            f"servers          {', '.join(self.servers) or 'none'}",
            f"reviewers        {', '.join(self.reviewers) or 'none'}",
            "compare these with each server's operator and the other reviewers: newer manifests bring what was",
            "issued; who was added or removed after the backup, and issued in none, is added or removed again",
        ]
