"""The choice of staff for an evidence package: tips, passages, files, links and receiver."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.age.outside_recipient import Recipient, parse_recipient
from crypto.errors import CryptoError
from crypto.primitives.canonical_json import is_plain_text
from reviewer.casebook.submission import Submission
from reviewer.cases.text_mask import TextMask
from reviewer.leaving.evidence_facts import EntityFile
from system.errors import ProgramError

LONGEST_RECEIVER: Final = 200
_PROTECTED: Final = "protected"
_NOT_HERE: Final = "in a tip that is not in this package"


@dataclass(frozen=True, slots=True)
class TipChoice:
    """The ticked passages and files of a tip, by their numbers in the preview."""

    submission: Submission
    passages: frozenset[int]
    files: frozenset[int]


@dataclass(frozen=True, slots=True)
class LinkStretch:
    """Words on which a decision rests: letters from ``first`` to before ``end`` of a text of a tip.

    ``tip`` is None for a tip that is not in the package, and ``text`` is None where its words are protected.
    """

    tip: str | None
    text: str | None = field(repr=False)
    first: int
    end: int

    @property
    def words(self) -> str:
        """The words, or nothing."""
        return (self.text or "")[self.first : self.end]

    def said(self, mask: TextMask) -> str:
        """The tip and the words, with marks; a mark stands also for a word that only begins or ends in them."""
        if self.tip is None:
            return _NOT_HERE
        return (
            f"tip {self.tip}: {_PROTECTED if self.text is None else mask.within(self.text, self.first, self.end)}"
        )


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """A sentence of the program, which is never masked.

    A reader knows the sentence, and would know the masked word too.
    """

    text: str

    def said(self, _mask: TextMask) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """The page of a decision such as D-7 that leaves, in the order of its rows."""

    name: str
    rows: Sequence[tuple[str, str | LinkStretch | OwnSentence]] = field(repr=False)

    @property
    def title(self) -> str:
        """The first row, which says what was decided."""
        return next((value.text for _label, value in self.rows if isinstance(value, OwnSentence)), self.name)

    def said(self, mask: TextMask) -> list[tuple[str, str]]:
        """Label and text of each row, with marks."""
        return [
            (label, mask.within(value) if isinstance(value, str) else value.said(mask))
            for label, value in self.rows
        ]

    def texts(self) -> list[str]:
        """The texts that sources and staff wrote, for the words to mask."""
        written = [value for _label, value in self.rows if not isinstance(value, OwnSentence)]
        return [value.words if isinstance(value, LinkStretch) else value for value in written]


@dataclass(frozen=True, slots=True)
class AddedEntities:
    """A file with entities that a package also has; ``names`` such as E-12 are for the log.

    ``noted`` is called with the number of the departure, in the same transaction.
    """

    file: EntityFile
    content: bytes = field(repr=False)
    names: str
    noted: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """The tips and their receiver; with ``clean`` each file leaves as a clean copy.

    ``receiver`` is in the words of staff. A mark stands in place of each of the ``masks``, in passages and in names
    of files; the files themselves leave as they came. ``links`` are pages of decisions; marks stand in these too.
    """

    tips: Sequence[TipChoice]
    receiver: str
    clean: bool = False
    with_names: bool = False
    masks: Sequence[str] = ()
    entities: AddedEntities | None = None
    links: Sequence[LinkChoice] = ()
    noted: Callable[[], None] | None = None
    """Called in the transaction that records the departure: it notes whose masked words leave, and why."""

    @property
    def subject(self) -> str:
        """The ids of the tips and the names of links and entities."""
        names = [one.submission.short_id for one in self.tips] + [one.name for one in self.links]
        return " ".join([*names, *([self.entities.names] if self.entities else [])])


def receiver_key(untrusted_text: str) -> Recipient:
    """The key of a receiver, which begins with ``age1`` or ``age1pq1``.

    Raises:
        ProgramError: another text.
    """
    try:
        return parse_recipient(untrusted_text)
    except CryptoError as error:
        raise ProgramError(
            f"the key of the receiver is not one of age: {error}", hint="it begins with age1; compare it again"
        ) from error


def require_whole(choice: EvidenceChoice) -> None:
    """Return if a package can be made of this choice.

    Raises:
        ProgramError: no receiver, no tip, a tip or a link twice, or an envelope that was not opened.
    """
    if not is_plain_text(choice.receiver, longest=LONGEST_RECEIVER):
        raise ProgramError(
            f"the receiver must be named, in 1 to {LONGEST_RECEIVER} letters on one line",
            hint="who gets it, as your files call them: an office and a case number",
        )
    if not (choice.tips or choice.entities) or len({one.submission.number for one in choice.tips}) != len(
        choice.tips
    ):
        raise ProgramError("a package needs at least one tip, and each of them once")
    if len({one.name for one in choice.links}) != len(choice.links):
        raise ProgramError("each link can be named once")
    for one in choice.tips:
        if one.submission.unopenable is not None:
            raise ProgramError(
                f"{one.submission.short_id} could not be opened, so nothing of it can be listed or signed"
            )
