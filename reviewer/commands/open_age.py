"""``open-age``: open one post-quantum age file with one identity file."""

import sys
from pathlib import Path

import click

from reviewer.commands.at_home import BESIDE_NETWORK, FILE, guard
from system.errors import ProgramError


@click.command(epilog="Example: tipline-review open-age --identity identity.txt < tip.age > tip.container")
@click.option(
    "--identity", required=True, type=FILE, help="A file of lines AGE-SECRET-KEY-PQ-1…, with comments after #."
)
@BESIDE_NETWORK
def command(identity: Path, beside_network: bool) -> None:
    """Open an age file, armoured or not, from standard input to standard output.

    Nothing is written before all of it is verified. Exit code 1 tells that it was refused; the kind of the reason
    stands in brackets on standard error. Files sealed to classical keys (X25519), to passphrases or through plugins
    are refused: age itself opens those.
    """
    from crypto.errors import CryptoError, NoKeyOpens
    from reviewer.cases.age_file import open_whole, read_identities
    from reviewer.refusals import kind_of

    guard(beside_network)
    if sys.stdin is None:
        raise ProgramError("standard input is closed, and the age file comes from there", hint="add < FILE")
    if sys.stdout.isatty():
        raise ProgramError(
            "standard output must be a file or another program, not a terminal",
            hint="what others wrote can move a terminal: add > FILE",
        )
    identities = read_identities(identity)
    try:
        # Without a buffer, in which something would be left for later when it cannot be written.
        with open(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as sink:
            open_whole(sys.stdin.buffer, sink, keys=identities.keys)
    except CryptoError as error:
        hint = "nothing was written"
        if isinstance(error, NoKeyOpens) and not identities.keys:
            hint += f"; {identity} holds classical keys (X25519) only, and this program uses none"
        raise ProgramError(f"{error} ({kind_of(error)})", hint=hint) from error
