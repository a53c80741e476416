"""Reads one text: the order of the kinds, and the limits of a text.

A stretch belongs to one kind: what is surest reads first. Dates and checksums come before telephone numbers, which
would take the digits of all of them.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.languages.text_language import UNSURE, reads_like
from reviewer.reading.accounts import crypto_accounts, ibans, unchecked_accounts
from reviewer.reading.addresses import addresses
from reviewer.reading.dates import dates
from reviewer.reading.finding import Finding, FindingKind
from reviewer.reading.measures import amounts, times
from reviewer.reading.names import answered_names, persons
from reviewer.reading.phones import PhoneReader, phone_links
from reviewer.reading.places import NearCountries, places
from reviewer.reading.plain_text import PlainText
from reviewer.reading.vehicles import documents, plates, ships
from reviewer.reading.web import emails, handles, web_addresses

VERSION: Final = 2
"""Of the readers together: a finding names it, and a later version reads again."""

MOST_LETTERS: Final = 1 << 20
MOST_FINDINGS: Final = 2000

_CLAIMED: Final = "\x00"
"""Stands for a letter that another kind has taken. No source's text holds it: forms refuse it."""

Read = tuple[FindingKind, int, int, tuple[str, ...]]
Reader = Callable[[str], Iterable[Read]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The findings of a text in the order of their places; ``has_more`` where the limit left some out."""

    findings: Sequence[Finding]
    has_more: bool = False


class _Claims:
    """Stretches that a kind has taken, so that no later one reads them again. None overlaps another one."""

    def __init__(self) -> None:
        self._stretches: list[tuple[int, int]] = []

    def claim(self, first: int, end: int) -> bool:
        """Claim a stretch; False if it overlaps one that is claimed.

        Raises:
            ValueError: the stretch is empty.
        """
        if first >= end:
            raise ValueError("a claimed stretch must have a letter")
        at = bisect_left(self._stretches, (first, first))
        around = self._stretches[max(0, at - 1) : at + 1]  # the ones before and behind: no others can overlap
        if any(begins < end and first < ends for begins, ends in around):
            return False
        self._stretches.insert(at, (first, end))
        return True

    def masked(self, text: str) -> str:
        """``text`` with a mark in place of each claimed letter: it joins no two words, and no reader reads it."""
        pieces, at = [], 0
        for first, end in self._stretches:
            pieces += [text[at:first], _CLAIMED * (end - first)]
            at = end
        return "".join([*pieces, text[at:]])


def read_text(
    untrusted: str,
    *,
    regions: Sequence[str] = (),
    day: dt.date | None = None,
    language: str | None = None,
    near: NearCountries = (),
    asks_for_name: bool = False,
) -> Reading:
    """All findings of a text of at most 1,048,576 letters; ``regions`` as for :class:`PhoneReader`.

    Dates that are told from the day of the tip need ``day``. ``language`` is the tag of a language, empty if it is
    not sure, and None if it is to be read from the text. ``near`` are countries that choose among towns of one
    name. With ``asks_for_name`` the text answers a question for names: what stands there is one, or several.

    A stretch that measures, or whose checksum is wrong, is no finding, and its digits are no telephone number.

    Raises:
        ValueError: the text is longer, or a region is unknown.
    """
    if len(untrusted) > MOST_LETTERS:
        raise ValueError(f"a text must have at most {MOST_LETTERS:,} letters")
    phones = PhoneReader(regions)
    plain = PlainText.of(untrusted)
    claims = _Claims()
    found: list[Finding] = []
    spoken = reads_like(untrusted) if language is None else language
    readers = (
        _of_kind(FindingKind.DATE, lambda text: dates(text, day, spoken if spoken != UNSURE else None)),
        *_READERS,
        _of_kind(FindingKind.PHONE, phones.phones),
        _single(FindingKind.PERSON, answered_names if asks_for_name else persons),
        _of_kind(FindingKind.PLACE, addresses),
        _of_kind(FindingKind.PLACE, lambda text: places(text, near=near)),
    )
    for read in readers:
        for kind, first, end, readings in read(claims.masked(plain.text)):
            if len(found) >= MOST_FINDINGS:
                return Reading(_in_order(found), has_more=True)
            if claims.claim(first, end) and any(readings):
                found.append(Finding(kind, *plain.span(first, end), readings))
    return Reading(_in_order(found), has_more=phones.has_more)


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: one.first)


def _single(kind: FindingKind, read: Callable[[str], Iterable[tuple[int, int, str]]]) -> Reader:
    return lambda text: ((kind, first, end, (reading,)) for first, end, reading in read(text))


def _no_finding(read: Callable[[str], Iterable[tuple[int, int]]]) -> Reader:
    return lambda text: ((FindingKind.DATE, first, end, ()) for first, end in read(text))


def _of_kind(kind: FindingKind, read: Callable[[str], Iterable[tuple[int, int, tuple[str, ...]]]]) -> Reader:
    return lambda text: ((kind, first, end, readings) for first, end, readings in read(text))


def _web(text: str) -> Iterator[Read]:
    for first, end, reading, kind in web_addresses(text):
        yield FindingKind(kind), first, end, (reading,)


_READERS: Final[Sequence[Reader]] = (
    _no_finding(times),
    _single(FindingKind.IBAN, ibans),
    _single(FindingKind.CRYPTO, crypto_accounts),
    _single(FindingKind.SHIP, ships),
    _of_kind(FindingKind.PHONE, phone_links),
    _single(FindingKind.EMAIL, emails),
    _web,
    _single(FindingKind.HANDLE, handles),
    _no_finding(unchecked_accounts),
    _single(FindingKind.DOCUMENT, documents),
    _single(FindingKind.PLATE, plates),
    _no_finding(amounts),
)
"""In this order, before telephone numbers in figures and words, and names."""
