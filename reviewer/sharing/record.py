"""Records what this reviewer does as an operation, and applies operations of all reviewers."""

import datetime as dt
from collections.abc import Mapping

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import MOST_REPLACED, Operation, SignedOperation
from reviewer.casebook.submission import Submission
from reviewer.errors import NoSuchSubmission
from reviewer.home.home import Home
from reviewer.sharing.appliers import ABOUT_THE_THREAD, ANSWER, APPLIERS, ONE_IN_FORCE
from reviewer.sharing.party import own_run


def record(
    home: Home, kind: str, submission: Submission, content: Mapping[str, Json], *, today: dt.date
) -> Operation:
    """Sign an operation about a tip, apply it here, and keep it for the next outbox.

    A kind of which one is in force replaces what is in force now. ``content`` holds texts, whole numbers, truth
    values, None and lists of texts.

    Raises:
        Malformed: the content does not fit the format.
    """
    keys = home.party_keys()
    with home.casebook.changing():
        operations = home.casebook.operations
        replaces: tuple[bytes, ...] = ()
        if kind in ONE_IN_FORCE:
            in_force = operations.in_force(tips_of(home, submission, kind), kind)
            replaces = tuple(sorted(one.sha256 for one in in_force[-MOST_REPLACED:]))
        author, run = keys.signing.verify_key(), own_run(home)
        operation = Operation(
            author=author,
            run=run,
            number=operations.next_number(author, run),
            counter=operations.next_counter(),
            day=today,
            kind=kind,
            tip=submission.envelope.sha256,
            content=dict(content),
            replaces=replaces,
        )
        operations.keep(SignedOperation.sign(operation, key=keys.signing))
        _apply(home, operation, submission, today=today)
    return operation


def record_earlier_answers(home: Home, *, since: dt.date) -> None:
    """Record answers that this home sealed before it shared any: colleagues see those of the last weeks."""
    for submission, reply in home.casebook.replies.not_shared(since=since):
        (tip,) = home.casebook.overview.some([submission])
        record(home, ANSWER, tip, {"reply": reply.reply_id.hex(), "text": reply.text}, today=reply.day)


def tips_of(home: Home, submission: Submission, kind: str) -> list[bytes]:
    """Digests of the tips that an operation of this kind is about: those of the thread, or this one."""
    if kind not in ABOUT_THE_THREAD:
        return [submission.envelope.sha256]
    return [one.envelope.sha256 for one in home.casebook.overview.of_mailbox(submission)]


def conflicting(home: Home, submission: Submission, kind: str) -> list[Operation]:
    """Operations of a kind that are in force: the last one counts, several are a conflict."""
    return home.casebook.operations.in_force(tips_of(home, submission, kind), kind)


def apply_waiting(home: Home, *, today: dt.date) -> int:
    """Apply what came before its tip, or is new here; how many operations that were."""
    waiting = home.casebook.operations.to_apply()
    for operation in waiting:
        _apply(home, operation, _tip_of(home, operation), today=today)
    return len(waiting)


def _tip_of(home: Home, operation: Operation) -> Submission | None:
    """The tip, unless it was deleted here or the operation is about none."""
    if operation.tip is None:
        return None
    try:
        return home.casebook.submissions.find(operation.tip.hex())
    except NoSuchSubmission:
        return None


def _apply(home: Home, operation: Operation, submission: Submission | None, *, today: dt.date) -> None:
    applier = APPLIERS.get(operation.kind)
    if applier is None:
        return  # of a newer program: it is kept, and applied after the update
    applier(home.casebook, operation, submission, today)
    home.casebook.operations.mark_applied(operation)
