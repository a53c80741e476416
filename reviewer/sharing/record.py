"""Records what this reviewer does as an operation, and applies operations of all reviewers."""

import datetime as dt
from collections.abc import Mapping, Sequence

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import MOST_REPLACED, Operation, SignedOperation
from reviewer.casebook.shared_cases import case_named
from reviewer.casebook.shared_operations import ONLY_HERE_RUN
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.sharing.appliers import ABOUT_THE_THREAD, ANSWER, APPLIERS, ONE_FOR_EACH_CASE, ONE_IN_FORCE
from reviewer.sharing.party import own_run


def record(
    home: Home, kind: str, submission: Submission, content: Mapping[str, Json], *, today: dt.date
) -> Operation:
    """Sign an operation about a tip, apply it here, and keep it for the next outbox.

    One about a tip that no colleague has is kept here only. A kind of which one is in force replaces what is in
    force now. ``content`` holds texts, whole numbers, truth
    values, None and lists of texts.

    Raises:
        Malformed: the content does not fit the format.
    """
    run = ONLY_HERE_RUN if submission.is_only_here else own_run(home)
    with home.casebook.changing():
        replaces: tuple[bytes, ...] = ()
        if kind in ONE_IN_FORCE:
            in_force = home.casebook.operations.in_force(tips_of(home, submission, kind), kind)
            same = _same_state(kind, content, in_force)
            replaces = tuple(sorted(one.sha256 for one in same[-MOST_REPLACED:]))
        tip = submission.envelope.sha256
        operation = _signed(home, kind, tip, content, run=run, replaces=replaces, today=today)
        _apply(home, operation, submission, today=today)
    return operation


def record_case(home: Home, kind: str, content: Mapping[str, Json], *, today: dt.date) -> Operation:
    """As :func:`record`, about a case and no tip. ``content`` names it under "case", in hex digits.

    Raises:
        Malformed: the content does not fit the format.
    """
    case_id = case_named(content, "case")
    if case_id is None:
        raise ValueError("an operation about a case names it")
    with home.casebook.changing():
        in_force = home.casebook.shared_cases.in_force(case_id, kind) if kind in ONE_FOR_EACH_CASE else []
        replaces = tuple(sorted(one.sha256 for one in in_force[-MOST_REPLACED:]))
        operation = _signed(home, kind, None, content, run=own_run(home), replaces=replaces, today=today)
        _apply(home, operation, None, today=today)
    return operation


def record_for_all(
    home: Home,
    kind: str,
    content: Mapping[str, Json],
    *,
    replaces: tuple[bytes, ...],
    run: bytes | None = None,
    today: dt.date,
) -> Operation:
    """As :func:`record`, about no tip; ``run`` is this home's unless given.

    Raises:
        Malformed: the content does not fit the format.
    """
    with home.casebook.changing():
        operation = _signed(home, kind, None, content, run=run or own_run(home), replaces=replaces, today=today)
        _apply(home, operation, None, today=today)
    return operation


def sign_and_apply(
    home: Home,
    kind: str,
    submission: Submission,
    content: Mapping[str, Json],
    *,
    run: bytes,
    replaces: tuple[bytes, ...],
    today: dt.date,
) -> Operation:
    """As :func:`record`, with the operations that it replaces, as a part of the caller's change."""
    tip = submission.envelope.sha256
    with home.casebook.changing():
        operation = _signed(home, kind, tip, content, run=run, replaces=replaces, today=today)
        _apply(home, operation, submission, today=today)
    return operation


def record_deletion(
    home: Home, kind: str, tip: bytes | None, content: Mapping[str, Json], *, today: dt.date
) -> None:
    """As :func:`record`, of a kind that begins with ``deletion-``, about a tip that may be gone.

    ``tip`` is the digest of its envelope, or None for the forgetting of an entity.
    """
    with home.casebook.changing():
        operation = _signed(home, kind, tip, content, run=own_run(home), replaces=(), today=today)
        _apply(home, operation, None, today=today)


def _signed(
    home: Home,
    kind: str,
    tip: bytes | None,
    content: Mapping[str, Json],
    *,
    run: bytes,
    replaces: tuple[bytes, ...],
    today: dt.date,
) -> Operation:
    """Sign and keep an operation, which is not applied yet."""
    key, operations = home.party_keys().signing, home.casebook.operations
    author = key.verify_key()
    operation = Operation(
        author=author,
        run=run,
        number=operations.next_number(author, run),
        counter=operations.counters.next(),
        day=today,
        kind=kind,
        tip=tip,
        content=dict(content),
        replaces=replaces,
    )
    operations.keep(SignedOperation.sign(operation, key=key))
    return operation


def record_earlier_answers(home: Home, *, since: dt.date) -> None:
    """Record answers that this home sealed before it shared any: colleagues see those of the last weeks."""
    for submission, reply in home.casebook.replies.not_shared(since=since):
        (tip,) = home.casebook.overview.some([submission])
        record(home, ANSWER, tip, {"reply": reply.reply_id.hex(), "text": reply.text}, today=reply.day)


def _same_state(kind: str, content: Mapping[str, Json], in_force: Sequence[Operation]) -> list[Operation]:
    """Those of one kind that are about the same state as this content."""
    part = ONE_IN_FORCE.get(kind)
    return [one for one in in_force if part is None or one.text(part) == content.get(part)]


def tips_of(home: Home, submission: Submission, kind: str) -> list[bytes]:
    """Digests of the tips that an operation of this kind is about: those of the thread, or this one."""
    if kind not in ABOUT_THE_THREAD:
        return [submission.envelope.sha256]
    return [one.envelope.sha256 for one in home.casebook.overview.of_mailbox(submission)]


def keep_marks(home: Home, going: Sequence[Submission], *, today: dt.date) -> None:
    """Before these tips go: what was set on their threads is said again about a tip that stays.

    Operations about a tip lose their content with it, and marks are about the whole thread.
    """
    casebook = home.casebook
    numbers, digests = {one.number for one in going}, {one.envelope.sha256 for one in going}
    for thread in sorted({casebook.inbox_rows.thread_of(number) for number in numbers}):
        staying = [number for number in casebook.threads.submissions(thread) if number not in numbers]
        if not staying:
            continue
        counting: dict[tuple[str, str], Operation] = {}
        for one in casebook.operations.in_force_in_thread(thread, sorted(ABOUT_THE_THREAD)):
            part = ONE_IN_FORCE[one.kind]
            counting[(one.kind, one.text(part) if part else "")] = one
        for one in counting.values():
            if one.tip in digests:
                record(home, one.kind, casebook.submissions.by_number(staying[0]), one.content, today=today)


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
    return home.casebook.submissions.of_envelope(operation.tip)


def _apply(home: Home, operation: Operation, submission: Submission | None, *, today: dt.date) -> None:
    applier = APPLIERS.get(operation.kind)
    if applier is None:
        return  # of a newer program: it is kept, and applied after the update
    if applier(home, operation, submission, today) is not False:
        home.casebook.operations.mark_applied(operation)
