"""The veil: passages whose surroundings show P-12 in place of each word that a mask hides.

The words of a passage are its finding's own, and are shown or hidden as a whole. The letters around it belong to
other findings, and to names that no reading found.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from reviewer.casebook.file_pictures import PICTURE_PARTS
from reviewer.casebook.findings import StoredFinding, TextPlace
from reviewer.casebook.submission import Submission
from reviewer.cases.text_mask import maskable_words
from reviewer.home.home import Home
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import AROUND, TextPassage, text_by_place

_FEWEST_LETTERS: Final = 2
_LONGEST_NAME: Final = 400
"""Letters: a name may begin before the surroundings that are shown, or end behind them."""


class Veil:
    """Cuts passages for one page or command; ``unmask`` are entities that were opened with a reason."""

    def __init__(self, home: Home, masks: Masks, *, unmask: frozenset[int] = frozenset()) -> None:
        self._home, self._masks, self._unmask = home, masks, unmask
        self._texts: dict[int, Mapping[TextPlace, str]] = {}
        self._hidden: dict[int, list[tuple[TextPlace, int, int, int]]] = {}

    def owner(self, finding: StoredFinding) -> int | None:
        """The entity that hides the words of a finding; None if they may be shown."""
        owner = None if finding.entity in self._unmask else self._masks.owner_of(finding)
        return None if owner in self._unmask else owner

    def passage(self, submission: Submission, finding: StoredFinding) -> TextPassage:
        """The words of a finding of this tip, and the veiled letters around them."""
        return self.stretch(submission, finding.text, finding.first, finding.end)

    def stretch(self, submission: Submission, place: TextPlace, first: int, end: int) -> TextPassage:
        """The same for letters from ``first`` to before ``end``. All are empty if the text has become shorter."""
        value = self._texts_of(submission).get(place, "")
        if place.part in PICTURE_PARTS:
            return TextPassage("", value, "")
        begin, stop = max(0, first - AROUND), min(len(value), end + AROUND)
        hidden = self._stretches(submission, place, value, max(0, begin - _LONGEST_NAME), stop + _LONGEST_NAME)
        return TextPassage(
            _veiled(value, begin, first, hidden), value[first:end], _veiled(value, end, max(end, stop), hidden)
        )

    def hides(self, submission: Submission, place: TextPlace, first: int, end: int) -> bool:
        """True if a hidden word stands in these letters, whole or in part, whatever finding has it."""
        value = self._texts_of(submission).get(place, "")
        hidden = self._stretches(submission, place, value, max(0, first - _LONGEST_NAME), end + _LONGEST_NAME)
        return any(begin < end and first < stop for begin, stop, _name in hidden)

    def _texts_of(self, submission: Submission) -> Mapping[TextPlace, str]:
        if submission.number not in self._texts:
            self._texts[submission.number] = text_by_place(self._home, submission)
        return self._texts[submission.number]

    def _stretches(
        self, submission: Submission, place: TextPlace, value: str, first: int, end: int
    ) -> list[tuple[int, int, str]]:
        """Hidden stretches of a text, between two letters, each with the name over it."""
        if submission.number not in self._hidden:
            findings = self._home.casebook.findings.of(submission.number)
            owners = ((one, self.owner(one)) for one in findings)
            # A stretch that outlived its tip stays hidden where no reading finds it any more.
            lasting = self._home.casebook.lasting_masks.passages_of(submission.number)
            self._hidden[submission.number] = [
                *((one.text, one.first, one.end, owner) for one, owner in owners if owner is not None),
                *((one.text, one.first, one.end, one.entity) for one in lasting if one.entity not in self._unmask),
            ]
        found = [
            (begin, stop, self._masks.name(owner))
            for text, begin, stop, owner in self._hidden[submission.number]
            if text == place and begin < end and first < stop
        ]
        found += [
            (first + begin, first + stop, self._masks.name(number))
            for begin, stop, number in self._masks.hidden_places(value[first:end], unmask=self._unmask)
        ]
        return sorted(found)


def _veiled(value: str, first: int, end: int, hidden: list[tuple[int, int, str]]) -> str:
    """The letters of a text from ``first`` to before ``end``, with names over what is hidden."""
    pieces: list[str] = []
    at = first
    for begin, stop, name in hidden:
        if stop <= at or begin >= end:
            continue
        pieces += [value[at:begin], name] if begin >= at or not pieces else []
        at = max(at, stop)
    pieces.append(value[at:end])
    return "".join(pieces)


def name_parts(name: str) -> list[str]:
    """A name, and each word of it by which a person can be known."""
    return [name, *(word for word in maskable_words(name) if len(word) >= _FEWEST_LETTERS)]


def lasting_words(home: Home, tip: Submission) -> Iterator[tuple[int, str]]:
    """Words whose mask outlived a tip, also where no reading finds them any more, each with its entity."""
    stretches = home.casebook.lasting_masks.passages_of(tip.number)
    texts = text_by_place(home, tip) if stretches else {}
    for one in stretches:
        if one.text.part not in PICTURE_PARTS:
            yield one.entity, texts.get(one.text, "")[one.first : one.end]
