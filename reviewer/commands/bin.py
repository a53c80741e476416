"""``bin``: junk, for fourteen days on which the casebook is opened."""

import json

import click

from reviewer.casebook.bin import BIN_DAYS, BinnedTip
from reviewer.cases.bin import delete_from_bin, put_back, put_in_bin
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today


@click.command(epilog="Example: tipline-review bin ~/review --put 3f9a1c02")
@at_home
@click.option("--put", metavar="ID", help="Put this tip into the bin.")
@click.option("--back", metavar="ID", help="Put this tip back, as it was.")
@click.option("--delete", "gone", metavar="ID", help="Delete this tip from the bin now, for good.")
@JSON
def command(home: Home, put: str | None, back: str | None, gone: str | None, as_json: bool) -> None:
    """List the bin, or put a tip into it or back.

    No backup includes the bin. While a tip is in it, its server keeps its copy, and the keys of its week stay.
    After fourteen days on which the casebook was opened the tip is deleted.
    """
    if sum(one is not None for one in (put, back, gone)) > 1:
        raise click.UsageError("give one of --put, --back and --delete")
    if put is not None:
        submission = home.casebook.submissions.find(put)
        put_in_bin(home, submission, today=today())
        output(f"{submission.short_id} is in the bin, for {BIN_DAYS} days on which the casebook is opened")
    elif back is not None:
        tip = home.casebook.bin.find(back)
        put_back(home, tip, today=today())
        output(f"{tip.short_id} is back")
    elif gone is not None:
        tip = home.casebook.bin.find(gone)
        delete_from_bin(home, [tip], today=today())
        output(f"{tip.short_id} is deleted")
    else:
        _list(home.casebook.bin.all(), as_json=as_json)


def _list(tips: list[BinnedTip], *, as_json: bool) -> None:
    if as_json:
        output(json.dumps({"bin": [_json(tip) for tip in tips]}, indent=2))
        return
    for tip in tips:
        output(f"{tip.short_id}  in the bin since {tip.binned_day.isoformat()}  {tip.days_left} days left")
    if not tips:
        output("the bin is empty")


def _json(tip: BinnedTip) -> dict[str, object]:
    return {
        "id": tip.short_id,
        "envelope_sha256": tip.envelope_sha256.hex(),
        "since": tip.binned_day.isoformat(),
        "days_left": tip.days_left,
    }
