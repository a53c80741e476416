"""The effect of operations about findings, entities, roles, relations and decisions, in any order.

Each function writes the rows that follow from all operations of a register, or of an entity, that are here. A row
that a person here has just written is as it should be, and stays.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from crypto.errors import Malformed
from crypto.sharing.operation import Operation
from crypto.sharing.text_place import SharedPlace
from reviewer.casebook.decision_facts import DecisionPassage
from reviewer.casebook.decisions import SharedDecision
from reviewer.casebook.entities import SaidRole, SharedRelation
from reviewer.casebook.entity_proposals import SharedPassage
from reviewer.casebook.findings import BY_HAND, FindingState, TextPlace
from reviewer.casebook.link_operations import (
    ENTITY,
    ENTITY_CLOSED,
    ENTITY_KIND,
    ENTITY_MASKED,
    ENTITY_NAME,
    FINDING,
    LINK,
    LINK_UNDONE,
    OTHER,
    RELATION,
    ROLE,
    id_by_author,
    id_of,
    register_of,
)
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.matching.clusters import Verdict
from reviewer.sharing.party import ReviewerNames
from reviewer.terminal.plain_text import plain_line

LinkApplier = Callable[[Home, Operation, Submission | None, dt.date], bool | None]
NAME_LETTERS: Final = 100
REASON_LETTERS: Final = 500
AGAINST_LETTERS: Final = 2000
_WORD: Final = re.compile(r"[a-z][a-z-]{0,31}")
_LATEST_READER: Final = 2**31 - 1


def shared_place(text: TextPlace, first: int, length: int) -> SharedPlace:
    """The name of a stretch of a text at every reviewer."""
    sealed = text.sealed_place if text.sealed_place >= 0 else None
    return SharedPlace(text.part.replace(" ", "-"), sealed, text.place, first, length)


def text_place(place: SharedPlace) -> TextPlace:
    """The text that a shared place lies in."""
    return TextPlace(place.part.replace("-", " "), -1 if place.sealed is None else place.sealed, place.place)


def put_tip(home: Home, submission: Submission) -> None:
    """Write all that is shared about the findings of a tip, as after it came back from the bin."""
    for one in home.casebook.operations.about([submission.envelope.sha256], FINDING):
        put_finding(home, one, submission, one.day)


def put_finding(home: Home, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """Write one finding, and the entities that it belonged and belongs to."""
    casebook = home.casebook
    last = casebook.operations.in_register(register_of(operation))[-1:]
    if submission is None or not last:
        return
    (said,) = last
    kind, state, entity_id = said.text("kind"), said.text("state"), id_of(said.text(ENTITY))
    try:
        place = SharedPlace.parse(said.text("at"))
        wanted = FindingState(state)
    except (Malformed, ValueError):
        return
    if not _WORD.fullmatch(kind) or (wanted is FindingState.KEPT) is (entity_id is None):
        return
    row = casebook.findings.at(submission.number, text_place(place), place.first, place.length)
    before = row.entity if row else None
    entity = None if entity_id is None else _entity(home, entity_id, said)
    if row is None and wanted is not FindingState.NEW:
        reader = said.content.get("reader")
        version = reader if isinstance(reader, int) and 0 <= reader <= _LATEST_READER else BY_HAND
        casebook.findings.put_shared(submission.number, text_place(place), place.first, place.length, kind, version)
        row = casebook.findings.at(submission.number, text_place(place), place.first, place.length)
    if row is None:
        return
    if row.kind != kind:
        casebook.findings.set_kind(row.number, kind)
        casebook.findings.put_keys(row.number, kind, [])
        casebook.findings.read_tip_again(submission.number)
    if (row.state, row.entity) != (wanted, entity):
        casebook.findings.set_state(row.number, wanted, entity)
        casebook.findings.read_tip_again(submission.number)
    _put_entities(home, [before, entity])


def put_named(home: Home, operation: Operation, _tip: Submission | None, _today: dt.date) -> None:
    """Write what follows for the entities that an operation names and that are here."""
    ids = (id_of(operation.text(part)) for part in (ENTITY, OTHER))
    _put_entities(home, [home.casebook.entities.number_of(one) for one in ids if one is not None])


def put_mask(home: Home, operation: Operation, tip: Submission | None, today: dt.date) -> None:
    """As :func:`put_named`; of a mask that a colleague removed, who and why is kept, and the log says so."""
    masks = home.casebook.lasting_masks
    before = masks.entities()
    put_named(home, operation, tip, today)
    for number in sorted(before - masks.entities()):
        reviewer = ReviewerNames(home).of(operation.author.to_bytes())
        because = plain_line(operation.text("because"), limit_letters=REASON_LETTERS)
        seen_in = home.casebook.findings.of_entity(number, with_hidden=True)[0].submission
        masks.note_removal(number, seen_in, because, reviewer=reviewer, today=operation.day)
        home.casebook.log.add("mask removed", f"E-{number}, by {reviewer}", today=today)


def _entity(home: Home, entity_id: bytes, said: Operation) -> int:
    """The number of an entity that findings were kept for; its kind is that of the first of them."""
    entities, kind = home.casebook.entities, _entity_kind(said)
    number = entities.number_of(entity_id)
    if number is None:
        return entities.add_shared(entity_id, kind, day=said.day)
    if entities.kind_of(number) != kind:
        entities.set_kind(number, _entity_kind(home.casebook.operations.naming(entity_id, FINDING)[0]))
    return number


def _entity_kind(said: Operation) -> str:
    kind = said.text(ENTITY_KIND)
    return kind if _WORD.fullmatch(kind) else said.text("kind")


def _put_entities(home: Home, numbers: Iterable[int | None]) -> None:
    for number in dict.fromkeys(numbers):
        entity_id = home.casebook.entities.id_of(number) if number is not None else None
        if number is not None and entity_id is not None:
            _put_words(home, number, entity_id)
            _put_roles(home, number, entity_id)
            _put_relations(home, entity_id)
            _put_decisions(home, entity_id)


def _put_words(home: Home, number: int, entity_id: bytes) -> None:
    named = home.casebook.operations.naming(entity_id, ENTITY_NAME)
    if named:
        home.casebook.entities.name(number, plain_line(named[-1].text("name"), limit_letters=NAME_LETTERS))
    closed = home.casebook.operations.naming(entity_id, ENTITY_CLOSED)
    if closed:  # of several at once the careful one counts
        home.casebook.entities.set_closed(
            number, is_closed=any(one.content.get("closed") is True for one in closed)
        )
    masked = home.casebook.operations.naming(entity_id, ENTITY_MASKED)
    if any(one.content.get("masked") is True for one in masked):
        home.casebook.lasting_masks.keep([entity_id], today=masked[-1].day)
    elif masked:
        home.casebook.lasting_masks.remove({number})


def _put_roles(home: Home, number: int, entity_id: bytes) -> None:
    """Of several at once the careful one counts: a tip gives a role if one reviewer says so."""
    casebook = home.casebook
    given: dict[tuple[int, SaidRole], Operation | None] = {}
    for one in casebook.operations.naming(entity_id, ROLE):
        tip = casebook.submissions.of_envelope(one.tip) if one.tip is not None else None
        if tip is None:
            continue
        with suppress(ValueError):
            key = (tip.number, SaidRole(one.text("role")))
            given[key] = one if one.content.get("said") is True else given.get(key)
    for (tip_number, role), said in given.items():
        casebook.entities.remove_role(number, tip_number, role)
        if said is not None and casebook.findings.has_kept(tip_number, number):
            because = plain_line(said.text("because"), limit_letters=REASON_LETTERS)
            casebook.entities.add_role(number, tip_number, role, because=because, today=said.day)


def _put_relations(home: Home, entity_id: bytes) -> None:
    """Write relations that are said, whose ends are here and whose passage is kept for one."""
    casebook = home.casebook
    last = {register_of(one): one for one in casebook.operations.naming(entity_id, RELATION)}
    for one in last.values():
        ends = [casebook.entities.number_of(id_of(one.text(part)) or b"") for part in (ENTITY, OTHER)]
        kind = one.text("relation")
        if None in ends or ends[0] == ends[1] or not _WORD.fullmatch(kind):
            continue
        number, other = ends[0] or 0, ends[1] or 0
        finding = _passage(home, one)
        if one.content.get("said") is True and finding is not None and finding[1] in ends:
            casebook.entities.put_relation(
                SharedRelation(number, kind, other, finding[0], _day(one, "since"), _day(one, "until"), one.day)
            )
        else:
            casebook.entities.unrelate(number, kind, other)


def _put_decisions(home: Home, entity_id: bytes) -> None:
    """Write lines that are not here yet; of several undos of one decision the first one is its line."""
    casebook, names = home.casebook, ReviewerNames(home)
    for one in casebook.operations.naming(entity_id, LINK):
        made = _decision(home, one, names)
        if made is not None and one.text("verdict") in list(Verdict):
            if casebook.decisions.has_other(made, one.text("verdict")):  # two authors, one id
                made = replace(made, decision_id=id_by_author(one.author, made.decision_id))
            casebook.decisions.put_shared(made, one.text("verdict"))
            _put_facts(home, one, made.decision_id)
    undone: dict[str, Operation] = {}
    for one in casebook.operations.naming(entity_id, LINK_UNDONE):
        undone.setdefault(one.text("decision"), one)
    for one in undone.values():
        made = _decision(home, one, names)
        undoes = id_of(one.text("decision"))
        if made is not None and undoes is not None:
            casebook.decisions.put_shared_undo(made, undoes)


def _put_facts(home: Home, one: Operation, decision_id: bytes) -> None:
    number = home.casebook.decisions.number_of(decision_id)
    listed = one.content.get("passages")
    passages = []
    for text in listed if isinstance(listed, list) else []:
        with suppress(Malformed):
            said = SharedPassage.parse(str(text))
            tip = home.casebook.submissions.of_envelope(said.tip)
            if tip is not None:
                place = said.place
                passages.append(
                    DecisionPassage(tip.number, said.kind, text_place(place), place.first, place.length)
                )
    if number is not None:
        against = plain_line(one.text("against"), limit_letters=AGAINST_LETTERS)
        home.casebook.decision_facts.put(number, against, passages)


def _decision(home: Home, one: Operation, names: ReviewerNames) -> SharedDecision | None:
    line = id_of(one.text("undo" if one.kind == LINK_UNDONE else "decision"))
    first, second = (home.casebook.entities.number_of(id_of(one.text(part)) or b"") for part in (ENTITY, OTHER))
    if line is None or first is None or second is None or first == second:
        return None
    return SharedDecision(
        line,
        first,
        second,
        plain_line(one.text("because"), limit_letters=REASON_LETTERS),
        names.of(one.author.to_bytes()),
        plain_line(one.text("program"), limit_letters=32),
        one.day,
    )


def _passage(home: Home, operation: Operation) -> tuple[int, int] | None:
    """Number and entity of the kept finding that an operation gives as its passage."""
    submission = home.casebook.submissions.of_envelope(operation.tip) if operation.tip is not None else None
    try:
        place = SharedPlace.parse(operation.text("at"))
    except Malformed:
        return None
    if submission is None:
        return None
    row = home.casebook.findings.at(submission.number, text_place(place), place.first, place.length)
    return None if row is None or row.entity is None else (row.number, row.entity)


def _day(operation: Operation, part: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(operation.text(part))
    return None


LINK_APPLIERS: Final[dict[str, LinkApplier]] = {
    FINDING: put_finding,
    ENTITY_MASKED: put_mask,
    **dict.fromkeys((ENTITY_NAME, ENTITY_CLOSED, ROLE, RELATION, LINK, LINK_UNDONE), put_named),
}
