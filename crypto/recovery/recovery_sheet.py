"""Recovery sheets: a key on paper; k of n sheets restore it. ``docs/formats/recovery-sheet.md``."""

import enum
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crypto.errors import Forked, Malformed, Mistyped, NewerFormat, NoKeyOpens, NotForUs, Replayed
from crypto.primitives import _slip39

WORDS_A_SHEET = 35
FEWEST_NEEDED = 2
MOST_SHEETS = _slip39.MOST_SHARES
LONGEST_TEXT = 4096
"""Characters; anything longer is refused before it is looked at."""

_VERSION = 1
_SEED_BYTES = 32
_SECRET_BYTES = 2 + _SEED_BYTES
_LETTERS_THAT_TELL = 4
_PLACES = {word: place for place, word in enumerate(_slip39.WORDS)}
_PLACES_BY_BEGINNING = {word[:_LETTERS_THAT_TELL]: place for word, place in _PLACES.items()}


class SecretKind(enum.IntEnum):
    """The kind of secret that the 32 bytes are."""

    ROOT = 1
    """The root key's seed, from which the founder's casebook-backup key follows too."""

    CASEBOOK_BACKUP = 2
    """The seed of the casebook-backup key of a reviewer who joined."""


@dataclass(frozen=True, slots=True)
class RecoverySecret:
    """The secret that is split."""

    kind: SecretKind
    seed: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return bytes([_VERSION, self.kind]) + self.seed

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "RecoverySecret":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: another length or kind.
            NewerFormat: a later version.
        """
        if untrusted_bytes and untrusted_bytes[0] > _VERSION:
            raise NewerFormat(f"sheets are of a newer version than {_VERSION}")
        if len(untrusted_bytes) != _SECRET_BYTES or untrusted_bytes[0] != _VERSION:
            raise Malformed("sheets hold something else than a key of a tip line")
        try:
            kind = SecretKind(untrusted_bytes[1])
        except ValueError as error:
            raise Malformed("sheets hold a key of a kind that is not known") from error
        return cls(kind, untrusted_bytes[2:])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: 35 words. It prints its number, and nothing of its words."""

    share: _slip39.SplitShare

    @property
    def number(self) -> int:
        """Its number in the set, from 1."""
        return self.share.place + 1

    @property
    def need(self) -> int:
        """The number of sheets that open the set."""
        return self.share.need

    @property
    def words(self) -> tuple[str, ...]:
        """The words, for the paper only."""
        return self.share.words

    @property
    def set_name(self) -> str:
        """The two words with which all sheets of one set begin. Another set has others, but for rare chance."""
        return " ".join(self.share.words[:2])

    @classmethod
    def parse(cls, untrusted_text: str) -> "Sheet":
        """Parse a typed or scanned sheet. The first four letters of a word are enough.

        Raises:
            Malformed: too long, or made by another program.
            Mistyped: a word that is not in the list, another number of words, or a checksum that does not fit;
                the message names the words by their numbers.
        """
        if len(untrusted_text) > LONGEST_TEXT:
            raise Malformed(f"sheet must have at most {LONGEST_TEXT} characters")
        places = [place_of(word) for word in words_of(untrusted_text)]
        unknown = tuple(number for number, place in enumerate(places, start=1) if place is None)
        if unknown:
            raise Mistyped(f"not in the list of words: {_named(unknown)}", numbers=unknown)
        if len(places) != WORDS_A_SHEET:
            raise Mistyped(f"sheet must have {WORDS_A_SHEET} words, here are {len(places)}")
        found = [place for place in places if place is not None]
        if not _slip39.is_sound(found):
            wrong = tuple(at + 1 for at in _slip39.likely_wrong(found))
            where = f"look at {_named(wrong)} again" if wrong else "more than one is wrong"
            raise Mistyped(f"words of this sheet do not belong together: {where}", numbers=wrong)
        return cls(_slip39.parse([_slip39.WORDS[place] for place in found]))


class SheetSet:
    """Sheets of one set, collected in any order."""

    def __init__(self) -> None:
        self._sheets: dict[int, Sheet] = {}

    @property
    def numbers(self) -> list[int]:
        """Numbers of the sheets that are here, in order."""
        return sorted(self._sheets)

    @property
    def missing(self) -> int | None:
        """The number of further sheets needed; None before the first."""
        return max(0, self._any().need - len(self._sheets)) if self._sheets else None

    def add(self, sheet: Sheet) -> None:
        """Add one sheet.

        Raises:
            NotForUs: it is of another set.
            Replayed: it is here already.
            Forked: another sheet with its number is here, which differs: one of the two is false.
        """
        if self._sheets:
            first = self._any()
            if (sheet.share.set_number, sheet.need) != (first.share.set_number, first.need):
                raise NotForUs(f"sheet {sheet.number} is of another set than sheet {first.number}")
            kept = self._sheets.get(sheet.number)
            if kept == sheet:
                raise Replayed(f"sheet {sheet.number} is here already")
            if kept is not None:
                raise Forked(f"two sheets have the number {sheet.number} and differ: one of them is false")
        self._sheets[sheet.number] = sheet

    def open(self) -> "OpenedSet":
        """The secret.

        Raises:
            NoKeyOpens: too few sheets, or no choice of them fits together.
            Malformed, NewerFormat: they fit together, and hold something else.
        """
        if not self._sheets:
            raise NoKeyOpens("no sheet is here")
        if self.missing:
            raise NoKeyOpens(f"{self.missing} more of these sheets are needed, {self._any().need} in all")
        for chosen in self._choices():
            try:
                secret = _slip39.combine([sheet.share for sheet in chosen])
            except NoKeyOpens:
                continue
            others = [sheet for sheet in self._sheets.values() if sheet not in chosen]
            false = [sheet.number for sheet in others if not _fits(sheet, chosen, secret)]
            return OpenedSet(RecoverySecret.parse(secret), tuple(sorted(false)))
        raise NoKeyOpens(
            "sheets do not fit together: at least one of them is false; with one more, it can be named"
        )

    def _any(self) -> Sheet:
        return next(iter(self._sheets.values()))

    def _choices(self) -> Iterator[tuple[Sheet, ...]]:
        return itertools.combinations(self._sheets.values(), self._any().need)


@dataclass(frozen=True, slots=True)
class OpenedSet:
    """The secret of a set; ``false`` are the numbers of surplus sheets that do not fit."""

    secret: RecoverySecret
    false: tuple[int, ...]


def split(secret: RecoverySecret, *, need: int, of: int) -> list[Sheet]:
    """``of`` sheets, any ``need`` of which open; other ones each time.

    Raises:
        ValueError: not 2 <= need <= of <= 16.
    """
    if not FEWEST_NEEDED <= need <= of <= MOST_SHEETS:
        raise ValueError(
            f"of at most {MOST_SHEETS} sheets, at least {FEWEST_NEEDED} must be needed, and not more than all"
        )
    return [Sheet(share) for share in _slip39.split(secret.to_bytes(), need=need, of=of)]


def words_of(untrusted_text: str) -> list[str]:
    """Runs of letters in lower case, as everything else parts them: numbers before the words do no harm."""
    folded = unicodedata.normalize("NFKC", untrusted_text).casefold()
    return ["".join(run) for letters, run in itertools.groupby(folded, str.isalpha) if letters]


def place_of(word: str) -> int | None:
    """The position of a word in the list, from 0, or None.

    The word may be cut after four letters.
    """
    if word in _PLACES:
        return _PLACES[word]
    place = _PLACES_BY_BEGINNING.get(word[:_LETTERS_THAT_TELL])
    return place if place is not None and _slip39.WORDS[place].startswith(word) else None


def _fits(sheet: Sheet, chosen: Sequence[Sheet], secret: bytes) -> bool:
    try:
        return _slip39.combine([one.share for one in [*chosen[1:], sheet]]) == secret
    except NoKeyOpens:
        return False


def _named(numbers: Sequence[int]) -> str:
    """Like ``word 7`` or ``words 7, 12``."""
    return f"{'word' if len(numbers) == 1 else 'words'} {', '.join(map(str, numbers))}"
