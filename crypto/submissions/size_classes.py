"""The size classes of padded containers: ``docs/formats/container.md``, section "Padding".

Only the step is visible from outside: 64 KiB, powers of two up to 1 MiB, then eight steps for each doubling. Every
step is a multiple of 64 KiB, so every chunk of an envelope is full.
"""

STEP_BYTES = 65536
_LAST_DOUBLING_BYTES = 1 << 20
_STEPS_PER_OCTAVE_LOG2 = 3


def padded_length(length: int) -> int:
    """The lowest step, in bytes, that holds ``length`` bytes.

    Raises:
        ValueError: ``length`` is negative.
    """
    if length < 0:
        raise ValueError("length must not be negative")
    if length <= STEP_BYTES:
        return STEP_BYTES
    octave = (length - 1).bit_length()
    if length <= _LAST_DOUBLING_BYTES:
        return 1 << octave
    step = 1 << octave - 1 - _STEPS_PER_OCTAVE_LOG2
    return -(-length // step) * step


def is_size_class(length: int) -> bool:
    """True if ``length`` bytes are exactly one size class."""
    return length > 0 and padded_length(length) == length
