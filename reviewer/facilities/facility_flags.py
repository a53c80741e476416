"""The flags of facilities, computed from lists, accepted tips, findings, documents and steps.

Nothing is stored of them: what is withdrawn, forgotten or deleted takes exactly its flags with it. Flags pass along
facilities that persons confirmed to be one place, and along no rule and no likeness. Names of lists and lots stand
in sentences as harmless text, so that a page shows a sentence as it is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import DOCUMENT, AcceptedTip, FacilityFinding
from reviewer.casebook.facility_goods import ListedGood
from reviewer.casebook.facility_lists import FacilityList
from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.facilities.accepting import visible_tips
from reviewer.facilities.editions import gone_sentence, newest_of, no_longer_on
from reviewer.facilities.places import confirmed_place
from reviewer.languages.staff_language import said
from reviewer.supply.custody import CustodyStep
from reviewer.supply.custody_trace import CustodyFault, CustodyFaultKind
from reviewer.supply.flags import CONTEXT, Flag, Rule, WeighedFlags, capped, goods_points, weights
from reviewer.supply.goods import edition_warning
from reviewer.supply.indicators import indicator_titles
from reviewer.terminal.plain_text import plain_line

ACCUSING: Final = frozenset({"uflpa"})
"""Kinds of lists on which a facility stands because of what it is said to do."""

GOODS_KIND: Final = "us-goods"

Place = frozenset[int]
_LONGEST: Final = 500
"""A finding, and the origin of a list, stand in a report whole."""


def flags_of(casebook: Casebook, facility: int, *, today: dt.date) -> WeighedFlags:
    """The flags of a facility and of those that persons confirmed to be the same place."""
    place = confirmed_place(casebook, facility)
    (weighed,) = FlagReader(casebook, today=today).of([place])
    return weighed


class FlagReader:
    """Flags of many places at once, read with few queries. Sentences that return are made once."""

    def __init__(self, casebook: Casebook, *, today: dt.date) -> None:
        self._casebook, self._today = casebook, today
        self._ticked = {
            indicator: said("A source ticked: %(indicator)s.", indicator=said(title))
            for indicator, title in indicator_titles().items()
        }
        self._goods: dict[ListedGood, Flag] = {}
        self._lists = {one.number: one for one in casebook.facility_lists.all()}
        goods = newest_of(one for one in self._lists.values() if one.kind == GOODS_KIND)
        self.goods_list = goods.number if goods else 0
        """The newest list of goods, which alone counts; 0 for none."""

    def of(self, places: Sequence[Place]) -> list[WeighedFlags]:
        """The flags of each place, the strongest first."""
        place_of = {facility: at for at, place in enumerate(places) for facility in place}
        found: list[list[Flag]] = [[] for _ in places]
        for flag in self._flags(places, list(place_of)):
            found[place_of[flag.facility]].append(flag)
        return [WeighedFlags(capped(flags)) for flags in found]

    def points_of_goods(self, facilities: Sequence[int]) -> dict[int, int]:
        """The points that goods give to each of these facilities, if any."""
        found: dict[int, int] = {}
        if self.goods_list:
            for facility, row in self._casebook.facility_goods.listed_for(facilities, self.goods_list):
                points = goods_points(child=row.child, forced=row.forced, derived=row.derived)
                found[facility] = max(points, found.get(facility, 0))
        return found

    def _flags(self, places: Sequence[Place], facilities: Sequence[int]) -> Iterator[Flag]:
        yield from self._listed(places, facilities)
        yield from self._of_tips(places, facilities)
        for finding in self._casebook.facility_evidence.findings(facilities):
            if finding.withdrawn_day is None and (flag := self._of_finding(finding)) is not None:
                yield flag
        yield from self._of_goods(facilities)
        for fault, step in self._casebook.custody.faults_at(facilities):
            if step.facility is not None:
                yield self._of_fault(fault, step, step.facility)

    def _listed(self, places: Sequence[Place], facilities: Sequence[int]) -> Iterator[Flag]:
        accusing = {number for number, one in self._lists.items() if one.kind in ACCUSING}
        if not accusing:
            return
        lists, matches = self._casebook.facility_lists, self._casebook.facility_matches
        accused = lists.numbers_on(accusing)
        listed = lists.numbers_in(accused, accusing)
        for place in places:
            for number in sorted(place & listed.keys()):
                if place <= listed.keys():  # a row of the list, and no place of ours
                    rule = Rule.MAYBE_LISTED
                    sentence = said("A row of this list of banned companies. No person said which place it is.")
                else:
                    rule = Rule.LISTED
                    sentence = said(
                        "It stands on this list of banned companies; a person confirmed that it is this place."
                    )
                yield self._list_flag(rule, sentence, listed[number], min(place), number)
        place_of = {facility: place for place in places for facility in place}
        # A question that waits, or what a rule alone wrote: no points, and a person is asked.
        fewer = accused if len(accused) < len(facilities) else facilities
        touching = matches.touching(fewer)
        pairs = {(one.one, one.other) for one in touching if one.is_by_rule}
        decided = {
            (one.one, one.other)
            for one in touching
            if not one.is_by_rule and one.answer is not FacilityAnswer.LATER
        }
        pairs |= {(one.one, one.other) for one in matches.questions_about(fewer)}
        told = set()
        for one, other in sorted(pairs - decided):
            for mine, theirs in ((one, other), (other, one)):
                place = place_of.get(mine, frozenset())
                if mine in place_of and theirs in accused and theirs not in place and (place, theirs) not in told:
                    told.add((place, theirs))
                    sentence = said(
                        "%(facility)s on this list of banned companies may be this place. No person confirmed it.",
                        facility=f"F-{theirs}",
                    )
                    yield self._list_flag(Rule.MAYBE_LISTED, sentence, listed[theirs], mine, theirs)

    def _list_flag(self, rule: Rule, sentence: str, facility_list: int, facility: int, listed: int) -> Flag:
        one = self._lists[facility_list]
        lines = self._casebook.facility_lists.lines(listed)
        stored = self._casebook.facility_lists.facility(listed)
        gone = no_longer_on(self._casebook, stored, list(self._lists.values())) if stored else None
        return Flag(
            *(rule, sentence, weights()[rule]["points"], origin(one, *lines), one.table.day, CONTEXT, facility),
            group=f"{one.name} F-{listed}",
            warning=gone_sentence(gone) if gone else "",
            row=(one.name, lines[0]) if lines else None,
        )

    def _of_tips(self, places: Sequence[Place], facilities: Sequence[int]) -> Iterator[Flag]:
        by_facility: dict[int, list[AcceptedTip]] = defaultdict(list)
        for tip in visible_tips(self._casebook, facilities):
            by_facility[tip.facility].append(tip)
        numbers = {tip.submission for some in by_facility.values() for tip in some}
        names = self._casebook.submissions.short_ids(numbers)
        for place in places:
            tips = [tip for facility in sorted(place) for tip in by_facility.get(facility, ())]
            for source in independent_sources(tips) if len(tips) > 1 else [tips]:
                if any(tip.indicators for tip in source):
                    yield from self._of_source(source, names)

    def _of_source(self, tips: Sequence[AcceptedTip], names: Mapping[int, str]) -> Iterator[Flag]:
        shown = sorted({names[tip.submission] for tip in tips})
        numbers = tuple(sorted({tip.submission for tip in tips}))
        source = said("tip %(tips)s", tips=", ".join(shown))
        points = weights()[Rule.TIP]["points"]
        for indicator in dict.fromkeys(indicator for tip in tips for indicator in tip.indicators):
            ticking = [tip for tip in tips if indicator in tip.indicators]
            day = min(tip.tip_day for tip in ticking)
            yield Flag(
                *(Rule.TIP, self._ticked.get(indicator, indicator), points, source, day, indicator),
                *(ticking[0].facility, shown[0]),
                tips=numbers,
            )

    def _of_finding(self, finding: FacilityFinding) -> Flag | None:
        words = plain_line(finding.sentence, limit_letters=_LONGEST)
        rule, points, sentence = Rule.FINDING, finding.points, words
        if finding.kind == DOCUMENT:
            rule, points = Rule.DOCUMENT, weights()[Rule.DOCUMENT]["points"]
            if finding.valid_until is None:
                sentence = said("A document is missing: %(document)s.", document=words)
            elif finding.valid_until < self._today:
                until = finding.valid_until.isoformat()
                sentence = said("A document was valid until %(day)s: %(document)s.", day=until, document=words)
            else:
                return None
        source = f"{finding.name}: {plain_line(finding.source, limit_letters=_LONGEST)}"
        return Flag(
            *(rule, sentence, points, source, finding.day, finding.indicator, finding.facility, finding.name),
            kind=finding.kind,
        )

    def _of_goods(self, facilities: Sequence[int]) -> Iterator[Flag]:
        if not self.goods_list:
            return
        for facility, row in self._casebook.facility_goods.listed_for(facilities, self.goods_list):
            if row not in self._goods:
                self._goods[row] = self._of_good(row)
            yield replace(self._goods[row], facility=facility)

    def _of_good(self, row: ListedGood) -> Flag:
        one = self._lists[self.goods_list]
        if row.child and row.forced:
            what = said("child labour and forced labour")
        else:
            what = said("forced labour") if row.forced else said("child labour")
        return Flag(
            Rule.GOODS,
            said(
                "%(good)s of %(country)s stands on this list with %(what)s. This says nothing of one factory.",
                good=plain_line(row.good),
                country=row.country,
                what=what,
            ),
            goods_points(child=row.child, forced=row.forced, derived=row.derived),
            *(origin(one, row.line), one.table.day, CONTEXT, 0),
            group=f"{one.name}:{row.line}",
            warning=said(edition_warning(one.table.version, today=self._today)),
            row=(one.name, row.line),
        )

    def _of_fault(self, fault: CustodyFault, step: CustodyStep, facility: int) -> Flag:
        rule = Rule.DOCUMENT if fault.kind is CustodyFaultKind.OLD_DOCUMENT else Rule.CUSTODY
        return Flag(
            *(rule, fault_sentence(fault), weights()[rule]["points"]),
            f"{step.name}: {origin(self._lists[step.facility_list], step.line)}",
            *(step.day, CONTEXT, facility),
            group=f"{step.name} {fault.kind} {fault.lot}",
            row=(f"L-{step.facility_list}", step.line),
        )


def origin(one: FacilityList, *lines: int) -> str:
    """The origin of a flag: list, publisher, edition and lines."""
    shown = ", ".join(map(str, lines[:3]))
    return said(
        "%(list)s, %(publisher)s, edition %(edition)s, line %(line)s",
        list=one.name,
        publisher=plain_line(one.table.publisher, limit_letters=_LONGEST),
        edition=plain_line(one.table.version, limit_letters=_LONGEST),
        line=shown,
    )


def independent_sources(tips: Iterable[AcceptedTip]) -> list[list[AcceptedTip]]:
    """The tips of each source: those of one mailbox or with the same contents are of one source."""
    sources: list[tuple[set[bytes], list[AcceptedTip]]] = []
    for tip in tips:
        marks = {b"m" + tip.mailbox} if tip.mailbox else set()
        marks |= {b"c" + tip.contents} if tip.contents else set()
        marks.add(b"n" + tip.submission.to_bytes(8, "big"))
        same = [one for one in sources if one[0] & marks]
        sources = [one for one in sources if not one[0] & marks]
        sources.append((marks.union(*(one[0] for one in same)), [*(each for one in same for each in one[1]), tip]))
    return [sorted(some, key=lambda tip: tip.number) for _marks, some in sources]


def fault_sentence(fault: CustodyFault) -> str:
    """A fault in words, with both figures where quantities do not add up."""
    lot, unit = plain_line(fault.lot), plain_line(fault.unit)
    match fault.kind:
        case CustodyFaultKind.GAP:
            return said("The chain breaks: no step says where %(lot)s comes from.", lot=lot)
        case CustodyFaultKind.LOOP:
            return said("The chain runs in a circle at %(lot)s.", lot=lot)
        case CustodyFaultKind.MORE_OUT:
            return said(
                "More came out than went in: %(other)s %(unit)s out, %(one)s %(unit)s in (%(lot)s).",
                other=fault.other,
                one=fault.one,
                unit=unit,
                lot=lot,
            )
        case CustodyFaultKind.MORE_USED:
            return said(
                "More of %(lot)s was used than there was: %(other)s %(unit)s used, %(one)s %(unit)s there.",
                lot=lot,
                other=fault.other,
                one=fault.one,
                unit=unit,
            )
        case CustodyFaultKind.OLD_DOCUMENT:
            return said(
                "The document was valid until %(one)s, and the step was on %(other)s.",
                one=fault.one,
                other=fault.other,
            )
