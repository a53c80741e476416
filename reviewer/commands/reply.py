"""``reply``: answer a submission."""

from collections.abc import Sequence

import click

from crypto.submissions.reply import TEXT_BYTES
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_contents import AnswerFinding, findings_in
from reviewer.cases.answer_parts import MOST_PARTS, AnswerLength, answer_length, answer_parts
from reviewer.cases.answer_preview import preview_lines
from reviewer.cases.ready_answers import ready_answers, suggested_language
from reviewer.cases.submission_text import two_keys_warning
from reviewer.commands.at_home import at_home
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.clock import today
from system.errors import ProgramError
from system.given_files import read_source

_LONGEST_BYTES = (MOST_PARTS + 1) * TEXT_BYTES


@click.command(epilog="Example: tipline-review reply ~/review 3f9a1c02 --text-file - --preview")
@at_home
@click.argument("submission_id", metavar="ID")
@click.option(
    "--text-file",
    metavar="FILE|-",
    help=f"The answer: UTF-8; each {TEXT_BYTES:,} bytes are one reply. - reads standard input, up to Ctrl-D on a"
    " line of its own. A FILE stays readable on its disk.",
)
@click.option(
    "--could-not-open",
    is_flag=True,
    help="Send a ready answer in the source's language: we could not open your sealed file.",
)
@click.option("--ready", metavar="NAME", help="A ready answer; tipline-review answers HOME lists them.")
@click.option("--language", metavar="TAG", help="The language of a ready answer, instead of the source's.")
@click.option("--draft", "is_draft", is_flag=True, help="The answer that take-back kept.")
@click.option("--preview", is_flag=True, help="Show the answer as the source will see it, and seal nothing.")
@click.option(
    "--confirm-contents",
    is_flag=True,
    help="Seal although the answer holds a number, an address, a link or a word of the source's own text.",
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
    ready: str | None,
    language: str | None,
    is_draft: bool,
    preview: bool,
    confirm_contents: bool,
    despite_two_keys: bool,
    instead_of: str | None,
) -> None:
    """Seal an answer to the mailbox of a submission; it leaves with the next outbox.

    A long answer becomes several, cut at the end of a paragraph or a sentence. A file that held the answer stays
    where it is, in the clear, and deleting it takes nothing off the disk: give the answer on standard input
    (--text-file -), or write it at the desk.
    """
    from reviewer.cases.reply_to import reply_to, require_answerable

    name = "could-not-open" if could_not_open else ready
    if [text_file is not None, name is not None, is_draft].count(True) != 1:
        raise click.UsageError("give the answer with --text-file FILE, --draft, or a ready one with --ready NAME")
    submission = home.casebook.submissions.find(submission_id)
    _warn_of_two_keys(home, submission, despite_two_keys=despite_two_keys)
    _tell_what_others_said(home, submission, instead_of=instead_of)
    if text_file is not None:
        text = _read(text_file)
    elif name is not None:
        text = _ready(home, submission, name, language)
    else:
        text = _draft(home, submission)
    require_answerable(home, submission, despite_two_keys=despite_two_keys)
    length, findings = answer_length(text), findings_in(home, submission, text)
    if preview:
        for line in preview_lines(home, submission, answer_parts(text)):
            output(line)
        _tell(length, findings)
        return
    _require_confirmed(findings, is_confirmed=confirm_contents)
    reply_to(home, submission, text, despite_two_keys=despite_two_keys, instead_of=instead_of, today=today())
    names = MailboxNames(home.casebook, today=today())
    output(f"sealed to {names.of(submission)}: {length.words()}")
    output("it leaves with the next outbox; until then tipline-review take-back HOME ID takes it back")


def _tell(length: AnswerLength, findings: Sequence[AnswerFinding]) -> None:
    output(length.words())
    for finding in findings:
        notice("warning", f"the answer holds {plain_line(finding.words())}")


def _require_confirmed(findings: Sequence[AnswerFinding], *, is_confirmed: bool) -> None:
    """Name what was found; refuse unless staff have looked at it."""
    for finding in findings:
        notice("warning", f"the answer holds {plain_line(finding.words())}")
    if findings and not is_confirmed:
        raise ProgramError(
            "nothing was sealed: the answer holds something that may tell another person too much",
            hint="anyone who sees the mailbox sees it too; --confirm-contents seals the answer as it is",
        )


def _ready(home: Home, submission: Submission, name: str, language: str | None) -> str:
    known = ready_answers(home)
    for refusal in known.refused:
        notice("warning", plain_line(str(refusal)))
    if (answer := known.answers.get(name)) is None:
        raise ProgramError("there is no ready answer of this name", hint="tipline-review answers HOME lists them")
    if language is not None and language not in answer.texts:
        raise ProgramError("this ready answer is not there in this language", hint=" ".join(sorted(answer.texts)))
    return answer.text(language or suggested_language(home, submission))


def _draft(home: Home, submission: Submission) -> str:
    draft = home.casebook.answer_drafts.of(submission.number)
    if draft is None:
        raise ProgramError("no draft is kept for this submission", hint="give the answer with --text-file FILE")
    return draft.text


def _warn_of_two_keys(home: Home, submission: Submission, *, despite_two_keys: bool) -> None:
    """Before an answer is typed or read."""
    others = home.casebook.overview.other_keys(submission)
    if not others:
        return
    notice("warning", two_keys_warning(others))
    if not despite_two_keys:
        raise ProgramError(
            "nothing was sent",
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
    raw = read_source(text_file, _LONGEST_BYTES - 1, what="the answer")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(raw) < _LONGEST_BYTES:
            raise ProgramError("the text of a reply must be UTF-8") from error
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").rstrip("\n")
