"""Automatic rounds of the courier: outboxes to the server, bundles from it, folder to folder.

A round that fails changes nothing and is tried again; a medium that is not plugged in is waited for. The server
signs a bundle at every fetch, so rounds are hours apart: numbers would else tell when in a day something came.
"""

import datetime as dt
import io
import itertools
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from courier.answers import plain_line
from courier.client import Courier, CourierError, ServerLine
from crypto.bundles.bundle_file import BundleFileWriter
from system.atomic_files import write_whole
from system.clock import Clock
from system.errors import ProgramError, system_reason
from system.signals import StopAsked, StopSignals

TIPS_FILE: Final = "tips.bundles"
CARRIED: Final = "carried"
_STATE_FILE: Final = "rounds.json"
_RETRY_SECONDS: Final = 600.0
_SPREAD: Final = 0.2
_MOST_NAMED: Final = 20
"""Files that one round names; of the others it gives the count."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders for fetched bundles and for outboxes, on media that come and go."""

    tips: Path
    outboxes: Path


class CourierWatch:
    """Does rounds. ``report`` hears a line for each thing done, ``warn`` one for each that went wrong."""

    def __init__(
        self, courier: Courier, home: Path, folders: Folders, *, report: Report, warn: Report, clock: Clock
    ) -> None:
        self._courier = courier
        self._state = home / _STATE_FILE
        self._folders = folders
        self._report = report
        self._warn = warn
        self._clock = clock
        self._failed_rounds = 0

    def last_success(self) -> dt.date | None:
        """The day of the last round that was whole."""
        try:
            return dt.date.fromisoformat(json.loads(self._state.read_text())["last_success"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def round(self) -> bool:
        """Do one round; True if all of it was done. Does not raise errors that a later round may cure."""
        missing = [folder for folder in (self._folders.tips, self._folders.outboxes) if not folder.is_dir()]
        if missing:
            return self._failure(f"{missing[0]} is not there", "plug the medium in; it is tried again")
        try:
            with self._courier.line() as line:
                left = self._push_all(line)
                self._pull(line)
        except ProgramError as error:
            return self._failure(str(error), error.hint)
        except OSError as error:
            return self._failure(system_reason(error), "is the medium full, or pulled out?")
        if left:
            return self._failure(f"{left} files stay in the folder of the outboxes", "the reasons are above")
        self._failed_rounds = 0
        today = self._clock.today().isoformat()
        write_whole(self._state, json.dumps({"last_success": today}).encode())
        self._report(f"round done on {today}")
        return True

    def run(self, *, every_seconds: float, stop: StopSignals) -> None:
        """Rounds until a signal comes."""
        last = self.last_success()
        self._report(f"last round done on {last}" if last else "no round was done yet")
        try:
            while True:
                whole = self.round()
                spread = secrets.SystemRandom().uniform(1 - _SPREAD, 1 + _SPREAD)
                pause = every_seconds if whole else min(every_seconds, _RETRY_SECONDS)
                if stop.wait(pause * spread):
                    return
        except StopAsked:
            return

    def _push_all(self, line: ServerLine) -> int:
        """Upload the outboxes, oldest first; returns how many stay.

        It repeats while one was held up by another. Each file is on its own: one that cannot be read or put away
        holds back no other.
        """
        try:
            left, refusals = self._outboxes()
        except OSError as error:
            self._warn(f"the folder of the outboxes cannot be read: {system_reason(error)}")
            return 1
        while left:
            stays: list[Path] = []
            for path in left:
                try:
                    brought = line.push(path)
                    name = plain_line(path.name)
                    self._report(f"brought {name}: {brought.bundles} bundles, {brought.deleted} deleted there")
                    for warning in brought.warnings():
                        self._warn(warning)
                    refusals.pop(path, None)
                    _put_away(path)
                except CourierError as error:
                    refusals[path] = f"{error}; {error.hint}" if error.hint else str(error)
                    stays.append(path)
                except OSError as error:
                    refusals[path] = system_reason(error)
            if len(stays) == len(left):
                break
            left = stays
        for path, reason in itertools.islice(refusals.items(), _MOST_NAMED):
            self._warn(f"{plain_line(path.name)} stays where it is: {reason}")
        if len(refusals) > _MOST_NAMED:
            self._warn(f"{len(refusals) - _MOST_NAMED} more files stay where they are")
        return len(refusals)

    def _outboxes(self) -> tuple[list[Path], dict[Path, str]]:
        """The files to upload, and the reasons against others. A medium is foreign: no link of it is followed."""
        files: list[tuple[float, Path]] = []
        refused: dict[Path, str] = {}
        with os.scandir(self._folders.outboxes) as entries:
            for entry in entries:
                path = self._folders.outboxes / entry.name
                if entry.name.startswith(".") or entry.name == TIPS_FILE:
                    continue
                if entry.is_symlink():
                    refused[path] = "it is a link"
                elif entry.name == CARRIED:
                    if not entry.is_dir(follow_symlinks=False):
                        refused[path] = "it is no folder, so uploaded outboxes stay beside it; rename it"
                elif entry.is_file(follow_symlinks=False):
                    files.append((entry.stat(follow_symlinks=False).st_mtime, path))
        return [path for _changed, path in sorted(files)], refused

    def _pull(self, line: ServerLine) -> None:
        """Fetch the waiting bundles. They replace the last fetch: the server writes all without a receipt."""
        out = self._folders.tips / TIPS_FILE
        fresh = self._folders.tips / f".{TIPS_FILE}.fetched"
        try:
            length = line.pull(fresh)
            if length == len(_empty_file()):
                self._report("nothing waits for the reviewers")
                return
            fresh.replace(out)
        except OSError as error:
            raise CourierError(f"cannot write {out}: {system_reason(error)}") from error
        finally:
            fresh.unlink(missing_ok=True)
        self._report(f"fetched {out}: {length} bytes")

    def _failure(self, reason: str, hint: str | None) -> bool:
        self._failed_rounds += 1
        last = self.last_success()
        since = f"the last one was done on {last}" if last else "none was done yet"
        self._warn(f"this round was not done ({since}; {self._failed_rounds} failed since): {reason}")
        if hint:
            self._warn(f"hint: {hint}")
        return False


def _put_away(path: Path) -> None:
    """Keep an uploaded file in a folder beside, in case the server loses it."""
    folder = path.with_name(CARRIED)
    folder.mkdir(exist_ok=True)
    # A link in the folder's place would let the medium put the file over another one.
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.replace(path, path.name, dst_dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _empty_file() -> bytes:
    sink = io.BytesIO()
    BundleFileWriter(sink.write).finish()
    return sink.getvalue()
