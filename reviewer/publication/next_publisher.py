"""The present publisher names the next: the word says how many releases there are.

An item has room for some operations only, so the word can arrive before the releases. The next one publishes when
all of them are here. Without the number, as when the publisher's laptop was lost, a person is asked first.
"""

import datetime as dt
from contextlib import suppress

from crypto.primitives.canonical_json import Json
from reviewer.home.home import Home
from reviewer.publication.publisher import LAST, named, own_name, publisher, publishes_here
from reviewer.publication.whole_record import in_question, is_unsure, next_number
from reviewer.sharing.appliers import PUBLISHER
from reviewer.sharing.party import reviewers
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError


def name_publisher(home: Home, name: str, *, today: dt.date) -> None:
    """Make a reviewer the one who publishes; the others learn it with the next outbox.

    Raises:
        ProgramError: no reviewer of the newest manifest has this name, or another reviewer has to name one.
    """
    names = who_names_publisher(home)
    if names != own_name(home):
        raise ProgramError(
            f"only {names} can name the reviewer who publishes", hint="no one else surely knows every release"
        )
    party = next((one for one in reviewers(home) if one.name == name), None)
    if party is None:
        known = ", ".join(one.name for one in reviewers(home))
        raise ProgramError("no reviewer has this name", hint=f"reviewers are: {known or 'none yet'}")
    content: dict[str, Json] = {"publisher": str(party.verify_key)}
    if publishes_here(home) and not is_unsure(home) and not in_question(home):
        content[LAST] = next_number(home) - 1
    with home.casebook.changing():
        replaces = tuple(sorted(one.sha256 for one in named(home)))
        record_for_all(home, PUBLISHER, content, replaces=replaces, today=today)
        home.casebook.log.add("publisher", name, today=today)


def who_names_publisher(home: Home) -> str:
    """The one reviewer who may name the next publisher.

    That is the present publisher, or while there is none the first reviewer of the manifest by name. A colleague
    who took over alone would publish beside the one who has not heard of it, and without the releases of the last
    days.
    """
    with suppress(ProgramError):  # two are in force: none counts
        if (name := publisher(home)) is not None:
            return name
    return min(party.name for party in reviewers(home))
