"""The table of the rows that ran, on the terminal. ``results.py`` keeps it for ``docs/evidence/acceptance.md``."""

import os
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from lab.acceptance.proof import Proved, Verdict
from lab.acceptance.results import summary

_STYLES = {
    Verdict.HOLDS: "green",
    Verdict.PARTLY: "yellow",
    Verdict.FAILS: "bold red",
    Verdict.NOT_BUILT: "magenta",
}


def show(proved: Sequence[Proved]) -> None:
    """Prints the table, and below it how many came out how."""
    console = Console(width=None if os.isatty(1) else 140)
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    for title, ratio in (("claim", 6), ("", 2), ("figure", 2), ("SecureDrop (quoted)", 3)):
        table.add_column(title, ratio=ratio)
    for one in proved:
        claim = f"{one.row.claim}\n  {one.reason}" if one.reason else one.row.claim
        verdict = f"[{_STYLES[one.verdict]}]{one.verdict.value}[/]"
        table.add_row(str(one.row.number), _plain(claim), verdict, _plain(one.figure), _plain(one.row.securedrop))
    console.print(table)
    console.print(summary([one.verdict.value for one in proved]), highlight=False)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
