"""``import``: import the bundles that the courier brought."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewer.commands.at_home import FILE, at_home
from reviewer.commands.key_warnings import tell_awaited, tell_crossing
from reviewer.commands.link_questions import compare_pictures
from reviewer.home.home import Home
from reviewer.keys.reviewer_roster import listed_reviewers
from reviewer.linking.also_in import new_to_see
from reviewer.linking.present_places import let_go_of_present_places
from reviewer.linking.tip_reading import read_new_tips
from reviewer.terminal.console import notice, output, print_progress, raise_all
from system.clock import today
from system.errors import ProgramError, system_reason

if TYPE_CHECKING:
    from reviewer.exchange.import_result import ImportReport

_MIB = 1 << 20
_STEPS = 10
_QUIET_MIB = 8  # below that it is over before a line could be read


@click.command(epilog="Example: tipline-review import ~/review /media/stick/tips.bundle")
@at_home
@click.argument("file", type=FILE)
def command(home: Home, file: Path) -> None:
    """Verify and open the bundles in FILE, and keep their content. Repeating it is harmless."""
    from reviewer.exchange.take_in import FileImporter

    try:
        size_bytes = file.stat().st_size
    except OSError as error:
        raise ProgramError(f"cannot read {file}: {system_reason(error)}") from error
    with _progress(size_bytes) as advance:
        brought = FileImporter(home, today=today(), progress=advance).read(file)
    _tell(home, brought)
    read_new_tips(home)
    let_go_of_present_places(home, today=today())
    compare_pictures(home, at_import=True)
    output(new_to_see(home).sentence())
    # A file that was cut is one fault, though its last bundle and its end are both missed.
    raise_all(brought.troubles())


def _tell(home: Home, brought: "ImportReport") -> None:
    output(
        f"bundles          {brought.bundles} new, {brought.repeated} read before, {brought.for_others} for others"
    )
    output(f"submissions      {len(brought.opened)} new, {brought.known} known")
    if brought.quarantined:
        output(f"quarantine       {brought.quarantined} files; quarantine list tells of them")
    output(f"from colleagues  {brought.operations} changes{_heard(brought)}")
    for short_id in brought.opened:
        output(f"  {short_id}")
    for short_id in brought.unopenable:
        output(f"  {short_id}  could not be opened; kept as it came")
    for short_id in brought.still_sealed:
        output(f"  {short_id}  has a file, sealed by the source, that could not be opened; show tells what to do")
    for short_id in brought.without_slot:
        output(f"  {short_id}  could not be opened: {_without_slot(home)}")
    tell_crossing(home)
    _report_retries(brought)
    for week in brought.weeks_closed:
        output(f"week closed      {week}")
    for fallen in brought.fallen:
        notice("warning", str(fallen))
        notice("hint", "ask its operator what happened before you rely on that server; it may have been copied")
    if brought.deleted_unread:
        notice(
            "warning", f"{brought.deleted_unread} envelopes were deleted on the server before they were read here"
        )
    tell_awaited(home)


def _heard(brought: "ImportReport") -> str:
    return f", heard from {', '.join(sorted(brought.heard_from))}" if brought.heard_from else ""


def _report_retries(brought: "ImportReport") -> None:
    for short_id in brought.opened_now:
        output(f"  {short_id}  could not be opened before, and is open now")
    for reason, hint in dict.fromkeys((each.reason, each.hint) for each in brought.still_wait):
        notice("warning", f"of what came before, some still waits: {reason}")
        notice("hint", hint)
    for short_id in brought.lost:
        notice("warning", f"{short_id} is gone from this disk, or was changed: it is taken in when it comes again")


def _without_slot(home: Home) -> str:
    if len(listed_reviewers(home)) > 1:
        return "sealed to other reviewers only, before this one had keys, or its week is retired; kept as it came"
    return "no key here fits: its week is retired, or the key is lost (found: keys restore); kept as it came"


@contextmanager
def _progress(total_bytes: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal, and a plain line every tenth without one; both on standard error."""
    if not sys.stderr.isatty():
        yield _plain_progress(total_bytes)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(binary_units=True), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=total_bytes)
        yield lambda count: bar.advance(task, count)


def _plain_progress(total_bytes: int) -> Callable[[int], object]:
    read_bytes = 0
    told = 0

    def advance(count: int) -> None:
        nonlocal read_bytes, told
        read_bytes += count
        step = read_bytes * _STEPS // max(total_bytes, 1)
        if step > told and total_bytes >= _QUIET_MIB * _MIB:
            told = step
            print_progress(f"read {read_bytes / _MIB:.1f} of {total_bytes / _MIB:.1f} MiB")

    return advance
