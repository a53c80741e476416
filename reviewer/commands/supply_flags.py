"""``supply``: the flags of facilities with their sources, places by level, and finding a facility."""

import json

import click

from reviewer.casebook.casebook import Casebook
from reviewer.commands.at_home import JSON, at_home
from reviewer.facilities.facility_flags import flags_of
from reviewer.facilities.level_list import LevelList, ListedPlace, find_places
from reviewer.facilities.same_place import facility_json, find_facility
from reviewer.home.home import Home
from reviewer.supply.flags import Flag, Level, WeighedFlags
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

LETTERS = 100
FACILITY = click.argument("facility", metavar="F-N")


@click.command("why", epilog="Example: tipline-review supply why ~/review F-12")
@at_home
@FACILITY
@JSON
def why(home: Home, facility: str, as_json: bool) -> None:
    """Print every flag of a facility with its points and its source, and the sum."""
    place = find_facility(home.casebook, facility)
    weighed = flags_of(home.casebook, place.number, today=today())
    home.casebook.log.add("facility flags", place.name, today=today())
    if as_json:
        output(json.dumps({"facility": place.name} | flags_json(home.casebook, weighed), indent=2))
        return
    for flag in weighed.flags:
        output(f"{flag.points:>4}  {plain_line(flag.sentence)}")
        output(f"      {plain_line(flag.source)}; {flag.day.isoformat()}; F-{flag.facility}; {flag.indicator}")
        if flag.warning:
            notice("warning", plain_line(flag.warning))
    output(f"{weighed.points:>4}  sum; level: {weighed.level}")
    if not weighed.flags:
        notice("note", "nothing is known here; that does not mean that all is well")


@click.command("flags", epilog="Example: tipline-review supply flags ~/review --level serious")
@at_home
@click.option("--level", type=click.Choice([str(one) for one in Level]), help="Only this level.")
@click.option("--page", type=click.IntRange(1, 100_000), default=1, help="The page, from 1.")
@JSON
def flags(home: Home, level: str | None, page: int, as_json: bool) -> None:
    """List places by level, the highest first."""
    listed, has_more = LevelList(home.casebook, today=today()).page(page, level=Level(level) if level else None)
    home.casebook.log.add("facility levels", f"{len(listed)} places", today=today())
    if as_json:
        told = [
            facility_json(one.facility) | {"level": str(one.weighed.level), "points": one.weighed.points}
            for one in listed
        ]
        output(json.dumps({"places": told, "more": has_more}, indent=2))
        return
    for one in listed:
        output(_listed_line(one))
        if one.weighed.flags:
            output(f"    {plain_line(one.weighed.flags[0].sentence)}")
    if not listed:
        output("no place has a flag")
    if has_more:
        notice("hint", f"there are more: --page {page + 1}")


@click.command("find", epilog="Example: tipline-review supply find ~/review 'quillon garments'")
@at_home
@click.argument("words")
@JSON
def find(home: Home, words: str, as_json: bool) -> None:
    """Find facilities by WORDS of a name, an identifier, or a number as F-12."""
    found = find_places(home.casebook, words)
    home.casebook.log.add("facilities searched", f"{len(found)} found", today=today())
    if as_json:
        output(json.dumps({"facilities": [facility_json(one) for one in found]}, indent=2))
        return
    for one in found:
        facility = one.listed.facility
        words = " · ".join(part for part in (facility.name, facility.address, facility.country) if part)
        output(f"{one.name:<8} L-{one.facility_list}  {plain_line(words, limit_letters=LETTERS)}")
    if not found:
        output("no facility was found")


def flags_json(casebook: Casebook, weighed: WeighedFlags) -> dict[str, object]:
    """Flags for programs; sentences of staff and names of lists are untrusted text."""
    return {
        "level": str(weighed.level),
        "points": weighed.points,
        "flags": [_flag_json(casebook, flag) for flag in weighed.flags],
    }


def _flag_json(casebook: Casebook, flag: Flag) -> dict[str, object]:
    return {
        "rule": str(flag.rule),
        "sentence": flag.sentence,
        "points": flag.points,
        "source": flag.source,
        "day": flag.day.isoformat(),
        "indicator": flag.indicator,
        "facility": f"F-{flag.facility}",
        "derives_from_tip": flag.derives_from_tip,
        "tips": sorted(casebook.submissions.short_ids(flag.tips).values()),
        "warning": flag.warning or None,
    }


def _listed_line(one: ListedPlace) -> str:
    facility = one.facility.listed.facility
    words = " · ".join(part for part in (facility.name, facility.address, facility.country) if part)
    level, points = one.weighed.level, one.weighed.points
    return f"{one.facility.name:<8} {level:<14} {points:>4}  {plain_line(words, limit_letters=LETTERS)}"


COMMANDS = (why, flags, find)
