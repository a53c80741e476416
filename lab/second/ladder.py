"""Steps of length, after docs/formats/container.md."""

from collections.abc import Iterator


def steps() -> Iterator[int]:
    """64 KiB to 512 KiB by doubling, then eight steps for each doubling from 1 MiB on."""
    yield from (65_536 << power for power in range(4))
    base = 1 << 20
    while True:
        yield from (base + base // 8 * eighth for eighth in range(8))
        base *= 2


def padded_length(length: int) -> int:
    return next(step for step in steps() if step >= length)
