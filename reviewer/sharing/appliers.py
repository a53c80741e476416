"""The effect of an operation on the casebook, by kind: each kind is registered here.

An applier runs once for each operation, ours or a colleague's, as soon as its tip is here, in any order. So it must
come to the same state in any order: it reads the operations that are in force, or adds what nothing else changes.

To share a further kind of act: a row in ``docs/formats/shared.md``, an applier in :data:`APPLIERS`, and a call of
:func:`reviewer.sharing.record.record` where staff act, in place of the change itself. A state of which one value
counts stands in :data:`ONE_IN_FORCE` too; then a conflict is shown. A deleted tip takes its operations along with
``casebook.operations.erase_of_tip``.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from crypto.errors import Malformed
from crypto.sharing.operation import Operation
from reviewer.casebook.entity_proposals import SharedPassage
from reviewer.casebook.known_digests import ContentDigests
from reviewer.casebook.link_operations import id_by_author, id_of
from reviewer.casebook.numbered_files import BY_ITSELF, NumberedFile, numbered_files
from reviewer.casebook.part_proposals import TipPart
from reviewer.casebook.proposals import MOST_PROPOSALS, WITHIN_DAYS
from reviewer.casebook.proposals import QUARANTINE as MUST_NOT_BE_LOOKED_AT
from reviewer.casebook.quarantine import BY_COLLEAGUE
from reviewer.casebook.shared_cases import CASE, CASE_MERGED, CASE_TIP, OF_CASES
from reviewer.casebook.shared_marks import ARCHIVED, DUE, LABEL, OF_THE_THREAD, OWNER, STAR, STATUS
from reviewer.casebook.submission import Submission
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.sharing.consent_appliers import CONSENT_APPLIERS
from reviewer.sharing.party import ReviewerNames, own_key
from reviewer.sharing.unmasked_dismissals import MASKING_APPLIERS

Applier = Callable[[Home, Operation, Submission | None, dt.date], bool | None]
"""Home, operation, its tip (None where it names none, or the tip is gone), and today.

False if it could not take effect yet; then it is tried again with each item that comes.
"""

ANSWER: Final = "answer"
ANSWER_TAKEN_BACK: Final = "answer-taken-back"
NOTE: Final = "note"
NOTE_DESTROYED: Final = "note-destroyed"
QUARANTINE: Final = "quarantine"
DELETION_PROPOSED: Final = "deletion-proposed"
DELETION_HELD: Final = "deletion-held"
DELETION_FILE: Final = "deletion-file"
DELETION_ANSWER: Final = "deletion-answer"
PUBLISHER: Final = "publisher"
RELEASE: Final = "release"
DELETION_ENTITY: Final = "deletion-entity"
DELETION_ENTITY_HELD: Final = "deletion-entity-held"


def _put_answer(home: Home, _operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """The search index and the waiting of the thread follow from answers, which operations hold."""
    if submission is not None:
        home.casebook.search.put(submission.number)
        home.casebook.inbox_rows.put_waiting(home.casebook.inbox_rows.thread_of(submission.number))


def _keep_note(home: Home, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    if submission is None or operation.tip is None:
        return
    destroyed = home.casebook.operations.about([operation.tip], NOTE_DESTROYED)
    if any(_destroys(one, operation) for one in destroyed):
        home.casebook.operations.erase(operation.sha256)
        return
    home.casebook.notes.add_shared(
        submission.number, operation.text("text"), operation=operation.sha256, day=operation.day
    )


def _destroy_note(home: Home, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """Only its author destroys a note for all."""
    try:
        note = home.casebook.operations.find(bytes.fromhex(operation.text("note")))
    except ValueError:
        return
    if submission is None or note is None or not _destroys(operation, note):
        return
    number = home.casebook.notes.of_operation(note.sha256)
    if number is not None:
        home.casebook.notes.destroy(submission.number, number)
    home.casebook.operations.erase(note.sha256)


def _destroys(destruction: Operation, note: Operation) -> bool:
    return (
        note.kind == NOTE
        and note.author == destruction.author
        and note.tip == destruction.tip
        and destruction.text("note") == note.sha256.hex()
    )


def _put_marks(home: Home, _operation: Operation, submission: Submission | None, today: dt.date) -> None:
    """Lists are read from rows; these follow from all operations of the thread."""
    if submission is not None:
        home.casebook.shared_marks.put(home.casebook.inbox_rows.thread_of(submission.number), today=today)


def _take_in_case(home: Home, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """Cases are read from rows; these follow from all operations about them."""
    thread = home.casebook.inbox_rows.thread_of(submission.number) if submission is not None else None
    home.casebook.shared_cases.take_in(operation, thread)


def _receive_proposal(home: Home, operation: Operation, _tip: Submission | None, today: dt.date) -> None:
    """A colleague deleted a tip: it waits here by the rule of :mod:`reviewer.casebook.proposals`."""
    uuid = _proposed(home, operation)
    if uuid is None or operation.tip is None:
        return
    names, proposals = ReviewerNames(home), home.casebook.proposals
    author = names.of(operation.author.to_bytes())
    with suppress(CasebookError):  # of no form that a proposal can have
        proposals.receive(uuid, operation.tip, reviewer=author, reason=operation.text("reason"), today=today)
    for held in home.casebook.operations.about([operation.tip], DELETION_HELD):
        if _proposal(held) == uuid:
            proposals.hold(uuid, by=names.of(held.author.to_bytes()))


def _hold_proposal(home: Home, operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """A colleague, or a person here, keeps a tip; the proposal may come later."""
    uuid = _proposal(operation)
    if uuid is not None:
        home.casebook.proposals.hold(uuid, by=ReviewerNames(home).of(operation.author.to_bytes()))


def _receive_forgetting(home: Home, operation: Operation, _tip: Submission | None, today: dt.date) -> None:
    """A colleague forgot an entity: it waits here by the same rule. One of our own is no proposal to us."""
    uuid, said = _proposed(home, operation), [operation.content.get(part) for part in ("entities", "passages")]
    if uuid is None or operation.author == own_key(home) or not all(isinstance(one, list) and one for one in said):
        return
    names, waiting = ReviewerNames(home), home.casebook.entity_proposals
    with suppress(CasebookError, Malformed):  # of no form that a proposal can have
        entities = [id_of(str(one)) or b"" for one in _list(said[0])]
        passages = [SharedPassage.parse(str(one)) for one in _list(said[1])]
        if all(entities):
            author = names.of(operation.author.to_bytes())
            waiting.receive(uuid, entities, passages, reviewer=author, today=today)
    for held in home.casebook.operations.of_kind(DELETION_ENTITY_HELD):
        if _proposal(held) == uuid:
            home.casebook.proposals.hold(uuid, by=names.of(held.author.to_bytes()))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _receive_part(home: Home, operation: Operation, _tip: Submission | None, today: dt.date) -> bool:
    """A colleague deleted a file, or an answer of its own: it waits here by the rule of a whole tip.

    False while a file that no one is to look at is not hidden yet: its tip may come later.
    """
    uuid, tip = _proposed(home, operation), operation.tip
    if uuid is None or tip is None:
        return True
    names, author, is_file = ReviewerNames(home), operation.author.to_bytes(), operation.kind == DELETION_FILE
    try:
        if is_file:
            part = TipPart.of_file(tip, operation.content.get("file"))
        else:
            part = TipPart.of_answer(tip, operation.content.get("reply"))
        home.casebook.part_proposals.receive(
            uuid,
            part,
            author=author,
            reviewer=names.of(author),
            reason=operation.text("reason"),
            today=today,
        )
    except CasebookError:  # of no form that a proposal can have
        return True
    for held in home.casebook.operations.about([tip], DELETION_HELD):
        if _proposal(held) == uuid:
            home.casebook.proposals.hold(uuid, by=names.of(held.author.to_bytes()))
    hides = is_file and operation.text("reason") == MUST_NOT_BE_LOOKED_AT and operation.author != own_key(home)
    return not hides or _hide_proposed(home, operation, int(part.name), today)


def _hide_proposed(home: Home, operation: Operation, place: int, today: dt.date) -> bool:
    """Put a file into quarantine whose deletion is proposed because it must not be looked at."""
    tip = operation.tip or b""
    submission = home.casebook.submissions.of_envelope(tip)
    if submission is None:
        return home.casebook.deletions.is_deleted(tip)
    files = numbered_files(home.casebook, submission)
    # With everything that its source had sealed inside of it.
    going = [
        one for one in files if place == (one.file.place if one.sealed_place == BY_ITSELF else one.sealed_place)
    ]
    return _hide(home, operation, submission, going, today)


def _quarantine(home: Home, operation: Operation, submission: Submission | None, today: dt.date) -> bool:
    """A file that may be an abuse picture is hidden at once.

    False beyond ten of one colleague in thirty days.

    One stolen laptop must not be able to hide every file: what is beyond waits for the days, or for a person here.
    """
    if submission is None:
        return True
    files = [
        one
        for one in numbered_files(home.casebook, submission)
        if one.file.sha256.hex() == operation.text("sha256")
    ]
    return _hide(home, operation, submission, files, today)


def _hide(
    home: Home, operation: Operation, submission: Submission, files: Iterable[NumberedFile], today: dt.date
) -> bool:
    """Hide these files of a tip, as the author of the operation asks; False beyond ten in thirty days."""
    quarantine = home.casebook.quarantine
    for one in files:
        sha256 = one.file.sha256
        if quarantine.since(sha256) is None:
            origin = BY_COLLEAGUE + ReviewerNames(home).of(operation.author.to_bytes())
            since = today - dt.timedelta(days=WITHIN_DAYS - 1)
            if quarantine.count_found_by(origin, since=since) >= MOST_PROPOSALS:
                return False
            digests = ContentDigests.of(one.read())
            if digests.sha256 != sha256:
                return False
            quarantine.add(digests, origin=origin, today=today)
        if quarantine.add_place(sha256, submission, sealed_place=one.sealed_place, place=one.file.place):
            subject = f"{submission.short_id}, file {one.number}, {sha256.hex()}, by a colleague"
            home.casebook.log.add("quarantine", subject, today=today)
    return True


def _proposal(operation: Operation) -> bytes | None:
    return id_of(operation.text("proposal"))


def _proposed(home: Home, operation: Operation) -> bytes | None:
    """The id here of what an operation proposes; None of one of our own that stands here."""
    said_id = _proposal(operation)
    if said_id is None or (operation.author == own_key(home) and home.casebook.proposals.is_ours(said_id)):
        return None
    return id_by_author(operation.author, said_id)


def _keep_only(_home: Home, _operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """Nothing to do: the state is read from the operations themselves."""


APPLIERS: Final[dict[str, Applier]] = {
    ANSWER: _put_answer,
    ANSWER_TAKEN_BACK: _put_answer,
    NOTE: _keep_note,
    NOTE_DESTROYED: _destroy_note,
    QUARANTINE: _quarantine,
    DELETION_PROPOSED: _receive_proposal,
    DELETION_HELD: _hold_proposal,
    DELETION_FILE: _receive_part,
    DELETION_ANSWER: _receive_part,
    DELETION_ENTITY: _receive_forgetting,
    DELETION_ENTITY_HELD: _hold_proposal,
    **dict.fromkeys((*OF_THE_THREAD, ARCHIVED), _put_marks),
    **dict.fromkeys(OF_CASES, _take_in_case),
    **dict.fromkeys((PUBLISHER, RELEASE), _keep_only),
    **MASKING_APPLIERS,
    **CONSENT_APPLIERS,
}

ONE_IN_FORCE: Final[dict[str, str | None]] = {
    OWNER: None,
    ARCHIVED: None,
    STATUS: None,
    STAR: None,
    DUE: None,
    LABEL: "label",
    CASE_TIP: None,
}
"""Kinds of which the newest one counts, with the part of the content that tells several states of one kind apart.

A new operation replaces what is in force of its kind, and with the same text in this part.
"""

ONE_FOR_EACH_CASE: Final = frozenset({CASE, CASE_MERGED})
"""Kinds of which the newest one counts for each case."""

ABOUT_THE_THREAD: Final = frozenset((*OF_THE_THREAD, CASE_TIP))
"""Kinds that are about all tips of a mailbox; others are about one tip."""
