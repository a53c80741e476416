"""``reply``: answer a submission."""

import sys
from pathlib import Path

import click

from crypto.submissions.reply import TEXT_BYTES
from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.cases.reply_to import COULD_NOT_OPEN
from reviewer.cases.submission_text import two_keys_warning
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_lines
from system.clock import today
from system.errors import ProgramError

_STANDARD_INPUT = "-"


@click.command(epilog="Example: tipline-review reply ~/review 3f9a1c02 --text-file -")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option(
    "--text-file",
    metavar="FILE|-",
    help=f"The answer: UTF-8, at most {TEXT_BYTES:,} bytes. - reads standard input, up to Ctrl-D on a line of"
    " its own. A FILE stays readable on its disk.",
)
@click.option(
    "--could-not-open",
    is_flag=True,
    help="Send a ready answer in the source's language: we could not open your sealed file.",
)
@click.option(
    "--despite-two-keys",
    is_flag=True,
    help="Reply although this mailbox id came with two keys: seal to the key of this submission.",
)
@click.option(
    "--instead-of",
    metavar="NAME",
    help="Reply although this conversation belongs to the reviewer NAME. The others see it with your name.",
)
def command(
    home: Home,
    submission_id: str,
    text_file: str | None,
    could_not_open: bool,
    despite_two_keys: bool,
    instead_of: str | None,
) -> None:
    """Seal an answer to the mailbox of a submission; it leaves with the next outbox.

    A file that held the answer stays where it is, in the clear, and deleting it takes nothing off the disk: give
    the answer on standard input (--text-file -), or write it at the desk.
    """
    from reviewer.cases.reply_to import reply_to

    if (text_file is None) is not could_not_open:
        raise click.UsageError("give the answer with --text-file FILE, or a ready one with --could-not-open")
    submission = home.casebook.submissions.find(submission_id)
    _warn_of_two_keys(home, submission, despite_two_keys=despite_two_keys)
    _tell_what_others_said(home, submission, instead_of=instead_of)
    if text_file is None:
        text = COULD_NOT_OPEN.text(
            SourcePreferences.from_fields(home.casebook.submissions.fields(submission)).language
        )
    else:
        text = _read(text_file)
    reply_to(home, submission, text, despite_two_keys=despite_two_keys, instead_of=instead_of, today=today())
    names = MailboxNames(home.casebook, today=today())
    output(f"sealed to {names.of(submission)}: {len(text.encode('utf-8'))} of {TEXT_BYTES} bytes")
    output("it leaves with the next outbox")


def _warn_of_two_keys(home: Home, submission: Submission, *, despite_two_keys: bool) -> None:
    """Before an answer is typed or read."""
    others = home.casebook.overview.other_keys(submission)
    if not others:
        return
    notice("warning", two_keys_warning(others))
    if not despite_two_keys:
        raise ProgramError(
            "nothing was sealed",
            hint="compare what both say with what you know of the source; --despite-two-keys seals an answer to the"
            " key of this submission",
        )


def _tell_what_others_said(home: Home, submission: Submission, *, instead_of: str | None) -> None:
    """Tell, before an answer is read, what others said and when they were heard from.

    Raises:
        AnotherOwner: the conversation belongs to a colleague whom ``instead_of`` does not name.
    """
    from reviewer.cases.reply_to import require_owner
    from reviewer.sharing.said import before_an_answer

    known = before_an_answer(home, submission)
    for answer in known.last:
        whose = "you, before this home was restored," if answer.is_ours else answer.name
        notice("colleague", f"{whose} answered on {answer.day.isoformat()}:")
        for line in plain_lines(answer.text):
            notice("colleague", f"  {line}")
    for one in known.heard:
        notice("colleague", f"{one.name}: {one.sentence()}")
    require_owner(home, submission, instead_of=instead_of)


def _read(text_file: str) -> str:
    """The text without a line break at its end; one byte more than the limit is enough to refuse it."""
    limit_bytes = 4 * TEXT_BYTES
    try:
        if text_file == _STANDARD_INPUT:
            if sys.stdin is None:
                raise ProgramError("standard input is closed, and the answer comes from there")
            raw = sys.stdin.buffer.read(limit_bytes)
        else:
            with Path(text_file).open("rb") as file:
                raw = file.read(limit_bytes)
        text = raw.decode("utf-8")
    except OSError as error:
        raise ProgramError(f"cannot read {text_file}: {(error.strerror or 'unknown reason').lower()}") from error
    except UnicodeDecodeError as error:
        if len(raw) < limit_bytes:
            raise ProgramError("the text of a reply must be UTF-8") from error
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").rstrip("\n")
