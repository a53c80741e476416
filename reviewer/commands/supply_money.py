"""``supply ftm``: facilities for programs of others, as lines of FollowTheMoney."""

import json
from pathlib import Path

import click

from reviewer.commands.at_home import FILE, JSON, LEAVING_CODE, at_home
from reviewer.diligence.facility_money import money_export, write_export
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today

_LETTERS = 2_000
"""More than any value has: the preview cuts nothing."""


@click.command(
    "ftm", epilog="Example: tipline-review supply ftm ~/review F-12 --out /media/stick/places.ftm.json --code CODE"
)
@at_home
@click.argument("facilities", metavar="F-N...", nargs=-1, required=True)
@click.option("--out", type=FILE, help="A new file, .json or .jsonl. Without it, only look.")
@click.option("--on-disk", is_flag=True, help="Write there although it is a disk.")
@LEAVING_CODE
@JSON
def ftm(home: Home, facilities: tuple[str, ...], out: Path | None, on_disk: bool, code: str, as_json: bool) -> None:
    """Show facilities as lines of FollowTheMoney, and a code; with --out and that code, they leave.

    In them is what lists say: names, addresses, identifiers and who buys there. No flag, no finding and nothing of
    a tip is in them. The ids are new each time.
    """
    made = money_export(home.casebook, facilities)
    if out is not None:
        write_export(home, made, out, on_disk=on_disk, today=today(), seen=code)
    else:
        home.casebook.log.add("export of facilities shown", f"{len(made.lines)} lines", today=today())
    if as_json:
        told = {"lines": [one.to_json() for one in made.lines], "terms": list(made.terms)}
        output(json.dumps(told | {"written": out is not None, "code": made.mark}, indent=2))
        return
    for one in made.lines:
        output(f"{plain_line(one.name)}  {one.schema}")
        for _name, _schema, key, value in one.rows():
            output(f"    {key:<14} {plain_line(value, limit_letters=_LETTERS)}")
    for terms in made.terms:
        notice("terms", plain_line(terms))
    if out is not None:
        output(f"written          {out}, {len(made.lines)} lines")
    else:
        notice("hint", "nothing has left; ask if the terms of these lists allow that you hand them on")
        notice("hint", "to write exactly this add --out and the code:")
        notice("hint", f"--code {made.mark}")
