"""A conversation to print, the form of the words that are masked in it, and the numbers for the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flask import Blueprint, Response, request

from reviewer.casebook.submission import Submission
from reviewer.cases.conversation import Entry, conversation_of
from reviewer.cases.team_numbers import team_numbers
from reviewer.cases.text_mask import TextMask, maskable_words
from reviewer.cases.transcript import printed_act
from reviewer.desk.page import home, mailbox_names, page
from reviewer.desk.shown_tip import ShownTip, shown_tip
from reviewer.desk.ticks import ticked_reasons, typed_masks
from reviewer.desk.views.tip import find_tip
from reviewer.linking.printed_masks import PrintedMasks, note_printed, printed_masks
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

views = Blueprint("figures", __name__)


@dataclass(frozen=True, slots=True)
class PrintForm:
    """The form as it was typed; ``reasons`` has the masked entities whose words are printed, and why."""

    masks: Sequence[str] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    notes: bool = False

    def masked(self, submission: Submission) -> PrintedMasks:
        """The masks of this form for the conversation of a tip.

        Raises:
            ProgramError: a word is nowhere in it, or a masked entity is ticked without a reason.
        """
        return printed_masks(
            home(),
            submission,
            names=mailbox_names(),
            with_notes=self.notes,
            masks=self.masks,
            reasons=self.reasons,
        )


@views.get("/tip/<short_id>/print", provide_automatic_options=False)
def print_tip(short_id: str) -> Response:
    """The whole conversation of a tip, for paper: no form, no mailbox, no language of the page."""
    submission = find_tip(short_id)
    form = PrintForm(notes=request.args.get("notes") == "yes")
    printed = form.masked(submission)
    note_printed(home(), printed, today=today())
    return _printed(submission, form, printed)


@views.get("/tip/<short_id>/print/masks", provide_automatic_options=False)
def choose_masks(short_id: str) -> Response:
    """The form of the words that are masked."""
    return _form(find_tip(short_id), PrintForm(notes=request.args.get("notes") == "yes"))


@views.post("/tip/<short_id>/print", provide_automatic_options=False)
def print_masked(short_id: str) -> Response:
    """The same page, masked as the form says."""
    submission = find_tip(short_id)
    form = PrintForm(typed_masks(), ticked_reasons(), "notes" in request.form)
    try:
        printed = form.masked(submission)
        note_printed(home(), printed, today=today())
    except ProgramError as error:
        return _form(submission, form, problem=error)
    return _printed(submission, form, printed)


@views.get("/numbers", provide_automatic_options=False)
def numbers() -> Response:
    """Figures for the team."""
    found = team_numbers(home())
    home().casebook.log.add("numbers", "for the team", today=today())
    tables = {title: _charted(table) for title, table in found.tables.items()}
    return page("numbers.html", conversations=found.conversations, tables=tables)


def _printed(submission: Submission, form: PrintForm, printed: PrintedMasks) -> Response:
    mask = printed.mask()
    thread = conversation_of(home(), submission)
    names = mailbox_names()
    tips = {
        one.number: _without_mailbox(shown_tip(home(), one, names=names, is_chosen=True, hide=mask.within))
        for one in thread.submissions
    }
    return page(
        "print.html",
        chosen=submission,
        left_out=thread.left_out,
        entries=[_masked(one, mask) for one in thread.in_order()],
        tips=tips,
        hide=mask.within,
        has_marks=partial(bool, mask.masked),
        persons=printed.persons,
        with_notes=form.notes,
        is_chosen=bool(form.masks or form.reasons),
        organisation=home().organisation,
    )


def _masked(entry: Entry, mask: TextMask) -> Entry:
    return entry if isinstance(entry, Submission) else replace(entry, text=mask.within(entry.text))


def _without_mailbox(tip: ShownTip) -> ShownTip:
    if not tip.act:
        return tip
    fields = home().casebook.submissions.fields(tip.submission)
    return replace(tip, act=printed_act(fields, home(), mailbox_names()))


def _form(submission: Submission, form: PrintForm, *, problem: ProgramError | None = None) -> Response:
    # Notes can be ticked in this form, so that their words are offered too.
    printed = printed_masks(home(), submission, names=mailbox_names(), with_notes=True)
    home().casebook.log.add("show", " ".join(printed.tips), today=today())
    return page(
        "print_masks.html",
        422 if problem else 200,
        chosen=submission,
        form=form,
        masked=printed.persons.masked,
        maskable=maskable_words("\n".join(printed.texts)),
        reason_letters=REASON_LETTERS,
        problem=problem,
    )


def _charted(table: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Rows: name, count, and the length of a bar in percent of the longest one."""
    longest = max(table.values(), default=1)
    return [(name, count, round(100 * count / longest)) for name, count in table.items()]
