"""``consents``: consents to be named to a receiver, reasons in place of one, and withdrawals."""

import json

import click

from reviewer.cases.marking import parse_day
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.linking.consent_work import (
    note_consent,
    note_reason,
    referral_line,
    shown_consents,
    withdraw_consent,
)
from reviewer.linking.masking import entity_number
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_ENTITY = click.argument("name", metavar="E-N")


@click.group(short_help="Note and withdraw consents to be named to a receiver.")
def command() -> None:
    """Consents of persons to be named to another organisation.

    They stay in the casebook, and never leave it.
    """


@command.command(
    epilog="Example: tipline-review consents add ~/review E-12 --by 'herself' --for 'Shelter North' --what 'a bed'"
)
@at_home
@_ENTITY
@click.option("--for", "receiver", metavar="RECEIVER", required=True, help="Receiver, named as in refer.")
@click.option("--by", "said_by", metavar="WHO", help="Person who consented, or speaks for this person.")
@click.option("--what", "purpose", metavar="PURPOSE", help="Purpose, in the words of the person.")
@click.option("--day", metavar="DAY", help="Day of the consent.  [default: today]")
@click.option("--because", metavar="REASON", help="In place of a consent: a reason to refer without one.")
def add(
    home: Home,
    name: str,
    receiver: str,
    said_by: str | None,
    purpose: str | None,
    day: str | None,
    because: str | None,
) -> None:
    """Add a consent, or a reason in place of one. It counts for this receiver only."""
    number = entity_number(name)
    if because is not None:
        if said_by is not None or purpose is not None or day is not None:
            raise click.UsageError("give --because, or --by and --what: it is a consent or a reason")
        note_reason(home, number, receiver=receiver, because=because, today=today())
        output("the reason is noted")
        return
    if said_by is None or purpose is None:
        raise click.UsageError(
            "a consent needs --by WHO and --what PURPOSE; without a consent give --because REASON"
        )
    note_consent(
        home,
        number,
        said_by=said_by,
        receiver=receiver,
        purpose=purpose,
        day=parse_day(day) if day is not None else None,
        today=today(),
    )
    output("the consent is noted")


@command.command(epilog="Example: tipline-review consents withdraw ~/review E-12 --by herself")
@at_home
@_ENTITY
@click.option(
    "--by", "said_by", metavar="WHO", required=True, help="Person who withdrew, or speaks for this person."
)
@JSON
def withdraw(home: Home, name: str, said_by: str, as_json: bool) -> None:
    """End every consent of a person, and list who received what.

    From now on refer refuses this person.
    """
    received = withdraw_consent(home, entity_number(name), said_by=said_by, today=today())
    if as_json:
        told = [
            {"day": one.day.isoformat(), "receiver": one.receiver, "properties": one.properties.split(", ")}
            for one in received
        ]
        output(json.dumps({"received": told}, indent=2))
        return
    output("withdrawn")
    for one in received:
        output(f"received         {plain_line(referral_line(one))}")
    output("tell each of these receivers" if received else "no one received anything")


@command.command("list", epilog="Example: tipline-review consents list ~/review E-12")
@at_home
@click.argument("name", metavar="[E-N]", required=False)
@JSON
def list_consents(home: Home, name: str | None, as_json: bool) -> None:
    """List consents, reasons and withdrawals, the oldest first."""
    shown = shown_consents(home, entity_number(name) if name is not None else None)
    if as_json:
        rows = [
            {
                "entity": one.entity or None,
                "kind": str(one.consent.kind),
                "by": one.consent.said_by,
                "receiver": one.consent.receiver or None,
                "what": one.consent.purpose or None,
                "day": one.consent.day.isoformat(),
            }
            for one in shown
        ]
        output(json.dumps({"consents": rows}, indent=2))
        return
    for one in shown:
        line = one.consent
        more = f"  for {line.receiver}: {line.purpose}" if line.receiver else ""
        output(
            plain_line(f"{one.entity or '(bin)':<6} {line.day.isoformat()}  {line.kind}  by {line.said_by}{more}")
        )
    if not shown:
        output("no consent is noted yet")
