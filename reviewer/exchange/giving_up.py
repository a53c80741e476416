"""Giving up awaited items: staff decide that an item of a bundle will not come."""

import datetime as dt
from collections.abc import Sequence

from reviewer.casebook.awaited import AwaitedItem
from reviewer.home.home import Home
from system.errors import ProgramError

GIVEN_UP_ACT = "item given up"


def give_up(home: Home, names: Sequence[str], *, today: dt.date) -> list[AwaitedItem]:
    """Stop awaiting these items (named ``STREAM:BUNDLE:ITEM``, as ``import`` prints them); each is logged.

    Raises:
        ProgramError: one of them is not awaited; none was given up.
    """
    awaited = {one.name: one for one in home.casebook.awaited.all()}
    unknown = [name for name in names if name not in awaited]
    if unknown:
        raise ProgramError(
            f"nothing named {unknown[0]} is awaited", hint="tipline-review keys status HOME names what is"
        )
    given_up = [awaited[name] for name in dict.fromkeys(names)]
    with home.casebook.changing():
        for one in given_up:
            home.casebook.awaited.give_up(one, today=today)
            home.casebook.log.add(GIVEN_UP_ACT, f"{one.name} of {one.server}, {one.sha256.hex()}", today=today)
    return given_up
