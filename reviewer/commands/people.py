"""``people``: the people who share one home, each with a passphrase of that person's own."""

import json
from typing import Any

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.errors import HomeError
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_lines
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

_NEW_PASSPHRASE = click.option(
    "--new-passphrase-file",
    metavar="FILE|-",
    help="File with the new passphrase. With -, it is the second line of standard input.",
)


@click.group(short_help="Let several people share this home, each with a passphrase.")
def command() -> None:
    """The people of one home. While it is locked, neither their names nor their number show."""


@command.command(name="list", epilog="Example: tipline-review people list ~/review")
@at_home
@JSON
def list_all(home: Home, as_json: bool) -> None:
    """Name all people of HOME, and the one who unlocked it now."""
    from reviewer.people.acts import list_people

    people: list[dict[str, Any]] = [
        {"name": person.name, "role": person.role.name.lower(), "you": person.name == home.people.name}
        for person in list_people(home)
    ]
    if as_json:
        output(json.dumps(people, indent=2))
        return
    for person in people:
        output(f"{person['role']:<8}  {person['name']}{'  (you)' if person['you'] else ''}")


@command.command(epilog="Example: tipline-review people add ~/review Amal --role reader")
@at_home
@click.argument("name", metavar="NAME")
@click.option(
    "--role",
    type=click.Choice(("reader", "member")),
    required=True,
    help="A reader opens the home; a member only what readers give to that member.",
)
@_NEW_PASSPHRASE
def add(home: Home, name: str, role: str, new_passphrase_file: str | None) -> None:
    """Add NAME to the people of HOME. That person types the new passphrase, unseen by others."""
    from reviewer.people.acts import ROLES, add_person

    add_person(home, name, ROLES[role], _chosen(new_passphrase_file), today=today())
    output(f"{name} can unlock {home.folder} now, as a {role}")


@command.command(epilog="Example: tipline-review people remove ~/review Amal")
@at_home
@click.argument("name", metavar="NAME")
def remove(home: Home, name: str) -> None:
    """Remove NAME, and replace every key of HOME. It takes minutes where the casebook is large.

    Interrupted, it is finished when a reader next unlocks HOME.
    """
    from reviewer.people.acts import AFTER_REMOVAL, remove_person

    remove_person(home, name, today=today())
    output(f"{name} is removed, and every key of {home.folder} is another one")
    notice("warning", AFTER_REMOVAL[0][:1].lower() + AFTER_REMOVAL[0][1:].rstrip("."))
    for line in AFTER_REMOVAL[1:]:
        notice("hint", line[:1].lower() + line[1:].rstrip("."))


@command.command(epilog="Example: tipline-review people give ~/review 7f3a91c2d4e5 Noor")
@at_home
@click.argument("short_id", metavar="ID")
@click.argument("name", metavar="NAME")
def give(home: Home, short_id: str, name: str) -> None:
    """Give a copy of the tip ID to the member NAME, with its conversation, files and notes.

    Give it again to bring it up to date.
    """
    from reviewer.people.giving import LARGEST_FILE_BYTES
    from reviewer.people.giving import give as give_tip

    submission = home.casebook.submissions.find(short_id)
    left_out = give_tip(home, submission, name, today=today())
    output(f"{name} has {submission.short_id} now, as it is today")
    if left_out:
        notice("warning", f"{left_out} files are larger than {LARGEST_FILE_BYTES >> 20} MiB and were not given")


@command.command(name="take-back", epilog="Example: tipline-review people take-back ~/review 7f3a91c2d4e5 Noor")
@at_home
@click.argument("short_id", metavar="ID")
@click.argument("name", metavar="NAME")
def take_back(home: Home, short_id: str, name: str) -> None:
    """Remove the copy of the tip ID from the member NAME. What that person saved or remembers stays."""
    from reviewer.people.giving import take_back as take_tip_back

    submission = home.casebook.submissions.find(short_id)
    take_tip_back(home, submission.short_id, name, today=today())
    output(f"{name} does not have {submission.short_id} any more")


@command.command(epilog="Example: tipline-review people inbox ~/review")
@at_home
@JSON
def inbox(home: Home, as_json: bool) -> None:
    """List what members wrote: notes, and answers that they propose."""
    from reviewer.people.giving import waiting

    items = [
        {"number": one.number, "member": one.person, "kind": one.said.kind, "tip": one.said.short_id}
        | {"text": one.said.text}
        for one in waiting(home)
    ]
    if items:
        home.casebook.log.add("inbox of members", f"{len(items)} items", today=today())
    if as_json:
        output(json.dumps(items, indent=2))
        return
    for item in items:
        output(f"{item['number']:>3}  {item['member']}  {item['kind']}  {item['tip']}")
        for line in plain_lines(str(item["text"])):
            output(f"     {line}")


@command.command(name="take-in", epilog="Example: tipline-review people take-in ~/review 1")
@at_home
@click.argument("number", metavar="NUMBER", type=int)
@click.option("--destroy", is_flag=True, help="Destroy it instead.")
def take_in(home: Home, number: int, destroy: bool) -> None:
    """Keep item NUMBER of the inbox as a note of its tip.

    A proposed answer is marked as one; tipline-review reply sends it.
    """
    from reviewer.people.giving import chosen_item, discard
    from reviewer.people.giving import take_in as keep

    chosen = chosen_item(home, number)
    (discard if destroy else keep)(home, chosen, today=today())
    output(f"item {number} of {chosen.person} is {'destroyed' if destroy else 'a note of its tip'} now")


@command.command(name="name", epilog="Example: tipline-review people name ~/review Amal")
@at_home
@click.argument("name", metavar="NAME")
def rename(home: Home, name: str) -> None:
    """Change your own name to NAME: the log has it from the next line on."""
    from reviewer.people.acts import rename_self

    rename_self(home, name, today=today())
    output(f"the log names you {name} from now on")


@command.command(epilog="Example: tipline-review people passphrase ~/review")
@at_home
@_NEW_PASSPHRASE
def passphrase(home: Home, new_passphrase_file: str | None) -> None:
    """Change your own passphrase, as tipline-review passphrase does."""
    from reviewer.people.acts import change_passphrase

    change_passphrase(home, _chosen(new_passphrase_file), today=today())
    output(f"{home.people.name} has a new passphrase for {home.folder}")
    notice("warning", "a copy of the old people.keys still opens with the old passphrase, and leads to your keys")


def _chosen(new_passphrase_file: str | None) -> str:
    chosen = SecretEntry(new_passphrase_file).choose()
    if chosen is None:
        raise HomeError("no new passphrase was given", hint="--new-passphrase-file FILE, or - for input")
    return chosen
