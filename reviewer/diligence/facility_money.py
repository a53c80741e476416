"""Facilities as lines of FollowTheMoney: companies, addresses and buyers, as lists say it.

No flag, no finding and nothing of a tip is in them. Ids are random for each export, so that two exports have none
in common. The library itself loads network modules and stays out of this program.
"""

import datetime as dt
import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.cases.saving_place import require_place_for_file
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.facilities.facility_flags import origin
from reviewer.facilities.places import confirmed_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, spoken
from reviewer.linking.money_lines import MoneyLine
from system.atomic_files import whole_file
from system.errors import ProgramError

MOST_NAMED: Final = 1_000
_SALT_BYTES: Final = 32
_ID_DIGITS: Final = 32
_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_RANDOM: Final = frozenset({"subject", "object", "addressEntity"})
"""Properties that hold ids."""

_PROPERTIES: Final = {
    "lei": "leiCode",
    "tax": "taxNumber",
    "os_id": "idNumber",
    "gln": "idNumber",
    "other": "idNumber",
}


@dataclass(frozen=True, slots=True)
class MoneyExport:
    """Lines for others; ``terms`` are publisher, edition and licence of each list that stands behind them."""

    facilities: Sequence[StoredFacility]
    lines: Sequence[MoneyLine]
    terms: Sequence[str]

    @property
    def mark(self) -> str:
        """The code of all that would leave but for the random ids."""
        rows = [row for one in self.lines for row in one.rows() if row[2] not in _RANDOM]
        return shown_code(rows)


def money_export(casebook: Casebook, names: Iterable[str]) -> MoneyExport:
    """The lines of facilities named as ``F-12``, each with what persons confirmed to be the same place.

    Raises:
        ProgramError: there is no such facility, or none or too many are named.
    """
    chosen = [find_facility(casebook, name) for name in names]
    if not 1 <= len(chosen) <= MOST_NAMED:
        raise ProgramError(f"name 1 to {MOST_NAMED:,} facilities, as F-12")
    places = {confirmed_place(casebook, one.number) for one in chosen}
    numbers = sorted({number for place in places for number in place})
    facilities = list(casebook.facility_lists.facilities(numbers))
    making = _Lines(casebook, secrets.token_bytes(_SALT_BYTES))
    with spoken(ENGLISH):
        for one in facilities:
            making.facility(one)
    for place in sorted(places, key=min):
        making.same(sorted(place))
    return MoneyExport(facilities, making.lines, making.terms())


def write_export(home: Home, made: MoneyExport, out: Path, *, on_disk: bool, today: dt.date, seen: str) -> None:
    """Write the lines to a new file and log it: both, or neither.

    Raises:
        ProgramError: the lines are not those with the code ``seen``, or the file cannot be written there.
    """
    require_shown(seen, made.mark)
    if out.suffix not in {".json", ".jsonl"}:
        raise ProgramError("the file of an export must end in .json or .jsonl")
    require_place_for_file(out, on_disk=on_disk)
    with whole_file(out) as sink, home.casebook.changing():
        sink.write("".join(f"{one.line()}\n" for one in made.lines).encode("ascii"))
        home.casebook.log.add("facilities exported", f"{len(made.lines)} lines", today=today)


class _Lines:
    """The lines of one export, under one salt. MoneyLine.name is for staff, and does not leave."""

    def __init__(self, casebook: Casebook, salt: bytes) -> None:
        self._casebook, self._salt = casebook, salt
        self._lists = {one.number: one for one in casebook.facility_lists.all()}
        self._used: set[int] = set()
        self._written: set[str] = set()
        self.lines: list[MoneyLine] = []

    def facility(self, one: StoredFacility) -> None:
        """A company with its address, and those who buy from it."""
        own, listed = self._id(one.name), one.listed.facility
        self._used.add(one.facility_list)
        lines = self._casebook.facility_lists.lines(one.number)
        source = origin(self._lists[one.facility_list], *lines)
        properties: dict[str, list[str]] = {"name": [_plain(listed.name)], "publisher": [_plain(source)]}
        if listed.country:
            properties["country"] = [listed.country.lower()]
        for scheme, value in one.listed.identifiers.items():
            properties.setdefault(_PROPERTIES[scheme], []).append(value)
        if listed.address:
            where = self._id(one.name, "address")
            properties |= {"address": [_plain(listed.address)], "addressEntity": [where]}
            country = {"country": [listed.country.lower()]} if listed.country else {}
            full = {"full": [_plain(listed.address)]}
            self._add(MoneyLine(one.name, where, "Address", full | country))
        self._add(MoneyLine(one.name, own, "Company", properties))
        for buyer in self._casebook.facility_goods.buyers([one.number]):
            name = _plain(buyer.buyer)
            self._add(MoneyLine(name, self._id("buyer", name), "Company", {"name": [name]}))
            source = origin(self._lists[one.facility_list], buyer.line)
            words = [part for part in (_plain(buyer.good), "" if _is_date(buyer.since) else buyer.since) if part]
            since = {"startDate": [buyer.since]} if _is_date(buyer.since) else {}
            summary = {"summary": [_plain("; ".join([*words, source]))]}
            self._link((name, one.name), (self._id("buyer", name), own), "buys here", since | summary)

    def same(self, place: Sequence[int]) -> None:
        """Links between rows of lists that persons confirmed to be one place."""
        for number in place[1:]:
            names = (f"F-{place[0]}", f"F-{number}")
            self._link(names, (self._id(names[0]), self._id(names[1])), "the same place, as a person confirmed", {})

    def terms(self) -> list[str]:
        """Publisher, edition and licence of each list that was used."""
        used = [self._lists[number] for number in sorted(self._used)]
        return [f"{one.table.publisher}, edition {one.table.version}: {one.table.licence}" for one in used]

    def _add(self, line: MoneyLine) -> None:
        if line.line_id not in self._written:
            self._written.add(line.line_id)
            self.lines.append(line)

    def _link(self, names: tuple[str, str], ends: tuple[str, str], role: str, more: dict[str, list[str]]) -> None:
        properties = {"subject": [ends[0]], "object": [ends[1]], "role": [role]} | more
        line_id = self._id(*ends, role, json.dumps(more, sort_keys=True))
        self._add(MoneyLine(" ".join(names), line_id, "UnknownLink", properties))

    def _id(self, *parts: str) -> str:
        digest = hashlib.sha256(self._salt)
        for part in parts:
            digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
        return digest.hexdigest()[:_ID_DIGITS]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True
