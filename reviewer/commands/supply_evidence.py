"""``supply``: tips, findings, documents and goods of a facility."""

import datetime as dt
import json
from collections.abc import Mapping

import click

from reviewer.casebook.facility_evidence import FacilityFinding
from reviewer.commands.at_home import JSON, at_home
from reviewer.commands.supply_flags import FACILITY, LETTERS
from reviewer.commands.supply_reports import sent_json, tell_left
from reviewer.diligence.sending import reports_with_finding
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
from reviewer.facilities.same_place import facility_json, find_facility
from reviewer.facilities.suggesting import proposed_places
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

_BECAUSE = click.option("--because", default="", metavar="REASON", help="Why; it is kept with the act.")


@click.command(
    "link", epilog="Example: tipline-review supply link ~/review 3f9a1c02 F-12 --because 'names the gate'"
)
@at_home
@click.argument("tip")
@FACILITY
@_BECAUSE
@JSON
def link(home: Home, tip: str, facility: str, because: str, as_json: bool) -> None:
    """Accept TIP for a facility: from now on the ticks of its source count there.

    Reading a tip is not accepting it. `supply unlink` undoes it.
    """
    accepted = accept_tip(home, tip, facility, because=because, today=today())
    if as_json:
        told = {"tip": home.casebook.submissions.find(tip).short_id, "indicators": list(accepted.indicators)}
        _tell_json(home, facility, told)
        return
    output(f"accepted         {tip} for {facility.upper()}")
    output(f"indicators       {', '.join(accepted.indicators) or 'none was ticked'}")
    _tell_level(home, facility)


@click.command("unlink", epilog="Example: tipline-review supply unlink ~/review 3f9a1c02 F-12")
@at_home
@click.argument("tip")
@FACILITY
@JSON
def unlink(home: Home, tip: str, facility: str, as_json: bool) -> None:
    """Undo that TIP was accepted for a facility. A no of its source stays until `supply settle`."""
    kept = sorted(undo_acceptance(home, tip, facility, today=today()))
    if as_json:
        told = {"tip": home.casebook.submissions.find(tip).short_id, "to_decide_for": kept}
        _tell_json(home, facility, told)
        return
    output(f"undone           {tip} for {facility.upper()}")
    for reader in kept:
        output(f"held back        for {reader}, until supply settle: its source had not said yes")
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
        output(f"{one.facility.name:<8} {one.score:.2f}  {plain_line(words, limit_letters=LETTERS)}")
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
@JSON
def finding(
    home: Home,
    facility: str,
    kind: str,
    points: int,
    day: dt.datetime,
    indicator: str,
    source: str,
    text: str,
    as_json: bool,
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
    if as_json:
        _tell_json(home, facility, _finding_json(kept))
        return
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
@JSON
def document_command(
    home: Home,
    facility: str,
    document: str,
    until: dt.datetime | None,
    missing: bool,
    source: str,
    as_json: bool,
) -> None:
    """Mark the document NAME of a facility as there, or as missing. An expired one is a flag."""
    if missing == (until is not None):
        raise ProgramError("a document must be --missing, or have a last day: --until DAY")
    valid_until = until.date() if until else None
    kept = add_document(home, facility, document=document, source=source, valid_until=valid_until, today=today())
    if as_json:
        _tell_json(home, facility, _finding_json(kept))
        return
    output(f"document         {kept.name}")
    _tell_level(home, facility)


@click.command(
    "withdraw", epilog="Example: tipline-review supply withdraw ~/review S-3 --because 'another factory'"
)
@at_home
@click.argument("name", metavar="S-N")
@_BECAUSE
@JSON
def withdraw_command(home: Home, name: str, because: str, as_json: bool) -> None:
    """Withdraw a finding or a document, and name the reports that left with it.

    It stays readable, and its points go.
    """
    gone = withdraw(home, name, because=because, today=today())
    left = reports_with_finding(home.casebook, gone.name)
    if as_json:
        told = _finding_json(gone) | {"left_with_it": [sent_json(one) for one in left]}
        _tell_json(home, f"F-{gone.facility}", told)
        return
    output(f"withdrawn        {gone.name}")
    tell_left(left)
    _tell_level(home, f"F-{gone.facility}")


@click.command("good", epilog="Example: tipline-review supply good ~/review F-12 Garments --because 'seen there'")
@at_home
@FACILITY
@click.argument("good")
@_BECAUSE
@click.option("--undo", is_flag=True, help="Take back what staff said.")
@JSON
def good_command(home: Home, facility: str, good: str, because: str, undo: bool, as_json: bool) -> None:
    """Add GOOD to what a facility makes, grows or digs, in the words of the US list of goods."""
    if undo:
        take_back_good(home, facility, good, today=today())
    else:
        say_good(home, facility, good, because=because, today=today())
    if as_json:
        _tell_json(home, facility, {"good": good, "because": because or None})
        return
    _tell_level(home, facility)


EVIDENCE_COMMANDS = (link, unlink, suggest, finding, document_command, withdraw_command, good_command)


def _tell_level(home: Home, facility: str) -> None:
    weighed = flags_of(home.casebook, find_facility(home.casebook, facility).number, today=today())
    output(f"level            {weighed.level}, {weighed.points} points")


def _tell_json(home: Home, facility: str, told: Mapping[str, object]) -> None:
    found = find_facility(home.casebook, facility)
    weighed = flags_of(home.casebook, found.number, today=today())
    level: dict[str, object] = {"facility": found.name, "level": str(weighed.level), "points": weighed.points}
    output(json.dumps(dict(told) | level, indent=2))


def _finding_json(one: FacilityFinding) -> dict[str, object]:
    return {
        "finding": one.name,
        "kind": one.kind,
        "indicator": one.indicator,
        "sentence": one.sentence,
        "source": one.source,
        "day": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "withdrawn": one.withdrawn_day.isoformat() if one.withdrawn_day else None,
    }
