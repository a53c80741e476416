"""The demo from start to end: folder, stage, output, and an end that leaves nothing running."""

import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.beacon_stage import BeaconStage
from demo.beacon_walk import BeaconWalk
from demo.errors import DemoError
from demo.loopback import LoopbackBridge
from demo.machine import program
from demo.narrator import Narrator
from demo.profile import write_profile
from demo.stage import Stage
from demo.walkthrough import Walkthrough

# Paths of sockets have a short limit, and tor takes none with a blank.
LONGEST_FOLDER = 40


def play(*, walkthrough: bool, pictures: Path | None, keep: bool) -> None:
    """Run the demo.

    Args:
        walkthrough: play all parts and return; else stay up until interrupted.
        pictures: where the walkthrough's pictures go; an empty or new folder, or None for a new one.
        keep: leave the throw-away folder for a look.

    Raises:
        DemoError: it could not be done, and why. Nothing is left running then either.
    """
    since, narrator = time.time(), Narrator()
    if walkthrough:
        pictures = _folder_of_pictures(pictures)
    with _ended_by_signals(), _throw_away_folder(narrator, keep=keep) as folder, Stage(folder, narrator) as stage:
        if pictures is not None:
            Walkthrough(stage, narrator, pictures).play(since=since)
            took = f"{narrator.so_far():.0f} s"
            narrator.say(f"Screenshots: {pictures}")
            narrator.say(f"The whole journey took {took}. Everything that was started is being ended.")
        else:
            _stay_up(stage, narrator)


def play_beacon(button: Path, *, pictures: Path | None, keep: bool) -> None:
    """Play one press of a button for help.

    Args:
        button: Python of the environment with the virtual controllers.
        pictures: as for :func:`play`.
        keep: leave the throw-away folder for a look.

    Raises:
        DemoError: it could not be done, and why. Nothing is left running then either.
    """
    narrator, pictures = Narrator(), _folder_of_pictures(pictures)
    with _ended_by_signals(), _throw_away_folder(narrator, keep=keep) as folder:
        with BeaconStage(folder, narrator) as stage:
            BeaconWalk(stage, narrator, button, pictures).play()
        narrator.say(f"Screenshots: {pictures}")
        narrator.say(f"All of it took {narrator.so_far():.0f} s, and nothing that was started runs any more.")


def _stay_up(stage: Stage, narrator: Narrator) -> None:
    profile = stage.source.folder / "profile"
    write_profile(profile, socks_port=stage.socks_ports[0])
    with LoopbackBridge(onion=stage.address, socks_port=stage.socks_ports[0]) as bridge:
        for line in (
            "",
            "The tip line is up, on this computer only.",
            f"  onion address        http://{stage.address}/",
            f'  Firefox at "Safest"   firefox-esr --no-remote --profile {profile} http://{stage.address}/',
            f"  any other browser    {bridge.address}",
            "",
            f"Play staff in another terminal. The reviewer's passphrase is {stage.reviewers_passphrase}",
            *(f"  {line}" for line in _lines_for_staff(stage)),
            "",
            f"All of it lies in {stage.folder}. Ctrl-C ends all of it.",
        ):
            narrator.say(line)
        while True:
            stage.require_running()
            time.sleep(0.5)


def _lines_for_staff(stage: Stage) -> list[str]:
    """One round, to be pasted line by line; the ID is what `list` shows."""
    carry, casebook = (path.relative_to(stage.folder) for path in (stage.courier_home, stage.casebook))
    review = "tipline-review --beside-network"
    return [
        f"cd {stage.folder}; PATH={shlex.quote(str(Path(program('tipline')).parent))}:$PATH",
        f"tipline courier pull {carry} --out stick/tips",
        f"{review} import {casebook} stick/tips",
        f"{review} list {casebook}",
        f"{review} show {casebook} ID",
        f"{review} reply {casebook} ID --text-file FILE",
        f"{review} outbox {casebook} --out stick/answers",
        f"tipline courier push {carry} stick/answers",
    ]


class _Ended(BaseException):
    """A signal asked for the end."""


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into one orderly end; further ones, while it is under way, change nothing."""

    def end(number: int, _frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise _Ended(signal.Signals(number).name)

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except _Ended:
        sys.stdout.write("\nended: nothing that was started runs any more\n")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _throw_away_folder(narrator: Narrator, *, keep: bool) -> Iterator[Path]:
    parent = tempfile.gettempdir()
    if len(parent) > LONGEST_FOLDER or any(sign.isspace() for sign in parent):
        parent = "/tmp"  # noqa: S108 -- mkdtemp makes a folder of its own in it
    folder = Path(tempfile.mkdtemp(prefix="tipline-demo-", dir=parent))
    try:
        yield folder
    finally:
        if keep:
            narrator.say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _folder_of_pictures(wanted: Path | None) -> Path:
    if wanted is None:
        return Path(tempfile.mkdtemp(prefix="tipline-screenshots-"))
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise DemoError(f"{wanted} is not an empty folder", hint="give a new one for the screenshots")
    wanted.mkdir(parents=True, exist_ok=True)
    return wanted.resolve()
