"""Memory that a program of ours has freed is overwritten at once, in the web process and in a tor of ours."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from onion import tor_process
from tipline.supervisor import web_process

CANARY = b"canary-51c7 "
SIZES = (48, 240, 960)  # freed blocks of these sizes wait in glibc's caches, each in another one
AS_TOR = {"PYTHONMALLOC": "malloc"}
"""Python then gives each block back to glibc, as tor does."""
LETTING_GO = f"""
import os
for size in {SIZES}:
    text = os.read(0, size)
    copies = [bytes(bytearray(text)) for _ in range(20)]
    del text, copies
os.write(1, b"gone")
os.read(0, 1)
"""


def _found_after_letting_go(environment: Mapping[str, str]) -> int:
    """How often the canary is in the memory of a program that has read it, copied it, and dropped all of it."""
    content = CANARY * (sum(SIZES) // len(CANARY))
    with subprocess.Popen(
        [sys.executable, "-c", LETTING_GO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        os.write(child.stdin.fileno(), content)
        assert child.stdout.read(4) == b"gone"
        found = _memory(child.pid).count(CANARY)
        child.stdin.close()
    return found


def _memory(process_id: int) -> bytes:
    pieces: list[bytes] = []
    with open(f"/proc/{process_id}/maps") as maps, open(f"/proc/{process_id}/mem", "rb", buffering=0) as memory:
        for line in maps:
            begin, end = (int(place, 16) for place in re.findall(r"[0-9a-f]+", line)[:2])
            if " rw" in line and "[v" not in line:
                memory.seek(begin)
                pieces.append(memory.read(end - begin))
    return b"\0".join(pieces)


@pytest.mark.parametrize(
    "environment", [web_process._ENVIRONMENT, {**tor_process._ENVIRONMENT, **AS_TOR}], ids=["web process", "tor"]
)
def test_short_texts_and_words_that_were_let_go_are_in_no_freed_block(environment: Mapping[str, str]) -> None:
    assert _found_after_letting_go(environment) == 0


def test_the_same_search_finds_them_where_nothing_is_overwritten() -> None:
    assert _found_after_letting_go({"LANG": "C.UTF-8", **AS_TOR}) > 0
