"""``graph``, ``timeline`` and ``map``: one entity as a table, and as a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, Unpack

import click

from reviewer.cases.shown_code import NOT_SHOWN
from reviewer.commands.at_home import FILE, JSON, LEAVING_CODE, at_home
from reviewer.home.home import Home
from reviewer.linking.drawing_files import leaving_picture, write_drawing
from reviewer.linking.drawn_entity import EntityRows
from reviewer.linking.entity_pictures import EntityPicture, picture_of, rows_of
from reviewer.linking.entity_work import open_entity
from reviewer.linking.masking import entity_number
from reviewer.terminal.console import notice, output
from system.clock import today

_OPTIONS = (
    click.argument("name", metavar="E-N"),
    click.option("--out", type=FILE, help="A new file: .svg, .csv, or of a graph .graphml."),
    click.option("--dry-run", is_flag=True, help="With --out: only print what would leave, and its code."),
    click.option("--on-disk", is_flag=True, help="With --out: write there although it is a disk."),
    click.option(
        "--because", metavar="REASON", help="Reason to show a protected or closed entity once, on the screen."
    ),
    LEAVING_CODE,
    JSON,
)
"""Each drawing has these. :class:`_Asked` names them for the function."""


class _Asked(TypedDict):
    """The options that each drawing has, as they were given."""

    out: Path | None
    dry_run: bool
    on_disk: bool
    because: str | None
    code: str
    as_json: bool


def _of_an_entity(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the entity and the options of each drawing."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command(epilog="Example: tipline-review graph ~/review E-12 --out graph.svg --dry-run")
@at_home
@_of_an_entity
@click.option("--steps", type=click.IntRange(1, 2), default=1, help="With 2, neighbours of neighbours too.")
@click.option("--names", is_flag=True, help="With --out: also the names of entities.")
def graph_command(home: Home, name: str, steps: int, names: bool, **asked: Unpack[_Asked]) -> None:
    """Print the entities around one, and how they are related; at most 60.

    A file has numbers such as E-12 in place of names unless --names is given. A protected or closed entity is in no
    file.
    """
    _draw(home, "graph", name, steps=steps, names=names, **asked)


@click.command(epilog="Example: tipline-review timeline ~/review E-12")
@at_home
@_of_an_entity
def timeline_command(home: Home, name: str, **asked: Unpack[_Asked]) -> None:
    """Print the days that tips tell of an entity, and separately the days on which its tips came.

    A file never has a day of arrival or the id of a tip.
    """
    _draw(home, "timeline", name, **asked)


@click.command(epilog="Example: tipline-review map ~/review E-12")
@at_home
@_of_an_entity
def map_command(home: Home, name: str, **asked: Unpack[_Asked]) -> None:
    """Print the places of an entity, and how each is drawn.

    A town is a ring, a country its edge. A harmed person's place is never finer than its country.
    """
    _draw(home, "map", name, **asked)


def _draw(
    home: Home, what: str, name: str, *, steps: int = 1, names: bool = False, **asked: Unpack[_Asked]
) -> None:
    out, dry_run, on_disk = asked["out"], asked["dry_run"], asked["on_disk"]
    because, code, as_json = asked["because"], asked["code"], asked["as_json"]
    if out is None and (names or dry_run or on_disk or code != NOT_SHOWN):
        raise click.UsageError("--names, --dry-run, --on-disk and --code belong to --out")
    if out is not None and because is not None:
        raise click.UsageError("--because shows an entity on the screen only, without --out")
    number = entity_number(name)
    if because is not None:
        open_entity(home, number, because, today=today())
    rows = EntityRows(home, number, is_opened=because is not None, today=today())
    if out is None:
        home.casebook.log.add(f"{what} shown", rows.name, today=today())
        _tell(picture_of(what, rows, steps=steps), what, as_json=as_json)
        return
    if dry_run:
        picture = leaving_picture(what, rows, steps=steps, with_names=names)
        _tell(picture, what, code=picture.code, as_json=as_json)
        notice("hint", f"nothing was written; to write exactly this: --code {picture.code} in place of --dry-run")
        return
    picture = write_drawing(home, what, rows, out, steps=steps, with_names=names, on_disk=on_disk, code=code)
    _tell(picture, what, code=picture.code, as_json=as_json)
    if not as_json:
        output(f"written          {out}")


def _tell(picture: EntityPicture | None, what: str, *, code: str | None = None, as_json: bool) -> None:
    rows = rows_of(picture) if picture is not None else []
    if as_json:
        heads = [head.strip() for head in picture.heads] if picture is not None else []
        notes = list(picture.notes) if picture is not None else []
        told = {"what": what, "columns": heads, "rows": [list(row) for row in rows], "notes": notes}
        output(json.dumps(told if code is None else told | {"code": code}, indent=2))
        return
    for row in rows:
        output("  ".join(row))
    for note in picture.notes if picture is not None else ():
        notice("warning", note)
    if not rows:
        output("nothing to draw")
