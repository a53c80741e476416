"""``telephone``: enter a report that came by telephone."""

import click

from reviewer.cases.marking import own_name, parse_day
from reviewer.cases.telephone import REPORT_BYTES, enter_report
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.linking.tip_reading import read_new_tips
from reviewer.terminal.console import output
from system.clock import today
from system.errors import ProgramError
from system.given_files import read_source


@click.command(epilog="Example: tipline-review telephone ~/review --text-file - --by Anna --danger")
@at_home
@click.option(
    "--text-file",
    metavar="FILE|-",
    required=True,
    help=f"The report of the caller: UTF-8, at most {REPORT_BYTES:,} bytes. - reads standard input, up to Ctrl-D on"
    " a line of its own. A FILE stays readable on its disk.",
)
@click.option("--by", metavar="NAME", help="The person who enters it; this home's reviewer, if not given.")
@click.option("--day", metavar="DAY", help="The day of the call; today, if not given.")
@click.option("--danger", is_flag=True, help="Mark it as danger: a person is in danger.")
@click.option("--language", default="", metavar="TAG", help="The language in which the caller spoke: en, es, …")
def command(home: Home, text_file: str, by: str | None, day: str | None, danger: bool, language: str) -> None:
    """Enter a report from a telephone call. It is listed and searched like a tip, without a mailbox."""
    call_day = parse_day(day) if day is not None else today()
    submission = enter_report(
        home,
        read_text(text_file, most_bytes=REPORT_BYTES),
        by=by if by is not None else own_name(home),
        day=call_day,
        is_urgent=danger,
        language=language,
        today=today(),
    )
    read_new_tips(home)
    output(f"entered as {submission.short_id}")


def read_text(text_file: str, *, most_bytes: int) -> str:
    """A text from a file or from standard input, without line breaks at its end.

    Raises:
        ProgramError: it cannot be read, is no UTF-8, or is longer than ``most_bytes``.
    """
    raw = read_source(text_file, most_bytes)
    if len(raw) > most_bytes:
        raise ProgramError(f"the text must have at most {most_bytes:,} bytes")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError as error:
        raise ProgramError("the text must be UTF-8") from error
