"""``supply``: the question if two facilities are the same place, its answers, and undoing one."""

import itertools
import json

import click

from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.facility_matches import FacilityAnswer, FacilityDecision
from reviewer.commands.at_home import JSON, at_home
from reviewer.facilities.same_place import SamePlace, decide, undo
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_MOST_LISTED = 20
_LETTERS = 100


@click.command("questions", epilog="Example: tipline-review supply questions ~/review --most 50")
@at_home
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=_MOST_LISTED, help="The number of questions to show."
)
@JSON
def questions(home: Home, most: int, as_json: bool) -> None:
    """List facilities of two lists that may be the same place, the most alike first.

    Those that were put off come last.
    """
    places = SamePlace(home.casebook)
    count = places.count()
    shown = list(itertools.islice(places.open(), most))
    home.casebook.log.add("facility questions", f"{len(shown)} shown", today=today())
    if as_json:
        output(json.dumps({"open": count, "questions": [one.to_json() for one in shown]}, indent=2))
        return
    for one in shown:
        later = " (put off)" if one.is_later else ""
        output(
            f"{one.one.name} {one.other.name}  {one.question.score:.2f}{later}  {', '.join(one.question.reasons)}"
        )
        output(f"    {facility_line(one.one)}")
        output(f"    {facility_line(one.other)}")
    output(f"open             {count:,}")


@click.command(
    "decide", epilog="Example: tipline-review supply decide ~/review F-3 F-9 different --because 'another gate'"
)
@at_home
@click.argument("one", metavar="F-N")
@click.argument("other", metavar="F-M")
@click.argument("answer", type=click.Choice([str(one) for one in FacilityAnswer]))
@click.option("--because", default="", metavar="REASON", help="Why; it is kept with the answer.")
@JSON
def decide_command(home: Home, one: str, other: str, answer: str, because: str, as_json: bool) -> None:
    """Keep an answer about two facilities: same, different, or later.

    A person's `different` beats a rule, and any chain of `same`.
    """
    decide(home, one, other, FacilityAnswer(answer), because=because, today=today())
    if as_json:
        told = {"facilities": [one.upper(), other.upper()], "answer": answer, "because": because}
        output(json.dumps(told | {"contradictions": _contradictions_json(home)}, indent=2))
        return
    output(f"decided          {one.upper()} {other.upper()} {answer}")
    _tell_contradictions(home)


@click.command("undo", epilog="Example: tipline-review supply undo ~/review F-3 F-9")
@at_home
@click.argument("one", metavar="F-N")
@click.argument("other", metavar="F-M")
@JSON
def undo_command(home: Home, one: str, other: str, as_json: bool) -> None:
    """Undo the answer about two facilities, or what a rule wrote if no person answered.

    The pair is a question again. A rule that was undone does not come back.
    """
    undone = undo(home, one, other, today=today())
    is_connected = undone.other in SamePlace(home.casebook).clusters.of(undone.one)
    if as_json:
        told = {"undone": decision_json(undone), "still_connected": is_connected}
        output(json.dumps(told | {"contradictions": _contradictions_json(home)}, indent=2))
        return
    output(f"undone           {decided(undone)}")
    if is_connected:
        notice(
            "note",
            "other decisions still connect the two: `supply show` lists them, and `different` beats them",
        )
    _tell_contradictions(home)


def _tell_contradictions(home: Home) -> None:
    for different, sames in SamePlace(home.casebook).contradictions():
        pairs = ", ".join(f"F-{one.one} F-{one.other}" for one in sames)
        notice(
            "note",
            f"F-{different.one} and F-{different.other} are different, so these join nothing: {pairs or 'a chain'}",
        )


def _contradictions_json(home: Home) -> list[dict[str, object]]:
    return [
        {
            "different": [f"F-{different.one}", f"F-{different.other}"],
            "same": [[f"F-{one.one}", f"F-{one.other}"] for one in sames],
        }
        for different, sames in SamePlace(home.casebook).contradictions()
    ]


def decided(decision: FacilityDecision) -> str:
    """A decision in one line."""
    by = (
        f"by rule: equal {decision.rule}" if decision.is_by_rule else f"by a person: {plain_line(decision.because)}"
    )
    return f"F-{decision.one} F-{decision.other} {decision.answer}, {decision.day.isoformat()}, {by}"


def decision_json(decision: FacilityDecision) -> dict[str, object]:
    """A decision for programs; a reason is untrusted text."""
    return {
        "facilities": [f"F-{decision.one}", f"F-{decision.other}"],
        "answer": str(decision.answer),
        "by": "rule" if decision.is_by_rule else "person",
        "rule": decision.rule,
        "because": decision.because,
        "day": decision.day.isoformat(),
    }


def facility_line(stored: StoredFacility) -> str:
    """A facility in one line, harmless."""
    facility = stored.listed.facility
    words = " · ".join(one for one in (facility.name, facility.address, facility.country) if one)
    return f"{stored.name}  L-{stored.facility_list}  {plain_line(words, limit_letters=_LETTERS)}"


SAME_COMMANDS = (questions, decide_command, undo_command)
