"""Limits of a viewer: time, memory and output. The kernel holds each of them."""

from dataclasses import dataclass

LARGEST_LOOK_BYTES = 128 << 20
"""The largest file that is looked at: it lies in memory twice meanwhile."""


@dataclass(frozen=True, slots=True)
class ViewerLimits:
    """Limits of one run of a viewer.

    ``seconds`` are of processor time, ``wait_seconds`` by the clock, ``memory_bytes`` of address space without the
    file. ``scratch_bytes`` is the room of its folder in memory, ``written_bytes`` the largest file that it may
    write, its output included.
    """

    seconds: int
    memory_bytes: int
    scratch_bytes: int = 0
    written_bytes: int = 1 << 20
    wait_seconds: int = 120

    @property
    def words(self) -> str:
        """The limits as staff are told them when one may have ended a viewer."""
        return f"{self.seconds} seconds, {self.memory_bytes + self.scratch_bytes >> 20} MB of memory"
