"""Proposals of colleagues to forget: shown, confirmed or held, and carried out when it is due.

It goes as the deletion of a tip goes. Nothing is forgotten here by itself before fourteen days on which a
person was shown the proposal, and a tip on hold refuses it by name.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.primitives.canonical_json import Json
from reviewer.casebook.entity_proposals import EntityProposal
from reviewer.casebook.findings import BY_HAND, FindingState
from reviewer.casebook.proposals import ProposalState
from reviewer.casebook.submission import SHOWN_DIGITS, Submission
from reviewer.cases.deleting import finish, require_no_hold
from reviewer.cases.proposals import note_agreement, note_hold
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from reviewer.linking.forgetting import forget_entity
from reviewer.linking.masking import Masks
from reviewer.linking.tip_reading import home_regions, keys_of
from reviewer.linking.tip_texts import text_by_place, words_of
from reviewer.sharing.appliers import DELETION_ENTITY_HELD
from reviewer.sharing.link_appliers import text_place
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class ShownForgetting:
    """A waiting proposal to forget.

    ``tips`` are those of its passages that are here, of ``count`` passages.
    """

    waiting: EntityProposal
    names: Sequence[str]
    tips: Sequence[Submission]
    on_hold: Sequence[str]
    was_opened_here: bool
    kept_by: str | None
    """The person who keeps one of the entities, against this proposal or another one."""

    @property
    def name(self) -> str:
        """The name used to confirm or hold it."""
        return self.waiting.proposal.uuid.hex()[:SHOWN_DIGITS]

    @property
    def count(self) -> int:
        """The number of its passages."""
        return len(self.waiting.passages)

    @property
    def called(self) -> str:
        """The entities as they are called here, or that none of them is here."""
        return ", ".join(self.names) or said("an entity that is not here")

    def fate(self) -> str:
        """The next thing that happens to it, in words for staff."""
        proposal = self.waiting.proposal
        if self.on_hold:
            return said("%(tips)s is on hold here", tips=", ".join(self.on_hold))
        if self.kept_by is not None:
            return said("%(person)s keeps it", person=self.kept_by)
        if not self.tips:
            return said("none of its tips is here")
        if not self.was_opened_here:
            return said("it waits for you, as no one has opened all of its tips here")
        if proposal.is_beyond:
            return said("it waits for you, as ten others came from this colleague within 30 days")
        return said_number(
            "it goes after %(num)s more day on which you are shown this",
            "it goes after %(num)s more days on which you are shown this",
            proposal.days_left,
        )

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        proposal = self.waiting.proposal
        return {
            "name": self.name,
            "entities": list(self.names),
            "passages": self.count,
            "tips": [one.short_id for one in self.tips],
            "reviewer": proposal.reviewer,
            "day": proposal.day.isoformat(),
            "state": proposal.state.value,
            "held_by": self.kept_by,
            "days_left": proposal.days_left,
            "on_hold": list(self.on_hold),
        }


def waiting_forgettings(home: Home) -> list[ShownForgetting]:
    """The colleagues' proposals to forget that wait."""
    casebook = home.casebook
    held = casebook.holds.numbers()
    masks = Masks(home)
    shown = []
    waiting = casebook.entity_proposals.waiting()
    keepers = {entity: one.proposal.held_by for one in waiting for entity in one.entities if one.proposal.held_by}
    for one in waiting:
        numbers = [casebook.entities.number_of(entity) for entity in one.entities]
        found = {
            tip: casebook.submissions.of_envelope(tip) for tip in dict.fromkeys(each.tip for each in one.passages)
        }
        tips = [tip for tip in found.values() if tip is not None]
        shown.append(
            ShownForgetting(
                one,
                [masks.name(number) for number in numbers if number is not None],
                tips,
                [tip.short_id for tip in tips if tip.number in held],
                bool(tips) and all(casebook.log.names("show", tip.short_id) for tip in tips),
                next((keepers[entity] for entity in one.entities if entity in keepers), None),
            )
        )
    return shown


def show_forgettings_today(home: Home, *, today: dt.date) -> None:
    """Note that a person is shown all of these today."""
    uuids = [one.waiting.proposal.uuid for one in waiting_forgettings(home)]
    if uuids:
        with home.casebook.changing():
            home.casebook.proposals.shown_today(uuids, today=today)


def confirm_forgetting(home: Home, shown: ShownForgetting, *, today: dt.date) -> None:
    """Agree with a colleague: the same is forgotten here too, at once; every passage is blacked out.

    Raises:
        ProgramError: it does not wait any more, none of its tips is here, or one is on hold, which is named.
    """
    require_no_hold(home, shown.tips)
    if not shown.tips:
        raise ProgramError("none of its tips is here: they are in the bin, or did not arrive yet")
    casebook = home.casebook
    if casebook.bin.all():  # asked here too: nothing of a refused step may stay
        raise ProgramError("tips lie in the bin, where nothing can be blacked out", hint="empty it first")
    with casebook.changing():
        note_agreement(home, shown.waiting.proposal.uuid, f"forgetting, {shown.called}", today=today)
        for number in _entities_of_all(home, shown, today=today):
            if casebook.entities.id_of(number) is not None:  # else it was the same as the one before, and went too
                forget_entity(home, number, is_proposed=True, today=today)
    finish(home)


def hold_forgetting(home: Home, shown: ShownForgetting, *, today: dt.date) -> None:
    """Keep an entity against a proposal, here and at every colleague that has not forgotten it.

    Raises:
        ProgramError: it does not wait any more.
    """
    subject = f"forgetting, {shown.called}"
    note_hold(home, shown.waiting.proposal.uuid, None, subject, kind=DELETION_ENTITY_HELD, today=today)


def carry_out_due_forgettings(home: Home, *, today: dt.date) -> int:
    """Forget what colleagues proposed and no one kept; how many. A tip on hold here keeps it for all."""
    for one in waiting_forgettings(home):
        if one.on_hold and one.waiting.proposal.state is not ProposalState.HELD:
            hold_forgetting(home, one, today=today)
    count = 0
    while (due := next(filter(_is_due, waiting_forgettings(home)), None)) is not None:
        confirm_forgetting(home, due, today=today)  # with it all other proposals about these entities are done
        count += 1
    return count


def _is_due(one: ShownForgetting) -> bool:
    takes_effect = one.waiting.proposal.takes_effect(was_opened_here=one.was_opened_here)
    return bool(one.tips) and not one.on_hold and one.kept_by is None and takes_effect


def find_forgetting(home: Home, untrusted_name: str) -> ShownForgetting | None:
    """The waiting proposal with this name, or None where it is one to delete a tip.

    Raises:
        CasebookError: no waiting proposal, or several, begin so.
    """
    uuid = home.casebook.proposals.find(untrusted_name).uuid
    return next((one for one in waiting_forgettings(home) if one.waiting.proposal.uuid == uuid), None)


def _entities_of_all(home: Home, shown: ShownForgetting, *, today: dt.date) -> list[int]:
    """The entities of a proposal that are here; passages that belong to none are kept for the first one.

    A long list of passages comes in several proposals, and counts as a whole. The keeping of a passage, and an
    entity, may never have come here.
    """
    casebook, wanted = home.casebook, shown.waiting.entities
    numbers = [number for one in wanted if (number := casebook.entities.number_of(one)) is not None]
    parts = [one for one in casebook.entity_proposals.waiting() if not set(one.entities).isdisjoint(wanted)]
    for one in dict.fromkeys(each for part in parts for each in part.passages):
        if (tip := casebook.submissions.of_envelope(one.tip)) is None:
            continue
        text, place = text_place(one.place), one.place
        row = casebook.findings.at(tip.number, text, place.first, place.length)
        if row is None:
            casebook.findings.put_shared(tip.number, text, place.first, place.length, one.kind, BY_HAND)
            row = casebook.findings.at(tip.number, text, place.first, place.length)
        if row is None or row.entity is not None:
            continue
        if not numbers:
            numbers.append(casebook.entities.add_shared(wanted[0], one.kind, day=today))
        casebook.findings.set_state(row.number, FindingState.KEPT, numbers[0])
        words = words_of(text_by_place(home, tip), row)
        casebook.findings.put_keys(row.number, one.kind, keys_of(one.kind, words, home_regions(home)))
    if not numbers:
        raise ProgramError(
            "its passages belong to other entities here", hint="forget these: tipline-review entities"
        )
    return numbers
