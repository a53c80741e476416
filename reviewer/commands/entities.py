"""``entities``: what staff kept, by person, number or account."""

import json
from collections.abc import Sequence

import click

from reviewer.casebook.entities import SaidRole
from reviewer.commands.at_home import JSON, ListingGroup, at_home
from reviewer.home.home import Home
from reviewer.linking.entity_work import add_role, close_entity, name_entity, open_entity, remove_role
from reviewer.linking.link_decisions import decision_json, decision_line
from reviewer.linking.mask_removal import lasting_masks, remove_mask
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.shown_findings import ShownEntity, shown_entity
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_MOST_LISTED = 1000
_ENTITY = click.argument("name", metavar="E-N")


@click.group(cls=ListingGroup, short_help="Persons, numbers and accounts that staff kept.")
def command() -> None:
    """Entities: what a person kept from findings. `entities HOME` lists them.

    An entity that a tip calls harmed shows as P-N, without words, until you open it with a reason.
    """


@command.command("list", epilog="Example: tipline-review entities list ~/review Nadja")
@at_home
@click.argument("words", nargs=-1, metavar="[WORDS…]")
@JSON
def list_entities(home: Home, words: Sequence[str], as_json: bool) -> None:
    """List the entities, the newest first; with WORDS, those that have all of them."""
    masks = Masks(home)
    all_of_them = [shown_entity(home, one, masks) for one in home.casebook.entities.all(most=_MOST_LISTED)]
    shown = [one for one in all_of_them if not words or _has(one, words)]
    home.casebook.log.add("entities looked up" if words else "entities", f"{len(shown)} entities", today=today())
    if as_json:
        output(json.dumps({"entities": [one.to_json() for one in shown]}, indent=2))
        return
    for one in shown:
        output(one.line())
    if not shown:
        output("no entity: findings keep makes one")


@command.command("show", epilog="Example: tipline-review entities show ~/review E-12")
@at_home
@_ENTITY
@JSON
def show(home: Home, name: str, as_json: bool) -> None:
    """Show an entity: its findings, the roles that tips give it, relations and decisions."""
    masks = Masks(home)
    entity = home.casebook.entities.find(entity_number(name))
    home.casebook.log.add("entity show", f"E-{entity.number}", today=today())
    _tell(home, shown_entity(home, entity, masks), masks, as_json=as_json)


@command.command(
    "open", epilog="Example: tipline-review entities open ~/review P-12 --because 'call of the police'"
)
@at_home
@_ENTITY
@click.option("--because", required=True, metavar="REASON", help="Why; it is kept with the entity.")
@JSON
def open_command(home: Home, name: str, because: str, as_json: bool) -> None:
    """Show a protected or closed entity once, with a reason. The log notes it."""
    entity = open_entity(home, entity_number(name), because, today=today())
    masks = Masks(home)
    _tell(home, shown_entity(home, entity, masks, is_opened=True), masks, as_json=as_json)


@command.command("close", epilog="Example: tipline-review entities close ~/review E-12")
@at_home
@_ENTITY
@click.option("--undo", is_flag=True, help="Take the mark away.")
def close(home: Home, name: str, undo: bool) -> None:
    """Mark an entity as closed: a reason is needed to see its name, tips and relations."""
    close_entity(home, entity_number(name), is_closed=not undo, today=today())
    output("no longer closed" if undo else "closed")


@command.command("name", epilog="Example: tipline-review entities name ~/review E-12 'the driver'")
@at_home
@_ENTITY
@click.argument("shown_as", metavar="NAME")
def name(home: Home, name: str, shown_as: str) -> None:
    """Name an entity. An empty NAME shows the words of its first finding again."""
    name_entity(home, entity_number(name), shown_as, today=today())
    output("named")


@command.command("role", epilog="Example: tipline-review entities role ~/review E-12 3f9a1c02 helps")
@at_home
@_ENTITY
@click.argument("submission_id", metavar="TIP")
@click.argument("role", type=click.Choice([str(one) for one in SaidRole]))
@click.option(
    "--because",
    default="",
    metavar="REASON",
    help="Needed if a harmed person is said to do harm, and with --undo of harmed.",
)
@click.option("--undo", is_flag=True, help="Take the role back.")
def role(home: Home, name: str, submission_id: str, role: str, because: str, undo: bool) -> None:
    """Add what a TIP says: this person was harmed, does harm, helps, or saw it.

    A role is what one tip says, and no trait of a person. A person that any tip calls harmed is protected.
    """
    number, submission = entity_number(name), home.casebook.submissions.find(submission_id)
    if undo:
        remove_role(home, number, submission, SaidRole(role), because=because, today=today())
        output("taken back")
        return
    add_role(home, number, submission, SaidRole(role), because=because, today=today())
    output(f"noted            tip {submission.short_id} says so of {Masks(home).name(number)}")


@command.command("masks", epilog="Example: tipline-review entities masks ~/review")
@at_home
@JSON
def masks_command(home: Home, as_json: bool) -> None:
    """List the masks that stay until you remove them.

    The tip that called a person harmed is gone, or a finding of that person was dismissed without a reason.
    """
    found = lasting_masks(home)
    home.casebook.log.add("masks shown", f"{len(found)} masks", today=today())
    if as_json:
        output(json.dumps({"masks": [one.to_json() for one in found]}, indent=2))
        return
    for one in found:
        output(one.line())
    if not found:
        output("no such mask")


@command.command(
    "unmask", epilog="Example: tipline-review entities unmask ~/review P-12 --because 'she asked us to name her'"
)
@at_home
@_ENTITY
@click.option("--because", required=True, metavar="REASON", help="Why; it is kept with your name.")
def unmask(home: Home, name: str, because: str) -> None:
    """Remove a mask that `entities masks` lists.

    While a tip still says so, the entity stays masked: take the role back there.
    """
    number = entity_number(name)
    is_shown = remove_mask(home, number, because, today=today())
    output(f"removed          E-{number} is {'shown' if is_shown else 'masked still: a tip or a relation says so'}")


def _has(one: ShownEntity, words: Sequence[str]) -> bool:
    if one.is_hidden:
        return one.name.casefold() in {word.casefold() for word in words}
    texts = [one.title, one.name]
    texts += [text for each in one.findings if each.passage for text in (each.passage.words, *each.readings)]
    return all(any(word.casefold() in text.casefold() for text in texts) for word in words)


def _tell(home: Home, shown: ShownEntity, masks: Masks, *, as_json: bool) -> None:
    found = [] if shown.is_hidden else home.casebook.decisions.of(shown.entity.number)
    decisions = [one for one in found if masks.are_here(one.one, one.other)]
    if as_json:
        listed = {
            "decisions": [decision_json(one, masks) for one in decisions],
            "mask_removals": [
                {"day": one.day.isoformat(), "reviewer": one.reviewer, "because": one.because}
                for one in shown.removals
            ],
        }
        output(json.dumps(shown.to_json(with_findings=True) | listed, indent=2))
        return
    output(shown.line())
    for one in shown.findings:
        output(one.line())
    for claim, _tip, sentence in shown.role_sentences():
        output(f"  {sentence}{': ' + plain_line(shown.reason_of(claim)) if claim.because else ''}")
    for relation, sentence in shown.sentences():
        output(f"  {sentence}, by finding {relation.finding}")
    for decision in decisions:
        output(f"  {decision_line(decision, masks)}")
    for removal in shown.removals:
        output(f"  reason to end the mask, {removal.day}, {removal.reviewer}: {plain_line(removal.because)}")
    if shown.is_hidden:
        notice("hint", f"tipline-review entities open HOME {shown.name} --because REASON shows it once")
