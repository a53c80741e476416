"""Consents: noted with a receiver and a purpose, withdrawn later, and asked before a person leaves.

A withdrawal holds for every entity that is perhaps the same person. A reason of staff never overrides it; a consent
of the person that was noted after it does, for its receiver. Consents and withdrawals go to colleagues.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from reviewer.casebook.consents import Consent, ConsentKind, Referral
from reviewer.casebook.link_operations import PEOPLE
from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.leaving.evidence_choice import LONGEST_RECEIVER
from reviewer.linking.masking import Masks
from reviewer.sharing.consent_record import new_said_id, own_id, say_consent
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS
from reviewer.sharing.link_record import anchor_of
from system.errors import ProgramError

NO_CONSENT_HINT: Final = "note it with who consented and for what, or type a reason in place of it (consents add)"
_ACTS: Final = {
    ConsentKind.CONSENT: "consent",
    ConsentKind.REASON: "reason to refer",
    ConsentKind.WITHDRAWN: "consent withdrawn",
}


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """One line for a page or a terminal; ``entity`` is its name, or empty for one that lies in the bin."""

    entity: str
    consent: Consent = field(repr=False)


def note_consent(
    home: Home,
    number: int,
    *,
    said_by: str,
    receiver: str,
    purpose: str,
    day: dt.date | None = None,
    today: dt.date,
) -> None:
    """Note that a person agreed to be named to this receiver, and for what.

    ``said_by`` is the person, or the one who speaks for the person.

    Raises:
        ProgramError: no such entity, a word that is missing or too long, or a day that is still to come.
    """
    said_by, purpose = (
        _words(said_by, "who consented", NAME_LETTERS),
        _words(purpose, "the purpose", REASON_LETTERS),
    )
    if day is not None and day > today:
        raise ProgramError("the day of a consent must not be after today")
    _add(home, number, ConsentKind.CONSENT, said_by, receiver, purpose, day=day, today=today)


def note_reason(home: Home, number: int, *, receiver: str, because: str, today: dt.date) -> None:
    """Note why an entity may leave to this receiver without a consent.

    Raises:
        ProgramError: no such entity, no reason, or the person withdrew.
    """
    because = _words(because, "the reason", REASON_LETTERS)
    home.casebook.entities.find(number)
    Permissions(home).require_not_withdrawn(number, receiver)
    _add(home, number, ConsentKind.REASON, own_name(home), receiver, because, today=today)


def withdraw_consent(home: Home, number: int, *, said_by: str, today: dt.date) -> list[Referral]:
    """End every consent of a person; what left before, and to whom.

    Raises:
        ProgramError: no such entity, no person, or a word that is missing or too long.
    """
    said_by = _words(said_by, "who withdrew", NAME_LETTERS)
    if home.casebook.entities.find(number).kind not in PEOPLE:
        raise ProgramError(f"E-{number} is no person: a person withdraws, and what belongs to her follows")
    with home.casebook.changing():
        for one in _also_known_to_colleagues(home, number):
            _add(home, one, ConsentKind.WITHDRAWN, said_by, "", "", today=today)
    return Permissions(home).referrals(number)


def _also_known_to_colleagues(home: Home, number: int) -> list[int]:
    """The entity; of one that is here only, also those that are the same and that colleagues have."""
    if not anchor_of(home, number).is_only_here:
        return [number]
    same = Masks(home).clusters.of(number) - {number}
    return [number, *(one for one in sorted(same) if not anchor_of(home, one).is_only_here)]


def veiled_consent(one: Consent, masks: Masks, *, unmask: frozenset[int] = frozenset()) -> Consent:
    """The line with P-12 in place of each name of a hidden person that staff typed."""
    return replace(
        one,
        said_by=masks.veiled(one.said_by, unmask=unmask),
        purpose=masks.veiled(one.purpose, unmask=unmask),
    )


def consent_sentence(one: Consent) -> str:
    """A consent or a reason as one sentence for a terminal."""
    said = f"consent of {one.said_by}" if one.kind is ConsentKind.CONSENT else "reason without a consent"
    return f"{one.day.isoformat()}, {said}: {one.purpose}"


def shown_consents(home: Home, number: int | None = None) -> list[ShownConsent]:
    """Every line, or those of one entity and of those that are the same; hidden names are masked."""
    masks = Masks(home)
    wanted = None if number is None else masks.ids_perhaps(number)
    shown = []
    for one in home.casebook.consents.all():
        if wanted is None or one.entity_id in wanted:
            known = home.casebook.entities.number_of(one.entity_id)
            name = masks.name(known) if known is not None else ""
            shown.append(ShownConsent(name, veiled_consent(one, masks)))
    return shown


class Permissions:
    """Answers if an entity may leave to a receiver, by the lines of the casebook as they are now."""

    def __init__(self, home: Home, masks: Masks | None = None) -> None:
        self._casebook = home.casebook
        self._masks = masks or Masks(home)

    def persons_behind(self, number: int) -> list[int]:
        """The persons whose consent counts for an entity: itself, or those to whom a number or place belongs."""
        entities = self._casebook.entities
        if number < 0 or entities.kind_of(number) in PEOPLE:
            return [number]
        things = self._masks.clusters.perhaps(number)
        # Of a hidden tip too: she withdrew although a colleague's quarantine hides what says that it is hers.
        seen = [(each.entity, each.other) for one in things for each in entities.relations(one)]
        persons: set[int] = set()
        for ends in (seen, self._hidden_ends):
            found = {end for both in ends if not things.isdisjoint(both) for end in both}
            if persons := {one for one in found if entities.kind_of(one) in PEOPLE}:
                break
        return sorted(persons | self._masks.persons_elsewhere(things))

    @cached_property
    def _hidden_ends(self) -> list[tuple[int, int]]:
        if not self._casebook.overview.hidden():
            return []
        return [(one.entity, one.other) for one in self._casebook.entities.all_relations(are_hidden=True)]

    def require_not_withdrawn(self, number: int, receiver: str) -> None:
        """Return unless the person of an entity withdrew, or everyone to whom it belongs.

        Raises:
            ProgramError: withdrawn; it lists who received what before.
        """
        if not self.is_withdrawn(number, receiver):
            return
        name = self._masks.name(number)
        received = "; ".join(referral_line(one) for one in self.referrals(number)) or "no one received anything"
        raise ProgramError(
            f"{name} withdrew consent, and does not leave. Received before: {received}",
            hint="nothing was written; a later consent for this receiver would count",
        )

    def require_consent(self, number: int, receiver: str) -> None:
        """Return if a consent or a reason for this receiver is noted for each person behind an entity.

        Raises:
            ProgramError: there is none.
        """
        for person in self._asked(number):
            if not self._valid(person, receiver):
                raise ProgramError(
                    f"no consent of {self._masks.name(person)} for this receiver is noted", hint=NO_CONSENT_HINT
                )

    def referrals(self, number: int) -> list[Referral]:
        """The receivers of an entity, of one that is perhaps the same, and of what belongs to a person alone."""
        ids = self._masks.ids(self._with_belongings(number)) | self._masks.ids_perhaps(number)
        return self._casebook.consents.referrals(ids)

    def _with_belongings(self, number: int) -> frozenset[int]:
        """A person left also where only her number did; what others use as well says nothing of her."""
        entities, perhaps = self._casebook.entities, self._masks.clusters.perhaps(number)
        if entities.kind_of(number) not in PEOPLE:
            return frozenset(perhaps)
        ends = {end for one in perhaps for each in entities.relations(one) for end in (each.entity, each.other)}
        things = [one for one in ends - perhaps if entities.kind_of(one) not in PEOPLE]
        hers = [
            one for one in things if self._masks.is_protected(one) or perhaps.issuperset(self.persons_behind(one))
        ]
        return frozenset(perhaps).union(*(self._masks.clusters.perhaps(one) for one in hers))

    def is_withdrawn(self, number: int, receiver: str) -> bool:
        """True if the person of an entity withdrew, or everyone to whom it belongs."""
        persons = self.persons_behind(number)
        return bool(persons) and all(self._has_withdrawn(one, receiver) for one in persons)

    def _has_withdrawn(self, number: int, receiver: str) -> bool:
        return bool(self.withdrawals(number)) and not any(
            one.kind is ConsentKind.CONSENT for one in self._valid(number, receiver)
        )

    def withdrawals(self, number: int) -> frozenset[bytes]:
        """The ids of the withdrawals of an entity, and of those that are perhaps the same."""
        return frozenset(one.consent_id for one in self._lines(number) if one.kind is ConsentKind.WITHDRAWN)

    def permitting(self, number: int, receiver: str) -> list[Consent]:
        """The consents and reasons by which an entity may leave to this receiver; none if it may not."""
        if not receiver or self.is_withdrawn(number, receiver):
            return []
        found = [self._valid(one, receiver) for one in self._asked(number)]
        return [one for some in found for one in some] if all(found) else []

    def _valid(self, number: int, receiver: str) -> list[Consent]:
        """The lines for this receiver of the same person that were noted after every withdrawal."""
        withdrawn = self.withdrawals(number)
        same = self._masks.ids_same(number)
        return [
            one
            for one in self._lines(number)
            if one.kind is not ConsentKind.WITHDRAWN
            and withdrawn <= one.knows
            and one.entity_id in same
            and folded_receiver(one.receiver) == folded_receiver(receiver)
        ]

    def _lines(self, number: int) -> list[Consent]:
        return self._casebook.consents.of(self._masks.ids_perhaps(number))

    def _asked(self, number: int) -> list[int]:
        """The protected persons behind an entity, who must each have agreed; without any, itself."""
        return [one for one in self.persons_behind(number) if self._masks.is_protected(one)] or [number]


def permits_of(home: Home, opened: Sequence[int], receiver: str) -> list[tuple[str, list[Consent]]]:
    """By the name of each entity that was opened for a referral, the lines by which it may leave."""
    masks = Masks(home)
    permissions = Permissions(home, masks)
    unmask = frozenset(opened)
    return [
        (
            masks.name(one),
            [veiled_consent(each, masks, unmask=unmask) for each in permissions.permitting(one, receiver)],
        )
        for one in opened
    ]


def referral_line(one: Referral) -> str:
    """One line for a terminal, without any value."""
    return f"{one.day.isoformat()} {one.receiver} ({one.properties}), by {one.reviewer}"


def _add(
    home: Home,
    number: int,
    kind: ConsentKind,
    said_by: str,
    receiver: str,
    purpose: str,
    *,
    day: dt.date | None = None,
    today: dt.date,
) -> None:
    entity = home.casebook.entities.find(number)
    if kind is not ConsentKind.WITHDRAWN:
        receiver = _words(receiver, "the receiver", LONGEST_RECEIVER)
    said_id = new_said_id()
    line = Consent(
        *(own_id(home, said_id), entity.entity_id, kind, said_by, receiver, purpose, day or today, own_name(home))
    )
    with home.casebook.changing():
        if kind is not ConsentKind.WITHDRAWN:
            line = replace(line, knows=Permissions(home).withdrawals(number))
        home.casebook.consents.add(line)
        if kind is not ConsentKind.REASON:
            say_consent(home, line, said_id, is_only_here=anchor_of(home, number).is_only_here, today=today)
        home.casebook.log.add(_ACTS[kind], f"E-{number}", today=today)


def _words(text: str, name: str, letters: int) -> str:
    words = plain_name(text, name, letters)
    if not words:
        raise ProgramError(f"{name} must not be empty")
    return words


def folded_receiver(receiver: str) -> str:
    """A receiver's name, in which blanks and capitals do not count."""
    return " ".join(receiver.split()).casefold()
