"""The one reviewer who publishes for the organisation.

Two laptops could publish past each other: two tables together can tell what neither tells alone.
"""

import hashlib
from contextlib import suppress
from typing import Final

from crypto.sharing.operation import Operation
from reviewer.home.home import Home
from reviewer.publication.release_record import HIGHEST
from reviewer.sharing.appliers import PUBLISHER
from reviewer.sharing.party import own_key, reviewers
from system.errors import ProgramError

LAST: Final = "last"
"""The number of the last release that the one who hands over knows of."""


def publisher(home: Home) -> str | None:
    """The name of the reviewer who publishes; None if several reviewers are there and none was named.

    Raises:
        ProgramError: two reviewers named different ones at once.
    """
    parties = reviewers(home)
    if len(parties) <= 1:
        return parties[0].name if parties else home.party_keys().name
    names = {str(party.verify_key): party.name for party in parties}
    found = sorted({names[one.text("publisher")] for one in named(home) if one.text("publisher") in names})
    if len(found) > 1:
        raise ProgramError(f"several publishers were named at once: {', '.join(found)}", hint="name one again")
    return found[0] if found else None


def named(home: Home) -> list[Operation]:
    """The words that name a publisher and are in force; one, unless two were written at once."""
    return home.casebook.operations.of_kind(PUBLISHER, is_in_force=True)


def publishes_here(home: Home) -> bool:
    """True if this home publishes for the organisation."""
    with suppress(ProgramError):
        return publisher(home) == own_name(home)
    return False


def last_said(home: Home) -> int | None:
    """The number of the last release in the word that names this home.

    None if there is no such word, or its author did not know all releases.
    """
    words = named(home)
    if not words or any(one.text("publisher") != str(own_key(home)) for one in words):
        return None
    found = [last for one in words if type(last := one.content.get(LAST)) is int and 0 <= last <= HIGHEST]
    return max(found) if len(found) == len(words) else None


def took_over(home: Home) -> str:
    """A digest of how this home took over without the number of the last release; empty if it did not.

    The other laptop may be lost, with releases that no one here has heard of.
    """
    if not publishes_here(home) or last_said(home) is not None:
        return ""
    own, words = str(own_key(home)), named(home)
    others = home.casebook.manifests.reviewer_keys() - {own}
    if not others:
        return ""
    is_named = bool(words) and all(one.text("publisher") == own for one in words)
    told = [one.sha256.hex() for one in words] if is_named else sorted(others)
    return hashlib.sha256("\n".join(told).encode("ascii")).hexdigest()


def require_publisher(home: Home) -> None:
    """Raises ProgramError unless this home publishes for the organisation."""
    name = publisher(home)
    if name is None:
        raise ProgramError(
            "no reviewer was named who publishes for the organisation",
            hint="tipline-review publisher HOME --to NAME",
        )
    if name != own_name(home):
        raise ProgramError(
            f"{name} publishes for the organisation", hint="two laptops could publish past each other"
        )


def own_name(home: Home) -> str | None:
    """The name of this home in the newest manifest; None if it is not there."""
    parties = reviewers(home)
    if not parties:
        return home.party_keys().name
    own = own_key(home)
    return next((one.name for one in parties if one.verify_key == own), None)
