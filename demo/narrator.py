"""The output of the demo: one plain line for each step, with its time and duration."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.table import Table


class Narrator:
    """Writes to standard output; a step that raises is named on its way out."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stdout
        self._begin = time.monotonic()
        self.took_seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator["NarratedStep"]:
        """One step; its line is printed when it is done."""
        step, begin = NarratedStep(), time.monotonic()
        try:
            yield step
        except BaseException:
            self.say(f"{self._moment()}  failed: {name}")
            raise
        took = time.monotonic() - begin
        self.took_seconds[name] = took
        self.say(f"{self._moment()}  {name}{step.remark} ({took:.1f} s)")

    def say(self, text: str = "") -> None:
        """A line as it is."""
        self._output.write(text + "\n")
        self._output.flush()

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A small table, whole also where it is wider than the terminal."""
        table = Table(title=title, title_justify="left", title_style="bold")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*row)
        Console(file=self._output, width=None if self._output.isatty() else 116, highlight=False).print(table)

    def so_far(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begin

    def _moment(self) -> str:
        return f"{self.so_far():6.1f} s"


class NarratedStep:
    """The note of a step, which is added to its line."""

    def __init__(self) -> None:
        self.remark = ""

    def note(self, remark: str) -> None:
        """Say ``remark`` after the step's name."""
        self.remark = f": {remark}" if remark else ""
