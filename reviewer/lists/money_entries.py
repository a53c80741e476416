"""Lines of FollowTheMoney as entries: persons, firms, and the numbers that belong to them.

Relations, sanctions, addresses and documents have schemas of their own. They are counted and not kept, but for
passports: their numbers are those of their holders.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.lists.list_entries import DOCUMENT, ORGANISATION, OTHER, PERSON, BadEntry, ListEntry, make_entry

_NAMES_OF_SCHEMAS: Final = """
Address Airplane Analyzable Article Asset Associate Audio BankAccount Call CallForTenders Company
Contract ContractAward Control CourtCase CourtCaseParty CryptoWallet Debt Directorship Document
Documentation EconomicActivity Email Employment Event Family Folder HyperText Identification Image
Interest Interval LegalEntity License Membership Mention Message Note Occupancy Organization
Ownership Package Page Pages Passport Payment Person PlainText Position Project ProjectParticipant
PublicBody RealEstate Representation Risk Sanction Security Similar Succession Table TaxRoll
Territory Thing Trip UnknownLink UserAccount Value Vehicle Vessel Video Workbook
"""
SCHEMATA: Final = frozenset(_NAMES_OF_SCHEMAS.split())
"""The schemas of FollowTheMoney 4. Another name is a fault."""

_KINDS: Final[Mapping[str, str]] = {
    "Person": PERSON,
    **dict.fromkeys(("Organization", "Company", "LegalEntity", "PublicBody"), ORGANISATION),
    **dict.fromkeys(("Vessel", "Vehicle", "Airplane", "CryptoWallet", "BankAccount", "UserAccount"), OTHER),
}
_PAPERS: Final = frozenset({"Passport", "Identification"})
_NAMES: Final = ("name", "alias", "weakAlias", "previousName")
_FACTS: Final[Mapping[str, Sequence[str]]] = {
    "born": ("birthDate",),
    "country": ("country", "nationality", "jurisdiction", "flag"),
    "address": ("address",),
    "note": ("position", "notes", "topics", "programId", "program"),
    "source": ("sourceUrl",),
}
_IDENTIFIERS: Final[Mapping[str, Sequence[str]]] = {
    "phone": ("phone",),
    "email": ("email",),
    "web": ("website",),
    "handle": ("username",),
    "iban": ("iban", "accountNumber"),
    "crypto": ("publicKey",),
    "ship": ("imoNumber", "mmsi"),
    DOCUMENT: (
        *("passportNumber", "idNumber", "registrationNumber", "taxNumber", "vatCode", "licenseNumber", "leiCode"),
        *("innCode", "ogrnCode", "uscCode", "dunsCode", "socialSecurityNumber"),
    ),
}
MOST_PAPERS: Final = 200
"""Of one line: each of its numbers belongs to each of its holders."""

_OF_VEHICLES: Final = ("registrationNumber", "vin")


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """The number of a passport or another paper, with the id of its holder in the list."""

    holder: str
    number: str


def require_schema(cells: Mapping[str, str]) -> str:
    """The schema of a line.

    Raises:
        BadEntry: there is no such schema.
    """
    schema = cells.get("schema", "")
    if schema not in SCHEMATA:
        raise BadEntry("the schema must be one of FollowTheMoney")
    return schema


def paper_numbers(cells: Mapping[str, str]) -> list[PaperNumber]:
    """The numbers that a line gives to other entities; none for most lines.

    Raises:
        BadEntry: there are more than 200.
    """
    if cells.get("schema") not in _PAPERS:
        return []
    holders, numbers = _values(cells, ("holder",)), _values(cells, ("number",))
    if len(holders) * len(numbers) > MOST_PAPERS:
        raise BadEntry(f"a paper must have at most {MOST_PAPERS} numbers and holders")
    return [PaperNumber(holder, number) for holder in holders for number in numbers]


def entry_of_line(cells: Mapping[str, str], papers: Iterable[str], *, regions: Sequence[str]) -> ListEntry | None:
    """A line as an entry, with the numbers of its papers; None for a schema that is not kept.

    Raises:
        BadEntry: the schema is unknown.
    """
    schema = require_schema(cells)
    if (kind := _KINDS.get(schema)) is None:
        return None
    found = [(of_kind, one) for of_kind, names in _IDENTIFIERS.items() for one in _values(cells, names)]
    if schema == "Vehicle":
        found = [(of_kind, one) for of_kind, one in found if of_kind != DOCUMENT]
        found += [("plate", one) for one in _values(cells, _OF_VEHICLES)]
    found += [(DOCUMENT, one) for one in papers]
    facts = {name: ", ".join(_values(cells, properties)) for name, properties in _FACTS.items()}
    entry = make_entry(cells["id"], kind, _values(cells, _NAMES), found, facts, regions=regions)
    return entry if entry.names or entry.identifiers else None


def _values(cells: Mapping[str, str], properties: Sequence[str]) -> list[str]:
    return [one for name in properties for one in cells.get(name, "").split("\n") if one]
