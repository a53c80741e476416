"""One tip with its conversation, and the actions of staff on it."""

from flask import Blueprint, Response, request, url_for

from crypto.submissions.reply import TEXT_BYTES
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import NOT_OFFERED
from reviewer.cases.answer_parts import AnswerLength
from reviewer.cases.archive import NOTE_BYTES, add_note, archive, destroy_note, unarchive
from reviewer.cases.clean_export import save_clean
from reviewer.cases.conversation import Conversation, conversation_of
from reviewer.cases.file_export import LISTING_NAME, RAW_NAME, save
from reviewer.cases.marking import opened
from reviewer.cases.reads_alike import AlikeTip, reads_alike
from reviewer.cases.ready_answers import ready_answers, suggested_language
from reviewer.cases.saving_place import proposed_folder, proposed_folder_to_hand_on
from reviewer.cases.untrusted_names import MARK, is_marked
from reviewer.desk.lists import chosen_list
from reviewer.desk.page import absolute, desk, home, mailbox_names, page, typed
from reviewer.desk.shown_inbox import shown_inbox
from reviewer.desk.shown_tip import shown_tip
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.session import to
from reviewer.desk.views.sharing import shared_values
from reviewer.errors import ReadableOnDisk
from reviewer.languages.word_lists import NAMES
from reviewer.linking.masked_in_tip import masked_in_pictures, masked_in_tip
from system.clock import today
from system.errors import ProgramError

WARNED = "warned"
"""In a form for an answer that stood below the warning of two keys."""

ON_DISK = "on_disk"
"""In a form for a folder: the folder on a disk that the warning above the button named."""

REPLY, NOTE, FOLDER, CLEAN_FOLDER, LEAVE_OUT = "reply", "note", "folder", "clean-folder", "leave-out"

views = Blueprint("tip", __name__, url_prefix="/tip/<short_id>")
views.after_request(taken_from_members)


@views.get("", provide_automatic_options=False)
def show(short_id: str) -> Response:
    return tip_page(find_tip(short_id), drafts={})


@views.post("/note", provide_automatic_options=False)
def note(short_id: str) -> Response:
    submission = find_tip(short_id)
    text = typed("text")
    try:
        add_note(home(), submission, text, is_private="private" in request.form, today=today())
    except ProgramError as error:
        return tip_page(submission, drafts={NOTE: text}, problem=(NOTE, error))
    return to("tip.show", short_id=submission.short_id)


@views.post("/note/<int(max=1000000000):number>/destroy", provide_automatic_options=False)
def destroy(short_id: str, number: int) -> Response:
    submission = find_tip(short_id)
    destroy_note(home(), submission, number, today=today())
    return to("tip.show", short_id=submission.short_id)


@views.post("/aside", provide_automatic_options=False)
def aside(short_id: str) -> Response:
    """Set aside, and on to the next; or bring back, and stay."""
    submission = find_tip(short_id)
    if "undo" in request.form:
        unarchive(home(), submission, today=today())
        return to("tip.show", short_id=submission.short_id)
    archive(home(), submission, today=today())
    return Response(status=303, headers={"Location": url_for("listing.tips", which=request.args.get("which"))})


@views.post("/save", provide_automatic_options=False)
def save_files(short_id: str) -> Response:
    """Write message and files to a folder of this machine; nothing is opened."""
    submission = find_tip(short_id)
    folder = typed("folder").strip()
    children = desk().desk_session.children
    try:
        masked = masked_in_tip(home(), submission, children=children, today=today())
        saved = save(
            home(),
            submission,
            absolute(folder),
            on_disk=_is_confirmed(folder),
            today=today(),
            children=children,
        )
    except ProgramError as error:
        return tip_page(submission, drafts={FOLDER: folder}, problem=(FOLDER, error))
    return page(
        "saved.html",
        submission=submission,
        folder=folder,
        saved=saved,
        listing=LISTING_NAME,
        raw=RAW_NAME,
        mark=MARK,
        is_marked=any(is_marked(one.name_here) for one in saved),
        masked=masked,
    )


@views.post("/save-clean", provide_automatic_options=False)
def save_copies(short_id: str) -> Response:
    """Write clean copies of the pictures to a folder of this machine; processes of their own look at them."""
    submission = find_tip(short_id)
    folder = typed("folder").strip()
    leave_out = "leave_out" in request.form
    children = desk().desk_session.children
    try:
        masked = masked_in_pictures(home(), submission, children=children, today=today())
        saved = save_clean(
            home(),
            submission,
            absolute(folder),
            leave_out=leave_out,
            on_disk=_is_confirmed(folder),
            today=today(),
            children=children,
        )
    except ProgramError as error:
        drafts = {CLEAN_FOLDER: folder} | ({LEAVE_OUT: "yes"} if leave_out else {})
        return tip_page(submission, drafts=drafts, problem=(CLEAN_FOLDER, error))
    return page("saved_clean.html", submission=submission, folder=folder, saved=saved, masked=masked)


def find_tip(untrusted_id: str) -> Submission:
    """The tip with this id.

    Raises:
        NoSuchSubmission: none, or several, begin so.
    """
    return home().casebook.submissions.find(untrusted_id)


def reads_alike_tips(submission: Submission) -> list[AlikeTip]:
    """Other tips whose texts have much in common with this one."""
    return reads_alike(home(), submission)


def tip_page(
    submission: Submission,
    *,
    drafts: dict[str, str],
    problem: tuple[str, ProgramError] | None = None,
    counted: AnswerLength | None = None,
) -> Response:
    """The page of a tip with its conversation; ``drafts`` fill its forms, one has the ``problem``."""
    thread = conversation_of(home(), submission)
    part = max(1, request.args.get("part", 1, type=int))
    names = mailbox_names()
    tips = {
        one.number: shown_tip(home(), one, names=names, is_chosen=one == submission, part_number=part)
        for one in thread.submissions
    }
    taken_back = home().casebook.answer_drafts.of(submission.number)
    # Every one whose words are on the page was read.
    home().casebook.log.add("show", " ".join(one.short_id for one in thread.submissions), today=today())
    opened(home(), thread.submissions)
    chosen_here = chosen_list(home(), desk().typed_filters, request.args.get("which", ""))
    return page(
        "tip.html",
        200 if problem is None else 422,
        chosen=submission,
        thread=thread,
        tips=tips,
        inbox=shown_inbox(home(), submission, chosen_here, today=today()),
        not_offered=NOT_OFFERED,
        ready=ready_answers(home()),
        ready_language=suggested_language(home(), submission),
        languages=NAMES,
        counted=counted,
        taken_back=taken_back,
        answered_tips=_answered_tips(thread),
        drafts=_folders(submission) | ({REPLY: taken_back.text} if taken_back else {}) | drafts,
        problem_at=problem[0] if problem else "",
        problem=problem[1] if problem else None,
        is_on_disk=problem is not None and isinstance(problem[1], ReadableOnDisk),
        reply_bytes=TEXT_BYTES,
        note_bytes=NOTE_BYTES,
        **shared_values(list(thread.submissions), submission),
    )


def _answered_tips(thread: Conversation) -> dict[bytes, str]:
    """The id of the tip that each waiting reply of the thread was written to."""
    return {
        reply.reply_id: one.short_id
        for one in thread.submissions
        for reply in home().casebook.replies.of(one.number)
    }


def _is_confirmed(folder: str) -> bool:
    """True if the second button was pressed, for this folder and not for one typed since."""
    return bool(folder) and request.form.get(ON_DISK) == folder


def _folders(submission: Submission) -> dict[str, str]:
    """Proposed folders to save to, all in memory; empty where this machine has no place in memory."""
    proposed = {FOLDER: proposed_folder(submission.short_id), CLEAN_FOLDER: proposed_folder_to_hand_on()}
    return {name: str(folder or "") for name, folder in proposed.items()}
