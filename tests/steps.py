"""Steps of our own code that fail at a given moment, or are watched.

Here alone a test may put something in the place of a name of ours, as no file, library or call of the system could
be made to fail at just that step. The step fails as the machine would make it fail, or does what it always does: it
never answers in place of the program.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def failing_step(
    owner: Any,
    name: str,
    error: Exception,
    *,
    when: Callable[..., bool] = lambda *_given, **_named: True,
    done_first: bool = False,
) -> Iterator[None]:
    """Within the block the step ``name`` of a class, module or object raises ``error``.

    It does so at the calls of which ``when`` is true, which gets their arguments; the others go on as always.
    ``done_first``: the step is done, and fails then.
    """
    whole = getattr(owner, name)

    def step(*given: Any, **named: Any) -> Any:
        fails = when(*given, **named)
        done = whole(*given, **named) if done_first or not fails else None
        if fails:
            raise error
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, step)
        yield


@contextmanager
def watched_step(
    owner: Any,
    name: str,
    *,
    before: Callable[..., object] = lambda *_given, **_named: None,
    after: Callable[[], object] = lambda: None,
) -> Iterator[None]:
    """Within the block ``before`` gets the arguments of each call of the step, and ``after`` follows it."""
    whole = getattr(owner, name)

    def step(*given: Any, **named: Any) -> Any:
        before(*given, **named)
        done = whole(*given, **named)
        after()
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, step)
        yield
