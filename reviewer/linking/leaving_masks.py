"""Words of masked persons in texts that leave: marks, unless staff let the words of one of them go.

A referral asks for a consent too (:mod:`reviewer.linking.referred_tips`). Evidence packages, hand-overs and orders
for a translator ask here. A mask that begins after the preview holds as well.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.text_mask import TextMask, mask_key
from reviewer.home.home import Home
from reviewer.leaving.evidence_choice import EvidenceChoice
from reviewer.leaving.passages import passages_of
from reviewer.linking.equal_names import words_of_findings
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.name_questions import PERSON
from reviewer.linking.referred_tips import name_parts
from reviewer.linking.tip_reading import home_regions
from reviewer.linking.tip_texts import PICTURE_PARTS, text_by_place
from reviewer.reading.reader import MOST_LETTERS, read_text
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class MaskedEntity:
    """A masked or closed entity, such as P-41, and its words that are in some texts."""

    number: int
    name: str
    words: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MasksInTexts:
    """The entities whose words are masked in some texts, and those whose words staff let go."""

    masked: Sequence[MaskedEntity]
    unmasked: Sequence[MaskedEntity]

    @property
    def words(self) -> tuple[str, ...]:
        """All words to mask."""
        return tuple(word for one in self.masked for word in one.words)

    def names(self) -> tuple[str, ...]:
        """The names, such as P-41, of those whose words leave."""
        return tuple(one.name for one in self.unmasked)

    def identities(self) -> list[list[str]]:
        """All of it, for the code of a preview."""
        return [[one.name, *one.words] for one in (*self.masked, *self.unmasked)]

    def sentences(self) -> list[str]:
        """The same for a terminal, without a word of a person."""
        masked = [
            f"words of {one.name} are masked ({len(one.words)}); --with {one.name} lets them leave"
            for one in self.masked
        ]
        return masked + [f"{one.name} is masked at this desk, and its words leave" for one in self.unmasked]


class LeavingMasks:
    """Finds words of all masked and closed entities in texts of some tips.

    ``staff_texts`` are answers and notes about them. No finding is in these, so they are read here.
    """

    def __init__(self, home: Home, tips: Sequence[Submission], *, staff_texts: Iterable[str] = ()) -> None:
        self._masks = Masks(home)
        hidden: dict[int, int] = {}
        for tip in tips:
            for one in home.casebook.findings.of(tip.number):
                if (owner := self._masks.owner_of(one)) is not None:
                    hidden[one.number] = owner
        found = [(hidden[number], text) for number, text in words_of_findings(home, hidden).items()]
        found += [each for tip in tips for each in _lasting_words(home, tip)]
        regions = home_regions(home)
        found += [each for text in staff_texts for each in self._read(text, regions)]
        # A passage is one line, and a number may be on two.
        words = [(owner, part) for owner, text in found for part in (text, *text.splitlines())]
        for owner, names in self._masks.hidden_names.items():
            words += [(owner, part) for name in names for part in name_parts(name)]
        self._words = [(owner, word) for owner, word in words if mask_key(word)]
        self._entities = frozenset(owner for owner, _word in self._words)

    def in_texts(self, texts: Iterable[str], *, unmask: Collection[int] = ()) -> MasksInTexts:
        """The masked words in these texts; those of the entities in ``unmask`` leave."""
        some = list(texts)
        masked = self._found(some, self._entities - frozenset(unmask))
        return MasksInTexts(masked, self._found(some, self._entities.intersection(unmask)))

    def numbers(self, untrusted_names: Iterable[str]) -> frozenset[int]:
        """The entities with these names, such as P-41.

        Raises:
            ProgramError: one of them is no masked entity of these tips.
        """
        numbers = frozenset(map(entity_number, untrusted_names))
        if not numbers <= self._entities:
            raise ProgramError(
                "expected a masked or closed entity whose words are here",
                hint="the preview names each, as P-41",
            )
        return numbers

    def _read(self, text: str, regions: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Words of masked entities in a text without findings, each with its entity."""
        for one in read_text(text[:MOST_LETTERS], regions=regions).findings:
            words = text[one.first : one.end]
            if one.kind == PERSON:
                owner = self._masks.owner_of_name(words)
            else:
                owner = self._masks.owner_of_readings([Identifier(str(one.kind), key) for key in one.readings])
            if owner is not None:
                yield owner, words

    def _found(self, texts: Sequence[str], entities: Collection[int]) -> list[MaskedEntity]:
        owners: dict[str, set[int]] = {}
        for owner, word in self._words:
            if owner in entities:
                owners.setdefault(mask_key(word), set()).add(owner)
        mask = TextMask(owners)
        for text in texts:
            mask.within(text)
        found: dict[int, list[str]] = {}
        for word in mask.masked:
            key = mask_key(word)
            # Where a letter of the text is several letters of the word, the stretch is longer than the word.
            theirs = owners.get(key) or {one for each, some in owners.items() if each in key for one in some}
            for owner in theirs:
                found.setdefault(owner, []).append(word)
        return [MaskedEntity(one, self._masks.name(one), tuple(found[one])) for one in sorted(found)]


def _lasting_words(home: Home, tip: Submission) -> Iterator[tuple[int, str]]:
    """Words whose mask outlived a tip, also where no reading finds them any more, each with its entity."""
    stretches = home.casebook.lasting_masks.passages_of(tip.number)
    texts = text_by_place(home, tip) if stretches else {}
    for one in stretches:
        if one.text.part not in PICTURE_PARTS:
            yield one.entity, texts.get(one.text, "")[one.first : one.end]


def leaving_texts(home: Home, choice: EvidenceChoice) -> list[str]:
    """The texts that leave in an evidence package: ticked passages, links, and names of ticked files."""
    texts = [text for one in choice.links for text in one.texts()]
    for one in choice.tips:
        texts += [each.text for each in passages_of(home, one.submission) if each.number in one.passages]
        if choice.with_names:
            files = enumerate(files_of(home, one.submission), 1)
            texts += [file.name for number, (file, _read) in files if number in one.files]
    return texts


def masked_choice(
    home: Home, choice: EvidenceChoice, *, unmask: Collection[int]
) -> tuple[EvidenceChoice, MasksInTexts]:
    """The choice with the words of masked persons among its masks, and whose words these are."""
    tips = [one.submission for one in choice.tips]
    found = LeavingMasks(home, tips).in_texts(leaving_texts(home, choice), unmask=unmask)
    masks = tuple(dict.fromkeys([*choice.masks, *found.words]))
    return replace(choice, masks=masks, unmasked=found.names()), found
