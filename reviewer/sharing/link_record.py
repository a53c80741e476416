"""Records what a person here says about findings and entities, for the other reviewers.

The rows of this casebook are written by the caller; an operation says the same to the others. One that is about a
tip that no colleague has is kept here only.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import MOST_REPLACED, Operation
from reviewer.casebook.decision_facts import DecisionPassage
from reviewer.casebook.decisions import Decision
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.entity_proposals import MOST_PASSAGES, SharedPassage
from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.link_operations import (
    BECAUSE,
    ENTITY,
    ENTITY_CLOSED,
    ENTITY_KIND,
    ENTITY_MASKED,
    ENTITY_NAME,
    FINDING,
    LINK,
    LINK_UNDONE,
    OTHER,
    OTHER_TIP,
    RELATION,
    ROLE,
    register,
)
from reviewer.casebook.shared_operations import ONLY_HERE_RUN
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.sharing.appliers import DELETION_ENTITY
from reviewer.sharing.consent_record import say_consents_again
from reviewer.sharing.link_appliers import shared_place
from reviewer.sharing.party import own_run
from reviewer.sharing.record import record_deletion, sign_and_apply
from reviewer.sharing.unmasked_dismissals import taken_alone
from system.errors import ProgramError

_UNDONE: Final = "undo"


def say_finding(home: Home, number: int, *, because: str = "", today: dt.date) -> None:
    """Say the state of a finding: kept for an entity, dismissed, or new again.

    ``because`` is why its words are shown that a mask hid.
    """
    one = home.casebook.findings.find(number)
    entity = _id(home, one.entity).hex() if one.entity is not None else None
    content: dict[str, Json] = {
        "at": place_of(one),
        "state": str(one.state),
        "kind": one.kind,
        ENTITY: entity,
        ENTITY_KIND: home.casebook.entities.kind_of(one.entity) if one.entity is not None else None,
        "reader": one.version,
    }
    if because:
        content[BECAUSE] = because
    _say(home, FINDING, home.casebook.submissions.by_number(one.submission), content, today=today)
    if one.state is FindingState.KEPT and one.entity is not None:
        _say_words_again(home, one.entity, one.submission, today=today)


def say_taken(home: Home, entity_id: bytes, because: str, *, today: dt.date) -> int:
    """Say again, now with a reason, that findings were taken from an entity; how many there were."""
    taken = taken_alone(home, entity_id)
    for one in taken:
        tip = home.casebook.submissions.of_envelope(one.tip) if one.tip is not None else None
        if tip is not None:
            _say(home, FINDING, tip, {**one.content, BECAUSE: because}, today=today)
    return len(taken)


def say_name(home: Home, entity: int, *, today: dt.date) -> None:
    """Say how an entity is called."""
    content = {ENTITY: _id(home, entity).hex(), "name": home.casebook.entities.find(entity).shown_as}
    _say(home, ENTITY_NAME, anchor_of(home, entity), content, today=today)


def say_closed(home: Home, entity: int, *, today: dt.date) -> None:
    """Say if an entity is closed."""
    content: dict[str, Json] = {
        ENTITY: _id(home, entity).hex(),
        "closed": home.casebook.entities.find(entity).is_closed,
    }
    _say(home, ENTITY_CLOSED, anchor_of(home, entity), content, today=today)


def say_mask(home: Home, entity: int, *, is_masked: bool, because: str = "", today: dt.date) -> None:
    """Say that the mask of an entity outlives its tip, or that a person removed it and why."""
    content: dict[str, Json] = {
        ENTITY: _id(home, entity).hex(),
        "masked": is_masked,
        "because": because,
    }
    _say(home, ENTITY_MASKED, anchor_of(home, entity), content, today=today)


def say_role(
    home: Home, entity: int, tip: Submission, role: SaidRole, *, is_said: bool, because: str = "", today: dt.date
) -> None:
    """Say that a tip gives an entity a role, or that this is taken back."""
    content: dict[str, Json] = {
        ENTITY: _id(home, entity).hex(),
        "role": str(role),
        "said": is_said,
        "because": because,
    }
    _say(home, ROLE, tip, content, today=today)


def say_relation(
    home: Home,
    entity: int,
    kind: str,
    other: int,
    *,
    finding: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
    is_said: bool = True,
    today: dt.date,
) -> None:
    """Say a relation with the finding that is its passage, or that it is removed."""
    passage = home.casebook.findings.find(finding)
    content: dict[str, Json] = {
        ENTITY: _id(home, entity).hex(),
        "relation": kind,
        OTHER: _id(home, other).hex(),
        "said": is_said,
        "at": place_of(passage),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    tip = home.casebook.submissions.by_number(passage.submission)
    far = other if passage.entity == entity else entity
    _say(home, RELATION, tip, content, other_tip=anchor_of(home, far), today=today)


def say_decision(home: Home, number: int, *, today: dt.date) -> None:
    """Say a decision, or the undo of one."""
    one = _found(home, number)
    decision_id = home.casebook.decisions.id_of(number)
    content: dict[str, Json] = {
        "decision": decision_id.hex(),
        ENTITY: _id(home, one.one).hex(),
        OTHER: _id(home, one.other).hex(),
        "because": one.because,
        "program": one.program,
    }
    kind = LINK
    if one.undoes is not None:
        kind = LINK_UNDONE
        content |= {_UNDONE: decision_id.hex(), "decision": home.casebook.decisions.id_of(one.undoes).hex()}
    else:
        passages = [_shared_passage(home, each) for each in home.casebook.decision_facts.passages(number)]
        content |= {
            "verdict": str(one.verdict),
            "against": home.casebook.decision_facts.against(number),
            "passages": [str(each) for each in passages[:MOST_PASSAGES] if each is not None],
        }
    _say(home, kind, anchor_of(home, one.one), content, other_tip=anchor_of(home, one.other), today=today)


def propose_forgetting(
    home: Home, entities: Sequence[bytes], findings: Sequence[StoredFinding], *, today: dt.date
) -> None:
    """Ask colleagues to forget the same, by the places of the passages, in the caller's transaction."""
    casebook = home.casebook
    passages = []
    for one in findings:
        submission = casebook.submissions.by_number(one.submission)
        if not submission.is_only_here:
            place = shared_place(one.text, one.first, one.length)
            passages.append(str(SharedPassage(submission.envelope.sha256, one.kind, place)))
    for begin in range(0, len(passages), MOST_PASSAGES):
        uuid = casebook.entity_proposals.propose(entities, reviewer=casebook.settings.require("name"), today=today)
        content: dict[str, Json] = {
            "proposal": uuid.hex(),
            "entities": [one.hex() for one in entities[:MOST_PASSAGES]],
            "passages": list(passages[begin : begin + MOST_PASSAGES]),
        }
        record_deletion(home, DELETION_ENTITY, None, content, today=today)


def anchor_of(home: Home, entity: int) -> Submission:
    """The tip with which words about an entity go: its first one, if possible one that colleagues have.

    Raises:
        ProgramError: the entity has no finding any more.
    """
    numbers = dict.fromkeys(one.submission for one in home.casebook.findings.of_entity(entity, with_hidden=True))
    tips = [home.casebook.submissions.by_number(number) for number in numbers]
    if not tips:
        raise ProgramError(f"E-{entity} has no finding any more")
    return next((one for one in tips if not one.is_only_here), tips[0])


def place_of(finding: StoredFinding) -> str:
    """The shared name of the place of a finding."""
    return str(shared_place(finding.text, finding.first, finding.length))


def _say_words_again(home: Home, entity: int, submission: int, *, today: dt.date) -> None:
    """Say name and state of an entity whose first tip in every casebook came now."""
    casebook = home.casebook
    if casebook.submissions.by_number(submission).is_only_here:
        return
    known = casebook.entities.find(entity)
    entity_id = casebook.entities.id_of(entity) or b""
    for kind, is_set, say in (
        (ENTITY_NAME, bool(known.shown_as), say_name),
        (ENTITY_CLOSED, known.is_closed, say_closed),
        (ENTITY_MASKED, entity in casebook.lasting_masks.entities(), partial(say_mask, is_masked=True)),
    ):
        if is_set and all(one.run == ONLY_HERE_RUN for one in casebook.operations.naming(entity_id, kind)):
            say(home, entity, today=today)
    say_consents_again(home, entity_id, today=today)


def _say(
    home: Home,
    kind: str,
    tip: Submission,
    content: Mapping[str, Json],
    *,
    other_tip: Submission | None = None,
    today: dt.date,
) -> Operation:
    is_only_here = tip.is_only_here or (other_tip is not None and other_tip.is_only_here)
    if other_tip is not None:
        content = {**content, OTHER_TIP: other_tip.envelope.sha256.hex()}
    texts = {name: value for name, value in content.items() if isinstance(value, str)}
    in_force = home.casebook.operations.in_register(register(kind, tip.envelope.sha256, texts))
    return sign_and_apply(
        home,
        kind,
        tip,
        content,
        run=ONLY_HERE_RUN if is_only_here else own_run(home),
        replaces=tuple(sorted(one.sha256 for one in in_force[-MOST_REPLACED:])),
        today=today,
    )


def _shared_passage(home: Home, one: DecisionPassage) -> SharedPassage | None:
    """A passage as colleagues can find it; None in a tip that they do not have."""
    tip = home.casebook.submissions.by_number(one.submission)
    if tip.is_only_here:
        return None
    return SharedPassage(tip.envelope.sha256, one.kind, shared_place(one.text, one.first, one.length))


def _id(home: Home, entity: int) -> bytes:
    return home.casebook.entities.find(entity).entity_id


def _found(home: Home, number: int) -> Decision:
    found = home.casebook.decisions.find(number)
    if found is None:
        raise ProgramError(f"there is no decision D-{number}")
    return found
