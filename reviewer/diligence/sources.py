"""Independent sources that said yes to telling something; only the questionnaire ``voice`` asks.

A source is a mailbox. Tips of one mailbox, or with the same contents, are one source. Its newest answer counts,
also in a tip that was not accepted yet; "not sure" and no answer are a no. One source without a yes holds a
sentence back, however many others said yes.

What speaks against a sentence is taken from all that a source sent, in any form: a tick in ``work`` and a no in
``voice`` are a no. What speaks for it is taken from accepted tips of ``voice`` alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.casebook.mailbox_voice import ASKED_FOR
from reviewer.diligence.readers import TOLD
from reviewer.facilities.facility_flags import independent_sources
from reviewer.languages.staff_language import marked

FEWEST_SOURCES: Final = 3
FEWEST_WORKERS: Final = 50
WITHOUT_YES: Final = marked("a source was asked and did not say yes")
GONE_WITHOUT_YES: Final = marked("a tip was deleted whose source had not said yes")
TOO_FEW_SOURCES: Final = marked("fewer than 3 independent sources said yes")
TOO_FEW_WORKERS: Final = marked("fewer than 50 workers are known there")


@dataclass(frozen=True, slots=True)
class Voices:
    """Sources that ticked an indicator at a place and were asked: those with a yes, and the others.

    ``workers`` is the lowest number of workers that staff know there; 0 where they know none. ``is_held``: a tip
    was deleted whose source had not said yes.
    """

    said_yes: int
    did_not: int
    workers: int
    is_held: bool

    def lacks(self) -> list[str]:
        """Why no sentence may be told; empty where it may be released."""
        found = [WITHOUT_YES] if self.did_not else []
        found += [GONE_WITHOUT_YES] if self.is_held else []
        found += [TOO_FEW_SOURCES] if self.said_yes < FEWEST_SOURCES else []
        return [*found, *([TOO_FEW_WORKERS] if self.workers < FEWEST_WORKERS else [])]


@dataclass(frozen=True, slots=True)
class AskedSource:
    """A source with an accepted tip at a place that was asked who may be told.

    ``told`` are the indicators of its accepted tips of ``voice`` that no quarantine hides, ``ticked`` those of
    everything that it sent. ``yes_for`` are the readers for whom its newest answer is a yes.
    """

    told: frozenset[str]
    ticked: frozenset[str]
    yes_for: frozenset[str]


class AskedSources:
    """The sources of a place (numbers of facilities) that were asked, read once for all sentences."""

    def __init__(self, casebook: Casebook, place: Iterable[int]) -> None:
        self._casebook = casebook
        self._hidden = casebook.overview.hidden()
        facilities = sorted(place)
        # Also tips that a colleague's quarantine hides: a no that no one may read is a no.
        tips = casebook.facility_evidence.tips(facilities)
        found = (self._asked(some) for some in independent_sources(tips))
        self._sources = [one for one in found if one is not None]
        known = [one.workers for one in casebook.due_diligence.workers(facilities)]
        self._workers = min(known, default=0)
        self._held = casebook.due_diligence.held_readers(facilities)

    def voices(self, indicator: str, reader: str) -> Voices:
        """Count the sources of an indicator for one kind of reader."""
        ticking = [one for one in self._sources if indicator in one.ticked]
        yes = sum(reader in one.yes_for and indicator in one.told for one in ticking)
        did_not = sum(reader not in one.yes_for for one in ticking)
        return Voices(yes, did_not, self._workers, reader in self._held)

    def _asked(self, tips: Sequence[AcceptedTip]) -> AskedSource | None:
        by_mailbox = {tip.mailbox or tip.submission: tip.submission for tip in tips}
        said = [self._casebook.due_diligence.mailbox_voice(one) for one in by_mailbox.values()]
        said = [one for one in said if one.was_asked]
        if not said:
            return None
        # A tip without a mailbox cannot be asked again: its no counts, and it is no source that says yes.
        in_voice = {number for one in said for number in one.in_voice} - self._hidden
        told = {each for tip in tips if tip.mailbox and tip.submission in in_voice for each in tip.indicators}
        ticked = {each for tip in tips for each in tip.indicators}.union(*(one.ticked for one in said))
        if any(one.are_ticks_gone for one in said):
            ticked = ticked.union(TOLD)
        yes_for = [reader for reader in ASKED_FOR if all(one.is_yes(reader) for one in said)]
        return AskedSource(frozenset(told), frozenset(ticked), frozenset(yes_for))
