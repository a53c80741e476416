"""Passages and files of tips beside the entities of a referral.

Nothing of a tip is in the package until it is ticked. Words of persons who do not leave with it are masked in each
passage; a file cannot be masked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.findings import StoredFinding
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.text_mask import TextMask, maskable_words
from reviewer.home.home import Home
from reviewer.leaving.evidence import leaving_texts
from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
from reviewer.linking.consent_work import Permissions
from reviewer.linking.equal_names import words_of_findings
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import text_by_place
from reviewer.linking.veil import Veil
from reviewer.masks.protection import PEOPLE
from system.errors import ProgramError

_FEWEST_LETTERS: Final = 3


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
        hidden = [one for tip in submissions for one in self._findings(tip) if self._owner(one) is not None]
        words = list(words_of_findings(self._home, [one.number for one in hidden]).values())
        lasting = (each for tip in submissions for each in lasting_words(self._home, tip))
        words += [text for owner, text in lasting if owner not in self._leaving]
        for number, names in self._masks.hidden_names.items():
            if number not in self._leaving:
                words += [part for name in names for part in name_parts(name)]
        words += self._names_of_withdrawn()
        findings = self._home.casebook.findings
        places = [one.number for each in self._also for one in findings.of_entity(each, with_hidden=True)]
        words += words_of_findings(self._home, places).values()
        # A passage is one line, and a name may stand on two.
        return list(dict.fromkeys(line.strip() for one in words for line in one.splitlines() if line.strip()))

    def masked(self, choice: EvidenceChoice) -> tuple[EvidenceChoice, list[str]]:
        """The choice with these words among its masks, and sentences about it.

        Raises:
            ProgramError: a ticked file is of a tip in which a person stands who withdrew.
        """
        choice, left_out = self._without_pictures(choice)
        mask = TextMask(self.hidden_words([one.submission for one in choice.tips]))
        for text in leaving_texts(self._home, choice):
            mask.within(text)
        told = [f"{len(mask.masked)} words of persons who do not leave are masked"] if mask.masked else []
        told += left_out
        for one in choice.tips:
            if one.files:
                told += self._about_files(one)
        return replace(choice, masks=tuple(dict.fromkeys([*choice.masks, *mask.masked]))), told

    def _without_pictures(self, choice: EvidenceChoice) -> tuple[EvidenceChoice, list[str]]:
        """The choice without files that show a picture of a hidden entity which does not leave."""
        told: list[str] = []
        tips = []
        for one in choice.tips:
            owners = self._masks.owners_of_files(one.submission.number) if one.files else {}
            hidden = {
                number: owners[file.sha256]
                for number, (file, _read) in enumerate(files_of(self._home, one.submission), 1)
                if number in one.files and owners.get(file.sha256, 0) not in {0, *self._leaving}
            }
            told += [
                f"file {number} of tip {one.submission.short_id} shows a picture of {self._masks.name(owner)}"
                " and is left out"
                for number, owner in hidden.items()
            ]
            tips.append(replace(one, files=one.files - hidden.keys()))
        return replace(choice, tips=tips), told

    def _about_files(self, one: TipChoice) -> Iterator[str]:
        owners = {self._owner(each) for each in self._findings(one.submission)} - {None}
        names = [self._masks.name(number) for number in sorted(number for number in owners if number is not None)]
        for number in owners:
            if number is not None and self._has_withdrawn(number):
                raise ProgramError(
                    f"{self._masks.name(number)} withdrew consent, and stands in tip {one.submission.short_id}:"
                    " no file of it leaves with a referral",
                    hint="untick its files; passages are masked",
                )
        if names:
            yield f"nothing is masked in files: {', '.join(names)} may be in those of tip {one.submission.short_id}"

    def _findings(self, submission: Submission) -> list[StoredFinding]:
        return self._home.casebook.findings.of(submission.number)

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

    def _names_of_withdrawn(self) -> list[str]:
        casebook = self._home.casebook
        known = (casebook.entities.number_of(one) for one in casebook.consents.withdrawn())
        persons = {other for one in known if one is not None for other in self._masks.clusters.perhaps(one)}
        words: list[str] = []
        for number in sorted(persons):
            if not self._masks.are_here(number, number):
                continue
            if casebook.entities.kind_of(number) in PEOPLE and self._has_withdrawn(number):
                own = [one.number for one in casebook.findings.of_entity(number, with_hidden=True)]
                names = [casebook.entities.find(number).shown_as, *words_of_findings(self._home, own).values()]
                words += [part for name in names for part in name_parts(name)]
        return words


def lasting_words(home: Home, tip: Submission) -> Iterator[tuple[int, str]]:
    """Words whose mask outlived a tip, also where no reading finds them any more, each with its entity."""
    stretches = home.casebook.lasting_masks.passages_of(tip.number)
    texts = text_by_place(home, tip) if stretches else {}
    for one in stretches:
        if one.text.part not in PICTURE_PARTS:
            yield one.entity, texts.get(one.text, "")[one.first : one.end]


def name_parts(name: str) -> list[str]:
    """A name, and each word of it by which a person can be known."""
    return [name, *(word for word in maskable_words(name) if len(word) >= _FEWEST_LETTERS)]
