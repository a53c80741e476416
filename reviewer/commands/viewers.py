"""``viewers``: the programs that open files of sources, and what is missing on this machine."""

import json

import click

from reviewer.commands.at_home import JSON
from reviewer.terminal.console import output
from reviewer.viewers.look_kind import VIEWERS, missing_packages


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
                "missing_packages": missing[viewer].split() if viewer in missing else [],
            }
            for viewer in VIEWERS
        ]
        output(json.dumps({"viewers": listed}, indent=2))
        return
    for viewer in VIEWERS:
        output(viewer.opens)
        if viewer in missing:
            output(f"  MISSING: apt-get install {missing[viewer]}, before this machine is cut off")
        else:
            output(f"  installed; it may use {viewer.limits.words}")
