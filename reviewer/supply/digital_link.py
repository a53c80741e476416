"""GS1 Digital Link: the keys in a web address of a product, a parcel or a place. Nothing is fetched.

The address is read as GS1's URI syntax has it: the last primary key of the path, its qualifiers in their order
behind it, and attributes in the query. Any host and any path in front of the key will do. All other application
identifiers are checked too, because an address that is wrong in one place is not trusted in another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote_to_bytes

from reviewer.supply.application_identifiers import QUALIFIERS, identifiers

MOST_LETTERS: Final = 8192
"""Of one address."""

_URI: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_SCHEMES: Final = ("https://", "HTTPS://", "http://", "HTTP://")
_HOST: Final = re.compile(r"[A-Za-z0-9\-.:\[\]]+")
_BAD_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_GTIN_DIGITS: Final = 14


class LinkFault(StrEnum):
    """Why an address is no Digital Link. A code never quotes the address."""

    TOO_LONG = "too-long"
    NOT_A_URI = "not-a-uri"
    NOT_HTTP = "not-http"
    NO_HOST = "no-host"
    NO_KEY = "no-key"
    UNKNOWN_IDENTIFIER = "unknown-identifier"
    EMPTY_VALUE = "empty-value"
    BAD_ESCAPE = "bad-escape"
    BAD_VALUE = "bad-value"
    BAD_CHECK_DIGIT = "bad-check-digit"
    BAD_ORDER = "bad-order"
    BELONGS_IN_PATH = "belongs-in-path"
    NOT_AN_ATTRIBUTE = "not-an-attribute"
    TWICE = "twice"
    MISSING_PARTNER = "missing-partner"
    FORBIDDEN_PARTNER = "forbidden-partner"


class BadLink(ValueError):
    """A text that is no Digital Link; ``fault`` says why."""

    def __init__(self, fault: LinkFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """The keys that an address holds; one that it does not hold is None.

    ``gtin`` has 14 digits, ``sscc`` 18 and ``gln`` 13. ``lot`` and ``serial`` are percent-decoded, their letters
    as they were written.
    """

    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    sscc: str | None = None
    gln: str | None = None

    def to_json(self) -> dict[str, str]:
        """The keys that are there, by name."""
        return {name: value for name in _NAMES.values() if (value := getattr(self, name)) is not None}


_NAMES: Final = {"01": "gtin", "10": "lot", "21": "serial", "00": "sscc", "414": "gln", "417": "gln"}
"""The name of each key that is printed. 254 is a part of the place of a GLN, and no GLN itself."""


def parse_digital_link(untrusted: str) -> DigitalLink:
    """Read an address of at most 8,192 letters.

    Raises:
        BadLink: it is no address, holds no key, or breaks a rule of GS1.
    """
    path, query = _split(untrusted)
    in_path = _of_path(path)
    in_query = _of_query(query)
    _require_order([digits for digits, _ in in_path])
    _require_attributes([digits for digits, _ in in_path], [digits for digits, _ in in_query])
    values = {digits: _checked(digits, value) for digits, value in (*in_path, *in_query)}
    for digits in values:
        others = values.keys() - {digits}
        if identifiers()[digits].lacks_partner(others):
            raise BadLink(LinkFault.MISSING_PARTNER)
        if identifiers()[digits].has_foe(others):
            raise BadLink(LinkFault.FORBIDDEN_PARTNER)
    keys = [(name, values[digits]) for digits, name in _NAMES.items() if digits in values]
    # The place in the path is the one that the address is about; one in the query only adds to it.
    first = in_path[0][0]
    return DigitalLink(**(dict(keys) | ({_NAMES[first]: values[first]} if first in _NAMES else {})))


def _split(untrusted: str) -> tuple[str, str]:
    """The path and the query of an address."""
    if len(untrusted) > MOST_LETTERS:
        raise BadLink(LinkFault.TOO_LONG)
    if _URI.fullmatch(untrusted) is None:
        raise BadLink(LinkFault.NOT_A_URI)
    scheme = next((one for one in _SCHEMES if untrusted.startswith(one)), None)
    if scheme is None:
        raise BadLink(LinkFault.NOT_HTTP)
    host, slash, rest = untrusted[len(scheme) :].partition("/")
    if not slash or _HOST.fullmatch(host) is None:
        raise BadLink(LinkFault.NO_HOST)
    path, _, query = rest.partition("#")[0].partition("?")
    return f"/{path}", query


def _of_path(path: str) -> list[tuple[str, str]]:
    """The pairs of identifier and value from the last primary key of the path on."""
    pieces = path.split("/")[1:]
    at = len(pieces) - 2
    while at >= 0 and pieces[at] in identifiers():
        if pieces[at] in QUALIFIERS:
            return [(pieces[place], _decoded(pieces[place + 1])) for place in range(at, len(pieces), 2)]
        at -= 2
    raise BadLink(LinkFault.NO_KEY)


def _of_query(query: str) -> list[tuple[str, str]]:
    """The pairs of the query whose name is an identifier; other names are those of other people."""
    found = []
    for piece in query.split("&"):
        name, has_value, value = piece.partition("=")
        if not has_value or not (name.isascii() and name.isdigit()):
            continue
        if name not in identifiers():
            raise BadLink(LinkFault.UNKNOWN_IDENTIFIER)
        found.append((name, _decoded(value.replace("+", "%20"))))
    return found


def _decoded(value: str) -> str:
    if not value:
        raise BadLink(LinkFault.EMPTY_VALUE)
    if _BAD_ESCAPE.search(value) is not None:
        raise BadLink(LinkFault.BAD_ESCAPE)
    # Values are letters of ASCII: what is none fails the pattern of its identifier.
    return unquote_to_bytes(value).decode("ascii", errors="replace")


def _require_order(digits: Sequence[str]) -> None:
    """The qualifiers of a key are some of one of its rows, in the order of the row."""
    key, *found = digits
    for row in (*QUALIFIERS[key], ()):
        if found == [one for one in row if one in found]:
            return
    raise BadLink(LinkFault.BAD_ORDER)


def _require_attributes(in_path: Sequence[str], in_query: Sequence[str]) -> None:
    key, *qualifiers = in_path
    for digits in in_query:
        if digits in in_path or in_query.count(digits) > 1:
            raise BadLink(LinkFault.TWICE)
        if any(digits in row and set(qualifiers) <= set(row) for row in QUALIFIERS[key]):
            raise BadLink(LinkFault.BELONGS_IN_PATH)
        if not identifiers()[digits].is_attribute:
            raise BadLink(LinkFault.NOT_AN_ATTRIBUTE)


def _checked(digits: str, value: str) -> str:
    """The value in the form that is kept, a GTIN with zeros in front up to 14 digits."""
    if digits == "01" and len(value) in _GTIN_LENGTHS:
        value = value.zfill(_GTIN_DIGITS)
    if not identifiers()[digits].has_form(value):
        raise BadLink(LinkFault.BAD_VALUE)
    if not identifiers()[digits].has_right_check_digit(value):
        raise BadLink(LinkFault.BAD_CHECK_DIGIT)
    return value
