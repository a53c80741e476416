"""``mark``: set owner, labels, status, star and due day of a tip, and mark it as read or unread."""

import datetime as dt

import click

from reviewer.casebook.thread_marks import Status
from reviewer.cases.marking import (
    change_labels,
    parse_day,
    set_due,
    set_owner,
    set_read,
    set_star,
    set_status,
    thread_of,
)
from reviewer.cases.thread_summary import state_marks
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today


@click.command(epilog="Example: tipline-review mark ~/review 3f9a1c02 --owner anna --label farm --due 2026-12-31")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option("--owner", metavar="NAME", help="Make this reviewer the owner, as the command owner does.")
@click.option("--label", "add", metavar="LABEL", multiple=True, help="Add a label; may be given several times.")
@click.option("--no-label", "remove", metavar="LABEL", multiple=True, help="Take a label away.")
@click.option("--status", type=click.Choice([str(one) for one in Status]), help="Set the status.")
@click.option("--reason", default="", metavar="TEXT", help="Give a reason; a closed tip needs one.")
@click.option("--star/--no-star", default=None, help="Give it a star, or take the star away.")
@click.option("--due", metavar="DAY", help="Set the due day: 2026-12-31.")
@click.option("--no-due", is_flag=True, help="Take the due day away.")
@click.option("--read/--unread", "is_read", default=None, help="Mark this one submission as read or unread.")
def command(
    home: Home,
    submission_id: str,
    owner: str | None,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    status: str | None,
    reason: str,
    star: bool | None,
    due: str | None,
    no_due: bool,
    is_read: bool | None,
) -> None:
    """Mark a tip: owner, labels, status, star, due day. Marks count for all messages of its mailbox.

    A closed tip goes into the archive, and comes out with any other status or when the source writes once more.
    """
    if reason and status is None:
        raise click.UsageError("--reason belongs to --status")
    if due is not None and no_due:
        raise click.UsageError("give --due DAY or --no-due, not both")
    day: dt.date | None = parse_day(due) if due is not None else None
    submission = home.casebook.submissions.find(submission_id)
    thread, now = thread_of(home, submission), today()
    with home.casebook.changing():
        if owner is not None:
            set_owner(home, thread, owner, today=now)
        if add or remove:
            change_labels(home, thread, add=add, remove=remove, today=now)
        if status is not None:
            set_status(home, thread, Status(status), reason, today=now)
        if star is not None:
            set_star(home, thread, is_starred=star, today=now)
        if day is not None or no_due:
            set_due(home, thread, day, today=now)
        if is_read is not None:
            set_read(home, submission, is_read=is_read, today=now)
    marks = [] if home.casebook.overview.marks([submission.number])[submission.number].is_read else ["unread"]
    marks += state_marks(home.casebook.threads.of(thread), today=now)
    output(f"{submission.short_id}  {'  '.join(marks) or 'no marks'}")
