"""Server and duty machine, killed at 40 moments each: what was answered for is there after the restart."""

import random
import secrets
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

from crypto.beacon.rotating_id import Meaning
from duty.judgement import Judge
from duty.ledger import Ledger
from duty.presses import MachineRole
from duty.watch import DutyWatch
from system.atomic_files import whole_file
from tests.duty.duty_place import Office
from tests.organisation import TODAY
from tests.relay.place_of_tests import DUTY, NOON, SetClock, frame, relay, week_file
from tests.steps import ends_at_line
from tipline.store.relay_ring import RelayRing

KILLS = 40
# Keeps posts whose first eight bytes count up, and says each number once the ring has answered for it.
SERVER = """
import sys
from pathlib import Path
from tests.steps import ends_at_line
from tipline.store.relay_ring import RelayRing
number = int(sys.argv[3])
with RelayRing(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])) as ring:
    while True:
        number += 1
        ring.put(number.to_bytes(8, "big").ljust(12288, b"x"), room=100000)
        print(number, flush=True)
"""
# Acknowledges the presses of a file one after the other, and says each once that is kept.
MACHINE = """
import sys
from pathlib import Path
from lab.beacon.test_killed import machine
watch, rings = machine(Path(sys.argv[1]))
print("began", flush=True)
for press in watch.waiting():
    watch.acknowledge(press.key, by="Amal", now=press.came + 1)
    print(f"{press.key.button} {press.key.meaning.value} {press.key.window}", flush=True)
"""


def killed_after(program: str, *arguments: str, seconds: float) -> list[str]:
    """The whole lines that a program has said until it was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        said = first + process.stdout.read()
    return [line for line in said.split("\n")[:-1] if line]


def machine(ledger: Path) -> tuple[DutyWatch, list[bool]]:
    """A duty machine over a ledger, and what its bell was told."""
    rings: list[bool] = []
    judge = Judge([week_file()], DUTY[:1], since=NOON)
    watch = DutyWatch(judge, Ledger(ledger), MachineRole.FIRST, ring=rings.append, keep_copy=len)
    return watch, rings


def test_no_post_is_lost_that_the_ring_answered_for_before_its_process_was_killed(tmp_path: Path) -> None:
    moments, key, said = random.Random(4), secrets.token_bytes(32), 0
    for _ in range(KILLS):
        arguments = (str(tmp_path), key.hex(), str(said))
        lines = killed_after(SERVER, *arguments, seconds=moments.uniform(0, 0.05))
        said = max([said, *map(int, lines)])
        with RelayRing(tmp_path, key) as ring:
            kept = [int.from_bytes(post[:8], "big") for _number, post in ring.after(0, most=100_000)]
        assert set(kept) >= set(range(1, said + 1))
        said = max(said, kept[-1])
    assert said >= KILLS


def test_what_a_person_acknowledged_before_the_machine_was_killed_never_rings_again_and_all_else_does(
    tmp_path: Path,
) -> None:
    moments = random.Random(5)
    for kill in range(KILLS):
        ledger = tmp_path / f"ledger-{kill}"
        watch, _ = machine(ledger)
        # Three presses an hour, over ten hours.
        times = [NOON + 3600 * hour for hour in range(10)]
        for at in times:
            for meaning in (Meaning.HELP_1, Meaning.HELP_2, Meaning.HELP_3):
                one = relay(3, SetClock(at))
                one.take_frame(frame(at, meaning), rssi=-70)
                watch.take([one.next_post().sealed], now=at)
        before = {press.key for press in watch.waiting()}
        assert len(before) == 30
        lines = killed_after(MACHINE, str(ledger), seconds=moments.uniform(0, 0.02))
        acknowledged = {tuple(line.split()) for line in lines if line != "began"}
        again, _ = machine(ledger)
        left = {
            (str(press.key.button), press.key.meaning.value, str(press.key.window)) for press in again.waiting()
        }
        assert not acknowledged & left
        # One may be kept whose line was not said any more.
        assert len(before) - len(acknowledged) - len(left) in (0, 1)
        assert bool(again.tick(now=times[-1] + 60)) is bool(left)


def test_a_machine_whose_power_is_cut_while_it_takes_files_has_all_of_before_or_all_new_ones(
    tmp_path: Path,
) -> None:
    office = Office.made_ready(tmp_path)
    home = office.homes[1]
    office.manifest = office.organisation.issue(weeks=5)
    brought = [office.sealed_week(week_file(far=(), made=NOON)), office.manifest_file()]
    kept = home.folder / "papers.json"
    held = [kept.read_bytes()]
    for step in count():
        is_done = ends_at_line(step, lambda: home.take(brought, today=TODAY), of=whole_file)
        if kept.read_bytes() != held[-1]:
            held.append(kept.read_bytes())
        if is_done:
            break
    assert step > len(held) == 2
    assert [[row.number for row in one.relays] for one in home.weeks()] == [[3, 5]]
