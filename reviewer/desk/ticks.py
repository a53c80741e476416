"""Fields of the forms of evidence packages and hand-overs: tips, ticks and words to mask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from flask import Response, request

from reviewer.casebook.submission import Submission
from reviewer.desk.page import home, typed
from reviewer.leaving.evidence_choice import TipChoice
from reviewer.leaving.leaving_files import file_ticks
from reviewer.leaving.passages import passages_of, ticked_numbers
from system.errors import ProgramError

MOST_TIPS: Final = 20
_LONGEST_NUMBER: Final = 10


def tips_of(untrusted_ids: str) -> list[Submission]:
    """The tips with these ids, each once.

    Raises:
        ProgramError: none, one that is not here, or too many.
    """
    ids = untrusted_ids.split()
    if not 1 <= len(ids) <= MOST_TIPS:
        raise ProgramError(f"name 1 to {MOST_TIPS} tips by their ids", hint="open a tip, and begin there")
    found = [home().casebook.submissions.find(one) for one in ids]
    return list({one.number: one for one in found}.values())


@dataclass(frozen=True, slots=True)
class Ticked:
    """The ticks of a form that name something that is here; ``lost`` is true if others name nothing."""

    found: frozenset[str]
    lost: bool


def still_here(field: str, ticks: Iterable[str]) -> Ticked:
    """The ticks of a field of this request, of those that are possible now."""
    ticked = frozenset(request.form.getlist(field))
    found = ticked.intersection(ticks)
    return Ticked(found, found != ticked)


def chosen_tips(tips: Iterable[Submission], passages: frozenset[str], files: frozenset[str]) -> list[TipChoice]:
    """For each tip the numbers of its ticked passages and files."""
    return [
        TipChoice(
            one,
            ticked_numbers(passages, [each.tick for each in passages_of(home(), one)]),
            ticked_numbers(files, file_ticks(home(), one)),
        )
        for one in tips
    ]


def require_all_here(lost: bool) -> None:
    """Return if all that was ticked is still here.

    Raises:
        ProgramError: something is not; what is left must be looked at first.
    """
    if lost:
        raise ProgramError("something that you ticked is no longer here", hint="look at what is left, then decide")


class ErrorPage(Protocol):
    """A page of a form that can also show an error."""

    def __call__(self, *, problem: ProgramError) -> Response: ...


def shown_again(error: ProgramError, preview: ErrorPage, form: ErrorPage) -> Response:
    """The preview with an error, or the form where the preview cannot be made any more."""
    try:
        return preview(problem=error)
    except ProgramError as other:
        return form(problem=other)


def ticked_reasons() -> dict[int, str]:
    """The ticked masked entities, whose words leave: the reason that was typed beside each, or nothing."""
    ticked = request.form.getlist("unmask")
    return typed_reasons([int(one) for one in ticked if one.isdecimal() and len(one) < _LONGEST_NUMBER])


def typed_reasons(entities: Iterable[int]) -> dict[int, str]:
    """The reason that was typed for each of these entities, or nothing."""
    return {one: typed(f"because-{one}") for one in entities}


def typed_masks() -> tuple[str, ...]:
    """Words to mask, each once: those that were ticked, and those that were typed one a line."""
    lines = (line.strip() for line in typed("more_masks").split("\n"))
    return tuple(dict.fromkeys([*request.form.getlist("mask"), *filter(None, lines)]))
