"""One row of a list as an entry: its names, its identifiers, and a few facts to show beside them.

A row comes from the reader that is shut in. FollowTheMoney says itself what each property is; for other tables the
heading of a column says it, or a person.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.folded_text import folded
from reviewer.casebook.identifier_keys import Identifier
from reviewer.matching.name_form import name_words
from reviewer.reading.accounts import crypto_accounts, ibans
from reviewer.reading.finding import FindingKind
from reviewer.reading.phones import PhoneReader
from reviewer.reading.plain_text import PlainText
from reviewer.reading.vehicles import plates, ships
from reviewer.reading.web import emails, handles, web_addresses

PERSON, ORGANISATION, OTHER = "person", "organisation", "other"
NAME, ALIAS, KIND, SOURCE_ID, NOTHING = "name", "alias", "kind", "id", ""
DOCUMENT: Final = str(FindingKind.DOCUMENT)
READS_AS: Final = (
    NAME,
    ALIAS,
    KIND,
    SOURCE_ID,
    *(
        str(kind)
        for kind in (
            FindingKind.PHONE,
            FindingKind.EMAIL,
            FindingKind.WEB,
            FindingKind.HANDLE,
            FindingKind.IBAN,
            FindingKind.CRYPTO,
            FindingKind.DOCUMENT,
            FindingKind.PLATE,
            FindingKind.SHIP,
        )
    ),
    "born",
    "country",
    "address",
    "note",
)
"""All that a column can be read as. The kinds of identifiers are those of findings."""

MOST_NAMES: Final = 200
MOST_IDENTIFIERS: Final = 200
MOST_FACT_LETTERS: Final = 500
_LONGEST_NAME: Final = 300
_LONGEST_IDENTIFIER: Final = 200
_FEWEST_OF_DOCUMENT: Final = 5
_FACTS: Final = ("born", "country", "address", "note")
_IDENTIFIERS: Final = READS_AS[4:-4]
_BETWEEN: Final = re.compile(r"[;\n]")

_HEADINGS: Final[Mapping[str, str]] = {
    heading: reads_as
    for reads_as, headings in {
        NAME: "name; full name; company; company name; agency; agency name; entity name",
        ALIAS: "alias; aliases; aka; also known as; other names; former name; trading name",
        KIND: "kind; type; schema; entity type",
        SOURCE_ID: "id",
        "phone": "phone; phones; telephone; telephone number; mobile; phone number; tel",
        "email": "email; emails; e mail; e mail address; email address",
        "web": "website; web; web address; url",
        "handle": "user name; username; account; handle",
        "iban": "iban; bank account",
        "crypto": "wallet; crypto; crypto address",
        "document": "passport; passport number; identifiers; identifier; id number; registration number;"
        " registration no; company number; licence number; license number; tax number; vat; lei",
        "plate": "plate; number plate; registration plate",
        "ship": "imo; imo number; mmsi",
        "born": "birth date; date of birth; born; dob",
        "country": "country; countries; nationality; jurisdiction",
        "address": "address; addresses",
        "note": "note; notes; reason; remarks; sanctions; program ids",
    }.items()
    for heading in headings.split("; ")
}
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("person", "individual", "natural person", "man", "woman"), PERSON),
    **dict.fromkeys(
        ("organisation", "organization", "company", "legalentity", "entity", "agency", "firm", "publicbody"),
        ORGANISATION,
    ),
    **dict.fromkeys(("vessel", "ship", "vehicle", "airplane", "cryptowallet"), OTHER),
}


_ONE_READING: Final[Mapping[str, Callable[[str], Iterator[tuple[int, int, str]]]]] = {
    FindingKind.EMAIL: emails,
    FindingKind.HANDLE: handles,
    FindingKind.IBAN: ibans,
    FindingKind.CRYPTO: crypto_accounts,
    FindingKind.PLATE: plates,
    FindingKind.SHIP: ships,
}


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry as it is kept; names and facts are untrusted text."""

    source_id: str
    kind: str
    names: Sequence[str] = field(repr=False)
    identifiers: Sequence[Identifier] = field(repr=False)
    facts: Mapping[str, str] = field(repr=False)


class BadEntry(ValueError):
    """A row is no entry; the words follow the number of its line."""


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """The columns with a known heading, each with the kind that it is read as."""
    found = {}
    for column in columns:
        heading = " ".join(re.sub(r"[^\w]+|_", " ", folded(column)).split())
        if heading in _HEADINGS:
            found[column] = _HEADINGS[heading]
    return found


def entry_of_row(
    cells: Mapping[str, str], columns: Mapping[str, str], *, kind: str, regions: Sequence[str]
) -> ListEntry:
    """A row of a table; ``columns`` says what each is read as, ``kind`` what an entry without one is.

    Raises:
        BadEntry: it has neither a name nor an identifier, or says an unknown kind.
    """
    by: dict[str, list[str]] = {}
    for column, reads_as in columns.items():
        by.setdefault(reads_as, []).append(cells.get(column, ""))
    names = [*by.get(NAME, ()), *(one for text in by.get(ALIAS, ()) for one in _BETWEEN.split(text))]
    said = " ".join(folded(" ".join(by.get(KIND, ()))).split())
    if said and said not in _KINDS:
        raise BadEntry("the kind of an entry must be person or organisation")
    found = [
        (reads_as, one)
        for reads_as in _IDENTIFIERS
        for text in by.get(reads_as, ())
        for one in _BETWEEN.split(text)
    ]
    facts: dict[str, str] = {
        reads_as: ", ".join(filter(None, by[reads_as])) for reads_as in _FACTS if reads_as in by
    }
    entry = make_entry("".join(by.get(SOURCE_ID, ())), _KINDS.get(said, kind), names, found, facts, regions=regions)
    if not (entry.names or entry.identifiers):
        raise BadEntry("a row must have a name or a whole identifier")
    return entry


def make_entry(
    source_id: str,
    kind: str,
    names: Sequence[str],
    identifiers: Sequence[tuple[str, str]],
    facts: Mapping[str, str],
    *,
    regions: Sequence[str],
) -> ListEntry:
    """An entry from texts; ``identifiers`` are pairs of a kind and the words that stand for one.

    What is no name and what cannot be read as its kind is left out.
    """
    called = dict.fromkeys(" ".join(one.split())[:_LONGEST_NAME] for one in names[: 2 * MOST_NAMES])
    kept = [one for one in called if name_words(one)]
    keys = dict.fromkeys(
        Identifier(of_kind, key)
        for of_kind, words in identifiers[: 2 * MOST_IDENTIFIERS]
        for key in keys_of_words(of_kind, words, regions)
    )
    shown = {name: text[:MOST_FACT_LETTERS] for name, text in facts.items() if text.strip()}
    return ListEntry(source_id, kind, kept[:MOST_NAMES], list(keys)[:MOST_IDENTIFIERS], shown)


def keys_of_words(kind: str, untrusted_words: str, regions: Sequence[str]) -> Iterator[str]:
    """The readings of words that a list says are of this kind; none if they cannot be read so."""
    words = " ".join(untrusted_words.split())
    if not words or len(words) > _LONGEST_IDENTIFIER:
        return
    if kind == DOCUMENT:
        compact = "".join(letter for letter in words.upper() if letter.isalnum())
        if len(compact) >= _FEWEST_OF_DOCUMENT and any(letter.isdigit() for letter in compact):
            # As a text has it behind a word for a passport, and as a person keeps it by hand.
            yield from dict.fromkeys((compact, folded(words)))
        return
    if kind == FindingKind.SHIP and words.isdigit():
        words = f"{'IMO' if len(words) == 7 else 'MMSI'} {words}"
    text = PlainText.of(words).text
    for first, end, readings in _found(kind, text, regions):
        if (end - first) * 2 > len(text):
            yield from filter(None, readings)
            return


def _found(kind: str, text: str, regions: Sequence[str]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """The stretches that one reader finds: a list says the kind, so no other is asked."""
    if kind == FindingKind.PHONE:
        yield from PhoneReader(regions).phones(text)
    elif kind == FindingKind.WEB:
        yield from (
            (first, end, (reading,)) for first, end, reading, as_kind in web_addresses(text) if as_kind == kind
        )
    elif kind in _ONE_READING:
        yield from ((first, end, (reading,)) for first, end, reading in _ONE_READING[kind](text))
