"""Keeps what holds a sentence back, where staff undo an acceptance or an answer, or where a list goes.

A source without a yes may then count no more at a place. What it said against a release stays: until a person
decides, or for good where its list went. A release that may rest on such a source needs a new one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.casebook.mailbox_voice import ASKED_FOR
from reviewer.facilities.places import any_place, confirmed_place, joined_places


@dataclass(frozen=True, slots=True)
class Refusal:
    """The readers for whom a source did not say yes, or sentences are held back.

    It is found at ``facilities``. ``is_undecided``: a person still has to decide on it.
    """

    facilities: frozenset[int]
    readers: frozenset[str]
    is_undecided: bool = False


@dataclass(frozen=True, slots=True)
class PlaceBefore:
    """Facilities of one place before something of it goes, with refusals and accepted tips.

    ``joined`` and ``confirmed`` say with what each is one place: as anyone says, and as persons do.
    """

    joined: Mapping[int, frozenset[int]]
    confirmed: Mapping[int, frozenset[int]]
    refusals: Sequence[Refusal]
    tips: Sequence[AcceptedTip]

    @classmethod
    def of(cls, casebook: Casebook, facilities: Collection[int]) -> "PlaceBefore":
        """Everything around these facilities as it is now."""
        place = any_place(casebook, facilities)
        refusals, tips = list(_refused(casebook, place)), casebook.facility_evidence.tips(place)
        shown = sorted(place) if refusals or tips else []
        return cls(
            {one: any_place(casebook, [one]) for one in shown},
            {one: confirmed_place(casebook, one) for one in shown},
            *(refusals, tips),
        )

    def keep_what_left(self, casebook: Casebook, *, gone: Collection[int] = ()) -> None:
        """Hold sentences back where a refusal is not found any more. Call it after the act.

        ``gone`` are the facilities of a list that was forgotten: then it is for good, as no one is left to ask.
        """
        held = casebook.due_diligence.held_sentences()
        for facility in sorted(set(self.joined) - set(gone)):
            now = any_place(casebook, [facility])
            for one in self.refusals:
                if not now.isdisjoint(one.facilities - set(gone)):
                    continue
                if gone and not one.is_undecided:
                    held.hold(facility, sorted(one.readers))
                else:
                    held.hold_until_decided(facility, sorted(one.readers))
            left = (self.joined[facility] - now) | (self.confirmed[facility] - confirmed_place(casebook, facility))
            for tip in self.tips:
                if tip.facility in left:
                    held.renew(tip.submission, [facility])


def places_of_list(casebook: Casebook, going: frozenset[int]) -> list[PlaceBefore]:
    """The places that a list has, and another one too. Read them before the list goes."""
    return [PlaceBefore.of(casebook, place) for place in joined_places(casebook) if place & going and place - going]


def keep_undone(casebook: Casebook, accepted: AcceptedTip) -> frozenset[str]:
    """The readers for whom a refusal stays, until a person decides.

    Call it before an acceptance is undone. A release that may rest on the tip needs a new one.
    """
    held = casebook.due_diligence.held_sentences()
    around = any_place(casebook, [accepted.facility])
    held.renew(accepted.submission, around)
    mailbox = casebook.due_diligence.tips_of_mailbox(accepted.submission)
    tips = casebook.facility_evidence.tips(around)
    if any(one.submission in mailbox and one.number != accepted.number for one in tips):
        return frozenset()
    readers = _without_yes(casebook, accepted.submission)
    if held.equal_mailboxes(mailbox, mailbox):
        # Equal contents make one source of several mailboxes, which may have said and ticked more.
        readers = frozenset(ASKED_FOR)
    held.hold_until_decided(accepted.facility, sorted(readers))
    return readers


def _refused(casebook: Casebook, place: frozenset[int]) -> Iterator[Refusal]:
    held = casebook.due_diligence.held_sentences()
    for facility, reader in held.at(place):
        yield Refusal(frozenset({facility}), frozenset({reader}))
    for facility, reader in held.undecided(place):
        yield Refusal(frozenset({facility}), frozenset({reader}), is_undecided=True)
    mailboxes: dict[bytes | int, tuple[int, set[int]]] = {}
    for tip in casebook.facility_evidence.tips(place):
        mailboxes.setdefault(tip.mailbox or tip.submission, (tip.submission, set()))[1].add(tip.facility)
    for submission, facilities in mailboxes.values():
        readers = _without_yes(casebook, submission)
        if casebook.due_diligence.joins_others(submission):
            readers = frozenset(ASKED_FOR)
        if readers:
            yield Refusal(frozenset(facilities), readers)


def _without_yes(casebook: Casebook, submission: int) -> frozenset[str]:
    voice = casebook.due_diligence.mailbox_voice(submission)
    return frozenset(reader for reader in ASKED_FOR if voice.refuses(reader))
