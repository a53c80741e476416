"""``supply``: tips, findings, documents and goods of a facility, and the flags that follow."""

import datetime as dt
import json

import click

from reviewer.casebook.casebook import Casebook
from reviewer.commands.at_home import JSON, at_home
from reviewer.facilities.accepting import accept_tip, undo_acceptance
from reviewer.facilities.evidence_work import (
    FINDING_KINDS,
    add_document,
    add_finding,
    say_good,
    take_back_good,
    withdraw,
)
from reviewer.facilities.facility_flags import flags_of
from reviewer.facilities.level_list import LevelList, ListedPlace, find_places
from reviewer.facilities.same_place import facility_json, find_facility
from reviewer.facilities.suggesting import proposed_places
from reviewer.home.home import Home
from reviewer.supply.flags import Flag, Level, WeighedFlags
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

_LETTERS = 100
BECAUSE = click.option("--because", default="", metavar="REASON", help="Why; it is kept with the act.")
FACILITY = click.argument("facility", metavar="F-N")


@click.command(
    "link", epilog="Example: tipline-review supply link ~/review 3f9a1c02 F-12 --because 'names the gate'"
)
@at_home
@click.argument("tip")
@FACILITY
@BECAUSE
def link(home: Home, tip: str, facility: str, because: str) -> None:
    """Accept TIP for a facility: from now on the ticks of its source count there.

    Reading a tip is not accepting it. `supply unlink` undoes it.
    """
    accepted = accept_tip(home, tip, facility, because=because, today=today())
    output(f"accepted         {tip} for {facility.upper()}")
    output(f"indicators       {', '.join(accepted.indicators) or 'none was ticked'}")
    _tell_level(home, facility)


@click.command("unlink", epilog="Example: tipline-review supply unlink ~/review 3f9a1c02 F-12")
@at_home
@click.argument("tip")
@FACILITY
def unlink(home: Home, tip: str, facility: str) -> None:
    """Undo that TIP was accepted for a facility."""
    undo_acceptance(home, tip, facility, today=today())
    output(f"undone           {tip} for {facility.upper()}")
    _tell_level(home, facility)


@click.command("suggest", epilog="Example: tipline-review supply suggest ~/review 3f9a1c02")
@at_home
@click.argument("tip")
@JSON
def suggest(home: Home, tip: str, as_json: bool) -> None:
    """Propose facilities for TIP, by the names that its source gave. Nothing is linked."""
    submission = home.casebook.submissions.find(tip)
    found = proposed_places(home.casebook, submission)
    home.casebook.log.add("facilities proposed", submission.short_id, today=today())
    if as_json:
        told = [facility_json(one.facility) | {"score": one.score, "reasons": list(one.reasons)} for one in found]
        output(json.dumps({"tip": submission.short_id, "proposed": told}, indent=2))
        return
    for one in found:
        facility = one.facility.listed.facility
        words = " · ".join(part for part in (facility.name, facility.address, facility.country) if part)
        output(f"{one.facility.name:<8} {one.score:.2f}  {plain_line(words, limit_letters=_LETTERS)}")
    if not found:
        output("no facility has a name like those of this tip")


@click.command(
    "finding",
    epilog="Example: tipline-review supply finding ~/review F-12 --kind visit --points 8 --day 2026-11-02"
    " --indicator retention_documents --source 'our visit' --text 'The passports lay in the office safe.'",
)
@at_home
@FACILITY
@click.option("--kind", type=click.Choice(FINDING_KINDS), required=True, help="The kind of finding.")
@click.option("--points", type=click.IntRange(1, 20), required=True, help="The weight of the finding.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day of the finding.")
@click.option("--indicator", default="", metavar="ID", help="An indicator of the ILO.")
@click.option("--source", default="", metavar="WORDS", help="The finder, and the paper.")
@click.option("--text", default="", metavar="SENTENCE", help="The finding in one sentence; no word of a tip.")
def finding(
    home: Home, facility: str, kind: str, points: int, day: dt.datetime, indicator: str, source: str, text: str
) -> None:
    """Keep a finding about a facility: a visit, an audit or a judgement."""
    kept = add_finding(
        *(home, facility),
        kind=kind,
        points=points,
        sentence=text,
        source=source,
        day=day.date(),
        indicator=indicator,
        today=today(),
    )
    output(f"finding          {kept.name}")
    _tell_level(home, facility)


@click.command(
    "document",
    epilog="Example: tipline-review supply document ~/review F-12 'Fire certificate' --until 2027-03-31"
    " --source 'sent by the company'",
)
@at_home
@FACILITY
@click.argument("document", metavar="NAME")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it is valid.")
@click.option("--missing", is_flag=True, help="Missing, although it was asked for.")
@click.option("--source", default="", metavar="WORDS", help="The giver, or the one who was asked.")
def document_command(
    home: Home, facility: str, document: str, until: dt.datetime | None, missing: bool, source: str
) -> None:
    """Mark the document NAME of a facility as there, or as missing. An expired one is a flag."""
    if missing == (until is not None):
        raise ProgramError("a document must be --missing, or have a last day: --until DAY")
    valid_until = until.date() if until else None
    kept = add_document(home, facility, document=document, source=source, valid_until=valid_until, today=today())
    output(f"document         {kept.name}")
    _tell_level(home, facility)


@click.command(
    "withdraw", epilog="Example: tipline-review supply withdraw ~/review S-3 --because 'another factory'"
)
@at_home
@click.argument("name", metavar="S-N")
@BECAUSE
def withdraw_command(home: Home, name: str, because: str) -> None:
    """Withdraw a finding or a document. It stays readable, and its points go."""
    gone = withdraw(home, name, because=because, today=today())
    output(f"withdrawn        {gone.name}")
    _tell_level(home, f"F-{gone.facility}")


@click.command("good", epilog="Example: tipline-review supply good ~/review F-12 Garments --because 'seen there'")
@at_home
@FACILITY
@click.argument("good")
@BECAUSE
@click.option("--undo", is_flag=True, help="Take back what staff said.")
def good_command(home: Home, facility: str, good: str, because: str, undo: bool) -> None:
    """Add GOOD to what a facility makes, grows or digs, in the words of the US list of goods."""
    if undo:
        take_back_good(home, facility, good, today=today())
    else:
        say_good(home, facility, good, because=because, today=today())
    _tell_level(home, facility)


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
        output(f"{one.name:<8} L-{one.facility_list}  {plain_line(words, limit_letters=_LETTERS)}")
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
    return f"{one.facility.name:<8} {level:<14} {points:>4}  {plain_line(words, limit_letters=_LETTERS)}"


def _tell_level(home: Home, facility: str) -> None:
    weighed = flags_of(home.casebook, find_facility(home.casebook, facility).number, today=today())
    output(f"level            {weighed.level}, {weighed.points} points")


COMMANDS = (link, unlink, suggest, finding, document_command, withdraw_command, good_command, why, flags, find)
