"""Masking: an entity that any tip calls harmed, and what belongs to such persons only, has no words.

It shows as P-41 in place of E-41 until a person opens it with a reason. A closed entity shows no words either.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from reviewer.casebook.decisions import Decision
from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.findings import StoredFinding, TextPlace
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.lasting_masks import MaskedPassage
from reviewer.casebook.link_operations import PEOPLE
from reviewer.home.home import Home
from reviewer.linking.name_questions import PERSON
from reviewer.masks.equal_pictures import OwnedPictures, equal_to
from reviewer.masks.protection import Protection
from reviewer.masks.word_places import folded_words, places_of_words
from reviewer.matching.name_keys import name_form
from system.errors import ProgramError

_NAME: Final = re.compile(r"[EePp]-?([0-9]{1,9})")


def entity_number(untrusted_name: str) -> int:
    """The number in a name such as E-12 or P-12.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError("an entity must be named by its number, as E-12", hint="tipline-review entities HOME")
    return int(found[1])


class Masks:
    """The entities that are protected now, computed from roles, relations, decisions, and masks that last."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._words: dict[int, str] = {}
        self._owners: dict[frozenset[int], Mapping[str, int]] = {}
        protection = Protection(home.casebook)
        self.clusters = protection.clusters
        self._protection = protection
        self._pictures = OwnedPictures(home.casebook)
        # The number over a stretch whose entity is gone is a protected one too.
        over_passages = home.casebook.lasting_masks.over_passages()
        self._protected = protection.numbers | protection.stand_ins | over_passages

    @cached_property
    def hidden_names(self) -> Mapping[int, Sequence[str]]:
        """The names of hidden persons, as they stand in tips and as staff call them."""
        casebook = self._home.casebook
        kinds = casebook.entities.kinds()
        owners: dict[int, int] = {}
        names: dict[int, list[str]] = {}
        for entity, (called, is_closed) in casebook.entities.called().items():
            if kinds[entity] in PEOPLE and (is_closed or entity in self._protected):
                names[entity] = [called]
                findings = casebook.findings.of_entity(entity, with_hidden=True)
                owners |= {one.number: entity for one in findings if one.kind in PEOPLE}
        for number, words in self._home.casebook.names.words(owners).items():
            names[owners[number]].append(words)
        for passage, words in casebook.lasting_masks.words(PEOPLE):
            names.setdefault(passage.entity, []).append(words)
        return {entity: [name for name in dict.fromkeys(some) if name_form(name)] for entity, some in names.items()}

    @cached_property
    def _by_form(self) -> Mapping[str, int]:
        return {name_form(name): entity for entity, names in self.hidden_names.items() for name in names}

    @cached_property
    def _lasting(self) -> Mapping[Identifier, int]:
        """Identifiers of entities that are gone, and that stay masked."""
        return self._home.casebook.lasting_masks.identifiers()

    @cached_property
    def _closed(self) -> frozenset[int]:
        called = self._home.casebook.entities.called()
        return frozenset(number for number, (_name, is_closed) in called.items() if is_closed)

    @cached_property
    def _out_of_sight(self) -> set[int]:
        return self._home.casebook.entities.out_of_sight()

    @cached_property
    def _stretches(self) -> Mapping[int, Sequence[MaskedPassage]]:
        """The stretches that stay masked, by tip."""
        stretches: dict[int, list[MaskedPassage]] = {}
        for one in self._home.casebook.lasting_masks.passages():
            stretches.setdefault(one.submission, []).append(one)
        return stretches

    def is_protected(self, number: int) -> bool:
        """True if a tip calls this entity harmed, or it belongs only to such persons."""
        return number in self._protected

    def hides(self, number: int) -> bool:
        """True if the words, tips and relations of this entity need a reason to be shown."""
        return number in self._protected or number in self._closed

    def is_closed(self, number: int) -> bool:
        """True if this entity is closed; False for one that is gone, whose number stands over masked words."""
        return number in self._closed

    def are_here(self, one: int, other: int) -> bool:
        """True unless a colleague's quarantine hides all tips of one of these entities."""
        return self._out_of_sight.isdisjoint({one, other})

    def same(self) -> list[list[str]]:
        """The names of entities that are one, in order; none of which all tips are hidden."""
        clusters = [sorted(one - self._out_of_sight) for one in self.clusters.all()]
        return [[self.name(number) for number in one] for one in sorted(clusters) if len(one) > 1]

    def same_as(self, number: int) -> list[str]:
        """The names of the other entities that are one with this one; none of which all tips are hidden."""
        others = self.clusters.of(number) - self._out_of_sight - {number}
        return [self.name(other) for other in sorted(others)]

    def ids_perhaps(self, number: int) -> set[bytes]:
        """The ids of the entities that some reviewer calls the same as this one, and its own."""
        return self.ids(self._protection.all_clusters.perhaps(number))

    def ids_same(self, number: int) -> set[bytes]:
        """The ids of the entities that are one with this one, and its own."""
        return self.ids(self._protection.all_clusters.of(number))

    def persons_elsewhere(self, things: Collection[int]) -> set[int]:
        """The persons to whom one of these is related, by a tip that is not here."""
        return {person for thing, person in self._protection.elsewhere.belongings if thing in things}

    def ids(self, numbers: Iterable[int]) -> set[bytes]:
        """The ids of these entities."""
        known = self._protection.elsewhere.ids
        found = (self._home.casebook.entities.id_of(one) if one > 0 else known.get(one) for one in numbers)
        return {one for one in found if one is not None}

    def is_hidden_reason(self, decision: Decision, *, unmask: frozenset[int] = frozenset()) -> bool:
        """True if the reason of a decision needs a reason to be shown: one of its entities is hidden."""
        return any(map(self.hides, {decision.one, decision.other} - unmask))

    def reason(self, decision: Decision, *, unmask: frozenset[int] = frozenset()) -> str:
        """The reason of a decision, as it may be shown; nothing if it is hidden."""
        if self.is_hidden_reason(decision, unmask=unmask):
            return ""
        return self.veiled(decision.because, own=(decision.one, decision.other), unmask=unmask)

    def veiled(self, staff_text: str, *, own: Collection[int] = (), unmask: frozenset[int] = frozenset()) -> str:
        """A text that staff typed, with P-12 in place of each name of a hidden person.

        A name that the entities ``own`` bear too stays: the text is about these.
        """
        places = self.hidden_places(staff_text, unmask=unmask)
        if places and own:
            casebook = self._home.casebook
            kept = [one.number for number in own for one in casebook.findings.of_entity(number)]
            theirs = list(self._home.casebook.names.words(kept).values())
            places = [one for one in places if not _bear(theirs, staff_text[one[0] : one[1]])]
        pieces, at = [], 0
        for first, end, number in places:
            pieces += [staff_text[at:first], self.name(number)]
            at = end
        return "".join([*pieces, staff_text[at:]])

    def hidden_places(self, text: str, *, unmask: frozenset[int] = frozenset()) -> list[tuple[int, int, int]]:
        """The names of hidden persons in a text: first letter, the place behind the last, and the entity."""
        owners = self._owners_of_names(unmask)
        return [
            (first, end, owners.get(folded_words(text[first:end]), min(owners.values())))
            for first, end in places_of_words(text, owners.keys())
        ]

    def _owners_of_names(self, unmask: frozenset[int]) -> Mapping[str, int]:
        if unmask not in self._owners:
            self._owners[unmask] = {
                folded_words(name): number
                for number, names in self.hidden_names.items()
                if number not in unmask
                for name in names
            }
        return self._owners[unmask]

    def name(self, number: int) -> str:
        """E-12, or P-12 for a protected entity."""
        if number < 0:
            return "a person of tips that are not here"
        return f"P-{number}" if number in self._protected else f"E-{number}"

    def of_finding(self, finding: StoredFinding) -> str | None:
        """The name that stands in place of the words of a finding; None if the words may be shown."""
        owner = self.owner_of(finding)
        return self.name(owner) if owner is not None else None

    def owner_of(self, finding: StoredFinding) -> int | None:
        """The entity that hides the words of a finding; None if they may be shown.

        It hides the same identifier, and an equal name, where no one has kept it yet. An equal name is hidden also
        if it may be another person's.
        """
        if finding.entity is not None:
            return finding.entity if self.hides(finding.entity) else None
        for one in self._stretches.get(finding.submission, ()):
            if one.text == finding.text and one.first < finding.end and finding.first < one.end:
                return one.entity
        if finding.text.part in PICTURE_PARTS:
            return self.owner_of_picture(finding.submission, finding.text)
        if finding.kind == PERSON:
            return self._owner_of_name(finding.number) if self._by_form else None
        return self.owner_of_readings(self._home.casebook.identifiers.of(finding.number))

    def owner_of_readings(self, readings: Sequence[Identifier]) -> int | None:
        """The entity that hides an identifier with these readings; None if they may be shown.

        An entity of which a colleague's quarantine hides all tips hides them too, and never shows them.
        """
        identifiers = self._home.casebook.identifiers
        numbers = [
            number
            for key in readings
            for number in identifiers.entities(key, with_hidden=True)
            if self.hides(number) or number not in self._out_of_sight
        ]
        if not numbers:
            return next((self._lasting[key] for key in readings if key in self._lasting), None)
        return numbers[0] if all(map(self.hides, numbers)) else None

    def owner_of_picture(self, submission: int, place: TextPlace) -> int | None:
        """The entity that hides the picture in a file; None if it may be shown.

        It hides the same file too, and one that looks the same, in any tip, where no one has kept it yet.
        """
        if self._pictures.is_empty() or (picture := self._pictures.at(submission, place)) is None:
            return None
        equal = equal_to(picture, self._pictures.kept)
        own = [
            one
            for one in equal
            if (one.picture.submission, one.picture.text, one.is_said) == (submission, place, False)
        ]
        hidden = [one.entity for one in own or equal if self.hides(one.entity)]
        others = {one.entity for one in own or equal if not one.is_said} - {*hidden, *self._out_of_sight}
        if others:  # a person kept it for one who is not hidden
            return None
        lasting = [] if hidden else [one.entity for one in equal_to(picture, self._pictures.masked)]
        return next(iter([*hidden, *lasting]), None)

    @property
    def know_pictures(self) -> bool:
        """True if there is a picture of an entity, or one that stays masked, to compare others with."""
        return not self._pictures.is_empty()

    def owners_of_files(self, submission: int) -> dict[bytes, int]:
        """The files of a tip that show a hidden picture: by SHA-256, the entity that hides it."""
        if not self.know_pictures:
            return {}
        owners = {
            one.sha256: self.owner_of_picture(submission, one.text) for one in self._pictures.of_tip(submission)
        }
        return {sha256: owner for sha256, owner in owners.items() if owner is not None}

    def require_shown(self, finding: StoredFinding) -> None:
        """Refuse to take the words of a finding for something else while they are masked.

        Raises:
            ProgramError: they are.
        """
        if (mask := self.of_finding(finding)) is not None:
            raise ProgramError(f"finding {finding.number} is masked as {mask}: its kind stays while it is")

    def owner_of_name(self, untrusted_name: str) -> int | None:
        """The entity that hides this name wherever it stands; None if it may be shown."""
        form = name_form(untrusted_name) if self._by_form else ""
        return self._by_form.get(form) if form else None

    def _owner_of_name(self, number: int) -> int | None:
        if number not in self._words:
            self._words |= self._home.casebook.names.words([number])
        return self.owner_of_name(self._words.get(number, ""))


def _bear(names: Iterable[str], word: str) -> bool:
    """True if this word stands in one of these names."""
    return any(places_of_words(name, [word]) for name in names)
