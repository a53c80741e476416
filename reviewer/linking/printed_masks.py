"""Masks in a printed conversation: words of masked persons, and words that staff chose, are marks.

The words of a masked person are printed only with a reason, which is kept as a look at this person.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.submission import Submission
from reviewer.cases.conversation import conversation_of
from reviewer.cases.text_mask import TextMask, require_masks
from reviewer.cases.transcript import ACT, transcript_lines
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.linking.leaving_masks import LeavingMasks, MasksInTexts, note_leaving
from reviewer.linking.tip_reading import read_new_tips

MARKS_SAY: Final = "A mark like [#1] stands in place of a word that staff left out."


@dataclass(frozen=True, slots=True)
class PrintedMasks:
    """The masked ``persons``, all ``words`` to mask, and the untrusted ``texts`` of the conversation.

    ``tips`` are the ids of all tips in it, for the log.
    """

    tips: Sequence[str]
    persons: MasksInTexts
    words: Sequence[str] = field(repr=False)
    texts: Sequence[str] = field(repr=False)

    def mask(self) -> TextMask:
        """A new mask, whose marks begin with [#1]."""
        return TextMask(self.words)


def printed_masks(
    home: Home,
    submission: Submission,
    *,
    names: MailboxNames,
    with_notes: bool,
    masks: Sequence[str] = (),
    reasons: Mapping[int, str] | None = None,
) -> PrintedMasks:
    """The masks for the whole conversation of a submission.

    The words of masked entities in ``reasons`` are printed, each with its reason.

    Raises:
        ProgramError: a word of ``masks`` is not in the conversation, or as :meth:`LeavingMasks.in_texts`.
    """
    texts = _texts(home, submission, names, with_notes=with_notes)
    # In the form at the desk the notes can be taken off after a word of theirs was chosen.
    require_masks(texts if with_notes else _texts(home, submission, names, with_notes=True), masks)
    thread = conversation_of(home, submission)
    staff_texts = [one.text for one in thread.replies] + [one.text for one in thread.colleagues]
    if with_notes:
        staff_texts += [one.text for tip in thread.submissions for one in home.casebook.notes.of(tip.number)]
    read_new_tips(home)
    persons = LeavingMasks(home, thread.submissions, staff_texts=staff_texts).in_texts(texts, reasons=reasons)
    tips = [one.short_id for one in thread.submissions]
    return PrintedMasks(tips, persons, (*masks, *persons.words), texts)


def _texts(home: Home, submission: Submission, names: MailboxNames, *, with_notes: bool) -> list[str]:
    texts: list[str] = []

    def gathered(text: str) -> str:
        texts.append(text)
        return text

    transcript_lines(home, submission, names=names, with_notes=with_notes, hide=gathered)
    return texts


def note_printed(home: Home, printed: PrintedMasks, *, today: dt.date) -> None:
    """Log the print, and keep why with each person whose masked words are on the paper.

    Raises:
        ProgramError: a person is gone with the last tip; then nothing is kept.
    """
    with home.casebook.changing():
        note_leaving(home, printed.persons, today=today)
        home.casebook.log.add(ACT, " ".join(printed.tips), today=today)
