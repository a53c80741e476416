"""Steps of our own code that fail at a given moment, or are watched.

Here alone a test may put something in the place of a name of ours, as no file, library or call of the system could
be made to fail at just that step. The step fails as the machine would make it fail, or does what it always does: it
never answers in place of the program.
"""

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
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


def ends_at_line(number: int, act: Callable[[], object], *, of: Callable[..., object]) -> bool:
    """Do ``act`` in a process of its own that ends, as by a power cut, before line ``number`` of function ``of``.

    Lines are counted from 0 as they run; nothing behind that line runs, no ``finally`` either. True if there are
    fewer lines, and so all was done.
    """
    child = os.fork()
    if child == 0:
        code, left = inspect.unwrap(of).__code__, number

        def trace(frame: FrameType, event: str, _value: object) -> Any:
            nonlocal left
            if frame.f_code is not code:
                return None
            if event == "line":
                left -= 1
                if left < 0:
                    os._exit(1)
            return trace

        sys.settrace(trace)
        with suppress(BaseException):
            act()
            os._exit(0)
        os._exit(2)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, 1), "it was not done, and ended at no line"
    return ended == 0
