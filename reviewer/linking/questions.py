"""Open questions between two names or two pictures: both passages, and what speaks for and against.

No question has a percentage. It says how many pairs of strangers look this alike among the names here.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from reviewer.casebook.file_pictures import picture_place
from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.identifier_keys import IdentifierMark
from reviewer.casebook.link_questions import StoredQuestion
from reviewer.casebook.numbered_files import numbered_files
from reviewer.casebook.pictures import StoredPicture
from reviewer.casebook.submission import Submission
from reviewer.clean_copy.fingerprints import SAME_BITS, Fingerprint
from reviewer.home.home import Home
from reviewer.linking.link_question import LinkQuestion, QuestionReason, QuestionSide
from reviewer.linking.masking import Masks
from reviewer.linking.name_questions import NameIndex
from reviewer.linking.veil import Veil
from reviewer.matching.calibration import WEAK, YES, compare_names
from reviewer.matching.clusters import Verdict
from reviewer.matching.name_likeness import NameReason
from system.errors import ProgramError

_MOST_EXAMINED: Final = 300
_MOST_SHARED: Final = 5
_LITTLE_TO_SEE: Final = 80
_AGAINST: Final = frozenset(
    {
        NameReason.LEFT_OVER_IN_ONE,
        NameReason.LEFT_OVER_IN_BOTH,
        NameReason.ONE_WORD,
        NameReason.INITIAL,
        NameReason.OTHER_SCRIPT,
        NameReason.NOTHING_ALIKE,
    }
)


class QuestionReader:
    """Reads questions for one page or command; what several of them need is read once."""

    def __init__(self, home: Home, masks: Masks | None = None) -> None:
        self._home = home
        self._casebook = home.casebook
        self._masks = masks or Masks(home)
        self._names = NameIndex(home)
        self._veil = Veil(home, self._masks)

    def open(
        self, *, most: int, with_weak: bool = False, of_pictures: bool | None = None, but: int | None = None
    ) -> list[LinkQuestion]:
        """Open questions, the surest first, one for each two entities.

        A weak one is among them if a number or account stands in both tips, or if ``with_weak``.
        """
        stored = self._casebook.link_questions.surest(with_weak=with_weak, of_pictures=of_pictures)
        found = self._open(itertools.islice(stored, _MOST_EXAMINED))
        wanted = (one for one in found if (with_weak or one.is_asked) and one.number != but)
        return list(itertools.islice(wanted, most))

    def of_tip(self, submission: Submission) -> list[LinkQuestion]:
        """The open questions with a side in this tip, weak ones too."""
        return list(self._open(self._casebook.link_questions.of_tip(submission.number)))

    def find(self, number: int, *, is_opened: bool = False) -> LinkQuestion:
        """The question with this number, also an answered one; ``is_opened`` shows it though it is protected.

        Raises:
            ProgramError: there is none, or a side of it is closed, hidden or dismissed.
        """
        stored = self._casebook.link_questions.find(number)
        shown = self._shown(stored, is_opened=is_opened) if stored else None
        if shown is None:
            raise ProgramError(
                f"there is no question Q-{number}",
                hint="tipline-review links HOME lists them; after tips were read again they have other numbers",
            )
        return shown

    def _open(self, stored: Iterable[StoredQuestion]) -> Iterator[LinkQuestion]:
        asked: set[frozenset[object]] = set()
        for one in stored:
            shown = self._shown(one)
            if shown is None or shown.is_answered:
                continue
            between = frozenset(self._who(side, one.is_of_pictures) for side in shown.sides)
            if between not in asked:
                asked.add(between)
                yield shown

    def _who(self, side: QuestionSide, is_picture: bool) -> object:
        if side.entity is not None:
            return min(self._masks.clusters.of(side.entity))
        return (is_picture, side.number)

    def _shown(self, stored: StoredQuestion, *, is_opened: bool = False) -> LinkQuestion | None:
        one, other = (self._side(number, stored.is_of_pictures) for number in stored.sides)
        if one is None or other is None:
            return None
        owners = (side.entity if side.hidden_by is None else side.hidden_by for side in (one, other))
        entities = [number for number in owners if number is not None]
        hidden = [number for number in entities if self._masks.is_protected(number)]
        if any(map(self._masks.is_closed, entities)):  # one that hides words may be gone with its last tip
            return None
        if hidden and is_opened:
            one, other = (self._with_words(side, frozenset(hidden)) for side in (one, other))
        is_hidden = bool(hidden) and not is_opened
        shown = LinkQuestion(
            number=stored.number,
            is_of_pictures=stored.is_of_pictures,
            sides=(one.masked(), other.masked()) if is_hidden else (one, other),
            is_hidden=is_hidden,
            protected=hidden,
            is_answered=self._is_answered(one.entity, other.entity),
        )
        if stored.is_of_pictures:
            return self._compared_pictures(shown, *stored.sides)
        return self._compared_names(shown, *stored.sides)

    def _side(self, number: int, is_picture: bool) -> QuestionSide | None:
        return self._picture_side(number) if is_picture else self._name_side(number)

    def _name_side(self, number: int) -> QuestionSide | None:
        finding = self._casebook.findings.find(number)
        if finding.state is FindingState.DISMISSED:
            return None
        submission = self._casebook.submissions.by_number(finding.submission)
        passage = self._veil.passage(submission, finding)
        owner = self._masks.owner_of(finding)
        return QuestionSide(number, submission, finding.entity, self._name(finding), passage, hidden_by=owner)

    def _with_words(self, side: QuestionSide, opened: frozenset[int]) -> QuestionSide:
        """A side whose passage shows these entities, which were opened with a reason."""
        if side.passage is None:
            return side
        veil = Veil(self._home, self._masks, unmask=opened)
        return replace(side, passage=veil.passage(side.submission, self._casebook.findings.find(side.number)))

    def _picture_side(self, number: int) -> QuestionSide | None:
        picture = self._casebook.pictures.find(number)
        if picture is None:
            return None
        submission = self._casebook.submissions.by_number(picture.submission)
        finding = kept_picture(self._home, picture)
        if finding is not None and finding.state is FindingState.DISMISSED:
            return None
        for one in numbered_files(self._casebook, submission):
            if (one.sealed_place, one.file.place) == (picture.sealed_place, picture.place):
                is_quarantined = self._casebook.quarantine.since(one.file.sha256) is not None
                entity = finding.entity if finding else None
                name = self._name(finding) if finding else None
                owner = self._masks.owner_of_picture(
                    picture.submission, picture_place(one.sealed_place, one.file.place)
                )
                return QuestionSide(
                    *(number, submission, entity, name, None, one.number, one.file.sha256, is_quarantined),
                    hidden_by=owner,
                )
        return None

    def _name(self, finding: StoredFinding) -> str | None:
        return self._masks.name(finding.entity) if finding.entity is not None else None

    def _is_answered(self, one: int | None, other: int | None) -> bool:
        if one is None or other is None:
            return False
        clusters = self._masks.clusters
        ones, others = clusters.of(one), clusters.of(other)
        if other in ones or clusters.against(one, other, Verdict.SAME):
            return True
        return any(clusters.decided(first, second) for first in ones for second in others)

    def _compared_names(self, shown: LinkQuestion, one: int, other: int) -> LinkQuestion | None:
        words = self._casebook.names.words([one, other])
        try:
            compared = compare_names(words.get(one, ""), words.get(other, ""))
        except ValueError:  # the text was blacked out
            return None
        chance = self._names.strangers(words[one], words[other], compared.score)
        lowered = chance.lowered(compared.score)
        shown.is_weak = lowered < YES
        shown.names, shown.stranger_pairs = chance.names, chance.pairs
        for reason in compared.reasons:
            (shown.speaks_against if reason in _AGAINST else shown.speaks_for).append(QuestionReason(str(reason)))
        frequencies = self._names.frequencies(words[one], words[other])
        if least := min(frequencies, default=0):
            shown.speaks_against.append(QuestionReason("frequent", count=least))
        self._add_context(shown)
        return shown if lowered >= WEAK or shown.has_same_identifier else None

    def _compared_pictures(self, shown: LinkQuestion, one: int, other: int) -> LinkQuestion | None:
        first, second = self._casebook.pictures.find(one), self._casebook.pictures.find(other)
        if first is None or second is None:
            return None
        shown.distance = Fingerprint(first.bits, first.quality).distance(Fingerprint(second.bits, second.quality))
        shown.qualities = (first.quality, second.quality)
        shown.is_weak = shown.distance > SAME_BITS
        code = "much-alike" if shown.is_weak else "changed-picture" if shown.distance else "same-picture"
        if len({side.sha256 for side in shown.sides}) == 1:
            code = "same-file"
        (shown.speaks_against if shown.is_weak else shown.speaks_for).append(QuestionReason(code))
        if min(shown.qualities) < _LITTLE_TO_SEE:
            shown.speaks_against.append(QuestionReason("little-to-see"))
        self._add_context(shown)
        return shown

    def _add_context(self, shown: LinkQuestion) -> None:
        """Add the surroundings of the two, which are shown and never counted."""
        one, other = (side.submission.number for side in shown.sides)
        identifiers = self._casebook.identifiers
        for identifier in identifiers.shared(one, other, most=_MOST_SHARED):
            owner = self._masks.owner_of_readings([identifier])
            entities = [*identifiers.entities(identifier), *([owner] if owner is not None else [])]
            if any(map(self._masks.is_closed, entities)):
                continue
            if identifiers.is_marked(identifier, IdentifierMark.COMMON):
                continue
            key = self._masks.name(owner) if owner is not None else identifier.key
            shown.speaks_for.append(QuestionReason("same-identifier", kind=identifier.kind, key=key))
        rows = self._casebook.inbox_rows
        if rows.thread_of(one) == rows.thread_of(other):
            shown.speaks_against.append(QuestionReason("one-mailbox"))


def kept_picture(home: Home, picture: StoredPicture) -> StoredFinding | None:
    """The finding that a person made of a picture; None if no one has answered a question about it."""
    place = picture_place(picture.sealed_place, picture.place)
    found = [one for one in home.casebook.findings.of(picture.submission) if one.text == place]
    return found[0] if found else None
