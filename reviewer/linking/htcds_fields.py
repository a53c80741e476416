"""The fields of the Human Trafficking Case Data Standard 2.0, and records that hold no other.

``htcds_fields.json`` has the 83 fields of the standard. 80 of them are drafts, and 3 are deprecated and never
written (docs/review/htcds.md).
"""

import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

FORMAT, PATH = "HTCDS 2.0", "files/entities.htcds.json"
DRAFT, DEPRECATED = "draft", "deprecated"
_FILE: Final = "htcds_fields.json"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE: Final = re.compile(r"\+?[1-9][0-9]{1,14}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_TEXT: Final = 255
_LONGEST_LONG_TEXT: Final = 32_768
PHONES: Final = frozenset({"org_Phone", "prs_HomePhone", "prs_MobilePhone"})
COUNTRIES: Final = frozenset({"org_ShippingCountry", "prs_MailingCountry", "hte_Country"})
"""Fields that the standard says more of than their type."""


@dataclass(frozen=True, slots=True)
class StandardField:
    """One field of the standard; ``values`` are those of its list, empty where any text may stand."""

    name: str
    section: str
    status: str
    type: str
    values: Sequence[str]

    def takes(self, value: str) -> bool:
        """True if the standard takes this value for the field."""
        if self.values:
            return value in self.values
        if self.name in PHONES:
            return _PHONE.fullmatch(value) is not None
        if self.name in COUNTRIES:
            return _COUNTRY.fullmatch(value) is not None
        if self.type == "Date":
            return _DAY.fullmatch(value) is not None
        if self.type not in {"Text", "Long Text", "Lookup [to organisation]"}:
            return False  # the program has nothing to write there
        longest = _LONGEST_LONG_TEXT if self.type == "Long Text" else _LONGEST_TEXT
        return 0 < len(value) <= longest


@cache
def standard_fields() -> Mapping[str, StandardField]:
    """The 83 fields by name."""
    text = importlib.resources.files("reviewer.linking").joinpath(_FILE).read_text(encoding="utf-8")
    return {
        one["name"]: StandardField(one["name"], one["section"], one["status"], one["type"], tuple(one["values"]))
        for one in json.loads(text)["fields"]
    }


@dataclass(frozen=True, slots=True)
class HtcdsRecord:
    """One record: ``fields`` by the names of the standard. ``name`` such as E-12 is for staff."""

    name: str
    record_id: str
    fields: Mapping[str, str] = field(repr=False)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name, section, field and value of each field."""
        known = standard_fields()
        return [(self.name, known[key].section, key, value) for key, value in self.fields.items()]

    def to_json(self) -> dict[str, Any]:
        """The record as it leaves."""
        return {"id": self.record_id, "fields": dict(self.fields)}


def faults_of(fields: Mapping[str, str]) -> list[str]:
    """The names of those fields that the standard does not take as they are."""
    known = standard_fields()
    return [
        name
        for name, value in fields.items()
        if name not in known or known[name].status == DEPRECATED or not known[name].takes(value)
    ]


def htcds_document(records: Sequence[HtcdsRecord]) -> bytes:
    """The file as it leaves, in ASCII. It says that the fields are drafts.

    Raises:
        ValueError: a record holds what the standard does not take.
    """
    if faults := [name for one in records for name in faults_of(one.fields)]:
        raise ValueError(f"the standard does not take: {', '.join(faults)}")
    states = [one.status for one in standard_fields().values()]
    document = {
        "standard": FORMAT,
        "states": f"{states.count(DRAFT)} of the {len(states)} fields of this standard are drafts and may change;"
        f" the {states.count(DEPRECATED)} deprecated ones are never written",
        "source": "Human Trafficking Case Data Standard, International Organization for Migration, CC BY 4.0",
        "records": [one.to_json() for one in records],
    }
    return json.dumps(document, indent=1).encode("ascii") + b"\n"
