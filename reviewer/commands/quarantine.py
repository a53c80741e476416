"""``quarantine``: hide a suspected abuse picture of a child from everyone, and keep its proof."""

import json
from contextlib import suppress

import click

from reviewer.cases.quarantine import find_file, quarantine_file
from reviewer.cases.quarantine_report import LAW
from reviewer.commands.at_home import JSON, at_home
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.people.withdrawing import withdraw_gone
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review quarantine ~/review 3f9a1c02 2")
@at_home
@click.argument("submission_id", metavar="ID")
@click.argument("file_name", metavar="FILE")
@JSON
def command(home: Home, submission_id: str, file_name: str, as_json: bool) -> None:
    """Lock away a file that may be an abuse picture of a child.

    FILE is its number from 1, or the start of its SHA-256, as show prints it. No one is shown the file from then
    on, also where another tip brings it. It cannot be saved, copied or looked at. Its digest, custody and sealed
    original stay, and each attempt to read it is counted. A mistake
    is lifted with tipline-review quarantines lift.
    """
    submission = home.casebook.submissions.find(submission_id)
    one = find_file(home, submission, file_name)
    since = home.casebook.quarantine.since(one.file.sha256)
    new = quarantine_file(home, submission, one, today=today())
    with suppress(CasebookError):  # a damaged store of members keeps no reader out
        withdraw_gone(home, today=today())
    if as_json:
        said = {"sha256": one.file.sha256.hex(), "since": (since or today()).isoformat()}
        output(json.dumps(said | {"new": [sha256.hex() for sha256 in new]}, indent=2))
    else:
        for sha256 in new:
            output(f"in quarantine    {sha256.hex()}")
        if since is not None:
            output(f"in quarantine    {one.file.sha256.hex()}, since {since.isoformat()}")
    notice("warning", LAW)
    notice("hint", "tipline-review quarantines report HOME DIGEST --to FOLDER writes a report without the file")
