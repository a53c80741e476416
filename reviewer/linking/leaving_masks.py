"""Words and pictures of masked persons in what leaves: marks, and files that are left out.

Staff may let the words and pictures of one of them go.

A referral asks for a consent too (:mod:`reviewer.linking.referred_tips`). Evidence packages, hand-overs and orders
for a translator ask here. A mask that begins after the preview holds as well.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.text_mask import TextMask, mask_key, maskable_words
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
from reviewer.leaving.handing_over import HandOverTip
from reviewer.leaving.passages import passages_of
from reviewer.linking.entity_work import open_entity
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.name_questions import PERSON
from reviewer.linking.picture_reading import read_before_leaving
from reviewer.linking.tip_reading import home_regions
from reviewer.linking.tip_texts import text_by_place
from reviewer.reading.reader import MOST_LETTERS, read_text
from system.errors import ProgramError

_Ticked = TypeVar("_Ticked", TipChoice, HandOverTip)
_FEWEST_LETTERS: Final = 3


@dataclass(frozen=True, slots=True)
class MaskedEntity:
    """A masked or closed entity, such as P-41, with its words and pictures in some texts and files."""

    number: int
    name: str
    words: Sequence[str] = field(repr=False)
    files: Sequence[str] = ()
    """Files that show a picture of it, each with its tip, such as ``file 2 of tip 3f9a1c02``."""


@dataclass(frozen=True, slots=True)
class MasksInTexts:
    """The entities whose words are masked and whose pictures are left out, and those whom staff let go."""

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
        return [[one.name, *one.words, *one.files] for one in (*self.masked, *self.unmasked)]

    def sentences(self) -> list[str]:
        """The same for a terminal, without a word of a person."""
        masked = [
            f"words of {one.name} are masked ({len(one.words)}); --with {one.name} --because REASON lets them leave"
            for one in self.masked
            if one.words
        ]
        masked += [
            f"{file} shows a picture of {one.name} and is left out;"
            f" --with {one.name} --because REASON lets it leave"
            for one in self.masked
            for file in one.files
        ]
        leaving = "is masked at this desk, and its words and pictures leave"
        return masked + [f"{one.name} {leaving}" for one in self.unmasked]


class LeavingMasks:
    """Finds words of all masked and closed entities in texts of some tips.

    ``staff_texts`` are answers and notes about them. No finding is in these, so they are read here. ``more`` are
    words that are masked though nothing hides them, each with its entity.
    """

    def __init__(
        self,
        home: Home,
        tips: Sequence[Submission],
        *,
        staff_texts: Iterable[str] = (),
        more: Iterable[tuple[int, str]] = (),
        masks: Masks | None = None,
    ) -> None:
        self._home = home
        self._masks = masks or Masks(home)
        hidden: dict[int, int] = {}
        for tip in tips:
            for one in home.casebook.findings.of(tip.number):
                if (owner := self._masks.owner_of(one)) is not None:
                    hidden[one.number] = owner
        found = [(hidden[number], text) for number, text in home.casebook.names.words(hidden).items()]
        found += [each for tip in tips for each in _lasting_words(home, tip)]
        regions = home_regions(home)
        found += [each for text in staff_texts for each in self._read(text, regions)]
        # A passage is one line, and a number may be on two.
        words = [(owner, part) for owner, text in (*found, *more) for part in (text, *text.splitlines())]
        for owner, names in self._masks.hidden_names.items():
            words += [(owner, part) for name in names for part in name_parts(name)]
        self._words = [(owner, key) for owner, word in words if (key := _key(word))]
        self._files = {
            (tip.number, number): (owner, said("file %(number)s of tip %(tip)s", number=number, tip=tip.short_id))
            for tip in tips
            for number, owner in self._pictures_in(tip)
        }
        owners = [owner for owner, _word in self._words] + [owner for owner, _name in self._files.values()]
        self._entities = frozenset(owners)

    @property
    def files(self) -> Collection[tuple[int, int]]:
        """The files of these tips that show a picture of a hidden entity: submission and number of each."""
        return self._files.keys()

    def words(self, *, but: Collection[int]) -> list[str]:
        """The words to mask, in whatever text; without those of the entities ``but``."""
        return [word for owner, word in self._words if owner not in but]

    def in_texts(
        self, texts: Iterable[str], *, unmask: Collection[int] = (), files: Collection[tuple[int, int]] = ()
    ) -> MasksInTexts:
        """The masked words in these texts and pictures in these files; what is in ``unmask`` leaves."""
        some = list(texts)
        masked = self._found(some, files, self._entities - frozenset(unmask))
        return MasksInTexts(masked, self._found(some, files, self._entities.intersection(unmask)))

    def without_pictures(self, tips: Sequence[_Ticked], *, unmask: Collection[int] = ()) -> list[_Ticked]:
        """The ticked tips without files that show a picture of a hidden entity, but for those in ``unmask``."""
        hidden = {place for place, (owner, _name) in self._files.items() if owner not in unmask}
        return [
            replace(one, files=frozenset(n for n in one.files if (one.submission.number, n) not in hidden))
            for one in tips
        ]

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

    def _pictures_in(self, tip: Submission) -> Iterator[tuple[int, int]]:
        if owners := self._masks.owners_of_files(tip.number):
            for number, (file, _read) in enumerate(files_of(self._home, tip), 1):
                if file.sha256 in owners:
                    yield number, owners[file.sha256]

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

    def _found(
        self, texts: Sequence[str], files: Collection[tuple[int, int]], entities: Collection[int]
    ) -> list[MaskedEntity]:
        owners: dict[str, set[int]] = {}
        for owner, word in self._words:
            if owner in entities:
                owners.setdefault(word, set()).add(owner)
        mask = TextMask(owners)
        for text in texts:
            mask.within(text)
        found: dict[int, list[str]] = {}
        for word in mask.masked:
            key = _key(word)
            # Where a letter of the text is several letters of the word, the stretch is longer than the word.
            theirs = owners.get(key) or {one for each, some in owners.items() if each in key for one in some}
            for owner in theirs:
                found.setdefault(owner, []).append(word)
        pictures: dict[int, list[str]] = {}
        for place in sorted(self._files.keys() & set(files)):
            owner, name = self._files[place]
            if owner in entities:
                pictures.setdefault(owner, []).append(name)
        return [
            MaskedEntity(one, self._masks.name(one), tuple(found.get(one, ())), tuple(pictures.get(one, ())))
            for one in sorted(found.keys() | pictures.keys())
        ]


def _key(word: str) -> str:
    """The form in which words are the same; of signs alone, such as a smiley, the word itself."""
    return mask_key(word) or word.strip()


def name_parts(name: str) -> list[str]:
    """A name, and each word of it by which a person can be known."""
    return [name, *(word for word in maskable_words(name) if len(word) >= _FEWEST_LETTERS)]


def leaving_masks(home: Home, tips: Sequence[Submission], *, children: Children, today: dt.date) -> LeavingMasks:
    """The masks over some tips, after all of these were read.

    So a tip that came just now is masked as any other.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes that look into files.
        CutShort: the desk is being locked.
    """
    read_before_leaving(home, tips, children=children, today=today)
    return LeavingMasks(home, tips)


def require_reason_to_leave(masked: MasksInTexts, because: str) -> None:
    """Return if words and pictures of no masked person leave, or if there is a reason.

    Raises:
        ProgramError: there is none.
    """
    if masked.unmasked and not because.strip():
        raise ProgramError("words of a masked person leave only with a reason")


def note_reason_to_leave(home: Home, masked: MasksInTexts, because: str, *, today: dt.date) -> None:
    """Keep the reason why words and pictures of masked persons leave, with each of them, before they do.

    Raises:
        ProgramError: no reason, or a person who is gone with the last tip; then nothing is kept.
    """
    require_reason_to_leave(masked, because)
    with home.casebook.changing():
        for one in masked.unmasked:
            open_entity(home, one.number, because, today=today)


def ticked_files(tips: Iterable[TipChoice | HandOverTip]) -> set[tuple[int, int]]:
    """The ticked files: submission and number of each."""
    return {(one.submission.number, number) for one in tips for number in one.files}


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
    home: Home, choice: EvidenceChoice, hidden: LeavingMasks, *, unmask: Collection[int]
) -> tuple[EvidenceChoice, MasksInTexts]:
    """The choice with masked words among its masks, without masked pictures; and whose these are."""
    files = ticked_files(choice.tips)
    choice = replace(choice, tips=hidden.without_pictures(choice.tips, unmask=unmask))
    found = hidden.in_texts(leaving_texts(home, choice), unmask=unmask, files=files)
    masks = tuple(dict.fromkeys([*choice.masks, *found.words]))
    return replace(choice, masks=masks, unmasked=found.names()), found
