"""kill -9 of everything that a server is made of, and of the courier, at random moments while a crowd writes."""

import contextlib
import http.client
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from lab.soak.crowd import Crowd
from lab.soak.ledger import Ledger
from lab.soak.line import Line, run_for
from lab.soak.losses import Lost, want
from lab.soak.report import Row, Say
from lab.soak.unit import Unit
from onion.private_network import PrivateNetwork
from tests.tipline.serving import TIPLINE

_NEAR: Final = (("worker", 6), ("master", 3), ("front", 4), ("export", 2), ("import", 2))
_THROUGH_TOR: Final = (("tor", 8), ("courier", 5), ("worker", 3), ("front", 2))
_MOST_TRIES: Final = 20
_ENOUGH: Final = 60
"""Moments, for everything that a crowd does to have happened."""

_COMMAND_SECONDS: Final = 1.2
_COURIER_SECONDS: Final = 9.0
_ONION_SHARE: Final = 0.15


def play_kills(
    folder: Path,
    *,
    points: int,
    seed: int,
    say: Say,
    onion: bool = True,
    sources: int = 20,
    readers: int = 5,
    round_every: int = 12,
) -> list[Row]:
    """Most moments over loopback, and with ``onion`` a share of them through a service on a private Tor network.
    After ``round_every`` of them all that is there is carried, and each earlier source is answered.

    Raises:
        Lost: something that was promised.
    """
    line = Line(folder)
    ledger = Ledger()
    through_tor = max(1, round(points * _ONION_SHARE)) if onion else 0
    command = line.server_command("serve", line.site)
    rng = random.Random(f"{seed} kills")
    near = Unit(command, log=folder / "near.log")
    with near, Crowd(near, ledger, name="near", seed=seed, sources=sources, readers=readers) as crowd:
        act = _Act(line, near, crowd, ledger, rng, say)
        act.play(points - through_tor, _NEAR, round_every)
    rows = [act.row("kill -9 over loopback")]
    if through_tor:
        with PrivateNetwork(folder / "network", clients=2) as network:
            courier = _Courier(line, network)
            far = Unit(
                command, log=folder / "far.log", network=network.folder, socks_port=network.map.socks_ports[0]
            )
            with far, Crowd(far, ledger, name="far", seed=seed) as crowd:
                courier.learn_the_address()
                act = _Act(line, far, crowd, ledger, rng, say, courier)
                act.play(through_tor, _THROUGH_TOR, round_every)
    ledger.take(line.carry())
    if through_tor:
        rows.append(act.row("kill -9 through the onion"))
    sent_again = ledger.require_all(line.mailbox_of)
    want(points < _ENOUGH or sent_again, "no one sent a form again: this proves nothing")
    say(f"{sent_again} forms were sent again: the copy of each receipt is there")
    want(ledger.promised and ledger.unanswered, "no one got a receipt, or everyone did: this proves nothing")
    want(line.look_into_store() == 0, "the server still holds what the reviewer has receipted")
    return rows


class _Act:
    """Kills, one after the other, on one server, while one crowd writes."""

    def __init__(
        self,
        line: Line,
        unit: Unit,
        crowd: Crowd,
        ledger: Ledger,
        rng: random.Random,
        say: Say,
        courier: "_Courier | None" = None,
    ) -> None:
        self._line = line
        self._unit = unit
        self._crowd = crowd
        self._ledger = ledger
        self._rng = rng
        self._say = say
        self._courier = courier
        self._killed: Counter[str] = Counter()
        self._answers: dict[str, set[str]] = {}
        self._rounds = 0

    def play(self, points: int, targets: Sequence[tuple[str, int]], round_every: int) -> None:
        names, often = [name for name, _ in targets], [count for _, count in targets]
        drawn = self._rng.sample(names, len(names)) + self._rng.choices(names, often, k=points)
        for point, target in enumerate(drawn[:points], start=1):
            self._one(target)
            self._crowd.require_sound()
            if point % round_every == 0 or point == points:
                self._round()
            self._say(
                f"{point} of {points}: kill -9 of {target}; {self._ledger.promised} receipts shown, "
                f"{self._ledger.unanswered} tries without an answer"
            )
        self._answers_are_shown()
        # Where pages have changed, no one follows up or deletes any more, and nothing of it is compared.
        idle = not (self._crowd.followed_up and self._crowd.deleted)
        want(points < _ENOUGH or not idle, "no follow-up arrived, or no answer was deleted: this proves nothing")

    def row(self, called: str) -> Row:
        crowd, told = self._crowd, ", ".join(f"{name} {count}" for name, count in sorted(self._killed.items()))
        odd = {status: count for status, count in sorted(crowd.statuses.items()) if status != http.HTTPStatus.OK}
        return Row(
            called,
            self._killed.total(),
            f"{told}; in all until then {self._ledger.promised} receipts and follow-ups promised, "
            f"{self._ledger.unanswered} whole tries without an answer, {self._ledger.doubled} came twice; "
            f"in this part {crowd.log_ins} log-ins, {crowd.followed_up} follow-ups, {crowd.deleted} answers "
            f"deleted; started {self._unit.starts} times; "
            f"statuses beside 200: {odd or 'none'}",
        )

    def _one(self, target: str) -> None:
        if target == "courier":
            assert self._courier is not None
            self._until_killed(target, self._courier.is_killed_in, _COURIER_SECONDS)
        elif target == "export":
            command = self._line.server_command(target, self._line.site, "--out", self._line.folder / "cut short")
            self._until_killed(target, partial(_is_killed_in, command), _COMMAND_SECONDS)
        elif target == "import":
            self._ledger.take(self._line.carry_out())
            command = self._line.server_command(target, self._line.site, self._line.outbox)
            self._until_killed(target, partial(_is_killed_in, command), _COMMAND_SECONDS)
        else:
            self._crowd.await_random_moment(self._rng)
            for _ in range(_MOST_TRIES):
                if self._unit.kill(target):
                    break
                # It is just being started again.
                self._unit.stand_up()
            else:
                raise Lost(f"there is no {target} to kill: {self._unit.last_words()}")
        self._killed[target] += 1
        self._unit.stand_up()
        if target == "import":
            self._line.carry_in()
        self._line.look_into_store()

    def _until_killed(self, target: str, is_killed_in: Callable[[float], bool], seconds: float) -> None:
        """At a random moment within ``seconds``; at another one where it had ended by then."""
        for _ in range(_MOST_TRIES):
            if is_killed_in(self._rng.uniform(0, seconds)):
                return
        raise Lost(f"{target} is never at work long enough to be killed")

    def _round(self) -> None:
        """All that is there is carried; readers get an answer; and the store is sound on every page."""
        self._rounds += 1
        come = [reader.first_text for reader in self._crowd.readers if reader.first_text]
        asking = dict.fromkeys(come, f"answer {self._rounds}")
        self._ledger.take(self._line.carry(replies=self._arrived(asking)))
        want(not (damage := self._line.damage()), f"the store is damaged: {damage}")

    def _arrived(self, asking: dict[str, str]) -> dict[str, str]:
        """Only those who came in an earlier round can be answered in this one."""
        known = {text: answer for text, answer in asking.items() if text in self._answers}
        for text in asking:
            self._answers.setdefault(text, set())
        for text, answer in known.items():
            self._answers[text].add(answer)
        return known

    def _answers_are_shown(self) -> None:
        """Every answer that was carried in was seen, or is there to be seen."""
        for _ in range(_MOST_TRIES):
            if any(self._answers.values()):
                break
            self._round()  # they came in the last one
        want(any(self._answers.values()), "no one was answered: this proves nothing")
        for reader in filter(lambda one: one.first_text, self._crowd.readers):
            wanted = self._answers.get(reader.first_text, set())
            for _ in range(100):
                with contextlib.suppress(OSError, http.client.HTTPException, LookupError):
                    reader.look()
                if wanted <= reader.seen:
                    break
                time.sleep(0.5)
            else:
                raise Lost(f"{reader.name} is not shown {sorted(wanted - reader.seen)}")


class _Courier:
    """`tipline courier` with a folder of its own, through the private network."""

    def __init__(self, line: Line, network: PrivateNetwork) -> None:
        self._line = line
        self._home = line.folder / "carry"
        self._network = network
        self._pulls = False
        self.out = line.folder / "carried.bundles"
        self._run("setup", self._home, "--network", network.folder)
        subprocess.run(
            [*TIPLINE, "couriers", "add", str(line.site), str(self._home / "courier.pub")],
            check=True,
            capture_output=True,
        )

    def learn_the_address(self) -> None:
        listed = subprocess.run(
            [*TIPLINE, "couriers", "list", str(self._line.site)], check=True, capture_output=True, text=True
        )
        address = next(word for word in listed.stdout.split() if word.endswith(".onion"))
        self._run("setup", self._home, "--network", self._network.folder, "--address", address)

    def is_killed_in(self, seconds: float) -> bool:
        """Pull, then push, and so on by turns, killed after so long; whether it was. What is there before is as it
        was, or whole."""
        self._pulls = not self._pulls or not self._line.outbox.exists()
        if self._pulls:
            code, said = run_for(seconds, self._command("pull", self._home, "--out", self.out))
            if self.out.exists():
                self._line.reviewer.do("import", self.out)
        else:
            code, said = run_for(seconds, self._command("push", self._home, self._line.outbox))
        # Where tor was killed before, it may not come through, and says so.
        want("Traceback" not in said, f"a courier breaks: {said}")
        return code is None

    def _run(self, *arguments: str | Path) -> None:
        subprocess.run(self._command(*arguments), check=True, capture_output=True)

    def _command(self, *arguments: str | Path) -> list[str]:
        return [*TIPLINE, "courier", *map(str, arguments)]


def _is_killed_in(command: Sequence[str], seconds: float) -> bool:
    """True if it was killed; what ends by itself ends well."""
    code, said = run_for(seconds, command)
    want(code in (None, 0), f"a command that no one killed is refused: {said}")
    return code is None
