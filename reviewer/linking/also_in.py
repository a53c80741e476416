"""Other places of an identifier: a fact about texts, counted in tips and in mailboxes.

Ten tips of one mailbox are not ten witnesses, so the number of mailboxes stands beside the number of tips.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.identifier_keys import Identifier, IdentifierMark, Spread
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from reviewer.linking.masking import Masks
from reviewer.linking.tip_reading import IDENTIFIERS

MANY: Final = 20
"""Above this number of tips an identifier is one line, and it stands first."""

_MOST_IDENTIFIERS: Final = 100
MOST_COUNTED: Final = 10_000
"""New findings that the first page counts, so that it is quick in any casebook."""


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """One identifier of a tip that stands in other tips too; ``others`` are their ids, at most 20.

    ``key`` is None where the identifier belongs only to protected or closed entities, of which ``entity`` is one.
    ``is_one_reading`` is False where the words have several readings, and only one of them is equal.
    """

    finding: int
    kind: str
    key: str | None = field(repr=False)
    spread: Spread
    others: Sequence[str]
    entity: str | None
    is_common: bool
    is_one_reading: bool

    @property
    def is_many(self) -> bool:
        """True if it stands in too many tips to list them one by one."""
        return self.spread.tips > MANY

    def sentence(self) -> str:
        """For a terminal and a page, in the language of staff."""
        kind = said(self.kind)
        what = kind if self.key is None else said("%(kind)s %(key)s", kind=kind, key=self.key)
        if self.key is None and self.entity is not None:
            what = said("%(kind)s of %(entity)s", kind=kind, entity=self.entity)
        counted = [
            said_number("%(num)s tip", "%(num)s tips", self.spread.tips),
            said_number("%(num)s mailbox", "%(num)s mailboxes", self.spread.mailboxes),
        ]
        if not self.is_one_reading:
            counted.append(said("if it is read so"))
        if self.is_common:
            counted.append(said("marked as common"))
        return f"{what}: {', '.join(counted)}"

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        return {
            "finding": self.finding,
            "kind": self.kind,
            "key": self.key,
            "tips": self.spread.tips,
            "mailboxes": self.spread.mailboxes,
            "others": list(self.others),
            "entity": self.entity,
            "common": self.is_common,
            "one_reading": self.is_one_reading,
        }


@dataclass(frozen=True, slots=True)
class NewToSee:
    """New findings, the tips with some, and those that stood in earlier tips of other mailboxes."""

    findings: int
    tips: int
    stood_before: int

    def sentence(self) -> str:
        """The line with which a day begins, in the language of staff."""
        if not self.findings:
            return said("No finding is new")
        tips = said_number("%(num)s tip", "%(num)s tips", self.tips)
        if self.findings >= MOST_COUNTED:
            return said(
                "New to look at: more than %(most)s findings in %(tips)s, %(before)s that stood in earlier tips",
                most=f"{MOST_COUNTED:,}",
                tips=tips,
                before=f"{self.stood_before:,}",
            )
        return said_number(
            "New to look at: %(num)s finding in %(tips)s, %(before)s that stood in earlier tips",
            "New to look at: %(num)s findings in %(tips)s, %(before)s that stood in earlier tips",
            self.findings,
            tips=tips,
            before=f"{self.stood_before:,}",
        )


def new_to_see(home: Home) -> NewToSee:
    """The counts for the first page."""
    return NewToSee(*home.casebook.identifiers.count_new(most=MOST_COUNTED))


def also_in(home: Home, submission: Submission, masks: Masks | None = None) -> list[AlsoIn]:
    """The identifiers of a tip that stand in other tips too: first those in many tips, common ones last."""
    findings = [
        one
        for one in home.casebook.findings.of(submission.number)
        if one.kind in IDENTIFIERS and one.state is not FindingState.DISMISSED
    ]
    masks = masks or Masks(home)
    found: dict[Identifier, AlsoIn] = {}
    for finding in findings[:_MOST_IDENTIFIERS]:
        for identifier in home.casebook.identifiers.of(finding.number):
            if identifier not in found:
                one = _also(home, submission, finding, identifier, masks)
                if one is not None:
                    found[identifier] = one
    return sorted(found.values(), key=lambda one: (one.is_common, -one.spread.tips, one.finding))


def look_up(home: Home, identifiers: Sequence[Identifier], *, today: dt.date) -> list[AlsoIn]:
    """The tips in which identifiers stand that a person typed.

    The log has the kind and the number of tips, and no identifier.
    """
    masks = Masks(home)
    found = []
    for identifier in identifiers:
        places = home.casebook.identifiers.places(identifier, most=MANY)
        spread = home.casebook.identifiers.spread(identifier)
        is_closed = _is_closed(home, identifier)
        tips = 0 if is_closed else spread.tips  # the log says no more than the page
        home.casebook.log.add("identifier looked up", f"{identifier.kind}, {tips} tips", today=today)
        if not places or is_closed:
            continue
        others = [number for number, _finding in places]
        found.append(_shown(home, places[0][1], identifier, spread, others, masks))
    return found


def _also(
    home: Home, submission: Submission, finding: StoredFinding, identifier: Identifier, masks: Masks
) -> AlsoIn | None:
    identifiers = home.casebook.identifiers
    spread = identifiers.spread(identifier)
    if spread.tips < 2 or _is_closed(home, identifier):
        return None
    others: list[int] = []
    if spread.tips <= MANY and not identifiers.is_marked(identifier, IdentifierMark.COMMON):
        others = [number for number, _finding in identifiers.places(identifier, most=MANY * MANY)]
    others = [number for number in others if number != submission.number]
    return _shown(home, finding.number, identifier, spread, others, masks, mask=masks.of_finding(finding))


def _shown(
    home: Home,
    finding: int,
    identifier: Identifier,
    spread: Spread,
    others: Iterable[int],
    masks: Masks,
    *,
    mask: str | None = None,
) -> AlsoIn:
    """An identifier with the tips ``others``; under a ``mask`` without its key."""
    identifiers = home.casebook.identifiers
    entities = identifiers.entities(identifier)
    return AlsoIn(
        finding,
        identifier.kind,
        None if mask else identifier.key,
        spread,
        [home.casebook.submissions.by_number(number).short_id for number in dict.fromkeys(others)],
        mask or (masks.name(entities[0]) if entities else None),
        identifiers.is_marked(identifier, IdentifierMark.COMMON),
        is_one_reading=len(identifiers.of(finding)) == 1,
    )


def _is_closed(home: Home, identifier: Identifier) -> bool:
    """True if a closed entity has this identifier: its tips do not show."""
    entities = home.casebook.entities
    return any(entities.find(number).is_closed for number in home.casebook.identifiers.entities(identifier))
