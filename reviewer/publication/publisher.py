"""The one reviewer who publishes for the organisation, and who names the next.

Two laptops could publish past each other: two tables together can tell what neither tells alone.
"""

import datetime as dt
from contextlib import suppress

from crypto.sharing.operation import Operation
from reviewer.home.home import Home
from reviewer.sharing.appliers import PUBLISHER
from reviewer.sharing.party import own_key, reviewers
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError


def publisher(home: Home) -> str | None:
    """The name of the reviewer who publishes; None if several reviewers are there and none was named.

    Raises:
        ProgramError: two reviewers named different ones at once.
    """
    parties = reviewers(home)
    if len(parties) <= 1:
        return home.party_keys().name
    named = _named(home)
    names = {str(party.verify_key): party.name for party in parties}
    found = sorted({names[one.text("publisher")] for one in named if one.text("publisher") in names})
    if len(found) > 1:
        raise ProgramError(f"several publishers were named at once: {', '.join(found)}", hint="name one again")
    return found[0] if found else None


def name_publisher(home: Home, name: str, *, today: dt.date) -> None:
    """Make a reviewer the one who publishes; the others learn it with the next outbox.

    Raises:
        ProgramError: no reviewer of the newest manifest has this name, or another reviewer has to name one.
    """
    names = who_names_publisher(home)
    if names != _own_name(home):
        raise ProgramError(
            f"only {names} can name the reviewer who publishes", hint="no one else surely knows every release"
        )
    party = next((one for one in reviewers(home) if one.name == name), None)
    if party is None:
        known = ", ".join(one.name for one in reviewers(home))
        raise ProgramError("no reviewer has this name", hint=f"reviewers are: {known or 'none yet'}")
    with home.casebook.changing():
        replaces = tuple(sorted(one.sha256 for one in _named(home)))
        record_for_all(home, PUBLISHER, {"publisher": str(party.verify_key)}, replaces=replaces, today=today)
        home.casebook.log.add("publisher", name, today=today)


def who_names_publisher(home: Home) -> str:
    """The one reviewer who may name the next publisher.

    That is the present publisher, or while there is none the first reviewer of the manifest by name. A colleague
    who took over alone would publish beside the one who has not heard of it, and without the releases of the last
    days. From the present publisher the word and the releases arrive together.
    """
    with suppress(ProgramError):  # two are in force: none counts
        if (name := publisher(home)) is not None:
            return name
    return min(party.name for party in reviewers(home))


def _named(home: Home) -> list[Operation]:
    operations = home.casebook.operations.of_kind(PUBLISHER)
    replaced = {digest for one in operations for digest in one.replaces}
    return [one for one in operations if one.sha256 not in replaced]


def require_publisher(home: Home) -> None:
    name = publisher(home)
    if name is None:
        raise ProgramError(
            "no reviewer was named who publishes for the organisation",
            hint="tipline-review publisher HOME --to NAME",
        )
    if name != _own_name(home):
        raise ProgramError(
            f"{name} publishes for the organisation", hint="two laptops could publish past each other"
        )


def _own_name(home: Home) -> str | None:
    """The name of this home in the newest manifest; None if it is not there."""
    parties = reviewers(home)
    if not parties:
        return home.party_keys().name
    own = own_key(home)
    return next((one.name for one in parties if one.verify_key == own), None)
