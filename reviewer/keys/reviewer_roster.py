"""The reviewers, and those who join or leave with the next issue."""

import datetime as dt
from dataclasses import dataclass

from crypto.keys.party import Party
from crypto.manifests.offer import verify_offer
from crypto.primitives.canonical_json import Json
from reviewer.errors import OfferRefused
from reviewer.home.home import Home
from reviewer.keys.offering import read_offer
from system.errors import ProgramError

LISTED = "listed"
COMES = "joins at the next issue"
GOES = "leaves at the next issue"


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One reviewer; ``state`` is one of the three constants above."""

    party: Party
    state: str
    is_this_home: bool

    def to_json(self) -> Json:
        return {
            "name": self.party.name,
            "fingerprint": self.party.fingerprint,
            "state": self.state,
            "this_home": self.is_this_home,
        }


def roster(home: Home) -> list[RosterEntry]:
    """All reviewers, by name."""
    own = home.party_keys().party()
    going = set(home.casebook.pending_reviewers.going())
    rows = [
        RosterEntry(party, GOES if party.name in going else LISTED, party == own)
        for party in listed_reviewers(home)
    ]
    listed = {row.party for row in rows}
    for raw in home.casebook.pending_reviewers.coming().values():
        party = verify_offer(raw, root=home.root_key).reviewer
        if party not in listed:
            rows.append(RosterEntry(party, COMES, party == own))
    return sorted(rows, key=lambda row: row.party.name)


def listed_reviewers(home: Home) -> tuple[Party, ...]:
    """The reviewers of the newest manifest."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    return newest.manifest.reviewers if newest else ()


def add_reviewer(home: Home, untrusted_offer: bytes, *, today: dt.date) -> Party:
    """Accept an offer for the next issue; returns the reviewer who made it.

    Raises:
        OfferRefused: no sound offer, or a name that another reviewer has.
    """
    party = read_offer(untrusted_offer, root=home.root_key, today=today).reviewer
    going = home.casebook.pending_reviewers.going()
    taken = [*listed_reviewers(home), home.party_keys().party()]
    for other in taken:
        if other.name == party.name and other != party and other.name not in going:
            raise OfferRefused(
                f"another reviewer is called {party.name}, and has other keys",
                hint=f"if {party.name} lost its machine: reviewers remove HOME {party.name}, and issue;"
                " if it is another person: init with another --name",
            )
    with home.casebook.changing():
        home.casebook.pending_reviewers.come(party.name, untrusted_offer)
        home.casebook.log.add("reviewer comes", party.name, today=today)
    return party


def remove_reviewer(home: Home, name: str, *, today: dt.date) -> bool:
    """Leave a reviewer out of the next manifest; False if a pending reviewer no longer joins.

    Raises:
        ProgramError: no reviewer has this name, or it is this home's own reviewer.
    """
    own = home.party_keys().party()
    listed = {party.name: party for party in listed_reviewers(home)}
    pending = home.casebook.pending_reviewers
    with home.casebook.changing():
        if listed.get(name) == own:
            raise ProgramError(
                "this home cannot remove its own reviewer",
                hint="another reviewer does, with the root medium: tipline-review reviewers remove",
            )
        was_coming = name in pending.coming()
        if name in listed:
            pending.go(name)
        elif was_coming:
            pending.stay(name)
        else:
            raise ProgramError("no reviewer of this name is known here", hint="tipline-review reviewers list HOME")
        home.casebook.log.add("reviewer goes", name, today=today)
    return name in listed


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
