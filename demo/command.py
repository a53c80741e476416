"""``tipline demo``: a whole tip line on this computer, to be looked at or to be played through."""

from pathlib import Path

import click


@click.command("demo", epilog="Example: tipline demo --walkthrough")
@click.option("--walkthrough", is_flag=True, help="Play source, courier and reviewer once, and end.")
@click.option(
    "--screenshots",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty or new folder for the walkthrough's screenshots.  [default: a new one]",
)
@click.option("--keep", is_flag=True, help="Leave the throw-away folder for a look.")
def command(walkthrough: bool, screenshots: Path | None, keep: bool) -> None:
    """Run a whole tip line on this computer: organisation, server, courier and reviewer.

    It uses a throw-away folder and a private Tor network on loopback; nothing reaches the internet. It runs until
    Ctrl-C, and then leaves nothing running.
    """
    from demo.errors import DemoError

    if screenshots is not None and not walkthrough:
        raise click.UsageError("--screenshots needs --walkthrough")
    try:
        from demo.play import play
    except ModuleNotFoundError as error:
        raise DemoError(
            f"{error.name} is not installed",
            hint="run scripts/demo from a checkout: it installs what the demo needs",
        ) from error
    play(walkthrough=walkthrough, pictures=screenshots, keep=keep)
