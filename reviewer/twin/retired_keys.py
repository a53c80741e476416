"""Names of deliberately destroyed keys. A missing copy of one is not an error."""

from reviewer.home.home import Home
from reviewer.home.keyring import first_name, intake_name

RETIRED_ACT = "keys retired"
"""What the log calls a retirement; names of keys follow."""


def retired_names(home: Home) -> set[str]:
    """First names of keys that were destroyed; of quarters only the log tells."""
    logged = (
        name
        for _number, _day, act, subject in home.casebook.log.lines()
        if act == RETIRED_ACT
        for name in subject.split(", ")
    )
    return {*map(intake_name, home.casebook.retired.all()), *map(first_name, logged)}
