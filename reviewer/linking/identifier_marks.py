"""Marks on identifiers: common ones say nothing of a tip, and stopped ones are never a finding."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.findings import FindingState
from reviewer.casebook.folded_text import folded
from reviewer.casebook.identifier_keys import Identifier, IdentifierMark
from reviewer.home.home import Home
from reviewer.linking.tip_reading import IDENTIFIERS, home_regions
from reviewer.reading.reader import read_text
from system.errors import ProgramError

ADDED_LETTERS: Final = 1000
"""The longest words that a person types."""


def stopped_place(words: str) -> Identifier:
    """The name of a place of our own, as the stop list keeps it: no finding has it.

    Raises:
        ProgramError: no words.
    """
    key = " ".join(folded(words[:ADDED_LETTERS]).split())
    if not key:
        raise ProgramError("the name of a place must not be empty")
    return Identifier(PLACE, key)


def identifiers_in(home: Home, untrusted_words: str, *, with_places: bool = False) -> list[Identifier]:
    """The identifiers in words that a person typed; ``with_places`` for marks, as of our own shelters.

    Raises:
        ProgramError: there is none.
    """
    found = read_text(untrusted_words[:ADDED_LETTERS], regions=home_regions(home)).findings
    kinds = (*IDENTIFIERS, PLACE) if with_places else IDENTIFIERS
    identifiers = [Identifier(str(one.kind), key) for one in found if one.kind in kinds for key in one.readings]
    if not identifiers:
        raise ProgramError(
            "no number, address or account is in these words",
            hint="write a telephone number with its country code: +44 …",
        )
    return list(dict.fromkeys(identifiers))


def set_mark(
    home: Home, identifiers: Sequence[Identifier], mark: IdentifierMark, *, is_set: bool, today: dt.date
) -> None:
    """Mark identifiers as common or stopped, or take that back. New findings of stopped ones go."""
    casebook = home.casebook
    with casebook.changing():
        for one in identifiers:
            if not is_set:
                casebook.identifiers.remove_mark(one, mark)
                continue
            casebook.identifiers.set_mark(one, mark, today=today)
            if mark is IdentifierMark.STOPPED:
                for number in casebook.finding_readings.new_with(one.key):
                    casebook.findings.remove(number)
                for _submission, number in casebook.identifiers.places(one, most=1 << 30):
                    if casebook.findings.find(number).state is FindingState.NEW:
                        casebook.findings.remove(number)
        act = f"identifier {mark}" if is_set else f"identifier no longer {mark}"
        casebook.log.add(act, ", ".join(sorted({one.kind for one in identifiers})), today=today)
        if mark is IdentifierMark.STOPPED and not is_set:
            casebook.findings.read_all_again()
