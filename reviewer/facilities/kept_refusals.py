"""Keeps what holds a sentence back, where the list goes on which it rests.

A tip with a no may have been accepted for a row of that list, or a row of it may join two others. The same place on
other lists stays. So does what no one may be told of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.mailbox_voice import ASKED_FOR
from reviewer.facilities.places import any_place, joined_places


@dataclass(frozen=True, slots=True)
class Refusal:
    """The readers whom a source did not say yes for, or for whom a deleted tip holds sentences back.

    It is found at ``facilities``; ``others`` are the same place on lists that stay.
    """

    facilities: frozenset[int]
    readers: frozenset[str]
    others: frozenset[int]


def refusals_around(casebook: Casebook, facility_list: int) -> list[Refusal]:
    """The refusals at places that a list has, and another one too. Read them before the list goes."""
    going = casebook.facility_lists.numbers_on([facility_list])
    return [
        Refusal(facilities - going, readers, place - going)
        for place in joined_places(casebook)
        if place & going and place - going
        for facilities, readers in _refused(casebook, place)
    ]


def keep_refusals(casebook: Casebook, refusals: Sequence[Refusal]) -> None:
    """Hold sentences back where a refusal is not found any more. Call it once the list is gone."""
    held = casebook.due_diligence.held_sentences()
    for one in refusals:
        for facility in sorted(one.others):
            if any_place(casebook, [facility]).isdisjoint(one.facilities):
                held.hold(facility, sorted(one.readers))


def _refused(casebook: Casebook, place: frozenset[int]) -> Iterator[tuple[frozenset[int], frozenset[str]]]:
    held = casebook.due_diligence.held_sentences()
    for facility, reader in held.at(place):
        yield frozenset({facility}), frozenset({reader})
    mailboxes: dict[bytes | int, tuple[int, set[int]]] = {}
    for tip in casebook.facility_evidence.tips(place):
        mailboxes.setdefault(tip.mailbox or tip.submission, (tip.submission, set()))[1].add(tip.facility)
    for submission, facilities in mailboxes.values():
        voice = casebook.due_diligence.mailbox_voice(submission)
        readers = {reader for reader in ASKED_FOR if voice.refuses(reader)}
        if casebook.due_diligence.joins_others(submission):
            readers = set(ASKED_FOR)
        if readers:
            yield frozenset(facilities), frozenset(readers)
