"""Masks over findings that were taken from a harmed person without a reason.

A colleague who dismisses a finding may not have heard yet that a tip calls the person harmed. Then the finding is
dismissed, and its words stay masked under her number until a person says again, with a reason, that they may be
shown. What is masked follows from the set of operations, so that any order of rounds gives one state.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from crypto.errors import Malformed
from crypto.sharing.operation import Operation
from crypto.sharing.text_place import SharedPlace
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.lasting_masks import MaskedPassage
from reviewer.casebook.link_operations import (
    BECAUSE,
    ENTITY,
    ENTITY_KIND,
    ENTITY_MASKED,
    FINDING,
    LINK,
    LINK_UNDONE,
    OTHER,
    RELATION,
    ROLE,
    entity_ids,
    id_of,
    register_of,
)
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.matching.clusters import Verdict
from reviewer.sharing.link_appliers import LINK_APPLIERS, REASON_LETTERS, LinkApplier, text_place
from reviewer.sharing.party import ReviewerNames, own_key
from reviewer.terminal.plain_text import plain_line

_PEOPLE: Final = frozenset({"person", "organisation"})


def taken_alone(home: Home, entity_id: bytes) -> list[Operation]:
    """The operations in force that took a finding from an entity without a reason, each once."""
    last = [
        said
        for register in home.casebook.link_operations.taken_from(entity_id)
        for said in home.casebook.operations.in_register(register)[-1:]
    ]
    return [said for said in last if id_of(said.text(ENTITY)) != entity_id and not said.text(BECAUSE)]


def put_taken(home: Home, operation: Operation, today: dt.date) -> None:
    """Write the masks over findings that were taken from the entities that an operation concerns."""
    casebook = home.casebook
    said = _Said(casebook)
    if operation.kind == FINDING:
        register = register_of(operation)
        kept_for = {one for each in casebook.operations.ever_in_register(register) for one in entity_ids(each)}
        pairs = [(one, register) for one in sorted(kept_for)]
    else:
        around = sorted(said.around(entity_ids(operation)))
        pairs = [(one, register) for one in around for register in casebook.link_operations.taken_from(one)]
    for entity_id, register in pairs:
        kept = [one for one in casebook.operations.ever_in_register(register) if entity_id in entity_ids(one)]
        for last in casebook.operations.in_register(register)[-1:] if kept else ():
            _put(home, said, entity_id, kept[-1], last, operation, today)


def _put(
    home: Home,
    said: "_Said",
    entity_id: bytes,
    kept: Operation,
    last: Operation,
    operation: Operation,
    today: dt.date,
) -> None:
    """Mask the words of one finding, or remove this mask."""
    casebook, is_kept = home.casebook, id_of(last.text(ENTITY)) == entity_id
    tip = casebook.submissions.of_envelope(kept.tip) if kept.tip is not None else None
    is_masked = not is_kept and not last.text(BECAUSE) and said.is_harmed(entity_id)
    number = casebook.lasting_masks.number_under(entity_id)
    if tip is None or (number is None and not is_masked):
        return
    with suppress(Malformed):
        place = SharedPlace.parse(kept.text("at"))
        if is_masked:
            if number is None:
                number = casebook.lasting_masks.reserve(entity_id, said.kind(entity_id), day=kept.day)
            passage = MaskedPassage(
                tip.number, text_place(place), place.first, place.length, kept.text("kind"), number
            )
            casebook.lasting_masks.keep_passage(passage)
        elif number is not None and (is_kept or last.text(BECAUSE) or not said.is_forgotten_of(entity_id)):
            # Where a tip was deleted that may have called her harmed, only a reason ends the mask.
            where = (tip.number, text_place(place), place.first, place.length)
            if casebook.lasting_masks.remove_passage(*where, entity=number):
                _note_reason(home, last, operation, number, tip, today)


def _note_reason(
    home: Home, last: Operation, operation: Operation, number: int, tip: Submission, today: dt.date
) -> None:
    """Keep why a colleague says that masked words may be shown; a person here noted it with the act."""
    if operation.sha256 != last.sha256 or operation.author == own_key(home) or not last.text(BECAUSE):
        return
    reviewer = ReviewerNames(home).of(operation.author.to_bytes())
    because = plain_line(last.text(BECAUSE), limit_letters=REASON_LETTERS)
    home.casebook.lasting_masks.note_removal(number, tip.number, because, reviewer=reviewer, today=last.day)
    home.casebook.log.add("mask removed", f"P-{number}, by {reviewer}", today=today)


class _Said:
    """Roles, relations and decisions, as the operations in force say them: with rows or without."""

    def __init__(self, casebook: Casebook) -> None:
        self._operations, self._links = casebook.operations, casebook.link_operations

    def around(self, entities: Iterable[bytes]) -> set[bytes]:
        """These entities, those that are the same, and those that are related to one of them."""
        same = {other for one in entities for other in self._same(one)}
        related = {other for one in same for other in self._related(one)}
        return same | {other for one in related for other in self._same(one)}

    def is_harmed(self, entity_id: bytes) -> bool:
        """True if a tip calls it harmed, or it belongs only to such persons. If two differ the careful counts."""
        same = self._same(entity_id)
        if self._is_called_harmed(same):
            return True
        owners = {
            other for one in same for other in self._related(one, is_said=True) if self.kind(other) in _PEOPLE
        }
        is_thing = self.kind(entity_id) not in _PEOPLE
        return is_thing and bool(owners) and all(self._is_called_harmed(self._same(one)) for one in owners)

    def is_forgotten_of(self, entity_id: bytes) -> bool:
        """True if a deletion destroyed something that was said of it or of those that are the same."""
        return any(self._links.has_erased(one) for one in self.around([entity_id]))

    def kind(self, entity_id: bytes) -> str:
        """The kind of an entity, as it was kept first."""
        kept = self._operations.ever_naming(entity_id, FINDING)
        return (kept[0].text(ENTITY_KIND) or kept[0].text("kind")) if kept else ""

    def _is_called_harmed(self, entities: Iterable[bytes]) -> bool:
        naming = self._operations.naming
        return any(
            any(
                role.text("role") == SaidRole.HARMED and role.content.get("said") is True
                for role in naming(one, ROLE)
            )
            or any(mask.content.get("masked") is True for mask in naming(one, ENTITY_MASKED))
            for one in entities
        )

    def _same(self, entity_id: bytes) -> set[bytes]:
        """The entities that some reviewer calls the same, and itself."""
        found, waiting = {entity_id}, [entity_id]
        while waiting:
            one = waiting.pop()
            undone = {each.text("decision") for each in self._operations.naming(one, LINK_UNDONE)}
            for link in self._operations.naming(one, LINK):
                if link.text("verdict") == Verdict.SAME and link.text("decision") not in undone:
                    others = set(entity_ids(link)) - found
                    found |= others
                    waiting += others
        return found

    def _related(self, entity_id: bytes, *, is_said: bool = False) -> set[bytes]:
        last = {register_of(one): one for one in self._operations.naming(entity_id, RELATION)}
        ends = (
            {id_of(one.text(ENTITY)), id_of(one.text(OTHER))}
            for one in last.values()
            if not is_said or one.content.get("said") is True
        )
        return {one for some in ends for one in some if one is not None} - {entity_id}


def _and_what_was_taken(applier: LinkApplier) -> LinkApplier:
    def apply(home: Home, operation: Operation, tip: Submission | None, today: dt.date) -> bool | None:
        applied = applier(home, operation, tip, today)
        put_taken(home, operation, today)
        return applied

    return apply


MASKING_APPLIERS: Final = {kind: _and_what_was_taken(applier) for kind, applier in LINK_APPLIERS.items()}
"""The effect of each operation about links, with the masks that follow from it."""


def put_tip_masked(home: Home, submission: Submission, today: dt.date) -> None:
    """Write the masks over findings of a tip that came back from the bin."""
    for one in home.casebook.operations.about([submission.envelope.sha256], FINDING):
        put_taken(home, one, today)
