"""Evidence packages at the desk: choose, look at what would leave, write; and the list of what left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from flask import Blueprint, Response, request

from reviewer.casebook.handed_over import HandedOver
from reviewer.casebook.leaving import Departure
from reviewer.casebook.shared_marks import HANDED_OVER_SERVER
from reviewer.casebook.submission import Submission
from reviewer.cases.conversation import conversation_of
from reviewer.cases.text_mask import maskable_words
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.desk.ticks import (
    chosen_tips,
    require_all_here,
    shown_again,
    still_here,
    ticked_reasons,
    tips_of,
    typed_masks,
)
from reviewer.leaving.evidence import gather, recipient_words, write_evidence
from reviewer.leaving.evidence_choice import LONGEST_RECEIVER, EvidenceChoice, receiver_key
from reviewer.leaving.leaving_files import LeavingFile, file_ticks, leaving_files
from reviewer.leaving.own_keys import evidence_keys, evidence_public
from reviewer.leaving.passages import Passage, passages_of
from reviewer.leaving.readable_places import CONFIRMATION, is_confirmation, proposed_folders
from reviewer.leaving.report import report_pieces
from reviewer.linking.leaving_links import chosen_links, links_of_tips
from reviewer.linking.leaving_masks import (
    LeavingMasks,
    MasksInTexts,
    leaving_masks,
    masked_choice,
    note_look,
)
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_PROPOSED_NAME = "evidence"

views = Blueprint("leaving", __name__)


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """The fields of the form, as they were typed; ``passages`` and ``files`` are ticks that name contents.

    ``links`` are names of decisions such as D-7, and ``reasons`` has the masked entities whose words leave, and
    why. ``lost`` is true if something that was ticked is no longer here; ``code`` is that of the preview before.
    """

    tips: Sequence[Submission]
    passages: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    receiver: str = ""
    to: str = ""
    folder: str = ""
    word: str = ""
    clean: bool = False
    names: bool = False
    masks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    lost: bool = False
    code: str = ""

    @classmethod
    def typed(cls) -> "EvidenceForm":
        """The form of this request.

        Raises:
            ProgramError: a tip that is not here, or too many.
        """
        tips = tips_of(request.form.get("tips", ""))
        passages = still_here("passage", (one.tick for tip in tips for one in passages_of(home(), tip)))
        files = still_here("file", (one for tip in tips for one in file_ticks(home(), tip)))
        links = still_here("link", (one.name for one in links_of_tips(home(), tips)))
        return cls(
            tips,
            passages.found | _all_lines(tips, request.form.getlist("all")),
            files.found,
            typed("receiver").strip(),
            "".join(typed("to").split()),
            typed("place") or typed("folder").strip(),
            typed("word").strip(),
            "clean" in request.form,
            "names" in request.form,
            typed_masks(),
            tuple(sorted(links.found)),
            ticked_reasons(),
            lost=passages.lost or files.lost or links.lost,
            code=typed("code"),
        )

    def masked(self) -> tuple[EvidenceChoice, MasksInTexts]:
        """The ticked tips, with the words of masked persons among the masks, and whose these are."""
        choice = EvidenceChoice(
            chosen_tips(self.tips, self.passages, self.files),
            self.receiver,
            clean=self.clean,
            with_names=self.names,
            masks=self.masks,
            links=chosen_links(links_of_tips(home(), self.tips), self.links) if self.links else (),
        )
        return masked_choice(home(), choice, _masks_of(self.tips), reasons=self.reasons, today=today())


@dataclass(frozen=True, slots=True)
class TipOffer:
    """One tip of the form, with everything in it that may be ticked."""

    submission: Submission
    passages: Sequence[Passage]
    files: Sequence[LeavingFile]


@views.get("/evidence", provide_automatic_options=False)
def choose() -> Response:
    """The form for a tip and the others of its mailbox."""
    return _form(EvidenceForm(tips_of(request.args.get("tips", ""))))


@views.post("/evidence", provide_automatic_options=False)
def change() -> Response:
    """The form again, with what was ticked."""
    return _form(EvidenceForm.typed())


@views.post("/evidence/preview", provide_automatic_options=False)
def preview() -> Response:
    """All that would leave; nothing is written."""
    form = EvidenceForm.typed()
    try:
        require_all_here(form.lost)
        return _preview(form)
    except ProgramError as error:
        return _form(form, problem=error)


@views.post("/evidence/write", provide_automatic_options=False)
def write() -> Response:
    """Write the package."""
    form = EvidenceForm.typed()
    try:
        require_all_here(form.lost)
        recipient = receiver_key(form.to) if form.to else None
        choice, _masked = form.masked()
        written = write_evidence(
            home(),
            choice,
            absolute(form.folder),
            to=recipient,
            confirmed_readable=is_confirmation(form.word),
            children=desk().desk_session.children,
            code=form.code,
            today=today(),
        )
    except ProgramError as error:
        return shown_again(error, partial(_preview, form), partial(_form, form))
    return page("evidence_written.html", written=written, folder=form.folder, is_sealed=recipient is not None)


@views.get("/left", provide_automatic_options=False)
def left() -> Response:
    """The list of departures, and the keys for them."""
    casebook = home().casebook
    return page(
        "left.html",
        departures=casebook.departures.all(),
        keys=evidence_keys(home()),
        partners=casebook.partners.all(),
    )


@views.post("/left/evidence-key", provide_automatic_options=False)
def show_key() -> Response:
    """Make the key of evidence packages, where there is none yet."""
    evidence_public(home(), today=today())
    return left()


def departures_of(submissions: Sequence[Submission]) -> list[Departure]:
    """Departures of these tips, the newest first."""
    return home().casebook.departures.of_tips([one.envelope.sha256 for one in submissions])


def handed_over(submission: Submission) -> HandedOver | None:
    """The sender of a handed-over tip; None for one of our own servers."""
    if submission.envelope.server != HANDED_OVER_SERVER:
        return None
    return home().casebook.handed_over.of(submission.envelope.sha256)


def _masks_of(tips: Sequence[Submission]) -> LeavingMasks:
    return leaving_masks(home(), tips, children=desk().desk_session.children, today=today())


def _all_lines(tips: Sequence[Submission], ticked: Sequence[str]) -> frozenset[str]:
    """Every passage of the texts of which all lines were ticked at once, like ``3f9a1c02d4e5:message``."""
    return frozenset(
        passage.tick
        for one in tips
        if any(each.startswith(f"{one.short_id}:") for each in ticked)
        for passage in passages_of(home(), one)
        if f"{one.short_id}:{passage.label}" in ticked
    )


def _form(form: EvidenceForm, *, problem: ProgramError | None = None) -> Response:
    children = desk().desk_session.children
    offers = [
        TipOffer(one, passages_of(home(), one), leaving_files(home(), one, children=children, today=today()))
        for one in form.tips
    ]
    home().casebook.log.add("evidence preview", " ".join(one.short_id for one in form.tips), today=today())
    chosen = {one.number for one in form.tips}
    others = {
        other.number: other
        for one in form.tips
        for other in conversation_of(home(), one).submissions
        if other.number not in chosen and other.unopenable is None
    }
    links, hidden = links_of_tips(home(), form.tips), _masks_of(form.tips)
    texts = [each.text for offer in offers for each in offer.passages]
    names = [each.file.name for offer in offers for each in offer.files]
    said = [text for one in links for text in one.texts()]
    return page(
        "evidence.html",
        422 if problem else 200,
        form=form,
        offers=offers,
        links=links,
        masked=hidden.in_texts([*texts, *names, *said], files=hidden.files).masked,
        others=list(others.values()),
        maskable=maskable_words("\n".join(texts)),
        problem=problem,
        longest=LONGEST_RECEIVER,
        reason_letters=REASON_LETTERS,
        largest_looked_at=LARGEST_FILE_BYTES >> 20,
    )


def _preview(form: EvidenceForm, *, problem: ProgramError | None = None) -> Response:
    recipient = receiver_key(form.to) if form.to else None
    choice, masked = form.masked()
    note_look(home(), masked, today=today())
    gathered = gather(home(), choice, children=desk().desk_session.children, today=today())
    return page(
        "evidence_preview.html",
        422 if problem else 200,
        form=form,
        code=gathered.facts.code,
        pieces=list(report_pieces(gathered.facts)),
        masked=masked,
        problem=problem,
        key_words=recipient_words(recipient),
        places=[(words, str(folder)) for words, folder in proposed_folders(_PROPOSED_NAME)],
        confirmation=CONFIRMATION,
    )
