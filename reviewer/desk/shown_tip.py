"""One submission for a page: read from the casebook once, and cut to a size that a browser can show."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import Field
from reviewer.casebook.marks import Note
from reviewer.casebook.submission import Submission
from reviewer.casebook.translations import Translation
from reviewer.cases.answer_lines import Answered, is_answer
from reviewer.cases.mailbox_actions import action_lines
from reviewer.cases.preferences import SourcePreferences, is_preference
from reviewer.cases.submission_text import is_message
from reviewer.cases.text_parts import TextPart, part_key, text_parts
from reviewer.desk.shown_files import ShownFile, shown_files
from reviewer.desk.visible_text import NAME_LETTERS, part, parts
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames

BEGINNING_LETTERS = 2000
MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text and its field name, both untrusted; the message has an empty name. ``has_more`` if cut.

    ``part`` is the key under which its translations lie.
    """

    part: str
    name: str
    text: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class ShownTip:
    """One submission. Unless ``is_chosen``, only the beginnings of its texts are here."""

    submission: Submission
    is_chosen: bool
    part: int
    parts: int
    wishes: SourcePreferences
    texts: Sequence[ShownText]
    act: Sequence[str]
    answered: Answered | None
    files: Sequence[ShownFile]
    file_count: int
    """Of all files, also those that the page leaves out."""
    notes: Sequence[Note]
    is_archived: bool
    reads_like: str | None
    translations: Sequence[Translation]
    other_parts: Sequence[TextPart]
    """Texts that can be translated and stand elsewhere on the page: answers, and what came sealed."""


def shown_tip(
    home: Home,
    submission: Submission,
    *,
    names: MailboxNames,
    is_chosen: bool,
    part_number: int = 1,
    hide: Callable[[str], str] = str,
) -> ShownTip:
    """Read a submission; ``part_number`` says which 16,384 letters of a longer text are wanted.

    Texts and sealed texts go through ``hide`` before they are cut.
    """
    casebook = home.casebook
    fields = casebook.submissions.fields(submission)
    files = casebook.submissions.stored_files(submission)
    is_act = submission.kind is Kind.ACT
    answered = None if is_act else Answered.from_fields(fields, casebook.questionnaires)
    texts = [] if is_act else [one for one in fields if not (is_answer(one) or is_preference(one))]
    in_parts = [one.value for one in texts] + (answered.left_values() if answered else [])
    return ShownTip(
        submission=submission,
        is_chosen=is_chosen,
        part=part_number,
        parts=max(map(parts, in_parts), default=1),
        wishes=SourcePreferences.from_fields(fields),
        texts=[_shown_text(replace(one, value=hide(one.value)), is_chosen, part_number) for one in texts],
        act=action_lines(fields, casebook.replies, names) if is_act else [],
        answered=answered,
        files=shown_files(files, casebook.sealed_files.of(submission), is_chosen=is_chosen, hide=hide),
        file_count=len(files),
        notes=casebook.notes.of(submission.number),
        is_archived=casebook.archived.is_marked(submission.number),
        reads_like=casebook.text_languages.of(submission.number),
        translations=casebook.translations.of(submission.number),
        other_parts=_other_parts(home, submission, {part_key(one.place) for one in texts}),
    )


def _other_parts(home: Home, submission: Submission, shown: Collection[str]) -> list[TextPart]:
    """Only the beginnings: the texts themselves stand elsewhere."""
    others = [one for one in text_parts(home, submission) if one.key not in shown]
    return [TextPart(one.key, one.name, one.text[:NAME_LETTERS]) for one in others[:MOST_PARTS]]


def _shown_text(field: Field, is_chosen: bool, part_number: int) -> ShownText:
    name = "" if is_message(field) else field.name
    if is_chosen:
        return ShownText(
            part_key(field.place), name, part(field.value, part_number), parts(field.value) > part_number
        )
    return ShownText(
        part_key(field.place), name, field.value[:BEGINNING_LETTERS], len(field.value) > BEGINNING_LETTERS
    )
