"""``servers``: the servers whose bundles are imported."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from crypto.errors import CryptoError
from crypto.keys.party import LONGEST_FILE_BYTES, Party
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.exchange.confirming import confirm_stream, parse_stream
from reviewer.home.home import Home
from reviewer.keys.retirement_proof import weeks_open_at
from reviewer.terminal.console import notice, output
from system.clock import today
from system.errors import ProgramError
from system.given_files import open_given


@click.group(short_help="Add and list servers.")
def command() -> None:
    """The servers whose bundles this reviewer imports."""


@command.command(epilog="Example: tipline-review servers add ~/review /media/stick/server.pub")
@at_home
@click.argument("server_pub", type=FILE)
def add(home: Home, server_pub: Path) -> None:
    """Add a server by the public file that `tipline init` wrote."""
    try:
        with open_given(server_pub) as file:
            party = Party.parse(file.read(LONGEST_FILE_BYTES + 1))
    except OSError as error:
        raise ProgramError(f"cannot read {server_pub}", hint="it is the file server.pub of the server") from error
    except CryptoError as error:
        raise ProgramError(
            f"{server_pub} is no server's public file: {error}", hint="it is the file server.pub of the server"
        ) from error
    with home.casebook.changing():
        home.casebook.servers.add(party, today=today())
        home.casebook.log.add("server added", party.name, today=today())
    output(f"server           {party.name}")
    output(f"server key       {party.fingerprint}")
    output("compare the server key with what tipline init printed, then issue keys: the next manifest lists it")


@command.command(epilog="Example: tipline-review servers remove ~/review server")
@at_home
@click.argument("name")
def remove(home: Home, name: str) -> None:
    """Remove server NAME: its bundles are refused, and the next manifest does not list it.

    Tips that are still on it and were not carried here become unreadable for ever when their week is retired.
    """
    with home.casebook.changing():
        home.casebook.servers.remove(name, today=today())
        home.casebook.log.add("server removed", name, today=today())
    notice(
        "warning",
        f"TIPS THAT ARE STILL ON {name} AND WERE NOT CARRIED HERE WILL BE LOST when their week is retired",
    )
    last = home.casebook.servers.last_bundle(name)
    notice("warning", f"its last bundle here is {last}" if last else "no bundle of it was ever taken in here")
    if weeks := weeks_open_at(home, name, today=today()):
        notice("warning", f"weeks of which it may still hold tips: {', '.join(map(str, weeks))}")
    notice(
        "hint", "issue keys now: only the next manifest leaves it out, and retirement then no longer waits for it"
    )
    output(f"server {name} is removed; what came from it stays")


@command.command(name="list", epilog="Example: tipline-review servers list ~/review --json")
@at_home
@JSON
def list_servers(home: Home, as_json: bool) -> None:
    """List the servers, with the last imported bundle of each."""
    places = home.casebook.servers.progress()
    rows = [
        {
            "name": party.name,
            "fingerprint": party.fingerprint,
            "bundle": places[party.verify_key].number if party.verify_key in places else 0,
            "manifest_version": home.casebook.servers.manifest_version(party.name),
            "sealing_under": home.casebook.submissions.newest_version(party.name),
        }
        for party in home.casebook.servers.all()
    ]
    if as_json:
        output(json.dumps({"servers": rows}, indent=2))
        return
    for row in rows:
        output(f"{row['name']:<32}  last bundle {row['bundle']:>5}  {row['fingerprint']}  {_manifest_of(row)}")


def _manifest_of(row: Mapping[str, object]) -> str:
    highest, now = row["manifest_version"], row["sealing_under"]
    if not highest:
        return "has shown no manifest yet"
    return f"manifest {highest}" if now == highest else f"had manifest {highest}, and FELL BACK to manifest {now}"


@command.command(epilog="Example: tipline-review servers confirm ~/review server 00112233445566778899aabbccddeeff")
@at_home
@click.argument("name")
@click.argument("stream")
def confirm(home: Home, name: str, stream: str) -> None:
    """Accept bundles of server NAME in a new STREAM, after it was restored or set up again.

    Ask its operator first: a copy of the server looks the same. Import every file fetched before: it may hold tips
    that the restored server never had. A file that is found later is still imported.
    """
    try:
        parsed = parse_stream(stream)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    ended = confirm_stream(home, name, parsed, today=today())
    if ended is not None:
        output(f"stream ended     {ended.hex()}: tips in an earlier FILE are still imported, deletions are not")
    output(f"bundles of {name} are taken in from the new stream; the next outbox begins a new one as well")
