"""One submission for staff: JSON for programs, harmless lines for a terminal."""

from collections.abc import Sequence

from crypto.primitives.canonical_json import Json
from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import Field, StoredFile
from reviewer.casebook.marks import Note
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered, is_answer
from reviewer.cases.deleting import kept_json, kept_lines
from reviewer.cases.mailbox_actions import action_lines, action_name
from reviewer.cases.preferences import SourcePreferences, is_preference
from reviewer.cases.reads_alike import reads_alike
from reviewer.cases.sealed_file_text import file_json, file_lines, sealed_json, sealed_lines
from reviewer.cases.thread_summary import state_json
from reviewer.cases.translating import translation_heading, translation_json
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.home.short_name import short_name
from reviewer.languages.text_language import UNSURE, UNSURE_WORD, language_name
from reviewer.sharing.said import answers_of_colleagues, note_authors, state_conflicts
from reviewer.terminal.plain_text import plain_line, plain_lines

_MESSAGE = "text"


def to_json(home: Home, submission: Submission, *, names: MailboxNames) -> dict[str, Json]:
    """Everything but the bytes of the files."""
    submissions = home.casebook.submissions
    fields = submissions.fields(submission)
    answered = Answered.from_fields(fields, home.casebook.questionnaires)
    sealed = home.casebook.sealed_files.of(submission)
    notes = home.casebook.notes.of(submission.number)
    authors = note_authors(home, notes)
    thread = home.casebook.inbox_rows.thread_of(submission.number)
    count = len(submissions.stored_files(submission))
    archived = home.casebook.archived.is_marked(submission.number)
    summary = summary_json(
        submission,
        files=count,
        wishes=SourcePreferences.from_fields(fields),
        is_archived=archived,
        names=names,
        reads_like=home.casebook.text_languages.of(submission.number),
    )
    return summary | {
        "handed_over_by": _handed_over_by(home, submission),
        "submission_id": submission.head.submission_id.hex() if submission.head else None,
        "envelope_bytes": submission.envelope.length_bytes,
        "content_bytes": submission.content_bytes,
        "manifest_version": submission.head.manifest_version if submission.head else None,
        "mailbox_other_keys": [one.short_id for one in home.casebook.overview.other_keys(submission)],
        "act": action_name(fields) if submission.kind is Kind.ACT else None,
        "fields": [{"name": one.name, "value": one.value} for one in fields],
        "answers": answered.to_json() if answered else None,
        "files": [
            file_json(file)
            | {
                "sealed": sealed_json(sealed.get(file.place)),
                "quarantined": home.casebook.quarantine.since(file.sha256) is not None,
            }
            for file in submissions.stored_files(submission)
        ],
        "replies": [
            {
                "text": reply.text,
                "day": reply.day.isoformat(),
                "out": reply.out_day.isoformat() if reply.out_day else None,
                "deleted_by_source": reply.deleted_day.isoformat() if reply.deleted_day else None,
            }
            for reply in home.casebook.replies.of(submission.number)
        ],
        "translations": [translation_json(one) for one in home.casebook.translations.of(submission.number)],
        "state": state_json(home.casebook.threads.of(thread)),
        "reads_alike": [
            {"id": one.submission.short_id, "percent": one.percent} for one in reads_alike(home, submission)
        ],
        "conflicts": [one.to_json() for one in state_conflicts(home, submission)],
        "case": home.casebook.cases.of_thread(thread),
        "colleague_replies": [
            {"by": one.name, "text": one.text, "day": one.day.isoformat(), "taken_back": one.is_taken_back}
            for one in answers_of_colleagues(home, [submission])
        ],
        "notes": [note_json(note, authors[note.number]) for note in notes],
        **kept_json(home, submission),
    }


def note_lines(note: Note, author: str | None) -> list[str]:
    """A note of a tip or a case for a terminal; ``author`` is None for ours."""
    whose = f"note {note.number} by {author}" if author else f"our note {note.number}"
    only_here = ", only on this laptop" if note.is_private else ""
    return [f"{whose} of {note.day.isoformat()}{only_here}:", *plain_lines(note.text)]


def note_json(note: Note, author: str | None) -> dict[str, Json]:
    """A note of a tip or a case for programs; ``author`` is None for ours."""
    return {
        "number": note.number,
        "day": note.day.isoformat(),
        "text": note.text,
        "by": author,
        "private": note.is_private,
    }


def summary_json(
    submission: Submission,
    *,
    files: int,
    wishes: SourcePreferences,
    is_archived: bool,
    names: MailboxNames,
    reads_like: str | None,
) -> dict[str, Json]:
    """The entry of one submission in ``list --json``.

    Its ``reads_like`` is a tag, "unsure", or None where there is no text.
    """
    address = submission.mailbox_bytes
    return {
        "id": submission.short_id,
        "envelope_sha256": submission.envelope.sha256.hex(),
        "kind": kind_word(submission),
        "day": submission.day.isoformat() if submission.day else None,
        "week": str(submission.week) if submission.week else None,
        "server": submission.envelope.server,
        "mailbox": short_name(address) if address else None,
        "mailbox_before": names.former(address) if address else None,
        "file_count": files,
        "imported": submission.imported_day.isoformat(),
        "backed_up": submission.backup is not None,
        "receipted": submission.receipt_day is not None,
        "unopenable": submission.unopenable,
        "may_be_shared": submission.may_be_shared,
        "handled": is_archived,
        "reads_like": UNSURE_WORD if reads_like == UNSURE else reads_like,
        **wishes.to_json(),
    }


def to_lines(home: Home, submission: Submission, *, names: MailboxNames) -> list[str]:
    """Lines for a terminal, without control characters."""
    submissions = home.casebook.submissions
    fields = submissions.fields(submission)
    lines = [
        *_head_lines(submission, names),
        *handed_over_lines(home, submission),
        *SourcePreferences.from_fields(fields).lines(),
        *_language_lines(home, submission),
    ]
    lines += kept_lines(home, submission)
    lines += [
        f"reads alike      {one.submission.short_id}: {one.sentence()}" for one in reads_alike(home, submission)
    ]
    lines += [f"conflict         {one.sentence()}" for one in state_conflicts(home, submission)]
    if others := home.casebook.overview.other_keys(submission):
        lines += ["", two_keys_warning(others)]
    if submission.kind is Kind.ACT:
        lines += ["", *action_lines(fields, home.casebook.replies, names)]
    else:
        for one in fields:
            if is_answer(one) or is_preference(one):
                continue
            lines += ["", f"{'message' if one.name == _MESSAGE else plain_line(one.name)}:"]
            lines += plain_lines(one.value)
        answered = Answered.from_fields(fields, home.casebook.questionnaires)
        lines += ["", *answered.lines()] if answered else []
    files = submissions.stored_files(submission)
    if files:
        lines += ["", f"files ({len(files)}), not opened; tipline-review save writes them:"]
    lines += _all_file_lines(home, submission, files)
    return [*lines, *_lines_of_staff(home, submission)]


def _lines_of_staff(home: Home, submission: Submission) -> list[str]:
    """Our replies and notes, and those of colleagues."""
    lines: list[str] = []
    for reply in home.casebook.replies.of(submission.number):
        lines += ["", f"our reply of {reply.day.isoformat()}, {_fate(reply.out_day, reply.deleted_day)}:"]
        lines += plain_lines(reply.text)
    for answer in answers_of_colleagues(home, [submission]):
        fate = ", taken back" if answer.is_taken_back else ""
        lines += ["", f"reply by {answer.name} of {answer.day.isoformat()}{fate}:"]
        lines += plain_lines(answer.text)
    lines += _translation_lines(home, submission)
    notes = home.casebook.notes.of(submission.number)
    authors = note_authors(home, notes)
    for note in notes:
        lines += ["", *note_lines(note, authors[note.number])]
    return lines


def handed_over_lines(home: Home, submission: Submission) -> list[str]:
    """Lines about the organisation that handed a tip over; none for one of our own servers."""
    came = home.casebook.handed_over.of(submission.envelope.sha256)
    if came is None:
        return []
    return [
        f"handed over      by {plain_line(came.sender)} on {came.day.isoformat()}",
        f"told about it    {came.told_others}",
    ]


def _all_file_lines(home: Home, submission: Submission, files: Sequence[StoredFile]) -> list[str]:
    sealed = home.casebook.sealed_files.of(submission)
    lines = []
    for file in files:
        lines += file_lines(file)
        if since := home.casebook.quarantine.since(file.sha256):
            lines.append(f"    IN QUARANTINE since {since.isoformat()}: shown to no one")
        if file.place in sealed:
            lines += sealed_lines(submission, sealed[file.place])
    return lines


def first_words(untrusted_text: str, *, letters: int) -> str:
    """The beginning of a message, for one line of a list."""
    return plain_line(" ".join(untrusted_text[:400].split()), limit_letters=letters)


def kind_word(submission: Submission) -> str:
    if submission.is_telephone:
        return "telephone"
    if submission.is_old_case:
        return "old case"
    return "unopenable" if submission.kind is None else submission.kind.name.lower()


def is_message(field: Field) -> bool:
    """True if this field is the text that the source wrote."""
    return field.name == _MESSAGE


def _head_lines(submission: Submission, names: MailboxNames) -> list[str]:
    lines = [
        f"submission       {submission.envelope.sha256.hex()}",
        f"kind             {kind_word(submission)}",
    ]
    if submission.unopenable is not None:
        lines.append(f"not opened       {submission.unopenable}")
    if submission.may_be_shared:
        lines.append("                 it has the length of what colleagues share, and may be no tip")
    kept = "in" if submission.backup is not None else "NOT in"
    lines += [
        f"arrived          {submission.day.isoformat() if submission.day else 'unknown'}",
        f"keys of week     {submission.week or 'unknown'}",
        f"mailbox          {names.of(submission) or 'none'}",
        f"server           {submission.envelope.server}",
        f"taken in         {submission.imported_day.isoformat()}, {kept} a casebook backup",
    ]
    return lines


def _language_lines(home: Home, submission: Submission) -> list[str]:
    tag = home.casebook.text_languages.of(submission.number)
    return [f"reads like       {language_name(tag)}"] if tag is not None else []


def _translation_lines(home: Home, submission: Submission) -> list[str]:
    lines = []
    for one in home.casebook.translations.of(submission.number):
        lines += ["", f"{translation_heading(one)}:", *plain_lines(one.text)]
    return lines


def _fate(out_day: object, deleted_day: object) -> str:
    if deleted_day is not None:
        return "deleted by the source"
    return "sent" if out_day is not None else "waiting for the next outbox"


def two_keys_warning(others: Sequence[Submission]) -> str:
    """For one line; ``others`` came with another key, at least one."""
    ids = ", ".join(one.short_id for one in others)
    return (
        f"TWO KEYS: under the id of this mailbox another key came as well ({ids}). One of them may be forged, and"
        " the forger reads what is answered to it"
    )


def _handed_over_by(home: Home, submission: Submission) -> str | None:
    came = home.casebook.handed_over.of(submission.envelope.sha256)
    return came.sender if came else None
