"""Independent sources that said yes to telling something; only the questionnaire ``voice`` asks.

A source is a mailbox. Tips of one mailbox, or with the same contents, are one source. Its newest answer counts,
also in a tip that was not accepted yet; "not sure" and no answer are a no. One source without a yes holds a
sentence back, however many others said yes.

What speaks against a sentence is taken from all that a source sent, in any form: a tick in ``work`` and a no in
``voice`` are a no. It is taken from every row of a list that a person or a rule calls this place, and equal
contents in any two tips make one source of two mailboxes. What speaks for a sentence is taken from accepted tips of
``voice`` alone, and from the place as persons confirmed it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.casebook.mailbox_voice import ASKED_FOR
from reviewer.diligence.readers import TOLD
from reviewer.facilities.facility_flags import independent_sources
from reviewer.facilities.places import any_place
from reviewer.languages.staff_language import marked

FEWEST_SOURCES: Final = 3
FEWEST_WORKERS: Final = 50
WITHOUT_YES: Final = marked("a source was asked and did not say yes")
GONE_WITHOUT_YES: Final = marked("a tip or its list was deleted, and a source had not said yes")
UNDECIDED: Final = marked("a source that had not said yes was taken from this place; a person must decide on that")
TOO_FEW_SOURCES: Final = marked("fewer than 3 independent sources said yes")
TOO_FEW_WORKERS: Final = marked("fewer than 50 workers are known there")
WHY_LACKING: Final = (WITHOUT_YES, GONE_WITHOUT_YES, UNDECIDED, TOO_FEW_SOURCES, TOO_FEW_WORKERS)


@dataclass(frozen=True, slots=True)
class Voices:
    """Sources that ticked an indicator at a place and were asked: those with a yes, and the others.

    ``workers`` is the lowest number of workers that staff know there; 0 where they know none. ``is_held``: a tip
    or its list was deleted, and a source had not said yes. ``is_undecided``: staff took such a source away.
    """

    said_yes: int
    did_not: int
    workers: int
    is_held: bool
    is_undecided: bool = False

    def lacks(self) -> list[str]:
        """Why no sentence may be told; empty where it may be released."""
        found = [WITHOUT_YES] if self.did_not else []
        found += [GONE_WITHOUT_YES] if self.is_held else []
        found += [UNDECIDED] if self.is_undecided else []
        found += [TOO_FEW_SOURCES] if self.said_yes < FEWEST_SOURCES else []
        return [*found, *([TOO_FEW_WORKERS] if self.workers < FEWEST_WORKERS else [])]


@dataclass(frozen=True, slots=True)
class AskedSource:
    """A source with an accepted tip at a place that was asked who may be told.

    ``told`` are the indicators of its accepted tips of ``voice`` that no quarantine hides, ``ticked`` those of
    everything that it sent. ``yes_for`` are the readers for whom its newest answer is a yes, ``no_for`` those for
    whom it is none.
    """

    told: frozenset[str]
    ticked: frozenset[str]
    yes_for: frozenset[str]
    no_for: frozenset[str]


class AskedSources:
    """The sources of a place (numbers of facilities) that were asked, read once for all sentences."""

    def __init__(self, casebook: Casebook, place: Collection[int]) -> None:
        self._casebook, self._place = casebook, frozenset(place)
        self._hidden = casebook.overview.hidden()
        around = any_place(casebook, self._place)
        # Also tips that a colleague's quarantine hides: a no that no one may read is a no.
        tips = casebook.facility_evidence.tips(around)
        found = (self._asked(some) for some in independent_sources(self._with_contents(tips)))
        self._sources = [one for one in found if one is not None]
        known = casebook.due_diligence.workers(around)
        is_known = any(one.facility in self._place for one in known)
        self._workers = min(one.workers for one in known) if is_known else 0
        self._held = casebook.due_diligence.held_readers(around)
        undone = casebook.due_diligence.held_sentences().undecided(around)
        self._undecided = {reader for _facility, reader in undone}

    def voices(self, indicator: str, reader: str) -> Voices:
        """Count the sources of an indicator for one kind of reader."""
        ticking = [one for one in self._sources if indicator in one.ticked]
        yes = sum(reader in one.yes_for and indicator in one.told for one in ticking)
        did_not = sum(reader in one.no_for for one in ticking)
        return Voices(yes, did_not, self._workers, reader in self._held, reader in self._undecided)

    def _with_contents(self, tips: Iterable[AcceptedTip]) -> Iterator[AcceptedTip]:
        """Each tip once for each content of its mailbox, also of tips that were not accepted."""
        for tip in tips:
            yield tip
            contents = self._casebook.due_diligence.contents_of_mailbox(tip.submission)
            yield from (replace(tip, contents=one) for one in contents)

    def _asked(self, tips: Sequence[AcceptedTip]) -> AskedSource | None:
        by_mailbox = {tip.mailbox or tip.submission: tip.submission for tip in tips}
        said = [self._casebook.due_diligence.mailbox_voice(one) for one in by_mailbox.values()]
        said = [one for one in said if one.was_asked or one.ended]
        if not said:
            return None
        # A tip without a mailbox cannot be asked again: its no counts, and it is no source that says yes.
        in_voice = {number for one in said for number in one.in_voice} - self._hidden
        here = [tip for tip in tips if tip.facility in self._place]
        told = {each for tip in here if tip.mailbox and tip.submission in in_voice for each in tip.indicators}
        ticked = {each for tip in tips for each in tip.indicators}.union(*(one.ticked for one in said))
        if any(one.are_ticks_gone for one in said):
            ticked = ticked.union(TOLD)
        no_for = frozenset(reader for reader in ASKED_FOR if any(one.refuses(reader) for one in said))
        yes_for = frozenset(reader for reader in ASKED_FOR if any(one.is_yes(reader) for one in said)) - no_for
        return AskedSource(frozenset(told), frozenset(ticked), yes_for, no_for)
