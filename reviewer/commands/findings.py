"""``findings``: what was read in the texts of tips, and what staff say about it."""

import json
from collections.abc import Sequence

import click

from reviewer.casebook.findings import FindingState
from reviewer.casebook.identifier_keys import IdentifierMark
from reviewer.commands.at_home import JSON, ListingGroup, at_home
from reviewer.home.home import Home
from reviewer.linking.also_in import AlsoIn, also_in, look_up, new_to_see
from reviewer.linking.finding_work import (
    all_like_it,
    choose_reading,
    dismiss,
    dismiss_all_like,
    keep,
    keep_all_like,
    make_new,
)
from reviewer.linking.identifier_marks import identifiers_in, set_mark, stopped_place
from reviewer.linking.mask_removal import add_with_reason
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.shown_findings import shown_findings
from reviewer.linking.tip_reading import KINDS, home_regions, read_again, read_new_tips, set_home_regions
from reviewer.linking.unmasking import shown_with_reason
from reviewer.reading.place_readings import reading_said
from reviewer.terminal.console import notice, output
from system.clock import today
from system.errors import ProgramError

_MOST_LISTED = 500
_NUMBER = click.IntRange(min=1, max=1 << 40)
_KIND = click.Choice(KINDS)
_NUMBERS = click.argument("numbers", metavar="[N…]", nargs=-1, type=_NUMBER)
_ALL_LIKE = click.option(
    "--all-like", type=_NUMBER, metavar="N", help="All new findings with the reading or name of N."
)

_BECAUSE = click.option(
    "--because", default="", metavar="REASON", help="Needed where masked words would show: whose they are."
)


@click.group(cls=ListingGroup, short_help="List, keep and dismiss what was read in tips.")
def command() -> None:
    """Findings: numbers, addresses and accounts that stand in tips. `findings HOME` lists them.

    A finding is only a stretch of a text until a person keeps it.
    """


@command.command("list", epilog="Example: tipline-review findings list ~/review 3f9a1c02 --new")
@at_home
@click.argument("submission_id", metavar="[TIP]", required=False)
@click.option("--kind", type=_KIND, help="Only findings of this kind.")
@click.option("--new", "only_new", is_flag=True, help="Only findings that no person has kept or dismissed.")
@click.option("--again", is_flag=True, help="Read all tips again first, after an update of this program.")
@JSON
def list_findings(
    home: Home, submission_id: str | None, kind: str | None, only_new: bool, again: bool, as_json: bool
) -> None:
    """List the findings of a tip, or of all tips, the newest tips first.

    A tip that was not read yet is read first. Dismissed findings stay dismissed, also after --again.
    """
    count = read_again(home) if again else read_new_tips(home)
    casebook = home.casebook
    submission = casebook.submissions.find(submission_id) if submission_id else None
    state = str(FindingState.NEW) if only_new else None
    if submission is not None:
        found = [
            one
            for one in casebook.findings.of(submission.number)
            if kind in (None, one.kind) and state in (None, one.state)
        ]
        has_more = casebook.findings.has_more(submission.number)
    else:
        found = casebook.findings.listed(kind=kind, state=state, most=_MOST_LISTED + 1)
        has_more = len(found) > _MOST_LISTED
    masks = Masks(home)
    shown = shown_findings(home, found[:_MOST_LISTED] if submission is None else found, masks)
    places = also_in(home, submission, masks) if submission is not None else []
    summary = new_to_see(home)
    casebook.log.add("findings", submission.short_id if submission else f"{len(shown)} findings", today=today())
    if as_json:
        new = {"findings": summary.findings, "tips": summary.tips, "stood_before": summary.stood_before}
        listed = {"findings": [one.to_json() for one in shown], "more": has_more, "read_now": count}
        output(json.dumps({"new": new} | listed | {"also_in": [one.to_json() for one in places]}, indent=2))
        return
    output(summary.sentence())
    for one in shown:
        output(one.line())
    _tell_places(places, "also in")
    if has_more:
        notice("warning", "there are more findings than are listed")
    if not home_regions(home):
        notice("hint", "numbers without a country code are not read: tipline-review findings regions HOME DE AT")


@command.command("keep", epilog="Example: tipline-review findings keep ~/review 12 13 --to E-4")
@at_home
@_NUMBERS
@click.option("--as", "kind", type=_KIND, help="Keep it as another kind than the program read.")
@click.option("--to", "entity", metavar="E-N", help="Keep all of them as findings of this entity.")
@_ALL_LIKE
@_BECAUSE
def keep_findings(
    home: Home, numbers: Sequence[int], kind: str | None, entity: str | None, all_like: int | None, because: str
) -> None:
    """Keep findings, each as an entity of its own, or all of them for one entity.

    Only this makes an entity. An equal number in two tips is a fact about two texts: keep both for one entity with
    --to or --all-like, if you mean that.
    """
    _require_some(numbers, all_like)
    kept = []
    if all_like is not None:
        if entity is not None or numbers:
            raise click.UsageError("--all-like stands alone, without N and --to")
        with shown_with_reason(
            home, [all_like, *all_like_it(home, all_like)], because, are_alike=True, today=today()
        ):
            kept = [keep_all_like(home, all_like, kind=kind, today=today())]
    else:
        into = entity_number(entity) if entity is not None else None
        with shown_with_reason(home, numbers, because, today=today()):
            kept = keep(home, numbers, kind=kind, entity=into, today=today())
    masks = Masks(home)
    for number in kept:
        count = len(home.casebook.findings.of_entity(number))
        output(f"kept             {masks.name(number)}, {count} finding{'s' if count != 1 else ''}")


@command.command("reading", epilog="Example: tipline-review findings reading ~/review 12 geonames:2643743")
@at_home
@click.argument("number", metavar="N", type=_NUMBER)
@click.argument("reading", metavar="READING")
def choose(home: Home, number: int, reading: str) -> None:
    """Give a kept place or date one of the readings that --json lists; the map draws it then."""
    choose_reading(home, number, reading, today=today())
    output(f"read as          {reading_said(reading)}")


@command.command("dismiss", epilog="Example: tipline-review findings dismiss ~/review 12 13")
@at_home
@_NUMBERS
@_ALL_LIKE
@click.option("--undo", is_flag=True, help="Make findings new again that were kept or dismissed.")
@_BECAUSE
def dismiss_findings(home: Home, numbers: Sequence[int], all_like: int | None, undo: bool, because: str) -> None:
    """Mark findings as dismissed: no reading brings them back.

    An entity goes with its last finding. The last one of a masked person is dismissed after her mask was removed.
    """
    _require_some(numbers, all_like)
    if undo and all_like is not None:
        raise click.UsageError("--undo takes N, without --all-like")
    if undo:
        if because and len(set(numbers)) > 1:
            raise click.UsageError("--because is for one finding at a time")
        with home.casebook.changing():
            for number in numbers:
                make_new(home, number, because=because, today=today())
        output(f"new again        {len(numbers)}")
        return
    count = len(set(numbers))
    dismiss(home, numbers, because=because, today=today())
    if all_like is not None:
        count += dismiss_all_like(home, all_like, because=because, today=today())
    output(f"dismissed        {count}")


@command.command(
    "add", epilog='Example: tipline-review findings add ~/review 3f9a1c02 "the Boston farm" --kind place'
)
@at_home
@click.argument("submission_id", metavar="TIP")
@click.argument("words", metavar="WORDS")
@click.option("--kind", required=True, type=_KIND, help="The kind of the finding.")
@_BECAUSE
def add(home: Home, submission_id: str, words: str, kind: str, because: str) -> None:
    """Add a finding by hand and keep it. WORDS must stand in the tip, letter by letter."""
    submission = home.casebook.submissions.find(submission_id)
    read_new_tips(home)
    number = add_with_reason(home, submission, kind, words, because, today=today())
    entity = home.casebook.findings.find(number).entity
    output(f"added            finding {number}, kept as E-{entity}")


@command.command("lookup", epilog="Example: tipline-review findings lookup ~/review '+44 7700 900123'")
@at_home
@click.argument("words", metavar="WORDS")
@JSON
def lookup(home: Home, words: str, as_json: bool) -> None:
    """Find the tips in which a number, address or account stands.

    The log notes the search, without the number.
    """
    read_new_tips(home)
    found = look_up(home, identifiers_in(home, words), today=today())
    if as_json:
        output(json.dumps({"found": [one.to_json() for one in found]}, indent=2))
        return
    _tell_places(found, "stands in")
    if not found:
        output("it stands in no tip here")


@command.command("mark", epilog="Example: tipline-review findings mark ~/review stopped '+44 7700 900123'")
@at_home
@click.argument("mark", type=click.Choice([str(one) for one in IdentifierMark]))
@click.argument("words", metavar="WORDS")
@click.option("--place", is_flag=True, help="WORDS are the name of a place of our own, such as a shelter.")
@click.option("--undo", is_flag=True, help="Take the mark away.")
def mark_identifier(home: Home, mark: str, words: str, place: bool, undo: bool) -> None:
    """Mark a number, address or account as common, or stop it.

    A common one says nothing about a tip and is shown last. A stopped one is never a finding: our own numbers,
    shelters and hotlines belong there.
    """
    if place and mark != IdentifierMark.STOPPED:
        raise click.UsageError("--place is for the mark stopped")
    marked = [stopped_place(words)] if place else identifiers_in(home, words, with_places=True)
    set_mark(home, marked, IdentifierMark(mark), is_set=not undo, today=today())
    output("no longer marked" if undo else f"marked           {mark}")


@command.command("regions", epilog="Example: tipline-review findings regions ~/review DE AT")
@at_home
@click.argument("regions", metavar="[CC…]", nargs=-1)
def regions(home: Home, regions: Sequence[str]) -> None:
    """Show or set the home regions, the likeliest first, at most five. All tips are read again then.

    A number without a country code is read in each of them. Without a region it is no finding.
    """
    if regions:
        set_home_regions(home, regions, today=today())
        read_new_tips(home)
    output(f"home regions     {' '.join(home_regions(home)) or 'none'}")


def _require_some(numbers: Sequence[int], all_like: int | None) -> None:
    if not numbers and all_like is None:
        raise ProgramError("no finding was named", hint="tipline-review findings list HOME shows their numbers")


def _tell_places(places: Sequence[AlsoIn], title: str) -> None:
    for one in places:
        entity = f" ({one.entity})" if one.entity and one.key is not None else ""
        output(f"{title:<16} {one.sentence()}{entity}")
        if one.others and not one.is_many:
            output(f"                 {', '.join(one.others)}")
