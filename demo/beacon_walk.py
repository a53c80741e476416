"""A press of a button for help, played once: from its radio to the ringing desk, and to the casebook."""

import json
import time
from contextlib import ExitStack
from pathlib import Path

from demo.beacon_stage import NUMBERS, BeaconStage
from demo.child import Child
from demo.errors import DemoError
from demo.firefox import Firefox
from demo.heard_ring import rings_in
from demo.narrator import Narrator
from demo.staff import Screen
from demo.terminal_picture import picture_screens
from demo.virtual_air import VirtualAir

READY_SECONDS = 180.0
RING_SECONDS = 120.0
PRESS_SECONDS = 3.0
_NARROW = 320


class BeaconWalk:
    """Plays all parts on a stage that is set up. Any deviation ends it, with the reason."""

    def __init__(self, stage: BeaconStage, narrator: Narrator, button: Path, pictures: Path) -> None:
        """``button`` is the Python with the virtual controllers; ``pictures`` gets a picture of each page."""
        self._stage = stage
        self._narrator = narrator
        self._button = button
        self._pictures = pictures

    def play(self) -> None:
        """Play all of it, in order.

        Raises:
            DemoError: a step failed; its name was said.
        """
        step = self._narrator.step
        with ExitStack() as running:
            with step("a button hangs in a place, on virtual Bluetooth controllers; two relays stand beside it"):
                air = self._stage.air(self._button)
                running.callback(air.close)
                for number, ears in zip(NUMBERS, air.ears, strict=True):
                    running.callback(self._stage.start_relay(number, ears).end)
            with step("two duty machines fetch every five seconds, and have tried their bells") as told:
                desks = {number: self._stage.start_desk(number) for number in NUMBERS}
                for desk in desks.values():
                    running.callback(desk.end)
                self._await_ready(desks, air)
                told.note("the sound goes into a file here")
            windows = {number: running.enter_context(self._window(number, desks[number])) for number in NUMBERS}
            with step("duty workers write their roster on both machines"):
                for window in windows.values():
                    self._write_roster(window)
            self._look(windows[1], "desk-ready")
            with step("the button is pressed for help") as told:
                took = self._press(air)
                told.note(f"the first machine rang after {took:.1f} s, heard in what it played")
            self._look(windows[1], "desk-rings")
            self._look_narrow(windows[1], "desk-rings-narrow")
            with step("no one acknowledges, and the second machine rings after a minute"):
                self._await_ring(2, since=0)
                self._look(windows[2], "second-desk-rings")
            with step("a duty worker acknowledges on the second machine, and both are silent"):
                self._acknowledge(windows[2])
                self._await_silence()
                self._look(windows[1], "desk-acknowledged")
        with step("copies of the press go by stick to the casebook behind the air gap"):
            self._take_copies()

    def _await_ready(self, desks: dict[int, Child], air: VirtualAir) -> None:
        until = time.monotonic() + READY_SECONDS
        while not all(desk.said().rstrip().endswith("alarms: none") for desk in desks.values()):
            air.send_other()
            if time.monotonic() > until or not all(desk.running() for desk in desks.values()):
                words = "\n".join(desk.last_words() for desk in desks.values())
                raise DemoError("the duty machines are not ready", hint=words)
            time.sleep(0.2)

    def _press(self, air: VirtualAir) -> float:
        before = self._played(1)
        began = time.monotonic()
        air.press("help-1", at=int(time.time()), seconds=PRESS_SECONDS)
        self._await_ring(1, since=before)
        return time.monotonic() - began

    def _await_ring(self, number: int, *, since: int) -> None:
        until = time.monotonic() + RING_SECONDS
        while not rings_in(self._stage.played(number), since=since):
            if time.monotonic() > until:
                raise DemoError(f"duty machine {number} does not ring")
            time.sleep(0.1)

    def _await_silence(self) -> None:
        """Until no machine plays anything for as long as two fetches take."""
        before: dict[int, int] = {}
        until, since = time.monotonic() + RING_SECONDS, time.monotonic()
        while time.monotonic() - since < 12:
            lengths = {number: self._played(number) for number in NUMBERS}
            if lengths != before:
                before, since = lengths, time.monotonic()
            if time.monotonic() > until:
                raise DemoError("a duty machine still rings")
            time.sleep(0.2)

    def _played(self, number: int) -> int:
        path = self._stage.played(number)
        return path.stat().st_size if path.exists() else 0

    @staticmethod
    def _write_roster(window: Firefox) -> None:
        window.press("nav a[href='/roster']")
        window.fill("#roster", "mon-sun 00-24 Anna, Bela")
        window.press("main button")
        window.press("nav a[href='/']")
        if "Anna, Bela" not in window.text():
            raise DemoError("the roster was not kept")

    def _acknowledge(self, window: Firefox) -> None:
        window.press("button[value=Anna]")
        if "acknowledged by Anna" not in window.text():
            raise DemoError("the press was not acknowledged")

    def _take_copies(self) -> None:
        stage, home = self._stage, self._stage.casebook
        screens = []
        for number in NUMBERS:
            shown = stage.run_reviewer("beacon", "take", home, stage.carry_copies(number))
            screens.append(Screen(f"take-{number}", f"tipline-review beacon take HOME copies-{number}", shown))
        told = json.loads(stage.run_reviewer("beacon", "sightings", home, "--json"))["presses"]
        if [(one["place"], one["button"], one["relays"]) for one in told] != [(1, 1, list(NUMBERS))]:
            raise DemoError(f"the casebook does not have the press once, by both relays: {told}")
        shown = stage.run_reviewer("beacon", "sightings", home)
        screens.append(Screen("sightings", "tipline-review beacon sightings HOME", shown))
        folder = stage.source.folder
        picture_screens(screens, browser_folder=folder / "camera", pages=folder / "pages", pictures=self._pictures)

    def _window(self, number: int, desk: Child) -> Firefox:
        window = Firefox(self._stage.duty[number].folder / "browser", width=900, height=700)
        window.open(self._stage.desk_address(desk))
        return window

    def _look(self, window: Firefox, name: str) -> None:
        window.load_again()
        number = len(list(self._pictures.glob("*.png"))) + 1
        window.screenshot(self._pictures / f"{number:02d}-{name}.png")

    def _look_narrow(self, window: Firefox, name: str) -> None:
        window.set_viewport(_NARROW, 700)
        self._look(window, name)
        window.set_viewport(900, 700)
