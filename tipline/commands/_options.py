"""Options of many commands: the folder, and the source of the database key's passphrase."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


def site_argument(command: Command) -> Command:
    """``DIR``, given as ``site``."""
    return click.argument("site", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))(command)


def passphrase_option(command: Command) -> Command:
    """``--passphrase-file``, given as ``passphrase_file``; secrets never come as arguments."""
    return click.option(
        "--passphrase-file",
        metavar="FILE",
        help="Read the passphrase of the database key from the first line of FILE, or of standard input for -.",
    )(command)
