"""``given``: what a member opens with the own passphrase: the tips that readers gave to this member."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate

import click

from reviewer.cases.saving_place import proposed_folder, require_proposal
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FOLDER, JSON, Options, with_home
from reviewer.commands.look import FIRST, OUT, PAGES, SEE, print_looked
from reviewer.commands.saved import DESTROY, DESTROY_ALL, GONE, list_or_destroy
from reviewer.errors import HomeError
from reviewer.people.documents import ANSWER, NOTE, GivenTip
from reviewer.people.given import GivenTips, member_of, open_given
from reviewer.people.given_look import file_given
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.viewers.viewing import See
from system.clock import today
from system.errors import ProgramError

_ID = click.argument("short_id", metavar="ID")
_TEXT_FILE = click.option(
    "--text-file", required=True, metavar="FILE|-", help="The text in UTF-8; - reads standard input."
)
_LONGEST_BYTES = 1 << 17


def _as_member(run: Callable[Concatenate[GivenTips, Options], None]) -> Callable[..., None]:
    """Give a command the argument HOME and hand over what the member may open."""
    return with_home(run, _opened)


def _opened(home_folder: Path, entry: SecretEntry) -> AbstractContextManager[GivenTips]:
    return open_given(home_folder, member_of(home_folder, entry))


@click.group(short_help="For a member: read and note what readers gave to you.")
def command() -> None:
    """Tips that readers gave to you, a member of this home, and nothing else."""


@command.command(name="list", epilog="Example: tipline-review given list ~/review")
@_as_member
@click.option("--search", metavar="WORDS", help="Only tips that contain all of these words.")
@JSON
def list_all(given: GivenTips, search: str | None, as_json: bool) -> None:
    """List the tips that were given to you, the newest first."""
    tips = given.search(search) if search is not None else given.all()
    if as_json:
        output(json.dumps([{"id": tip.short_id, "given": tip.given_day} for tip in tips], indent=2))
        return
    for tip in tips:
        output(f"{tip.short_id}  given {tip.given_day}  {plain_line(_first_text(tip))}")


@command.command(epilog="Example: tipline-review given show ~/review 7f3a91c2d4e5")
@_as_member
@_ID
def show(given: GivenTips, short_id: str) -> None:
    """Print the tip ID with its conversation, as it was when it was given."""
    tip = given.show(short_id, today=today())
    number = 0
    for message in tip.messages:
        output(f"message {message.short_id}, {message.day}")
        for name, text in message.texts:
            _print(name, text)
        for file in message.files:
            number += 1
            output(f"  file {number}: {plain_line(file.name)}, {file.length_bytes:,} bytes")
    for day, text in tip.replies:
        _print(f"answer, {day}", text)
    for day, text in tip.notes:
        _print(f"note, {day}", text)


@command.command(epilog="Example: tipline-review given save ~/review 7f3a91c2d4e5")
@_as_member
@_ID
@click.option("--to", "folder", type=FOLDER, help="Another new folder in memory.")
def save(given: GivenTips, short_id: str, folder: Path | None) -> None:
    """Write the message and the files of the tip ID to a folder in memory.

    They are readable there until the machine is switched off, and as hostile as they came. tipline-review given
    saved lists and destroys such folders.
    """
    place = folder or require_proposal(proposed_folder(short_id))
    written = given.save(short_id, place, today=today(), children=Children())
    output(f"{place}: the message, and {len(written)} files")
    for one in written:
        output(f"{one.name_here}: {one.length_bytes:,} bytes, called {plain_line(one.untrusted_name)}")


@command.command(epilog="Example: tipline-review given note ~/review 7f3a91c2d4e5 --text-file -")
@_as_member
@_ID
@_TEXT_FILE
def note(given: GivenTips, short_id: str, text_file: str) -> None:
    """Leave a note on the tip ID for the readers."""
    given.write(NOTE, short_id, _read(text_file), today=today())
    output("the note waits for a reader")


@command.command(epilog="Example: tipline-review given answer ~/review 7f3a91c2d4e5 --text-file -")
@_as_member
@_ID
@_TEXT_FILE
def answer(given: GivenTips, short_id: str, text_file: str) -> None:
    """Propose an answer to the tip ID. A reader decides, and sends it."""
    given.write(ANSWER, short_id, _read(text_file), today=today())
    output("the proposed answer waits for a reader")


@command.command(epilog="Example: tipline-review given look ~/review 7f3a91c2d4e5 2 --out /dev/shm/look")
@_as_member
@_ID
@click.argument("number", metavar="FILE")
@OUT
@SEE
@FIRST
@PAGES
@JSON
def look(
    given: GivenTips,
    short_id: str,
    number: str,
    folder: Path | None,
    see: str,
    first: int,
    pages: int,
    as_json: bool,
) -> None:
    """Show one FILE of the tip ID, by its number, as tipline-review look does for readers."""
    file = file_given(given, short_id, number)
    writing = partial(given.look_folder, file.tip, today=today())
    print_looked(file, folder, See(see), first=first, pages=pages, as_json=as_json, writing=writing)


@command.command(epilog="Example: tipline-review given saved ~/review --destroy-all")
@_as_member
@DESTROY
@DESTROY_ALL
@GONE
@JSON
def saved(given: GivenTips, destroyed: tuple[int, ...], destroy_all: bool, gone: bool, as_json: bool) -> None:
    """List the folders in memory that you saved, or destroy them."""
    list_or_destroy(
        given.folders.all,
        lambda number: given.destroy_folder(number, is_gone=gone, today=today()),
        destroyed,
        destroy_all=destroy_all,
        gone=gone,
        as_json=as_json,
    )


@command.command(epilog="Example: tipline-review given passphrase ~/review")
@_as_member
@click.option(
    "--new-passphrase-file",
    metavar="FILE|-",
    help="File with the new passphrase. With -, it is the second line of standard input.",
)
@click.pass_context
def passphrase(context: click.Context, given: GivenTips, new_passphrase_file: str | None) -> None:
    """Change your own passphrase. The log notes it."""
    chosen = SecretEntry(new_passphrase_file).choose()
    if chosen is None:
        raise HomeError("no new passphrase was given", hint="--new-passphrase-file FILE, or - for input")
    given.change_passphrase(context.params["home_folder"], chosen, today=today())
    output(f"{given.name} has a new passphrase")
    notice("warning", "a copy of the old people.keys still opens with the old passphrase")


def _first_text(tip: GivenTip) -> str:
    return next((text for message in tip.messages for _name, text in message.texts), "")


def _print(title: str, text: str) -> None:
    output(f"  {plain_line(title)}:")
    for line in plain_lines(text):
        output(f"    {line}")


def _read(text_file: str) -> str:
    source: Any = click.open_file(text_file, "rb")
    with source:
        raw: bytes = source.read(_LONGEST_BYTES + 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProgramError("the file with the text cannot be read as text", hint="it must be in UTF-8") from error
