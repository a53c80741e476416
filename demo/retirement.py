"""Two weeks later: the week is closed, its key destroyed, and all remaining keys are tried."""

import datetime as dt
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from crypto.primitives.week import Week
from demo.errors import DemoError
from demo.machine import program
from demo.narrator import Narrator
from demo.staff import Reviewer
from demo.stage import Stage


class Retirement:
    """Staff retire the week of one tip; then an attacker has every machine and every medium."""

    def __init__(self, stage: Stage, narrator: Narrator, reviewer: Reviewer) -> None:
        self._stage = stage
        self._narrator = narrator
        self._reviewer = reviewer
        self._folder = stage.reviewer.folder
        self._seized = stage.stick / "recorded.age"

    def play(self, tip: dict[str, Any]) -> None:
        """Play all of it, for the week of ``tip``.

        Raises:
            DemoError: something opened that must not, or the control did not.
        """
        step, week = self._narrator.step, Week.parse(tip["week"])
        with step("an attacker has recorded the envelope; today the key of its week opens it (the control)") as now:
            self._stage.run_reviewer("raw", self._stage.casebook, tip["id"], "--out", self._seized)
            if not self._opens([self._identity(str(week))]):
                raise DemoError("the envelope does not open with the key of its week")
            now.note(f"week {week}, {self._seized.stat().st_size:,} bytes")
        with step("the week ends: the server signs that it is closed, the reviewer takes that in and backs up"):
            self._close(week)
        with step("the key of the week is destroyed, on the computer and on the twin medium") as now:
            told = self._stage.run_reviewer(
                *("keys", "retire", self._stage.casebook, "--week", str(week), "--twin", self._stage.twin)
            )
            now.note(next(line for line in told.splitlines() if line.startswith("destroyed")).split()[1])
        with step("with reviewer, twin, all backups, root medium and server in hand, nothing opens it") as now:
            tried = self._everything()
            if self._opens(tried):
                raise DemoError("an envelope of a retired week still opens")
            for home in (self._stage.casebook, *self._folder.glob("restored-*")):
                self._expect_refused("raw", home, tip["id"], "--out", self._stage.stick / "again.age")
                self._expect_refused("keys", "identity", home, "--week", str(week))
            now.note(f"{len(tried)} keys were tried; the casebook still has what staff took in")

    def _close(self, week: Week) -> None:
        bundles = self._stage.stick / "closing.bundles"
        after = week.last_day + dt.timedelta(days=1)
        self._on_server("export", after.isoformat(), str(bundles))
        self._reviewer.take_in(bundles)
        self._reviewer.back_up("second")

    def _everything(self) -> list[str]:
        """Every remaining key, also those restored from a backup and the twin."""
        root = self._stage.medium / "casebook-backup-reviewer.key"
        for backup in sorted(self._folder.glob("*.backup")):
            restored = self._folder / f"restored-{backup.stem}"
            self._stage.run_reviewer("restore", restored, "--from", backup, "--identity", root)
            self._stage.run_reviewer(
                *("keys", "restore", restored, "--twin", self._stage.twin, "--twin-passphrase-file", "-")
            )
        status = json.loads(self._stage.run_reviewer("keys", "status", self._stage.casebook, "--json"))
        keys = [self._identity(one["week"]) for one in status["weeks"]]
        keys.append(root.read_text(encoding="ascii").strip())
        return keys + self._on_server("secrets").split()

    def _identity(self, week: str) -> str:
        """The private key of a week, as the emergency command prints it."""
        return self._stage.run_reviewer("keys", "identity", self._stage.casebook, "--week", week).strip()

    def _opens(self, keys: list[str]) -> bool:
        identities = self._folder / "identities.txt"
        identities.write_text("\n".join(dict.fromkeys(keys)) + "\n", encoding="ascii")
        beside = [] if self._stage.reviewer_is_cut_off else ["--beside-network"]
        command = shlex.join([program("tipline-review"), *beside, "open-age", "--identity", str(identities)])
        try:
            self._stage.reviewer.run("sh", "-c", f"{command} < {shlex.quote(str(self._seized))} > opened")
        except DemoError as refused:
            if "no key opens" not in str(refused):
                raise
            return False
        finally:
            identities.unlink()
            (self._folder / "opened").unlink(missing_ok=True)
        return True

    def _expect_refused(self, *command: str | Path) -> None:
        try:
            self._stage.run_reviewer(*command)
        except DemoError:
            return
        raise DemoError(f"{command[0]} gives out what must be gone")

    def _on_server(self, *arguments: str) -> str:
        return self._stage.server.run(
            sys.executable,
            "-m",
            "demo.server_acts",
            self._stage.site,
            *arguments,
            said=self._stage.operators_passphrase + "\n",
        )
