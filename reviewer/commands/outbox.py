"""``outbox``: write bundles for the servers."""

from pathlib import Path

import click

from reviewer.commands.at_home import FILE, at_home
from reviewer.commands.key_warnings import tell_crossing
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review outbox ~/review --out /media/stick/outbox.bundle")
@at_home
@click.option("--out", required=True, type=FILE, help="The FILE for the courier: one bundle for each server.")
@click.option(
    "--from",
    "from_number",
    type=click.IntRange(min=1),
    help="Write old bundles again, from this number, when one got lost.",
)
def command(home: Home, out: Path, from_number: int | None) -> None:
    """Sign and seal replies, delivery receipts and newer manifests for every server.

    Replies are filled up with dummies to a multiple of 32, so that a server does not learn how many there are.
    """
    from reviewer.exchange.outbox import write_outbox

    sent = write_outbox(home, out, from_number=from_number, today=today())
    for name, number, stream in sent.bundles:
        output(f"server {name:<24}  bundle {number} of stream {stream.hex()}")
    output(f"replies          {sent.replies}, real and dummy alike")
    tell_crossing(home)
    output(f"receipts         {sent.receipts}")
    output(f"manifests        {sent.manifests}")
    output(f"for colleagues   {sent.operations} changes, {sent.operations_left} more wait for the next outbox")
    if sent.withheld_receipts:
        notice(
            "warning",
            f"{sent.withheld_receipts} delivery receipts are withheld: these submissions are in no casebook backup",
        )
        notice(
            "hint",
            "tipline-review backup HOME --to FILE, then write another outbox; until then the server keeps them",
        )
