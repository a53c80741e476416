"""Passages and files of tips beside the entities of a referral.

Nothing of a tip is in the package until it is ticked. Words of persons who do not leave with it are masked in each
passage; a file cannot be masked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from reviewer.casebook.findings import StoredFinding
from reviewer.casebook.link_operations import PEOPLE
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, spoken
from reviewer.leaving.evidence import leaving_texts
from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
from reviewer.linking.consent_work import Permissions
from reviewer.linking.leaving_masks import LeavingMasks, ticked_files
from reviewer.linking.masking import Masks
from reviewer.linking.veil import Veil, name_parts
from system.errors import ProgramError

_REASON: Final = "referral"


class TipsBeside:
    """Masks and checks passages and files for one receiver.

    ``leaving`` are the protected or closed entities that leave with their words. The words of those in ``also`` are
    masked though they are not hidden: places of a harmed person.
    """

    def __init__(
        self,
        home: Home,
        masks: Masks,
        receiver: str,
        leaving: frozenset[int],
        *,
        also: Collection[int] = (),
    ) -> None:
        self._home, self._masks, self._receiver = home, masks, receiver
        self._permissions = Permissions(home, masks)
        self._veil = Veil(home, masks, unmask=leaving)
        self._leaving, self._also = leaving, also
        self._withdrawn: dict[int, bool] = {}

    def hidden_words(self, submissions: Sequence[Submission]) -> list[str]:
        """Words of persons who do not leave, as they stand in these tips or are called anywhere."""
        return self._hidden(submissions).words(but=self._leaving)

    @spoken(ENGLISH)
    def masked(self, choice: EvidenceChoice) -> tuple[EvidenceChoice, list[str]]:
        """The choice with these words masked and without their pictures, and sentences about it.

        Raises:
            ProgramError: a ticked file is of a tip in which a person stands who withdrew.
        """
        hidden = self._hidden([one.submission for one in choice.tips])
        leaving = replace(choice, tips=hidden.without_pictures(choice.tips, unmask=self._leaving))
        found = hidden.in_texts(
            leaving_texts(self._home, leaving),
            reasons=dict.fromkeys(self._leaving, _REASON),
            files=ticked_files(choice.tips),
        )
        count = len(set(found.words))
        told = [f"{count} words of persons who do not leave are masked"] if count else []
        told += [
            f"{file} shows a picture of {one.name} and is left out" for one in found.masked for file in one.files
        ]
        for one in choice.tips:
            if one.files:
                told += self._about_files(one)
        return replace(leaving, masks=tuple(dict.fromkeys([*choice.masks, *found.words]))), told

    def _hidden(self, submissions: Sequence[Submission]) -> LeavingMasks:
        """The masks over these tips, and over persons who withdrew and places that stay."""
        casebook = self._home.casebook
        staying = [one for tip in submissions for one in casebook.findings.of(tip.number)]
        owners = {
            one.number: one.entity for one in staying if one.entity is not None and self._has_withdrawn(one.entity)
        }
        for place in self._also:
            owners |= {one.number: place for one in casebook.findings.of_entity(place, with_hidden=True)}
        words = [(owners[number], text) for number, text in casebook.names.words(owners).items()]
        more = [*words, *self._names_of_withdrawn()]
        return LeavingMasks(self._home, submissions, more=more, masks=self._masks)

    def _about_files(self, one: TipChoice) -> Iterator[str]:
        findings = self._home.casebook.findings.of(one.submission.number)
        owners = sorted({owner for each in findings if (owner := self._owner(each)) is not None})
        for number in owners:
            if self._has_withdrawn(number):
                raise ProgramError(
                    f"{self._masks.name(number)} withdrew consent, and stands in tip {one.submission.short_id}:"
                    " no file of it leaves with a referral",
                    hint="untick its files; passages are masked",
                )
        if owners:
            names = ", ".join(map(self._masks.name, owners))
            yield f"nothing is masked in files: {names} may be in those of tip {one.submission.short_id}"

    def _owner(self, finding: StoredFinding) -> int | None:
        """The person or thing that does not leave and to which a finding belongs; None if it may leave."""
        owner = self._veil.owner(finding)
        if owner is None and finding.entity is not None and self._has_withdrawn(finding.entity):
            return finding.entity
        return owner

    def _has_withdrawn(self, number: int) -> bool:
        if number not in self._withdrawn:
            self._withdrawn[number] = self._permissions.is_withdrawn(number, self._receiver)
        return self._withdrawn[number]

    def _names_of_withdrawn(self) -> Iterator[tuple[int, str]]:
        casebook = self._home.casebook
        known = (casebook.entities.number_of(one) for one in casebook.consents.withdrawn())
        persons = {other for one in known if one is not None for other in self._masks.clusters.perhaps(one)}
        for number in sorted(persons):
            if not self._masks.are_here(number, number):
                continue
            if casebook.entities.kind_of(number) in PEOPLE and self._has_withdrawn(number):
                own = [one.number for one in casebook.findings.of_entity(number, with_hidden=True)]
                names = [casebook.entities.find(number).shown_as, *casebook.names.words(own).values()]
                yield from ((number, part) for name in names for part in name_parts(name))
