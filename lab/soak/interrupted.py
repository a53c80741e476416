"""Couriers that are killed, cut off, doubled and late; and what a server lets go of meanwhile."""

import contextlib
import http
import io
import itertools
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crypto.bundles.bundle_file import read_bundle_file
from crypto.errors import CryptoError
from crypto.sharing.shared_item import ENVELOPE_BYTES
from lab.soak.crowd import few_files
from lab.soak.ledger import Content, Ledger
from lab.soak.line import Line
from lab.soak.losses import Lost, want
from lab.soak.near_courier import main as near_courier
from lab.soak.report import Row, Say
from tests.slow_line import SlowLine
from tests.tipline.served import send_tip
from tests.tipline.site_stage import Answer
from tipline.instance.folder import SiteFolder
from tipline.machine.listener import ListenAddress
from tipline.store import Store
from tipline.supervisor.web_process import WebProcess
from tipline.web.order import WebOrder

_BYTES_PER_SECOND: Final = 6_000_000
_SECONDS: Final = 10.0
_AT_WORK_SECONDS: Final = 30.0
_AGAIN_SECONDS: Final = 0.2
_MOST_TRIES: Final = 20
"""For each that is to be broken off at work."""
_BROKEN_OFF: Final = ("pull killed", "pull cut off", "push killed", "push cut off")
_ACTS: Final = (*_BROKEN_OFF, "two pull", "two push", "pushed late")


class _Road:
    """A server, and the way to its couriers' socket, which is slow and can be cut."""

    def __init__(self, folder: Path, line: Line, web: WebProcess, road: SlowLine, rng: random.Random) -> None:
        self._folder = folder
        self._line = line
        self._web = web
        self._road = road
        self._rng = rng
        self._ledger = Ledger()
        self._written = 0
        self._stored: set[bytes] = set()
        self._outboxes: list[Path] = []
        self._brought = 0
        self.in_time = 0
        """How many couriers had ended when they were to be broken off."""
        self.at_work = 0
        """How many were broken off when something had passed, and they had not ended."""
        self._tips = folder / "tips.bundles"

    @property
    def promised(self) -> int:
        return self._ledger.promised

    def one(self, act: str) -> None:
        """Something new comes in; the courier tries, and fails; then all is as it was, or done."""
        for _ in range(self._rng.randint(1, 3)):
            self._submit()
        self._note_stored()
        way, _, how = act.partition(" ")
        if act == "two pull":
            self._both([self._start("pull", self._tips), self._start("pull", self._folder / "other.bundles")])
        elif act == "two push":
            self._bring_all()
            outbox = self._outbox()
            self._both([self._start("push", outbox), self._start("push", outbox)])
        elif act == "pushed late":
            self._outbox()
            self._bring_all()
            self._whole("push", self._rng.choice(self._outboxes))
        elif way == "pull":
            self._break_off(self._start("pull", self._tips), how)
        else:
            self._break_off(self._start("push", self._outbox()), how)
        self._require_whole()
        self._require_nothing_lost()

    def round(self) -> None:
        """A whole one, which always works after whatever went before."""
        self._whole("pull", self._tips)
        self._line.reviewer.do("import", self._tips)
        self._ledger.take(self._line.reviewer.read_new())
        self._line.reviewer.do("backup", "--to", self._folder / "casebook.age")
        self._outbox()
        self._bring_all()
        self._require_nothing_lost()

    def end(self) -> None:
        self.round()
        self._ledger.require_all()
        want(not self._waiting(), "the server keeps what every reviewer has receipted")
        parts = [path.name for path in self._folder.iterdir() if path.name.endswith(".part")]
        want(not parts, f"couriers that were killed leave files behind for ever: {parts}")

    def _submit(self) -> None:
        self._written += 1
        uploads = few_files(self._rng)
        content = Content.of(f"number {self._written}", uploads)
        self._ledger.sending(content)
        assert self._web.port is not None
        page = send_tip(self._web.port, content.text, uploads)
        want(Answer(http.HTTPStatus.OK, [], page).words, "a submission got no receipt")
        self._ledger.was_promised(content)

    def _outbox(self) -> Path:
        """A new one of the reviewer's; each is kept, to be brought again."""
        outbox = self._folder / f"outbox-{len(self._outboxes)}"
        self._line.reviewer.do("outbox", "--out", outbox)
        self._outboxes.append(outbox)
        return outbox

    def _bring_all(self) -> None:
        """All that were not brought yet, oldest first, as the courier's watch does."""
        for outbox in self._outboxes[self._brought :]:
            self._whole("push", outbox)
            self._brought += 1

    def _whole(self, way: str, file: Path) -> None:
        """Undisturbed, in this process; again while the server has not done with one that was broken off."""
        deadline = time.monotonic() + _AT_WORK_SECONDS
        while True:
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = near_courier(str(self._road.port), way, str(file))
            if not (code and "another process imports" in said.getvalue() and time.monotonic() < deadline):
                break
            time.sleep(_AGAIN_SECONDS)
        want(code == 0, f"a {way} of {file.name} is refused though nothing is wrong: {said.getvalue()}")

    def _start(self, way: str, file: Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "lab.soak.near_courier", str(self._road.port), way, str(file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _break_off(self, courier: "subprocess.Popen[str]", how: str) -> None:
        """At a random moment, unless it was quicker."""
        with courier:
            carried, wanted = self._road.carried_bytes, self._rng.choice((0, 500, 20_000, 200_000, 1_000_000))
            await_bytes(self._road, courier, wanted, seconds=_SECONDS)
            time.sleep(self._rng.uniform(0, 0.05))
            if courier.poll() is not None:
                self.in_time += 1
            elif self._road.carried_bytes > carried:
                self.at_work += 1
            if how == "killed":
                courier.kill()
            else:
                self._road.cut()
            courier.wait()
            _require_named(courier)
        self._road.mend()

    def _both(self, couriers: "list[subprocess.Popen[str]]") -> None:
        """At once; one may be told that another is at work, and what it did is whole all the same."""
        with contextlib.ExitStack() as open_ones:
            for courier in couriers:
                open_ones.enter_context(courier)
            codes = [courier.wait() for courier in couriers]
            said = [_require_named(courier) for courier in couriers]
            want(0 in codes, f"of two couriers at once none gets through: {said}")

    def _require_whole(self) -> None:
        """Require that the file under the name of a FILE is one, to its end."""
        for path in (self._tips, self._folder / "other.bundles"):
            if path.exists():
                try:
                    with path.open("rb") as file:
                        for sealed in read_bundle_file(file):
                            sealed.pass_over()
                except CryptoError as error:
                    raise Lost(f"{path.name} is no whole FILE: {error}") from error

    def _require_nothing_lost(self) -> None:
        """Only what the reviewer has signed a receipt for may be gone."""
        gone = self._stored - self._waiting()
        unproved = gone - self._line.reviewer.receipted()
        want(not unproved, f"the server let go of {len(unproved)} submissions that no one has receipted")

    def _note_stored(self) -> None:
        self._stored |= self._waiting()

    def _waiting(self) -> set[bytes]:
        with Store(SiteFolder(self._line.site).store, self._line.key) as store:
            return {one.sha256 for one in store.submissions.waiting() if one.length != ENVELOPE_BYTES}


def play_interrupted(folder: Path, *, points: int, seed: int, say: Say) -> list[Row]:
    """Play this number of acts of couriers, and then on until as many were broken off at work.

    Raises:
        Lost: half a file, a lost receipt, or something deleted without proof.
    """
    rng = random.Random(f"{seed} couriers")
    line = Line(folder)
    done: Counter[str] = Counter()
    with served(line) as (web, road):
        played = _Road(folder, line, web, road, rng)
        played.one("pull killed")
        played.round()
        for point in range(1, points + 1):
            act = rng.choice(_ACTS)
            played.one(act)
            done[act] += 1
            if rng.random() < 0.3:
                played.round()
            say(f"{point} of {points}: {act}")
        for number in itertools.count():
            if played.at_work >= points:
                break
            want(number < _MOST_TRIES * points, "couriers come through, or do not begin: this proves nothing")
            act = rng.choice(_BROKEN_OFF)
            played.one(act)
            done[act] += 1
            say(f"broken off at work: {played.at_work} of {points}")
        played.end()
    told = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
    told += f"; {played.at_work} broken off at work, {played.in_time} had ended by then"
    return [Row("couriers that break off", played.at_work, f"{told}; {played.promised} receipts shown, all read")]


@contextlib.contextmanager
def served(line: Line) -> Iterator[tuple[WebProcess, SlowLine]]:
    """The web process, and a slow line to its couriers' socket."""
    socket = line.folder / "couriers.socket"
    order = WebOrder(line.site, line.key, ListenAddress(None, 0), ListenAddress(socket, None), behind_tor=False)
    with WebProcess(order) as web, SlowLine(socket, bytes_per_second=_BYTES_PER_SECOND) as road:
        yield web, road


def await_bytes(road: SlowLine, courier: "subprocess.Popen[str]", wanted: int, *, seconds: float) -> None:
    """Wait until ``wanted`` more bytes have passed, the courier has ended, or the seconds are over."""
    enough, deadline = road.carried_bytes + wanted, time.monotonic() + seconds
    while courier.poll() is None and road.carried_bytes < enough and time.monotonic() < deadline:
        time.sleep(0.002)


def _require_named(courier: "subprocess.Popen[str]") -> str:
    """Require that a command that has ended named its complaint, whatever it met."""
    said = courier.stderr.read().strip() if courier.stderr is not None else ""
    want("Traceback" not in said, f"a courier breaks: {said}")
    want(courier.returncode in (0, 1, -signal.SIGKILL), f"a courier ends with {courier.returncode}: {said}")
    return said
