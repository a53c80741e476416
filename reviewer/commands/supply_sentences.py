"""``supply``: sentences from tips that may be told, and refusals on which a person decides."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.commands.supply_reports import sent_json, tell_left
from reviewer.diligence import releasing
from reviewer.diligence.readers import OUTSIDE, TOLD
from reviewer.facilities.places import confirmed_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today

_FACILITY = click.argument("facility", metavar="F-N")
_INDICATOR = click.argument("indicator", type=click.Choice(sorted(TOLD)), metavar="INDICATOR")
_FOR = click.option("--for", "reader", type=click.Choice(OUTSIDE), required=True, help="The kind of reader.")
_BECAUSE = click.option("--because", default="", metavar="REASON", help="Why; it stays in this casebook.")


@click.command("told", epilog="Example: tipline-review supply told ~/review F-12 --for company")
@at_home
@_FACILITY
@_FOR
@JSON
def told(home: Home, facility: str, reader: str, as_json: bool) -> None:
    """List the sentences from tips that a reader could be told, and what is lacking for each."""
    found = find_facility(home.casebook, facility)
    shown = releasing.tellable(home.casebook, confirmed_place(home.casebook, found.number), reader)
    home.casebook.log.add("sentences shown", f"{found.name} {reader}", today=today())
    if as_json:
        rows = [_sentence_json(one) for one in shown]
        output(json.dumps({"facility": found.name, "for": reader, "sentences": rows}, indent=2))
        return
    for one in shown:
        output(f"{one.indicator:<24} {'told' if one.is_told else 'not told: ' + '; '.join(one.why_not)}")


@click.command(
    "tell",
    epilog="Example: tipline-review supply tell ~/review F-12 debt_bondage --for company --because 'asked all'",
)
@at_home
@_FACILITY
@_INDICATOR
@_FOR
@_BECAUSE
@JSON
def tell(home: Home, facility: str, indicator: str, reader: str, because: str, as_json: bool) -> None:
    """Accept that one sentence from tips is told to one kind of reader.

    At least three independent sources must have said yes in `voice`, and none of those asked may lack a yes. At
    least 50 workers must be known there. Each report asks again.
    """
    one = releasing.release_sentence(home, facility, indicator, reader, because=because, today=today())
    if as_json:
        output(json.dumps({"facility": facility.upper(), "for": reader} | _sentence_json(one), indent=2))
        return
    output(f"released         {one.sentence}")


@click.command(
    "untell",
    epilog="Example: tipline-review supply untell ~/review F-12 debt_bondage --for company --because 'asked to'",
)
@at_home
@_FACILITY
@_INDICATOR
@_FOR
@_BECAUSE
@JSON
def untell(home: Home, facility: str, indicator: str, reader: str, because: str, as_json: bool) -> None:
    """Withdraw the release of a sentence, and name the reports that left with it."""
    left = releasing.withdraw_sentence(home, facility, indicator, reader, because=because, today=today())
    if as_json:
        told = {"facility": facility.upper(), "for": reader, "indicator": indicator}
        output(json.dumps(told | {"left_with_it": [sent_json(one) for one in left]}, indent=2))
        return
    output(f"withdrawn        {indicator} for {reader}")
    tell_left(left)


@click.command(
    "settle",
    epilog="Example: tipline-review supply settle ~/review F-12 --for company --because 'it is about another gate'",
)
@at_home
@_FACILITY
@_FOR
@_BECAUSE
@JSON
def settle(home: Home, facility: str, reader: str, because: str, as_json: bool) -> None:
    """End a refusal that was undone: its source wrote about another place.

    Or its tip is accepted here again, and its own answer counts. Staff undid its acceptance, or an answer about two
    facilities. Until you decide, no sentence from tips is told to this reader. After it each sentence needs a new
    `supply tell`.
    """
    found = releasing.settle_refusal(home, facility, reader, because=because, today=today())
    if as_json:
        output(json.dumps({"facility": found, "for": reader, "because": because.strip()}, indent=2))
        return
    output(f"decided          {found}, for {reader}; each sentence needs a new release: supply tell")


SENTENCE_COMMANDS = (told, tell, untell, settle)


def _sentence_json(one: releasing.Tellable) -> dict[str, object]:
    told = {"indicator": one.indicator, "sentence": one.sentence}
    return told | {"told": one.is_told, "lacks": list(one.why_not)}
