"""The search of a memory finds a passphrase also where it is held as objects, and no longer when let go."""

import subprocess
import sys

import pytest

from lab.forensics.held_words import HeldWords, writable

WORDS = ("nearly", "canine", "doable", "tiling", "gloomy", "slicing", "wrongful", "untreated")
PLACES = (4321, 1017, 2046, 6789, 3000, 5812, 7700, 7123)
HOLDING = """
import sys
held = {}
print("held", flush=True)
sys.stdin.readline()
held = None
print("gone", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    "held",
    [
        f"tuple(map(int, {[str(place) for place in PLACES]}))",
        f"tuple(''.join(word) for word in {[list(word) for word in WORDS]})",
    ],
    ids=["numbers", "words"],
)
def test_words_are_found_while_they_are_held_and_not_afterwards(held: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING.format(held)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        sought = HeldWords(WORDS, PLACES)
        assert sought.are_in(writable(child.pid))
        assert not HeldWords(WORDS[::-1], PLACES[::-1]).are_in(writable(child.pid))
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "gone\n"
        assert not sought.are_in(writable(child.pid))
        child.stdin.write("\n")
