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
@click.option("--beacon", is_flag=True, help="Play a press of a button for help, from the button to the casebook.")
@click.option(
    "--button",
    metavar="PYTHON",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Python with the virtual Bluetooth controllers; scripts/demo --beacon gives it.",
)
@click.option("--keep", is_flag=True, help="Leave the throw-away folder for a look.")
def command(walkthrough: bool, screenshots: Path | None, beacon: bool, button: Path | None, keep: bool) -> None:
    """Run a whole tip line on this computer: organisation, server, courier and reviewer.

    It uses a throw-away folder and a private Tor network on loopback; nothing reaches the internet. It runs until
    Ctrl-C, and then leaves nothing running.
    """
    from demo.errors import DemoError

    if screenshots is not None and not (walkthrough or beacon):
        raise click.UsageError("--screenshots needs --walkthrough or --beacon")
    if beacon != (button is not None):
        raise click.UsageError("--beacon and --button belong together: run scripts/demo --beacon")
    try:
        from demo.play import play, play_beacon
    except ModuleNotFoundError as error:
        raise DemoError(
            f"{error.name} is not installed",
            hint="run scripts/demo from a checkout: it installs what the demo needs",
        ) from error
    if button is not None:
        play_beacon(button, pictures=screenshots, keep=keep)
    else:
        play(walkthrough=walkthrough, pictures=screenshots, keep=keep)
