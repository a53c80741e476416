"""Answering a question: a person says that two names or pictures are the same, different, or not sure.

The answer keeps both sides, as entities of their own, and is a decision on these. It is undone as any decision is.
"""

import datetime as dt
from typing import Final

from reviewer.casebook.file_pictures import PICTURE, picture_place
from reviewer.casebook.findings import BY_HAND, NewFinding
from reviewer.casebook.pictures import StoredPicture
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, spoken
from reviewer.linking.finding_work import keep
from reviewer.linking.link_decisions import decide
from reviewer.linking.questions import QuestionReader, kept_picture
from reviewer.linking.unmasking import shown_with_reason
from reviewer.matching.clusters import Verdict
from system.errors import ProgramError

_WHOLE_PICTURE: Final = 1
"""The length of a finding that is a picture: it has no letters."""


def answer(
    home: Home, number: int, verdict: Verdict, *, because: str, is_sure: bool = False, today: dt.date
) -> int:
    """Note the answer to a question as a decision; its number.

    Raises:
        ProgramError: there is no such question, no reason, or the answer contradicts earlier decisions, which are
            named. Nothing was kept.
        SecondLook: it joins a harmed entity with one that does harm, and the caller is not yet sure.
    """
    shown = QuestionReader(home).find(number)
    findings = [] if shown.is_of_pictures else [side.number for side in shown.sides]
    with home.casebook.changing(), shown_with_reason(home, findings, because, today=today):
        one, other = (_kept(home, side.number, shown.is_of_pictures, today) for side in shown.sides)
        if one == other:
            raise ProgramError(f"both sides of Q-{number} are E-{one} already")
        with spoken(ENGLISH):  # colleagues and a prosecutor read it too; a page shows it in the language of staff
            against = "; ".join(each.sentence() for each in shown.speaks_against)
        decision = decide(home, one, other, verdict, because=because, against=against, is_sure=is_sure, today=today)
        home.casebook.log.add("question answered", f"Q-{number}, D-{decision}", today=today)
    return decision


def _kept(home: Home, number: int, is_picture: bool, today: dt.date) -> int:
    """The entity of a side; it is kept now if no one has kept it."""
    finding = _picture_finding(home, number) if is_picture else number
    entity = home.casebook.findings.find(finding).entity
    return entity if entity is not None else keep(home, [finding], today=today)[0]


def _picture_finding(home: Home, number: int) -> int:
    picture = home.casebook.pictures.find(number)
    if picture is None:
        raise ProgramError("this picture is gone")
    found = kept_picture(home, picture)
    return found.number if found is not None else _add(home, picture)


def _add(home: Home, picture: StoredPicture) -> int:
    place = picture_place(picture.sealed_place, picture.place)
    new = NewFinding(place, 0, _WHOLE_PICTURE, PICTURE, [])
    return home.casebook.findings.add(picture.submission, new, version=BY_HAND)
