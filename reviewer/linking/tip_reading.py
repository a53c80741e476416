"""Reads tips for findings after they were taken in, fifty in one transaction.

A reading that was killed goes on later.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from reviewer.casebook.file_pictures import picture_place
from reviewer.casebook.finding_readings import SAID_KINDS
from reviewer.casebook.findings import BY_HAND, FindingState, NewFinding, StoredFinding, TextPlace
from reviewer.casebook.folded_text import folded
from reviewer.casebook.identifier_keys import Identifier, IdentifierMark
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.linking.name_questions import PERSON, NameIndex
from reviewer.linking.tip_texts import text_by_place, texts_of, words_of
from reviewer.lists.list_comparing import compare_new_tips
from reviewer.masks.binned import BinnedMasks
from reviewer.matching.name_keys import is_one_word, name_form
from reviewer.reading.finding import Finding, FindingKind
from reviewer.reading.phones import MOST_REGIONS, PhoneReader
from reviewer.reading.place_readings import position_reading
from reviewer.reading.places import named_countries
from reviewer.reading.reader import MOST_FINDINGS, MOST_LETTERS, VERSION, read_text
from system.errors import ProgramError

IDENTIFIERS: Final = (
    FindingKind.PHONE,
    FindingKind.HANDLE,
    FindingKind.EMAIL,
    FindingKind.WEB,
    FindingKind.IBAN,
    FindingKind.CRYPTO,
    FindingKind.PLATE,
    FindingKind.SHIP,
    FindingKind.DOCUMENT,
)
"""Kinds whose equal readings are a fact about two texts. A name is none of them."""

READ_KINDS: Final = (*IDENTIFIERS, FindingKind.PERSON, *SAID_KINDS)
"""Kinds that a reading finds."""

KINDS: Final = (*(str(kind) for kind in IDENTIFIERS), "person", "organisation", *SAID_KINDS)
"""The kinds as which a finding can be kept."""

POSITION_AT: Final = 1
"""Of a picture, letter 0 is what it shows, and letter 1 where it says that it was taken."""

_REGIONS: Final = "home_regions"
_AT_ONCE: Final = 50
_ANSWER_LETTERS: Final = 2000
"""How far each text of a tip is searched for countries that choose among towns of one name."""

_FORGETTING_KEY: Final = "forgetting_key"
_KEY_BYTES: Final = 32


def home_regions(home: Home) -> Sequence[str]:
    """The home regions, the likeliest first; none until staff set them."""
    return (home.casebook.settings.get(_REGIONS) or "").split()


def set_home_regions(home: Home, regions: Sequence[str], *, today: dt.date) -> None:
    """Set the regions in which numbers without a country code are read. All tips are read again later.

    Raises:
        ProgramError: a region is unknown, or there are more than five.
    """
    wanted = list(dict.fromkeys(region.strip().upper() for region in regions))
    try:
        PhoneReader(wanted)
    except ValueError as error:
        raise ProgramError(str(error), hint=f"at most {MOST_REGIONS}: DE AT") from error
    with home.casebook.changing():
        home.casebook.settings.set(_REGIONS, " ".join(wanted))
        home.casebook.findings.read_all_again()
        home.casebook.log.add("home regions", " ".join(wanted) or "none", today=today)


def read_new_tips(home: Home, *, most: int | None = None) -> int:
    """Read tips that were not read yet, some ``most`` of them or all; how many were read.

    It goes on where it was killed.
    """
    findings = home.casebook.findings
    count = 0
    while (most is None or count < most) and (unread := findings.unread(most=_AT_ONCE)):
        _read_some(home, unread)
        count += len(unread)
    if count:
        with home.casebook.changing():
            NameIndex(home).grade_again()
    compare_new_tips(home, most=most)
    return count


def _read_some(home: Home, numbers: Sequence[int]) -> None:
    forgotten = Forgotten(home)
    stopped = set(home.casebook.identifiers.marked(IdentifierMark.STOPPED))
    regions = home_regions(home)
    with home.casebook.changing():
        names, binned = NameIndex(home), BinnedMasks(home.casebook)
        for number in numbers:
            _read(home, home.casebook.submissions.by_number(number), regions, stopped, forgotten, names)
            binned.mask(number)


def read_again(home: Home) -> int:
    """Read all tips again, after an update. Findings that were kept or dismissed stay so."""
    with home.casebook.changing():
        home.casebook.findings.read_all_again()
        home.casebook.pictures.read_all_again()
    return read_new_tips(home)


def keys_of(kind: str, words: str, regions: Sequence[str]) -> list[str]:
    """The readings of words that a person says are of this kind; none for a name or a place."""
    if kind not in IDENTIFIERS or not words:
        return []
    for found in read_text(words[:MOST_LETTERS], regions=regions).findings:
        if found.kind == kind:
            return list(found.readings)
    return [" ".join(folded(words).split())]


class Forgotten:
    """Identifiers that were forgotten, known by a digest only, whose key is a setting of this casebook.

    The key stays when the casebook is sealed again or restored. It hides nothing from a person who opens the
    casebook and tries every number.
    """

    def __init__(self, home: Home) -> None:
        self._settings = home.casebook.settings
        self._key = self._settings.get(_FORGETTING_KEY)
        self._digests = home.casebook.identifiers.forgotten()

    def digest(self, one: Identifier) -> bytes:
        """The digest that is kept of an identifier."""
        if self._key is None:
            self._key = secrets.token_hex(_KEY_BYTES)
            self._settings.set(_FORGETTING_KEY, self._key)
        return hmac.digest(bytes.fromhex(self._key), f"{one.kind}\n{one.key}".encode(), hashlib.sha256)

    def has(self, kind: str, keys: Iterable[str]) -> bool:
        """True if one of these readings was forgotten."""
        return bool(self._digests) and any(self.digest(Identifier(kind, key)) in self._digests for key in keys)


def _read(
    home: Home,
    submission: Submission,
    regions: Sequence[str],
    stopped: set[Identifier],
    forgotten: Forgotten,
    names: NameIndex,
) -> None:
    """Part of the caller's transaction."""
    findings = home.casebook.findings
    findings.drop_new(submission.number)
    decided = findings.of(submission.number)
    settled = _Settled(decided)
    found_names = _read_what_colleagues_kept(home, submission, decided, regions)
    left, room, has_more = MOST_LETTERS, MOST_FINDINGS, False
    texts = texts_of(home, submission)

    @cache
    def near() -> frozenset[str]:
        return frozenset(country for text in texts for country in named_countries(text.value[:_ANSWER_LETTERS]))

    language = home.casebook.text_languages.of(submission.number)
    messages = sum(not text.name for text in texts)
    for text in texts:
        has_more |= len(text.value) > left
        reading = read_text(
            text.value[:left],
            regions=regions,
            day=submission.day,
            # It was told from the message. That of an answer, and of one of several messages, is read again.
            language=language if language or (messages == 1 and not text.name) else None,
            near=near,
            asks_for_name=text.asks_for_name,
        )
        left -= min(left, len(text.value))
        has_more |= reading.has_more
        for found in reading.findings:
            kind, keys = str(found.kind), found.readings
            words = text.value[found.first : found.end]
            settled.put_readings(home, kind, text.place, found)
            if kind not in READ_KINDS or settled.overlaps(text.place, found.first, found.end):
                continue
            is_stopped = any(Identifier(kind, key) in stopped for key in keys)
            if is_stopped or forgotten.has(kind, [forgotten_name(words, submission)] if kind == PERSON else keys):
                continue
            if not room:
                has_more = True
                break
            room -= 1
            new = NewFinding(text.place, found.first, found.length, kind, keys if kind in IDENTIFIERS else ())
            number = findings.add(submission.number, new, version=VERSION)
            if kind in SAID_KINDS:
                home.casebook.finding_readings.put(number, keys)
            found_names += [(number, words)] if kind == PERSON else []
    read_positions(home, submission)
    for number, words in found_names:  # when all identifiers of the tip are there
        names.put(number, words)
    findings.note_read(submission.number, version=VERSION, has_more=has_more)


def read_positions(home: Home, submission: Submission) -> None:
    """Make findings of the positions that pictures of a tip name.

    Part of the caller's transaction.
    """
    casebook = home.casebook
    for one in casebook.picture_positions.of(submission.number):
        place, readings = (
            picture_place(one.sealed_place, one.place),
            [position_reading(one.latitude, one.longitude)],
        )
        known = casebook.findings.at(submission.number, place, POSITION_AT, 1)
        number = known.number if known else None
        if number is None:
            new = NewFinding(place, POSITION_AT, 1, str(FindingKind.PLACE), ())
            number = casebook.findings.add(submission.number, new, version=VERSION)
        if not casebook.finding_readings.of(number):
            casebook.finding_readings.put(number, readings)


def forgotten_name(words: str, submission: Submission) -> str:
    """A name as it is forgotten.

    A single word, which many people bear, is forgotten in this tip only.
    """
    form = name_form(words)
    return f"{form}\n{submission.short_id}" if is_one_word(words) else form


def _read_what_colleagues_kept(
    home: Home, submission: Submission, findings: Sequence[StoredFinding], regions: Sequence[str]
) -> list[tuple[int, str]]:
    """Findings that came by a round have a place and no readings yet; the names among them."""

    @cache
    def texts() -> Mapping[TextPlace, str]:
        return text_by_place(home, submission)

    found_names = []
    for one in findings:
        if one.state is FindingState.NEW:
            continue
        if one.kind in IDENTIFIERS and not home.casebook.identifiers.of(one.number):
            keys = keys_of(one.kind, words_of(texts(), one), regions)
            home.casebook.findings.put_keys(one.number, one.kind, keys)
        if (one.kind == PERSON) != home.casebook.names.has(one.number):
            found_names.append((one.number, words_of(texts(), one) if one.kind == PERSON else ""))
    return found_names


class _Settled:
    """Stretches on which a person has decided: no reading finds anything there again."""

    def __init__(self, findings: Sequence[StoredFinding]) -> None:
        self._stretches: dict[TextPlace, list[tuple[int, int]]] = {}
        self._numbers: dict[tuple[str, TextPlace, int, int], int] = {}
        for one in findings:
            if one.state is not FindingState.NEW or one.version == BY_HAND:
                self._stretches.setdefault(one.text, []).append((one.first, one.end))
                self._numbers[one.kind, one.text, one.first, one.end] = one.number

    def put_readings(self, home: Home, kind: str, place: TextPlace, found: Finding) -> None:
        """Store the readings of a place or a date that a colleague kept, if it has none yet."""
        number = self._numbers.get((kind, place, found.first, found.end)) if kind in SAID_KINDS else None
        if number is not None and not home.casebook.finding_readings.of(number):
            home.casebook.finding_readings.put(number, found.readings)

    def overlaps(self, place: TextPlace, first: int, end: int) -> bool:
        return any(first < last and begin < end for begin, last in self._stretches.get(place, ()))
