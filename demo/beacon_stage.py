"""A place with a button for help: two relays and two duty machines beside the stage of the demo.

Every file is made by the programs, and carried as staff would carry it. FOLDER/relay-1 and so on are the machines.
"""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from crypto.primitives.week import Week
from demo.child import Child
from demo.errors import DemoError
from demo.machine import COMMAND_SECONDS, DemoMachine, program
from demo.narrator import Narrator
from demo.stage import Stage
from demo.virtual_air import VirtualAir

RELAY: Final = (sys.executable, "-m", "relay.commands")
DUTY: Final = (sys.executable, "-m", "duty.commands")
_SINK = """</usr/share/alsa/alsa.conf>
pcm.!default {{
  type file
  slave.pcm {{ type null }}
  file "| cat >> {file}"
  format "raw"
}}
"""
_PLACE = "Harbour clinic"
_FIRST_MINUTE = (
    "Call the ward: +44 7700 900123.\nSay only: place one, now.\nLook at the clock, and write the time down.\n"
)
_ALONE = "Stay at the desk.\nCall the next name of the roster, then the coordinator.\nDo not go alone.\n"
NUMBERS: Final = (1, 2)


class BeaconStage(Stage):
    """The stage, with ``buttons`` buttons at one place; ``records`` is what was written into each."""

    def __init__(self, folder: Path, narrator: Narrator, *, buttons: int = 1) -> None:
        super().__init__(folder, narrator)
        self.relays = {number: DemoMachine.make(folder / f"relay-{number}") for number in NUMBERS}
        self.duty = {number: DemoMachine.make(folder / f"duty-{number}") for number in NUMBERS}
        self.records: list[bytes] = []
        self._buttons = buttons
        self._starts = 0

    def start_relay(self, number: int, ears: int, *options: str, log: str = "relay.log") -> Child:
        """``tipline-relay run``, hearing what comes from a pipe."""
        return self.relays[number].start(
            *(*RELAY, "run", "home/relay", "--frames-from", str(ears), *options),
            log=log,
            descriptors=(ears,),
        )

    def start_desk(self, number: int, *options: str, log: str = "duty.log") -> Child:
        """``tipline-duty run``, with a sound system that writes what it plays into a file."""
        machine = self.duty[number]
        config = machine.folder / "asound.conf"
        config.write_text(_SINK.format(file=self.played(number)), encoding="ascii")
        return machine.start(*("env", f"ALSA_CONFIG_PATH={config}", *DUTY, "run", "home/duty", *options), log=log)

    def kill_server(self) -> None:
        """End the server and all that it started, as a cut of power does."""
        self._serving.kill()

    def start_server(self) -> None:
        """Start it again, and wait until it has published its services."""
        self._starts += 1
        self._serving = self.server.start(
            *(program("tipline"), "serve", self.site, "--tor", "private", "--network", self.network_folder),
            *("--passphrase-file", "-"),
            log=f"serve-{self._starts}.log",
            said=self.operators_passphrase + "\n",
        )
        self._open.callback(self._serving.end)
        self._await_published()

    def played(self, number: int) -> Path:
        """The file with what a duty machine has played: 16 bits, 16,000 a second."""
        return self.duty[number].folder / "played.raw"

    def desk_address(self, desk: Child) -> str:
        """The address that opens the pages of a desk."""
        found: list[str] = []

        def look() -> bool:
            found.extend(re.findall(r"^open (http://\S+)$", desk.said(), re.MULTILINE))
            return bool(found)

        self._await(desk, look, "the duty desk does not start")
        return found[0]

    def await_in(self, child: Child, pattern: str, otherwise: str) -> None:
        """Wait until a program has said a line."""
        self._await(child, lambda: re.search(pattern, child.said(), re.MULTILINE) is not None, otherwise)

    def air(self, python: Path) -> VirtualAir:
        """The air of the place, with the first button in it."""
        air = VirtualAir(python, relays=len(NUMBERS))
        air.provision(self.records[0])
        return air

    def carry_copies(self, number: int) -> Path:
        """Copies of presses from a duty machine to the stick."""
        out = self.stick / f"copies-{number}"
        self.duty[number].run(*DUTY, "copies", "home/duty", "--out", out)
        return out

    def _make_organisation(self) -> None:
        super()._make_organisation()
        self._make_place()
        self._set_up_machines()
        self._bring_files()

    def _admit_courier(self) -> None:
        """No courier is needed here: copies of presses go by stick."""

    def _beacon(self, *arguments: str | Path) -> str:
        return self.run_reviewer("beacon", *arguments)

    def _make_place(self) -> None:
        home, folder, today = self.casebook, self.reviewer.folder, dt.datetime.now(dt.UTC).date()
        (folder / "first.txt").write_text(_FIRST_MINUTE, encoding="utf-8")
        (folder / "alone.txt").write_text(_ALONE, encoding="utf-8")
        (folder / "roster.txt").write_text("mon-sun 00-24 Anna, Bela\n", encoding="utf-8")
        plan = ("--first-minute", folder / "first.txt", "--no-second-person", folder / "alone.txt")
        self._beacon("places", "add", home, _PLACE, "--region", "North", "--hours", "mon-sun 00-24", *plan)
        for number in NUMBERS:
            self._beacon("relays", "add", home, f"clinic-{number}", "--place", "1")
        self._beacon("new", home, "--place", "1", "--count", str(self._buttons))
        for button in range(1, self._buttons + 1):
            self.records.append(self._provisioned(button))
            self._beacon("drill", home, str(button), "--presses", "60", "--heard", "60")
        for week in (Week.of(today), Week.of(today).next()):
            self._beacon("roster", home, str(week), folder / "roster.txt")

    def _provisioned(self, button: int) -> bytes:
        """The bytes on the cable: the command writes into a pipe, and this is its other end."""
        beside = () if self.reviewer_is_cut_off else ("--beside-network",)
        command = (program("tipline-review"), *beside, "beacon", "provision", self.casebook, str(button))
        done = subprocess.run(
            [
                *self.reviewer.within,
                *("sh", "-c", 'exec "$@" 3>&1 1>/dev/null', "sh"),
                *map(str, command),
                *("--to-descriptor", "3", "--passphrase-file", "-"),
            ],
            input=f"{self.reviewers_passphrase}\n".encode(),
            capture_output=True,
            env=self.reviewer.environment,
            cwd=self.reviewer.folder,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode or len(done.stdout) != 68:
            raise DemoError("the button was not provisioned", hint=done.stderr.decode(errors="replace"))
        return done.stdout

    def _set_up_machines(self) -> None:
        root, tipline, address = self.medium / "root.pub", program("tipline"), ""
        made: list[tuple[DemoMachine, tuple[str, ...], str, tuple[str, ...]]] = [
            (self.relays[number], RELAY, "relay", ()) for number in NUMBERS
        ]
        made += [(self.duty[number], DUTY, "duty", ("--machine", str(number))) for number in NUMBERS]
        for machine, name, kind, options in made:
            machine.run(
                *name, "setup", f"home/{kind}", *options, "--root-key", root, "--network", self.network_folder
            )
            public = self._on_stick(machine.folder / "home" / kind / f"{kind}-onion.pub")
            called = machine.folder.name if kind == "relay" else machine.folder.name.removeprefix("duty-")
            admitted = ("--duty",) if kind == "duty" else ()
            named = f"desk-{called}" if kind == "duty" else called
            told = self.server.run(tipline, "relays", "add", self.site, public, "--name", named, *admitted)
            address = told.split()[-1]
        for machine, name, kind, _options in made:
            machine.run(*name, "setup", f"home/{kind}", "--address", address)
        self.server.run(tipline, "relays", "on", self.site)
        for number, other in (NUMBERS, NUMBERS[::-1]):
            key = self.duty[other].folder / "home" / "duty" / "duty.pub"
            self.duty[number].run(*DUTY, "pair", "home/duty", key)

    def _bring_files(self) -> None:
        keys: list[str | Path] = []
        for number in NUMBERS:
            keys += ["--duty", self.duty[number].folder / "home" / "duty" / "duty.pub"]
        manifest, this_week = self.stick / "manifest.json", Week.of(dt.datetime.now(dt.UTC).date())
        weeks = {week: self.stick / f"week-{week}" for week in (this_week, this_week.next())}
        for week, out in weeks.items():
            self._beacon("week", self.casebook, "--week", str(week), "--out", out, *keys)
        for number in NUMBERS:
            out, to = (
                self.stick / f"relay-{number}",
                self.relays[number].folder / "home" / "relay" / "relay-file.pub",
            )
            self._beacon("relays", "file", self.casebook, str(number), "--to", to, *keys, "--out", out)
            self.relays[number].run(*RELAY, "take", "home/relay", manifest, out)
            self.duty[number].run(*DUTY, "take", "home/duty", manifest, *weeks.values())
