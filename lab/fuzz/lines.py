"""Which lines of a module ran, at a price that a fuzzer can pay.

From Python 3.12 on the interpreter tells each line once and then no more, so that every input is watched for
nothing. Before, one input in :data:`SAMPLE` is traced.
"""

import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, ModuleType
from typing import Any

SAMPLE = 16
_TOOL = 4
Line = tuple[str, int]


class Lines:
    """Lines inside the functions of ``watched`` (modules, classes, functions): all, and those that ran."""

    def __init__(self, watched: tuple[object, ...]) -> None:
        self._codes = {code for one in watched for code in _codes_of(one)}
        self.all: set[Line] = {line for code in self._codes for line in _lines_of(code)}
        self.ran: set[Line] = set()
        self._turn = 0
        self._told = sys.version_info >= (3, 12)
        if self._told:
            self._ask_to_be_told()

    @property
    def missed(self) -> list[Line]:
        return sorted(self.all - self.ran)

    def during(self, run: Callable[[], object]) -> None:
        """Run it, and watch."""
        self._turn += 1
        if self._told or self._turn % SAMPLE:
            run()
            return
        sys.settrace(self._trace_call)
        try:
            run()
        finally:
            sys.settrace(None)

    def close(self) -> None:
        if self._told:
            monitoring: Any = sys.monitoring
            for code in self._codes:
                monitoring.set_local_events(_TOOL, code, 0)
            monitoring.free_tool_id(_TOOL)

    def _ask_to_be_told(self) -> None:
        monitoring: Any = sys.monitoring

        def ran(code: CodeType, number: int) -> Any:
            self.ran.add((code.co_filename, number))
            return monitoring.DISABLE

        monitoring.use_tool_id(_TOOL, "fuzz")
        monitoring.register_callback(_TOOL, monitoring.events.LINE, ran)
        for code in self._codes:
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)

    def _trace_call(self, frame: FrameType, _event: str, _argument: object) -> Any:
        return self._trace_line if frame.f_code in self._codes else None

    def _trace_line(self, frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            self.ran.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace_line


def _codes_of(watched: object) -> Iterator[CodeType]:
    """Of a module everything that is written in it; of a class or function itself."""
    seen: set[int] = set()
    if isinstance(watched, ModuleType):
        for value in vars(watched).values():
            yield from _codes_within(value, watched.__name__, seen)
    else:
        yield from _codes_within(watched, str(getattr(watched, "__module__", "")), seen)


def _codes_within(value: Any, module_name: str, seen: set[int]) -> Iterator[CodeType]:
    """Functions and methods that were written in the module, and what is nested in them."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, type) and value.__module__ == module_name:
        for part in vars(value).values():
            yield from _codes_within(part, module_name, seen)
        return
    if isinstance(value, property):
        value = value.fget
    function = getattr(value, "__func__", value)
    code = getattr(function, "__code__", None)
    # What dataclasses write into a class names the class as its module, and another file.
    if isinstance(code, CodeType) and code.co_filename == getattr(sys.modules.get(module_name), "__file__", None):
        yield from _nested(code)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _lines_of(code: CodeType) -> set[Line]:
    return {
        (code.co_filename, number)
        for _start, _end, number in code.co_lines()
        if number and number != code.co_firstlineno
    }
