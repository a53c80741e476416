"""Entities as lines of FollowTheMoney: one JSON object a line, with an id, a schema and properties.

No property says anything of a tip. Topics, roles in a crime, and who recruited whom are never written.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.casebook.entities import Relation
from reviewer.linking.entity_work import RELATIONS
from reviewer.reading.finding import FindingKind
from reviewer.reading.phones import is_assignable
from reviewer.reading.reader import read_text

FORMAT, PATH = "FollowTheMoney", "files/entities.ftm.json"
NEVER_SAID: Final = {
    "recruited-by": "who recruited whom",
    "recruited-in": "where a person was recruited",
    "exploited-in": "where a person was exploited",
}
"""Relations that stay behind: they give a person a role in a crime, or say that a person was harmed."""

LEFT_OUT_KINDS: Final[Mapping[str, str]] = {
    FindingKind.DOCUMENT: "a document number has a line only with its holder",
    FindingKind.DATE: "a date alone has no line",
    "picture": "a picture has no line",
}
_LINK: Final = "UnknownLink"
_ID_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line.

    ``name`` such as E-12 is for staff, and does not leave unless it stands in place of a name.
    """

    name: str
    line_id: str
    schema: str
    properties: Mapping[str, Sequence[str]] = field(repr=False)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name, schema, property and value of each field."""
        return [(self.name, self.schema, key, one) for key, values in self.properties.items() for one in values]

    def to_json(self) -> dict[str, Any]:
        """The line as it leaves."""
        properties = {key: list(values) for key, values in self.properties.items()}
        return {"id": self.line_id, "schema": self.schema, "properties": properties}

    def line(self) -> str:
        """The JSON object, in ASCII."""
        return json.dumps(self.to_json())


def line_id(receiver: str, *parts: bytes) -> str:
    """An id that is the same for one receiver each time, and tells two receivers nothing in common.

    ``parts`` are random ids of the casebook, so that no one can compute them back.
    """
    digest = hashlib.sha256(b"referral id\0" + receiver.casefold().encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:_ID_DIGITS]


def properties_of(kind: str, values: Sequence[str]) -> tuple[str, dict[str, list[str]]]:
    """Schema and properties of an entity of this kind; ``values`` are names, or readings of an identifier.

    The first name is the name, and the others are aliases.
    """
    first, rest, every = list(values[:1]), list(values[1:]), list(values)
    match kind:
        case "person" | "organisation":
            schema = "Person" if kind == "person" else "Organization"
            return schema, {"name": first} | _if_any("alias", rest)
        case FindingKind.PHONE:
            known = _if_any("phone", [one for one in every if is_assignable(one)])
            return "UserAccount", {"service": ["telephone"], "username": every} | known
        case FindingKind.EMAIL:
            known = _if_any("email", [one for one in every if _is_read(kind, one)])
            return "UserAccount", {"service": ["e-mail"], "username": every} | known
        case FindingKind.HANDLE:
            return "UserAccount", {"username": every}
        case FindingKind.WEB:
            return "HyperText", {"fileName": first, "title": every}
        case FindingKind.IBAN:
            known = _if_any("iban", [one for one in every if _is_read(kind, one)])
            return "BankAccount", {"accountNumber": every} | known
        case FindingKind.CRYPTO:
            return "CryptoWallet", {"publicKey": every}
        case FindingKind.PLATE:
            return "Vehicle", {"registrationNumber": every}
        case FindingKind.SHIP:
            return "Vessel", {"name": every}
        case _:
            return "Address", {"full": every}


def link_line(
    one: Relation, receiver: str, ends: tuple[MoneyLine, MoneyLine], ids: tuple[bytes, bytes]
) -> MoneyLine:
    """A relation between two entities that both leave."""
    properties = {
        "subject": [ends[0].line_id],
        "object": [ends[1].line_id],
        "role": [RELATIONS.get(one.kind, one.kind)],
    }
    properties |= {
        key: [day.isoformat()] for key, day in (("startDate", one.since), ("endDate", one.until)) if day is not None
    }
    return MoneyLine(
        f"{ends[0].name} {ends[1].name}", line_id(receiver, *ids, one.kind.encode()), _LINK, properties
    )


def _is_read(kind: str, value: str) -> bool:
    """True if our reader takes the value for what it is called: a person may have kept words of any form."""
    return any(one.kind == kind and value in one.readings for one in read_text(value).findings)


def _if_any(name: str, values: Sequence[str]) -> dict[str, list[str]]:
    return {name: list(values)} if values else {}
