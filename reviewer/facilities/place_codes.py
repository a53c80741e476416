"""Place codes: groups of facilities, the cards for them, and which group a code means.

A card is found one day. So its code stands for a group, and the same card is handed out at several places of the
group: neither says at which place its owner works.
"""

import datetime as dt
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.errors import CryptoError
from crypto.questions.place_code import CODE_DIGITS, NUMBER_DIGITS, place_code_of, read_place_code
from crypto.questions.questionnaire import QuestionType
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.place_groups import PlaceGroup
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered
from reviewer.facilities.same_place import SamePlace, find_facility
from reviewer.home.home import Home
from system.errors import ProgramError

FEWEST_PLACES: Final = 5
FEWEST_HANDING_OUT: Final = 3
MOST_PLACES: Final = 500
CARDS_OF_A_SHEET: Final = 12
MOST_SHEETS: Final = 100
_CARDS_OF_A_ROW: Final = 3
_LONGEST_LABEL: Final = 100
_ADDRESS: Final = re.compile(r"[a-z2-7]{56}\.onion")


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group with its facilities.

    ``places`` and ``handing_out`` count places: facilities that are the same are one.
    """

    group: PlaceGroup
    facilities: Sequence[StoredFacility]
    places: int
    handing_out: int

    @property
    def lacks(self) -> str:
        """Why no cards are printed; empty: they are."""
        if self.group.retired_day is not None:
            return "the group is retired"
        if self.places < FEWEST_PLACES:
            return f"a group must have at least {FEWEST_PLACES} places, and this one has {self.places}"
        if self.handing_out < FEWEST_HANDING_OUT:
            return (
                f"cards must be handed out at {FEWEST_HANDING_OUT} places or more,"
                f" and {self.handing_out} are recorded"
            )
        return ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards to print: ``lines`` of each card, and how many.

    No card names us, or says what the number is for.
    """

    lines: Sequence[str] = field(repr=False)
    count: int


def make_group(home: Home, label: str, facilities: Sequence[str], *, today: dt.date) -> GroupPage:
    """Make a group of facilities and give it a code that was never given.

    Raises:
        ProgramError: a facility is unknown, or they are fewer than five places.
    """
    label = " ".join(label.split())
    if not 1 <= len(label) <= _LONGEST_LABEL:
        raise ProgramError(f"a group must have a name of 1 to {_LONGEST_LABEL} letters; no card shows it")
    with home.casebook.changing():
        numbers = sorted({find_facility(home.casebook, one).number for one in facilities})
        places = _places(home.casebook, numbers)
        if places < FEWEST_PLACES or len(numbers) > MOST_PLACES:
            raise ProgramError(
                f"a group must have at least {FEWEST_PLACES} different places and at most {MOST_PLACES} facilities,"
                f" and here are {places} places",
                hint="a card that is found must not say where its owner works; two that may be the same are one:"
                " answer their question first",
            )
        groups = home.casebook.place_groups
        number = groups.add(_new_code(groups.codes()), label, numbers, today=today)
        home.casebook.log.add("place group made", f"G-{number}", today=today)
    return group_page(home, f"G-{number}")


def add_places(home: Home, name: str, facilities: Sequence[str], *, today: dt.date) -> GroupPage:
    """Add facilities to a group: all of them, or none.

    Raises:
        ProgramError: group or facility is unknown, or the group is retired or full.
    """
    with home.casebook.changing():
        group = _in_use(home.casebook, name)
        numbers = {find_facility(home.casebook, one).number for one in facilities}
        if not numbers or len(group.facilities | numbers) > MOST_PLACES:
            raise ProgramError(f"name facilities to add; a group may have at most {MOST_PLACES}")
        for number in sorted(numbers):
            home.casebook.place_groups.add_facility(group, number)
        home.casebook.log.add("place group grew", group.name, today=today)
    return group_page(home, name)


def hand_out(home: Home, name: str, facilities: Sequence[str], *, ended: bool = False, today: dt.date) -> GroupPage:
    """Record at which facilities of a group cards are handed out, or with ``ended`` no more.

    Raises:
        ProgramError: a facility is not in the group.
    """
    with home.casebook.changing():
        group = _in_use(home.casebook, name)
        numbers = {find_facility(home.casebook, one).number for one in facilities}
        if not numbers or not numbers <= group.facilities:
            raise ProgramError(
                f"name facilities of {group.name}", hint="cards of another group would say something else"
            )
        for number in sorted(numbers):
            home.casebook.place_groups.hand_out(group, number, None if ended else today)
        home.casebook.log.add("place group cards", f"{group.name}, {len(numbers)} places", today=today)
    return group_page(home, name)


def retire_group(home: Home, name: str, *, today: dt.date) -> GroupPage:
    """Print no more cards of a group; what comes with its code is still understood.

    Raises:
        ProgramError: it is unknown or retired.
    """
    with home.casebook.changing():
        group = _in_use(home.casebook, name)
        home.casebook.place_groups.retire(group, today=today)
        home.casebook.log.add("place group retired", group.name, today=today)
    return group_page(home, name)


def cards_of(home: Home, name: str, *, sheets: int, address: str = "", today: dt.date) -> Cards:
    """The cards of a group; ``address`` is the address of the site, if they are to carry it.

    Raises:
        ProgramError: the group has too few places, cards are handed out at too few, or the address is none.
    """
    if not 1 <= sheets <= MOST_SHEETS:
        raise ProgramError(f"sheets must be 1 to {MOST_SHEETS}")
    address = address.strip().lower().removeprefix("http://").rstrip("/")
    if address and not _ADDRESS.fullmatch(address):
        raise ProgramError("the address must be 56 letters and digits, then .onion, as tipline status prints it")
    page = group_page(home, name)
    if page.lacks:
        raise ProgramError(f"no cards: {page.lacks}", hint="tipline-review supply codes HOME hand-out, and add")
    said = "with the address" if address else "without the address"
    home.casebook.log.add("place cards", f"{page.group.name}, {sheets} sheets, {said}", today=today)
    code = page.group.code
    shown = f"{code[:3]} {code[3:]}"
    return Cards([shown, *_halves(address)], sheets * CARDS_OF_A_SHEET)


def cards_html(cards: Cards) -> str:
    """The cards as one file to print: a table, without style, script and name."""
    card = "<br>".join(
        f"<big><big><b>{one}</b></big></big>" if at == 0 else one for at, one in enumerate(cards.lines)
    )
    cell = f'<td width="240" height="130" align="center">{card}</td>'
    row = f"<tr>{cell * _CARDS_OF_A_ROW}</tr>\n"
    rows = row * (cards.count // _CARDS_OF_A_ROW)
    head = '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>1</title></head>\n<body>\n'
    return f'{head}<table border="1" cellspacing="0">\n{rows}</table>\n</body>\n</html>\n'


def group_page(home: Home, name: str) -> GroupPage:
    """A group with its facilities.

    Raises:
        ProgramError: there is no such group.
    """
    return _page(home.casebook, _group(home.casebook, name))


def all_groups(home: Home) -> list[GroupPage]:
    """Every group, retired ones too."""
    return [_page(home.casebook, group) for group in home.casebook.place_groups.all()]


def group_of_code(casebook: Casebook, untrusted_code: str) -> PlaceGroup | None:
    """The group that a code means; None where no group has it.

    Raises:
        ProgramError: it is no place code.
    """
    try:
        return casebook.place_groups.with_code(read_place_code(untrusted_code))
    except CryptoError as error:
        raise ProgramError(
            f"a place code must have {CODE_DIGITS} digits that belong together", hint="one digit may be wrong"
        ) from error


def codes_in(casebook: Casebook, submission: Submission) -> list[str]:
    """The codes of cards that a source typed into its form; only those whose digits belong together."""
    answered = Answered.from_fields(casebook.submissions.fields(submission), casebook.questionnaires)
    return [
        value
        for one in (answered.answers if answered else ())
        if one.question.type is QuestionType.CODE and one.fits
        for value in one.values
    ]


def _page(casebook: Casebook, group: PlaceGroup) -> GroupPage:
    return GroupPage(
        group,
        list(casebook.facility_lists.facilities(sorted(group.facilities))),
        _places(casebook, group.facilities),
        _places(casebook, group.hands_out),
    )


def _places(casebook: Casebook, facilities: Collection[int]) -> int:
    """The number of places that are surely different.

    What decisions hold together is one, and so is a pair that may be the same: its question is not answered yet.
    """
    clusters = SamePlace(casebook).clusters
    place = {one: min(clusters.perhaps(one)) for one in facilities}
    for question in casebook.facility_matches.questions_about(facilities):
        one, other = place.get(question.one), place.get(question.other)
        is_open = clusters.decided(question.one, question.other) is None
        if is_open and one is not None and other is not None and one != other:
            place = {facility: min(one, other) if at in (one, other) else at for facility, at in place.items()}
    return len(set(place.values()))


def _new_code(given: Collection[str]) -> str:
    if len(given) >= 10**NUMBER_DIGITS // 2:
        raise ProgramError("too many codes were given")
    while (code := place_code_of(secrets.randbelow(10**NUMBER_DIGITS))) in given:
        pass
    return code


def _group(casebook: Casebook, name: str) -> PlaceGroup:
    digits = name[2:] if name[:2].upper() == "G-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.place_groups.find(int(digits)) if is_number else None
    if found is None:
        raise ProgramError("there is no such group", hint="tipline-review supply codes HOME list shows G-1, G-2, …")
    return found


def _in_use(casebook: Casebook, name: str) -> PlaceGroup:
    group = _group(casebook, name)
    if group.retired_day is not None:
        raise ProgramError(f"{group.name} is retired", hint="make a new group")
    return group


def _halves(address: str) -> list[str]:
    return [address[:28], address[28:]] if address else []
