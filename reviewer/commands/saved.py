"""``saved``: the folders with readable files that were saved, and their destruction."""

import json
from collections.abc import Callable

import click

from reviewer.casebook.saved_folders import SavedFolder
from reviewer.cases.saved_destroy import LEFT_IN_MEMORY, LEFT_ON_A_DISK, Destroyed, ListedFolder, destroy, listed
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_PATH_LETTERS = 1000


DESTROY = click.option(
    "--destroy", "destroyed", metavar="NUMBER", type=int, multiple=True, help="Destroy this folder."
)
DESTROY_ALL = click.option("--destroy-all", is_flag=True, help="Destroy all of them that are there.")
GONE = click.option("--gone", is_flag=True, help="With --destroy: the files were destroyed in another way.")


@click.command(epilog="Example: tipline-review saved ~/review --destroy 3")
@at_home
@DESTROY
@DESTROY_ALL
@GONE
@JSON
def command(home: Home, destroyed: tuple[int, ...], destroy_all: bool, gone: bool, as_json: bool) -> None:
    """List the folders with readable files that were saved, or destroy them.

    Files are overwritten once and removed. A disk may still hold them: this is certain only in memory.
    """
    list_or_destroy(
        home.casebook.saved_folders.all,
        lambda number: destroy(home, number, is_gone=gone, today=today()),
        destroyed,
        destroy_all=destroy_all,
        gone=gone,
        as_json=as_json,
    )


def list_or_destroy(
    folders: Callable[[], list[SavedFolder]],
    destroy_one: Callable[[int], Destroyed],
    destroyed: tuple[int, ...],
    *,
    destroy_all: bool,
    gone: bool,
    as_json: bool,
) -> None:
    """Print the ``folders``, or destroy those with the numbers in ``destroyed``, or all that are there.

    Raises:
        UsageError: options that do not go together.
        ProgramError: as :func:`reviewer.cases.saved_destroy.destroy`.
    """
    if gone and not destroyed:
        raise click.UsageError("--gone belongs to --destroy")
    if destroy_all and destroyed:
        raise click.UsageError("use --destroy or --destroy-all")
    if destroy_all:
        destroyed = tuple(one.saved.number for one in listed(folders()) if one.files_there)
    for number in destroyed:
        _tell(destroy_one(number), as_json=as_json)
    left = listed(folders())
    if as_json:
        output(json.dumps({"saved": [one.to_json() for one in left]}, indent=2))
    elif not destroyed:
        for one in left:
            output(_line(one))
        if not left:
            output("no folder with readable files is known")


def _tell(done: Destroyed, *, as_json: bool) -> None:
    if done.others:
        notice("warning", f"{done.others} other files lie in that folder, and were not touched")
    if as_json:
        return
    output(f"destroyed: {done.files} files of {done.saved.tip}")
    if done.files:
        output(LEFT_IN_MEMORY if done.saved.is_in_memory else LEFT_ON_A_DISK)


def _line(one: ListedFolder) -> str:
    place = "in memory" if one.saved.is_in_memory else "ON A DISK"
    whole = f"{one.files_there} of {len(one.saved.names)} files there"
    there = whole if one.saved.names else f"UNFINISHED, {one.files_there} files there"
    path = plain_line(str(one.saved.path), limit_letters=_PATH_LETTERS)
    return f"{one.saved.number:>4}  {one.saved.day.isoformat()}  {one.saved.tip}  {place}  {there}  {path}"
