"""``open-age``: any post-quantum age file, with a printed identity."""

import sys
from pathlib import Path

import click

from reviewer.commands.at_home import BESIDE_NETWORK, FILE, guard
from reviewer.errors import ReviewerError

_PIECE_BYTES = 1 << 16
_LONGEST_KEY_FILE_BYTES = 4096


@click.command(epilog="Example: tipline-review open-age --identity identity.txt < tip.age > tip.container")
@click.option("--identity", required=True, type=FILE, help="A file with a line AGE-SECRET-KEY-PQ-1…")
@BESIDE_NETWORK
def command(identity: Path, beside_network: bool) -> None:
    """Open an age file from standard input to standard output.

    What was written is whole only when this ends with exit code 0.
    """
    from crypto.envelope import open_envelope
    from crypto.keys import HybridSecretKey

    guard(beside_network)
    try:
        lines = identity.read_bytes()[:_LONGEST_KEY_FILE_BYTES].decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewerError(f"cannot read {identity} as an identity file") from error
    keys = [HybridSecretKey.parse(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise ReviewerError(f"{identity} holds no identity", hint="tipline-review keys identity prints one")
    reader = open_envelope(sys.stdin.buffer, keys=keys)
    while piece := reader.read(_PIECE_BYTES):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
