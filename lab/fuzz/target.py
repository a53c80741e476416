"""A target of the fuzzer: one parser, its own errors, inputs to begin with, and the lines that count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Target:
    """``run`` gives an input to the parser and raises nothing but ``errors``; what is accepted is written again
    and compared, where the format has a writer.
    """

    name: str
    run: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    watch: tuple[object, ...]
    seeds: Sequence[bytes]
    tokens: Sequence[bytes] = ()
    invent: Callable[[Random], bytes] | None = None
    """Makes a whole input by the grammar, mostly sound; every fourth input comes from here, changed or not."""
    reached: Callable[[], bool] = lambda: True
    """Tells if the last input came to the part that this target is about."""
    least_reached: float = 0.0
    """The share of inputs that must come so far."""


def same(one: object, other: object) -> None:
    """Require that an accepted document is written again as it came."""
    if one != other:
        raise AssertionError("accepted, and written in another way")
