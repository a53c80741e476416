"""The table of all rows: on the terminal, and in ``docs/evidence/acceptance.md`` as it came out last."""

import datetime as dt
import os
import platform
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.acceptance.proof import TREE, Proved, Verdict
from tests.acceptance.rows import Row

PAGE = TREE / "docs" / "evidence" / "acceptance.md"
HEAD = "| | claim | came out | figure | SecureDrop | on |\n|---|---|---|---|---|---|\n"
NEVER_RUN = "not run yet"
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


def summary(verdicts: Sequence[str]) -> str:
    counted = Counter(verdicts)
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])


def write(proved: Sequence[Proved], rows: Sequence[Row], *, page: Path = PAGE) -> None:
    """Puts what came out into the page; rows that did not run now keep the line that they have, with its day."""
    text = page.read_text(encoding="utf-8")
    known = {int(line.split("|")[1]): line for line in re.findall(r"^\| \d+ \|.*$", text, re.MULTILINE)}
    known |= {one.row.number: line(one) for one in proved}
    lines = [known.get(row.number, _unknown(row)) for row in rows]
    before, _, after = text.partition("<!-- table -->\n")
    _, _, after = after.partition("<!-- end of table -->\n")
    came_out = [_verdict_of(one) for one in lines]
    table = f"{machine()}\n\n{summary(came_out)}.\n\n{HEAD}" + "\n".join(lines)
    page.write_text(f"{before}<!-- table -->\n{table}\n<!-- end of table -->\n{after}", encoding="utf-8")


def line(one: Proved) -> str:
    """A row of the page."""
    came_out = f"{one.verdict.value}: {one.reason}" if one.reason else one.verdict.value
    cells = (str(one.row.number), one.row.claim, came_out, one.figure, one.row.securedrop, f"{one.day:%Y-%m-%d}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def machine() -> str:
    """What it ran on, and when the page was written."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    named = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    processor = named[1] if named else platform.machine()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    today = dt.datetime.now(dt.UTC).date()
    return (
        f"Last written on {today:%Y-%m-%d}, on {os.cpu_count()} cores ({processor}), {memory_gib} GiB of memory, "
        f"{system}, Linux {platform.release()}, Python {platform.python_version()}."
    )


def _unknown(row: Row) -> str:
    return f"| {row.number} | {row.claim} | {NEVER_RUN} | | {row.securedrop} | |"


def _verdict_of(row_line: str) -> str:
    return row_line.split("|")[3].partition(":")[0].strip()


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
