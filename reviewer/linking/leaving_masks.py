"""Words and pictures of masked persons in what leaves: marks, and files that are left out.

Staff may let the words and pictures of one of them go, each with a reason of its own.

A referral asks for a consent too (:mod:`reviewer.linking.referred_tips`). Evidence packages, hand-overs and orders
for a translator ask here. A mask that begins after the preview holds as well.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.marking import plain_name
from reviewer.cases.text_mask import UNMASKED_ACT, TextMask, guessable_lines, mask_key
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.leaving.evidence import leaving_texts
from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
from reviewer.leaving.handing_over import HandOverTip, handed_texts
from reviewer.linking.entity_work import open_entity
from reviewer.linking.leaving_links import links_of_tips
from reviewer.linking.masking import Masks
from reviewer.linking.name_questions import PERSON
from reviewer.linking.picture_reading import read_before_leaving
from reviewer.linking.tip_reading import home_regions
from reviewer.linking.veil import lasting_words, name_parts
from reviewer.reading.reader import MOST_LETTERS, read_text
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.errors import ProgramError

_Ticked = TypeVar("_Ticked", TipChoice, HandOverTip)


@dataclass(frozen=True, slots=True)
class MaskedEntity:
    """A masked or closed entity, such as P-41, with its words and pictures in some texts and files."""

    number: int
    name: str
    words: Sequence[str] = field(repr=False)
    files: Sequence[str] = ()
    """Files that show a picture of it, each with its tip, such as ``file 2 of tip 3f9a1c02``."""
    because: str = field(default="", repr=False)
    """Why they leave; empty while they are masked."""


@dataclass(frozen=True, slots=True)
class MasksInTexts:
    """The entities whose words are masked and whose pictures are left out, and those whom staff let go."""

    masked: Sequence[MaskedEntity]
    unmasked: Sequence[MaskedEntity]
    guessable: Sequence[str] = field(default=(), repr=False)
    """Masked lines in which what stands around a mark may tell the word."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words to mask."""
        return tuple(word for one in self.masked for word in one.words)

    def require(self, named: Iterable[int]) -> None:
        """Return if words or pictures of all entities with these numbers leave.

        Raises:
            ProgramError: one of them is not masked here.
        """
        for number in sorted(set(named) - {one.number for one in self.unmasked}):
            raise ProgramError(
                f"entity {number} is not masked here, and has no words that leave",
                hint="the preview names each, as P-41",
            )

    def identities(self) -> list[list[str]]:
        """All of it, for the code of a preview."""
        return [[one.name, *one.words, *one.files] for one in (*self.masked, *self.unmasked)]

    def sentences(self) -> list[str]:
        """The same for a terminal, without a word of a person."""
        masked = [
            f"words of {one.name} are masked ({len(one.words)}); --with {one.name} REASON lets them leave"
            for one in self.masked
            if one.words
        ]
        masked += [
            f"{file} shows a picture of {one.name} and is left out; --with {one.name} REASON lets it leave"
            for one in self.masked
            for file in one.files
        ]
        if self.guessable:
            masked.append(
                f"a mask could be guessed in {len(self.guessable)} lines from what stands around it; read them"
            )
        return masked + [f"{one.name} is masked here, and its words and pictures leave" for one in self.unmasked]


class LeavingMasks:
    """Finds words of all masked and closed entities in texts of some tips.

    ``staff_texts`` are answers, notes and reasons. No finding is in these, so they are read here. ``more`` are
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
        found += [each for tip in tips for each in lasting_words(home, tip)]
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
        self,
        texts: Iterable[str],
        *,
        reasons: Mapping[int, str] | None = None,
        files: Collection[tuple[int, int]] = (),
    ) -> MasksInTexts:
        """The masked words in these texts and pictures in these files.

        Those of entities in ``reasons`` leave, each with the reason that is given there.

        Raises:
            ProgramError: one would leave with a reason that is empty or too long; it is named.
        """
        some, reasons = list(texts), reasons or {}
        masked = self._found(some, files, self._entities.difference(reasons))
        leaving = self._found(some, files, self._entities.intersection(reasons))
        return MasksInTexts(
            masked,
            [replace(one, because=_reason(one.name, reasons[one.number])) for one in leaving],
            guessable_lines(some, [word for one in masked for word in one.words]),
        )

    def without_pictures(self, tips: Sequence[_Ticked], *, unmask: Collection[int] = ()) -> list[_Ticked]:
        """The ticked tips without files that show a picture of a hidden entity, but for those in ``unmask``."""
        hidden = {place for place, (owner, _name) in self._files.items() if owner not in unmask}
        return [
            replace(one, files=frozenset(n for n in one.files if (one.submission.number, n) not in hidden))
            for one in tips
        ]

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


def leaving_masks(home: Home, tips: Sequence[Submission], *, children: Children, today: dt.date) -> LeavingMasks:
    """The masks over some tips, after all of these were read.

    So a tip that came just now is masked as any other.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes that look into files.
        CutShort: the desk is being locked.
    """
    read_before_leaving(home, tips, children=children, today=today)
    said_of_links = dict.fromkeys(text for one in links_of_tips(home, tips) for text in one.texts())
    return LeavingMasks(home, tips, staff_texts=said_of_links)


def _reason(name: str, typed: str) -> str:
    if because := plain_name(typed, f"the reason for {name}", REASON_LETTERS):
        return because
    raise ProgramError(
        f"what is masked as {name} leaves only with a reason of its own", hint=f"say why {name} must be read"
    )


def note_look(home: Home, masked: MasksInTexts, *, today: dt.date) -> None:
    """Keep why words and pictures of masked persons are shown, with each of them.

    Raises:
        ProgramError: a person is gone with the last tip; then nothing is kept.
    """
    with home.casebook.changing():
        for one in masked.unmasked:
            open_entity(home, one.number, one.because, today=today)


def note_leaving(home: Home, masked: MasksInTexts, *, today: dt.date) -> None:
    """The same for what leaves, in the transaction that records it; the log has a line for each person."""
    note_look(home, masked, today=today)
    for one in masked.unmasked:
        home.casebook.log.add(UNMASKED_ACT, one.name, today=today)


def ticked_files(tips: Iterable[TipChoice | HandOverTip]) -> set[tuple[int, int]]:
    """The ticked files: submission and number of each."""
    return {(one.submission.number, number) for one in tips for number in one.files}


def masked_choice(
    home: Home, choice: EvidenceChoice, hidden: LeavingMasks, *, reasons: Mapping[int, str], today: dt.date
) -> tuple[EvidenceChoice, MasksInTexts]:
    """The choice with masked words among its masks, without masked pictures; and whose these are.

    Raises:
        ProgramError: as :meth:`LeavingMasks.in_texts`.
    """
    leaving = replace(choice, tips=hidden.without_pictures(choice.tips, unmask=reasons))
    found = hidden.in_texts(leaving_texts(home, leaving), reasons=reasons, files=ticked_files(choice.tips))
    masks = tuple(dict.fromkeys([*choice.masks, *found.words]))
    return replace(leaving, masks=masks, noted=partial(note_leaving, home, found, today=today)), found


def masked_case(
    home: Home, tips: Sequence[HandOverTip], hidden: LeavingMasks, *, reasons: Mapping[int, str]
) -> tuple[list[HandOverTip], MasksInTexts]:
    """The ticked tips of a hand-over without masked pictures, and whose words and pictures are in them.

    Raises:
        ProgramError: as :meth:`LeavingMasks.in_texts`.
    """
    leaving = hidden.without_pictures(tips, unmask=reasons)
    return leaving, hidden.in_texts(handed_texts(home, leaving), reasons=reasons, files=ticked_files(tips))
