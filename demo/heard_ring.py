"""Finds the ring of a duty machine in the samples that its sound system got: both tones in order."""

import array
import itertools
import math
from collections.abc import Sequence
from pathlib import Path

RATE = 16_000
TONES_HZ = (880, 660)
_BLOCK = 800
"""Samples of 50 ms: 44 and 33 whole waves of both tones."""
_LOUD = 0.5
"""A tone has most of the power of its block."""
_BLOCKS_OF_A_TONE = 5
_SAMPLE_BYTES = 2


def rings_in(path: Path, *, since: int = 0) -> int:
    """How many whole rings stand behind byte ``since`` of a file of samples; 0 if there is no file."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(since - since % _SAMPLE_BYTES)
        raw = file.read()
    samples = array.array("h", raw[: len(raw) - len(raw) % _SAMPLE_BYTES])
    return _rings([_tone_of(samples[at : at + _BLOCK]) for at in range(0, len(samples) - _BLOCK + 1, _BLOCK)])


def _rings(tones: Sequence[int | None]) -> int:
    """Runs of the first tone that one of the second follows."""
    runs: list[tuple[int, int]] = []
    for tone in tones:
        if tone is None:
            continue
        if runs and runs[-1][0] == tone:
            runs[-1] = (tone, runs[-1][1] + 1)
        else:
            runs.append((tone, 1))
    long = [tone for tone, blocks in runs if blocks >= _BLOCKS_OF_A_TONE]
    return sum(pair == TONES_HZ for pair in itertools.pairwise(long))


def _tone_of(samples: Sequence[int]) -> int | None:
    """The tone of a block, in Hz; None for silence and other sounds."""
    power = sum(sample * sample for sample in samples)
    if not power:
        return None
    for tone in TONES_HZ:
        # Goertzel: the share of the block's power at one frequency.
        turn = 2 * math.cos(2 * math.pi * tone / RATE)
        before = last = 0.0
        for sample in samples:
            before, last = last, sample + turn * last - before
        share = (before * before + last * last - turn * before * last) / (len(samples) / 2 * power)
        if share > _LOUD:
            return tone
    return None
