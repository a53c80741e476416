"""``manifest``: adopt a manifest that the organisation's root key signed."""

from pathlib import Path

import click

from crypto.keys import minisign
from crypto.keys.fingerprint import root_words
from reviewer.commands.at_home import FILE, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review manifest ~/review /media/stick/manifest.json")
@at_home
@click.argument("manifest", metavar="FILE", type=FILE)
def command(home: Home, manifest: Path) -> None:
    """Verify a manifest that was issued on another machine, and adopt it.

    FILE.minisig must lie beside it; those before it are read from FILE.chain where that folder is there.
    """
    from reviewer.keys.manifest_update import adopt_files, read_chain

    adopted = adopt_files(home, read_chain(manifest), today=today())
    found = adopted.verified.manifest
    if adopted.is_first:
        output(f"root key         {minisign.key_id(home.root_key)[::-1].hex().upper()}  {home.root_key}")
        output(f"root key words   {root_words(home.root_key)}")
    output(f"manifest         version {found.version} of {found.organisation}")
    output(f"good until       {found.expires.isoformat()}")
    output(f"reviewers        {', '.join(party.name for party in found.reviewers)}")
    output(f"servers          {', '.join(party.name for party in found.servers) or 'none'}")
    for name in adopted.new_servers:
        output(f"new server       {name}: its bundles are taken in from now on")
    for name in adopted.gone_servers:
        notice(
            "warning", f"server {name} was removed: nothing more of it is taken in, and what it still held is lost"
        )
    if adopted.is_first:
        output("compare the seven words and the version BY TELEPHONE with its issuer")
    if not adopted.is_listed:
        notice("warning", "this manifest does not list this reviewer: it gets nothing that is sealed from now on")
    elif adopted.without_key:
        weeks = ", ".join(map(str, adopted.without_key))
        notice(
            "warning",
            f"this manifest has no key of this reviewer for {weeks}: tips of these weeks do not open here",
        )
        notice("hint", "tipline-review keys offer, then give the offer to the issuer")
