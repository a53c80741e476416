"""``people``: the people who share one home, each with a passphrase of that person's own."""

import json
from typing import Any

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.errors import HomeError
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

_NEW_PASSPHRASE = click.option(
    "--new-passphrase-file",
    metavar="FILE|-",
    help="File with the new passphrase. With -, it is the second line of standard input.",
)


@click.group(short_help="Let several people share this home, each with a passphrase.")
def command() -> None:
    """The people of one home. Nobody sees their names or their number while it is locked."""


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
    """Let NAME share HOME. That person types the new passphrase, unseen by others."""
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


@command.command(name="name", epilog="Example: tipline-review people name ~/review Amal")
@at_home
@click.argument("name", metavar="NAME")
def rename(home: Home, name: str) -> None:
    """Take the name NAME yourself: the log has it from the next line on."""
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
