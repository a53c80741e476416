"""Entities as records of HTCDS: persons, organisations, places where something happened, and one case.

No field says who was harmed, who did harm, or what a tip is. A name is never split: the program does not know which
word is the family name.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reviewer.casebook.entities import Relation
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.link_operations import PEOPLE
from reviewer.linking.entity_work import RELATIONS
from reviewer.linking.htcds_fields import HtcdsRecord, standard_fields
from reviewer.linking.referred_values import ReferredEntity
from reviewer.reading.finding import FindingKind
from reviewer.reading.place_readings import place_of
from system.errors import ProgramError

NO_FIELD: Final = "it has a field only beside a person or a firm that leaves too and is related to it"
_PERSON, _FIRM = "person", "organisation"
_LONGEST: Final = 255
"""Letters of a text field, as Salesforce has it, from which the standard comes."""

_HOMES: Final = frozenset({"lives-at"})
_BELONGS: Final = frozenset({"uses", "owns"})
_FIELDS: Final[Mapping[tuple[str, str], str]] = {
    (_PERSON, FindingKind.PHONE): "prs_MobilePhone",
    (_PERSON, FindingKind.EMAIL): "prs_Email",
    (_PERSON, FindingKind.DOCUMENT): "prs_IdentityNumber",
    (_FIRM, FindingKind.PHONE): "org_Phone",
}
"""The field for a number that belongs to a person or a firm; others stand in a comment."""

_PLACES: Final[Mapping[str, tuple[str, str, str]]] = {
    _PERSON: ("prs_MailingCity", "prs_MailingCountry", "prs_MailingStreet"),
    _FIRM: ("org_ShippingCity", "org_ShippingCountry", "org_ShippingStreet"),
    PLACE: ("hte_City", "hte_Country", "hte_Street"),
}


class RecordBuilder:
    """Builds the records of one referral.

    ``properties`` are the fields that each entity gave something to.
    """

    def __init__(
        self,
        entities: Sequence[ReferredEntity],
        organisation: str,
        receiver: str,
        event_id: Callable[[Relation], str],
    ) -> None:
        self._event_id = event_id
        self._entities = {one.number: one for one in entities}
        self._fields: dict[str, dict[str, str]] = {}
        self._names: dict[str, list[str]] = {}
        self.properties: dict[int, list[str]] = {}
        for one in entities:
            if one.kind in PEOPLE:
                self._put_name(one)
        self._case = {"cas_ReferringOrganisation": organisation[:_LONGEST], "cas_ReferredOrganisation": receiver}

    def relate(self, relations: Sequence[Relation]) -> None:
        """Put what belongs to a person or a firm into its record, and say the other relations in words."""
        for one in relations:
            first, second = self._entities[one.entity], self._entities[one.other]
            owner, owned = (first, second) if first.kind in PEOPLE else (second, first)
            if owner.kind not in PEOPLE:
                continue
            if owned.kind == PLACE and one.kind in _HOMES and one.until is None:
                self._put_place(owner, owned, self._fields[owner.group], owner.kind)
            elif owned.kind == PLACE:
                self._put_event(owner, owned, one)
            elif one.kind not in _BELONGS or not self._put_number(owner, owned):
                self._comment(first, f"{RELATIONS.get(one.kind, one.kind)} {second.values[0]}{_days(one)}", second)

    def put_places(self) -> None:
        """Give a record of its own to each place that no relation has put anywhere."""
        for one in self._entities.values():
            if one.kind == PLACE and one.number not in self.properties:
                self._put_place(one, one, self._record(one.group, one), PLACE)

    def left_out(self) -> list[ReferredEntity]:
        """The entities that gave nothing to any record."""
        return [one for one in self._entities.values() if one.number not in self.properties]

    def records(self, case_id: str) -> list[HtcdsRecord]:
        """The records, with the case in front."""
        found = [
            HtcdsRecord(" ".join(self._names[group]), group, fields)
            for group, fields in self._fields.items()
            if fields
        ]
        return [HtcdsRecord("", case_id, self._case), *found]

    def _record(self, group: str, entity: ReferredEntity) -> dict[str, str]:
        names = self._names.setdefault(group, [])
        if entity.name not in names:
            names.append(entity.name)
        return self._fields.setdefault(group, {})

    def _put_name(self, one: ReferredEntity) -> None:
        fields, name = self._record(one.group, one), "org_Name" if one.kind == _FIRM else "prs_FirstName"
        values = [value[:_LONGEST] for value in one.values]
        rest = [value for value in values if fields.setdefault(name, value) != value]
        self._note(one, name)
        for value in rest:
            self._comment(one, f"is also called {value}", one)

    def _put_number(self, owner: ReferredEntity, owned: ReferredEntity) -> bool:
        name = _FIELDS.get((owner.kind, owned.kind))
        fields = self._fields[owner.group]
        fitting = [one for one in owned.values if name is not None and standard_fields()[name].takes(one)]
        if name is None or name in fields or not fitting:
            return False
        fields[name] = fitting[0]
        self._note(owned, name)
        return True

    def _put_place(self, owner: ReferredEntity, place: ReferredEntity, fields: dict[str, str], kind: str) -> None:
        city, country, street = _PLACES[kind]
        put = {street: place.values[0][:_LONGEST]}
        if len(place.readings) == 1:
            found = place_of(place.readings[0])
            if isinstance(found, str):
                put = {country: found}
            elif found is not None:
                put = {city: found.name, country: found.country}
        if put.keys() & fields.keys():
            said = "is also called" if kind == PLACE else "lives at"
            self._comment(owner, f"{said} {place.values[0]}", place)
            return
        fields |= put
        for name in put:
            self._note(place, name)

    def _put_event(self, owner: ReferredEntity, place: ReferredEntity, one: Relation) -> None:
        """A place where a person was: a historic event, with its day if one is known."""
        fields = self._record(self._event_id(one), owner)
        self._put_place(owner, place, fields, PLACE)
        if (day := one.since or one.until) is not None:
            fields["hte_Date"] = day.isoformat()
            self._note(place, "hte_Date")
        fields["hte_Description"] = f"{owner.values[0]} {RELATIONS.get(one.kind, one.kind)} this place{_days(one)}"
        self._note(owner, "hte_Description")

    def _comment(self, owner: ReferredEntity, words: str, *of: ReferredEntity) -> None:
        fields = self._record(owner.group, owner)
        sentence = f"{owner.values[0]} {words}."
        before = fields.get("cco_CaseComment", "")
        if sentence not in before:
            fields["cco_CaseComment"] = f"{before} {sentence}".strip()
        if not standard_fields()["cco_CaseComment"].takes(fields["cco_CaseComment"]):
            raise ProgramError(
                f"{owner.name} has too many relations for one record", hint="refer fewer entities at once"
            )
        for one in (owner, *of):
            self._note(one, "cco_CaseComment")

    def _note(self, one: ReferredEntity, name: str) -> None:
        noted = self.properties.setdefault(one.number, [])
        if name not in noted:
            noted.append(name)


def _days(one: Relation) -> str:
    since = f" since {one.since.isoformat()}" if one.since else ""
    return since + (f" until {one.until.isoformat()}" if one.until else "")
