"""``viewers``: the programs that open files of sources, and what is missing on this machine.

It needs no home: it is for the day on which the machine is set up, while packages can still be installed.
"""

import json

import click

from reviewer.commands.at_home import JSON
from reviewer.terminal.console import output
from reviewer.viewers.look_kind import LARGEST_LOOK_BYTES, VIEWERS, missing_packages

_BEFORE = "before the network of this machine is cut"


@click.command(epilog="Example: tipline-review viewers")
@JSON
def command(as_json: bool) -> None:
    """List the viewers: what each opens, its limits, and the Debian packages of each that is missing here."""
    missing = dict(missing_packages())
    if as_json:
        listed = [
            {
                "opens": viewer.opens,
                "seconds": viewer.limits.seconds,
                "memory_bytes": viewer.limits.memory_bytes + viewer.limits.scratch_bytes,
                "largest_file_bytes": LARGEST_LOOK_BYTES,
                "missing_packages": missing[viewer].split() if viewer in missing else [],
            }
            for viewer in VIEWERS
        ]
        output(json.dumps({"viewers": listed}, indent=2))
        return
    for viewer in VIEWERS:
        output(viewer.opens)
        if viewer in missing:
            output(f"  MISSING: apt-get install {missing[viewer]}, {_BEFORE}")
        else:
            output(f"  installed; it may use {viewer.limits.words}")
    output(f"the largest file that is looked at has {LARGEST_LOOK_BYTES >> 20} MB")
