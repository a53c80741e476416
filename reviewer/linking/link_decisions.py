"""Deciding if two entities are one, and undoing it. Only a person decides; a contradiction is refused."""

import datetime as dt
import importlib.metadata
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.decision_facts import DecisionPassage
from reviewer.casebook.decisions import UNDO, Decision
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.entity_proposals import MOST_PASSAGES
from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.linking.mask_removal import masks_end_with_reason
from reviewer.linking.masking import Masks
from reviewer.linking.present_places import let_go_of_present_places
from reviewer.masks.protection import Protection, clusters_of
from reviewer.matching.clusters import Link, Verdict
from reviewer.sharing.link_appliers import AGAINST_LETTERS, REASON_LETTERS
from reviewer.sharing.link_record import say_decision
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

SECOND_LOOK: Final = (
    "this makes one person of an entity that a tip calls harmed and of one that a tip says does harm; a wrong"
    " answer sends the police to the wrong door"
)
_NAME: Final = re.compile(r"[Dd]-?([0-9]{1,9})")


class SecondLook(ProgramError):
    """A decision that is asked twice."""


def decision_number(untrusted_name: str) -> int:
    """The number in a name such as D-7.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError("a decision must be named by its number, as D-7", hint="tipline-review links list HOME")
    return int(found[1])


def decide(
    home: Home,
    one: int,
    other: int,
    verdict: Verdict,
    *,
    because: str,
    against: str = "",
    is_sure: bool = False,
    today: dt.date,
) -> int:
    """Note a decision, with the passages of both entities and what speaks against it; its number.

    Raises:
        ProgramError: no such entity, twice the same one, two kinds, no reason, or it contradicts earlier decisions,
            which are named.
        SecondLook: it joins a harmed entity with one that does harm, and the caller is not yet sure.
    """
    casebook = home.casebook
    first, second = casebook.entities.find(one), casebook.entities.find(other)
    if one == other:
        raise ProgramError(f"E-{one} is one entity: a decision needs two")
    if first.kind != second.kind:
        raise ProgramError(f"E-{one} is of the kind {first.kind} and E-{other} of the kind {second.kind}")
    because = plain_name(because, "a reason", REASON_LETTERS)
    if not because:
        raise ProgramError("a decision needs a reason", hint="--because REASON")
    against = plain_name(against, "what speaks against", AGAINST_LETTERS)
    with casebook.changing():
        clusters = clusters_of(casebook.decisions.standing())
        if (earlier := clusters.decided(one, other)) is not None:
            raise ProgramError(
                f"D-{earlier.number} says already that E-{one} and E-{other} are {_said(earlier.verdict)}",
                hint=f"tipline-review links undo HOME D-{earlier.number} takes it back",
            )
        if chain := clusters.against(one, other, verdict):
            raise _contradiction(one, other, verdict, chain)
        if verdict is Verdict.SAME and not is_sure:
            _require_second_look(home, clusters.of(one) | clusters.of(other))
        number = casebook.decisions.add(
            one, other, verdict, because=because, reviewer=own_name(home), program=program_version(), today=today
        )
        seen = [each for entity in (one, other) for each in casebook.findings.of_entity(entity)]
        passages = [DecisionPassage.of(each) for each in seen[:MOST_PASSAGES]]
        casebook.decision_facts.put(number, against, passages)
        say_decision(home, number, today=today)
        let_go_of_present_places(home, today=today)
        casebook.log.add("decided", f"D-{number}, E-{one}, E-{other}, {verdict}", today=today)
    return number


def undo(home: Home, number: int, *, because: str = "", today: dt.date) -> int:
    """Undo a decision by a line of its own; the number of that line.

    Raises:
        ProgramError: no such decision, it was undone before, or a mask would end by it and no reason is given.
    """
    casebook = home.casebook
    doomed = casebook.decisions.find(number)
    if doomed is None:
        raise ProgramError(f"there is no decision D-{number}", hint="tipline-review links list HOME lists them")
    if doomed.verdict is None:
        raise ProgramError(f"D-{number} is an undo, and is not undone", hint="decide again")
    if doomed.undone_by is not None:
        raise ProgramError(f"D-{number} was undone by D-{doomed.undone_by}")
    because = plain_name(because, "a reason", REASON_LETTERS)
    with masks_end_with_reason(home, because, today=today):
        line = casebook.decisions.undo(
            doomed, because=because, reviewer=own_name(home), program=program_version(), today=today
        )
        say_decision(home, line, today=today)
        casebook.log.add("decision undone", f"D-{number}, by D-{line}", today=today)
    return line


def decision_line(one: Decision, masks: Masks) -> str:
    """One decision for a terminal; a reason on a protected or closed entity is left out."""
    pair = f"{masks.name(one.one)} {masks.name(one.other)}"
    verdict = f"undoes D-{one.undoes}" if one.verdict is None else str(one.verdict)
    undone = f", undone by D-{one.undone_by}" if one.undone_by is not None else ""
    reason = "" if masks.is_hidden_reason(one) else f"  {plain_line(masks.reason(one))}"
    return f"D-{one.number}  {one.day.isoformat()}  {one.reviewer}  {pair}  {verdict}{undone}{reason}"


def opposite_lines(masks: Masks, *, of: str = "") -> list[str]:
    """Decisions of several reviewers that contradict each other, for a terminal and a page.

    ``of`` is the name of an entity: only those that concern it.
    """
    return [
        said(
            "D-%(number)s says that %(one)s and %(other)s are different, and %(sames)s that they are the same; none"
            " counts until one is undone",
            number=link.number,
            one=names[0],
            other=names[1],
            sames=", ".join(f"D-{one.number}" for one in sames),
        )
        for link, sames in masks.clusters.opposite()
        if masks.are_here(link.one, link.other)
        for names in ((masks.name(link.one), masks.name(link.other)),)
        if not of or of in names
    ]


def opposite_json(masks: Masks) -> list[Json]:
    """The same for programs."""
    return [
        {"different": f"D-{link.number}", "same": [f"D-{one.number}" for one in sames]}
        for link, sames in masks.clusters.opposite()
        if masks.are_here(link.one, link.other)
    ]


def decision_json(one: Decision, masks: Masks) -> dict[str, Json]:
    """The same for programs."""
    return {
        "decision": f"D-{one.number}",
        "one": masks.name(one.one),
        "other": masks.name(one.other),
        "verdict": UNDO if one.verdict is None else str(one.verdict),
        "because": None if masks.is_hidden_reason(one) else masks.reason(one),
        "reviewer": one.reviewer,
        "program": one.program,
        "day": one.day.isoformat(),
        "undoes": f"D-{one.undoes}" if one.undoes is not None else None,
        "undone_by": f"D-{one.undone_by}" if one.undone_by is not None else None,
    }


@cache
def program_version() -> str:
    """The version of this program, which each decision names."""
    return importlib.metadata.version("tipline")


def _require_second_look(home: Home, together: frozenset[int]) -> None:
    does_harm = together & home.casebook.entities.with_role(SaidRole.DOES_HARM)
    if does_harm and together & Protection(home.casebook).numbers:  # a mask may have outlived the role
        raise SecondLook(SECOND_LOOK, hint="--sure decides it all the same")


def _contradiction(one: int, other: int, verdict: Verdict, against: Sequence[Link]) -> ProgramError:
    chain = "; ".join(
        f"D-{link.number}: E-{link.one} and E-{link.other} are {_said(link.verdict)}" for link in against
    )
    return ProgramError(
        f"that E-{one} and E-{other} are {_said(verdict)} contradicts {chain}",
        hint="undo one of these first, if it is wrong: tipline-review links undo HOME D-N",
    )


def _said(verdict: Verdict) -> str:
    return {Verdict.SAME: "the same", Verdict.DIFFERENT: "different", Verdict.UNSURE: "not sure"}[verdict]
