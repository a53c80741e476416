"""Removing a mask: one entity at a time, by a named reviewer and with a reason.

A mask outlives the tip in which it was said that a person was harmed. It ends only by this, or when the person is
forgotten.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from crypto.primitives.canonical_json import Json
from reviewer.casebook.submission import Submission
from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.linking.finding_work import add_finding
from reviewer.linking.masking import Masks
from reviewer.linking.unmasking import require_reason_to_show
from reviewer.masks.binned import end_in_bin
from reviewer.masks.protection import Protection
from reviewer.sharing.link_appliers import REASON_LETTERS
from reviewer.sharing.link_record import say_mask, say_taken
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class LastingMask:
    """A mask that stays by itself. ``tips`` are those with words of a finding that is gone or dismissed."""

    number: int
    kind: str
    tips: Sequence[str]

    @property
    def name(self) -> str:
        """P-12."""
        return f"P-{self.number}"

    @property
    def is_here(self) -> bool:
        """False if the entity went with its last tip, and only its number is left."""
        return bool(self.kind)

    def line(self) -> str:
        """For a terminal."""
        tips = f"  masked words in {', '.join(self.tips)}" if self.tips else ""
        return f"{self.name:<6} {self.kind or 'gone':<12}{tips}"

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        return {"entity": self.name, "kind": self.kind or None, "tips": list(self.tips)}


def lasting_masks(home: Home) -> list[LastingMask]:
    """The masks that stay until a person removes them, by number; without hidden tips."""
    casebook = home.casebook
    hidden, kinds = casebook.overview.hidden(), casebook.entities.kinds()
    out_of_sight = casebook.entities.out_of_sight()
    tips: dict[int, dict[str, None]] = {one: {} for one in casebook.lasting_masks.entities() - out_of_sight}
    for one in casebook.lasting_masks.passages():
        if one.submission not in hidden:
            short_id = casebook.submissions.by_number(one.submission).short_id
            tips.setdefault(one.entity, {})[short_id] = None
    return [LastingMask(one, kinds.get(one, ""), list(tips[one])) for one in sorted(tips)]


def lasting_mask_count(home: Home) -> int:
    """The number of these masks, without their tips: it is quick in any casebook."""
    casebook = home.casebook
    here = casebook.lasting_masks.entities() - casebook.entities.out_of_sight()
    return len(here | casebook.lasting_masks.over_passages(but=casebook.overview.hidden()))


def mask_lasts(home: Home, cluster: frozenset[int]) -> bool:
    """True if a mask of one of these entities, which are perhaps the same, outlived its tip."""
    masks = home.casebook.lasting_masks
    return not cluster.isdisjoint(masks.entities() | masks.standing_in() | masks.over_passages())


def remove_mask(home: Home, number: int, because: str, *, today: dt.date) -> bool:
    """Remove the mask that outlived its tip, with those of the same entities; True if it shows now.

    The entity may be gone, and only its number stand over words of other tips.

    Raises:
        ProgramError: no reason, or no mask of this entity outlived its tip.
    """
    because = required_reason(because)
    with home.casebook.changing():
        cluster = Protection(home.casebook).clusters.perhaps(number)
        if not end_lasting_masks(home, cluster, number, because, today=today):
            raise ProgramError(
                f"P-{number} has no mask that stays without a tip",
                hint="if a tip calls this person harmed, take that role back",
            )
    return number not in Protection(home.casebook).numbers


def end_lasting_masks(home: Home, cluster: frozenset[int], number: int, because: str, *, today: dt.date) -> bool:
    """The same in the caller's transaction; False if there was no such mask."""
    casebook = home.casebook
    tips = [one.submission for each in cluster for one in casebook.findings.of_entity(each, with_hidden=True)]
    lasting = casebook.lasting_masks.entities() & cluster
    under = casebook.lasting_masks.remove_passages(cluster)
    removed = casebook.lasting_masks.remove(cluster)
    for one in sorted(cluster):
        if under and (entity_id := casebook.lasting_masks.id_under(one)) is not None:
            say_taken(home, entity_id, because, today=today)
    if not removed and not under:
        return False
    end_in_bin(casebook, cluster)
    for tip in [*tips, *under][:1]:
        casebook.lasting_masks.note_removal(number, tip, because, reviewer=own_name(home), today=today)
    for one in sorted(lasting - casebook.entities.out_of_sight()):
        say_mask(home, one, is_masked=False, because=because, today=today)
    casebook.log.add("mask removed", f"E-{number}", today=today)
    return True


@contextmanager
def masks_end_with_reason(home: Home, because: str, *, today: dt.date) -> Iterator[None]:
    """Make a change in one transaction; if a mask ends by it, the reason is kept, and the log says so.

    Raises:
        ProgramError: a mask would end, and there is no reason, or it is too long; nothing was changed.
    """
    casebook = home.casebook
    because = plain_name(because, "a reason", REASON_LETTERS)
    with casebook.changing():
        before = Protection(casebook).numbers
        yield
        shown = sorted((before - Protection(casebook).numbers) & casebook.entities.kinds().keys())
        if shown and not because:
            raise ProgramError(
                f"{', '.join(f'P-{one}' for one in shown)} would be masked no longer: this needs a reason",
                hint="--because REASON",
            )
        for one in shown:
            tip = casebook.findings.of_entity(one, with_hidden=True)[0].submission
            casebook.lasting_masks.note_removal(one, tip, because, reviewer=own_name(home), today=today)
            casebook.log.add("mask removed", f"E-{one}", today=today)


def add_with_reason(
    home: Home, submission: Submission, kind: str, words: str, because: str, *, today: dt.date
) -> int:
    """Add a finding of any kind, with a reason where a name stands in it that a mask hides.

    Raises:
        ProgramError: as of :func:`add_finding`, or there is no such reason; nothing was added.
    """
    because = plain_name(because, "a reason", REASON_LETTERS)
    with home.casebook.changing():
        masks = Masks(home)
        owner = next((number for _first, _end, number in masks.hidden_places(words)), masks.owner_of_name(words))
        number = add_finding(home, submission, kind, words, today=today)
        if owner is not None:
            require_reason_to_show(home, number, owner, because, today=today)
    return number


def required_reason(because: str) -> str:
    """The reason, as it is kept.

    Raises:
        ProgramError: there is none, or it is too long.
    """
    words = plain_name(because, "a reason", REASON_LETTERS)
    if not words:
        raise ProgramError("a mask is removed with a reason")
    return words
