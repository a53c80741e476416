"""A conversation as plain text, without forms: words of the source and answers of staff.

Letters that a terminal or an eye could take for something else are named. No mailbox id and no page language.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import Field
from reviewer.casebook.replies import SentReply
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered, is_answer
from reviewer.cases.conversation import conversation_of
from reviewer.cases.mailbox_actions import action_lines
from reviewer.cases.preferences import is_preference
from reviewer.cases.submission_text import handed_over_lines, is_message, kind_word
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.sharing.said import ColleagueAnswer
from reviewer.terminal.plain_text import plain_line, plain_lines

ACT = "transcript"
_MAILBOX = "mailbox"

Hide: TypeAlias = Callable[[str], str]
"""A function from a text to the same with marks in place of words that must not be printed."""


def transcript_lines(
    home: Home, submission: Submission, *, names: MailboxNames, with_notes: bool, hide: Hide
) -> list[str]:
    """The whole conversation of a submission; staff's notes only if asked for, private ones never.

    Every text of the source and of staff goes through ``hide`` as a whole, before it is cut into lines.
    """
    thread = conversation_of(home, submission)
    lines = [f"Conversation of tip {submission.short_id}", f"{plain_line(home.organisation)}", ""]
    if thread.left_out:
        lines += [f"{thread.left_out} older entries are not here.", ""]
    for entry in thread.in_order():
        if isinstance(entry, Submission):
            lines += _tip(home, entry, names, with_notes, hide)
        else:
            lines += _reply(entry, hide)
        lines.append("")
    return lines


def _reply(reply: SentReply | ColleagueAnswer, hide: Hide) -> list[str]:
    if isinstance(reply, ColleagueAnswer):
        fate = ", taken back, never sent" if reply.is_taken_back else ""
        return [
            f"--- reply of {plain_line(reply.name)}, {reply.day.isoformat()}{fate}",
            *plain_lines(hide(reply.text)),
        ]
    fate = "deleted by the source" if reply.deleted_day else "sent" if reply.out_day else "not sent yet"
    return [f"--- our reply, {reply.day.isoformat()}, {fate}", *plain_lines(hide(reply.text))]


def printed_act(fields: Iterable[Field], home: Home, names: MailboxNames) -> list[str]:
    """The lines of an act of the source, without the mailbox to which it moved."""
    return action_lines([one for one in fields if one.name != _MAILBOX], home.casebook.replies, names)


def _tip(home: Home, one: Submission, names: MailboxNames, with_notes: bool, hide: Hide) -> Iterator[str]:
    fields = home.casebook.submissions.fields(one)
    day = (one.day or one.imported_day).isoformat()
    yield f"--- {kind_word(one)} {one.short_id}, {day}"
    yield from handed_over_lines(home, one)
    if one.unopenable is not None:
        yield f"could not be opened: {one.unopenable}"
    if one.kind is Kind.ACT:
        yield from printed_act(fields, home, names)
        return
    yield from _texts(fields, hide)
    yield from _answers(Answered.from_fields(fields, home.casebook.questionnaires), hide)
    yield from _files(home, one, hide)
    if with_notes:
        for note in home.casebook.notes.of(one.number):
            if note.is_private:
                continue
            yield f"our note of {note.day.isoformat()}:"
            yield from plain_lines(hide(note.text))


def _texts(fields: Sequence[Field], hide: Hide) -> Iterator[str]:
    for field in fields:
        if is_answer(field) or is_preference(field):
            continue
        if not is_message(field):
            yield f"{plain_line(hide(field.name))}:"
        yield from plain_lines(hide(field.value))


def _answers(answered: Answered | None, hide: Hide) -> Iterator[str]:
    if answered is None:
        return
    for answer in answered.shown():
        yield f"{plain_line(answer.question)}:"
        for value in answer.values:
            yield from plain_lines(hide(value))
    for name, value in answered.left:
        yield f"{plain_line(hide(name))}:"
        yield from plain_lines(hide(value))


def _files(home: Home, one: Submission, hide: Hide) -> Iterator[str]:
    sealed = home.casebook.sealed_files.of(one)
    for file in home.casebook.submissions.stored_files(one):
        yield f"file: {plain_line(hide(file.name)) or '(no name)'}, {file.length_bytes:,} bytes"
        yield f"  SHA-256 {file.sha256.hex()}"
        inside = sealed.get(file.place)
        for text in inside.fields if inside is not None else ():
            yield "inside, sealed by the source:"
            yield from plain_lines(hide(text.value))
