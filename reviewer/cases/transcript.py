"""A conversation as plain text, without forms: words of the source and answers of staff.

Letters that a terminal or an eye could take for something else are named. No mailbox id and no page language.
"""

from collections.abc import Iterator, Sequence

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


def transcript_lines(home: Home, submission: Submission, *, names: MailboxNames, with_notes: bool) -> list[str]:
    """The whole conversation of a submission; staff's notes only if asked for, private ones never."""
    thread = conversation_of(home, submission)
    lines = [f"Conversation of tip {submission.short_id}", f"{plain_line(home.organisation)}", ""]
    if thread.left_out:
        lines += [f"{thread.left_out} older entries are not here.", ""]
    for entry in thread.in_order():
        if isinstance(entry, Submission):
            lines += _tip(home, entry, names, with_notes)
        else:
            lines += _reply(entry)
        lines.append("")
    return lines


def _reply(reply: SentReply | ColleagueAnswer) -> list[str]:
    if isinstance(reply, ColleagueAnswer):
        fate = ", taken back, never sent" if reply.is_taken_back else ""
        return [f"--- reply of {plain_line(reply.name)}, {reply.day.isoformat()}{fate}", *plain_lines(reply.text)]
    fate = "deleted by the source" if reply.deleted_day else "sent" if reply.out_day else "not sent yet"
    return [f"--- our reply, {reply.day.isoformat()}, {fate}", *plain_lines(reply.text)]


def _tip(home: Home, one: Submission, names: MailboxNames, with_notes: bool) -> Iterator[str]:
    fields = home.casebook.submissions.fields(one)
    day = (one.day or one.imported_day).isoformat()
    yield f"--- {kind_word(one)} {one.short_id}, {day}"
    yield from handed_over_lines(home, one)
    if one.unopenable is not None:
        yield f"could not be opened: {one.unopenable}"
    if one.kind is Kind.ACT:
        yield from action_lines(fields, home.casebook.replies, names)
        return
    yield from _texts(fields)
    yield from _answers(Answered.from_fields(fields, home.casebook.questionnaires))
    yield from _files(home, one)
    if with_notes:
        for note in home.casebook.notes.of(one.number):
            if note.is_private:
                continue
            yield f"our note of {note.day.isoformat()}:"
            yield from plain_lines(note.text)


def _texts(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        if is_answer(field) or is_preference(field):
            continue
        if not is_message(field):
            yield f"{plain_line(field.name)}:"
        yield from plain_lines(field.value)


def _answers(answered: Answered | None) -> Iterator[str]:
    if answered is None:
        return
    for answer in answered.shown():
        yield f"{plain_line(answer.question)}:"
        for value in answer.values:
            yield from plain_lines(value)
    for name, value in answered.left:
        yield f"{plain_line(name)}:"
        yield from plain_lines(value)


def _files(home: Home, one: Submission) -> Iterator[str]:
    sealed = home.casebook.sealed_files.of(one)
    for file in home.casebook.submissions.stored_files(one):
        yield f"file: {plain_line(file.name) or '(no name)'}, {file.length_bytes:,} bytes"
        yield f"  SHA-256 {file.sha256.hex()}"
        inside = sealed.get(file.place)
        for text in inside.fields if inside is not None else ():
            yield "inside, sealed by the source:"
            yield from plain_lines(text.value)
