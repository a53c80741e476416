"""Texts that staff typed or brought: labels, names, reasons, notes, lists. No finding stands in them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase

_OF_TIPS: Final = (
    ("label", "inbox_labels AS x JOIN inbox_rows AS r ON r.thread = x.thread", "r.submission", "x.label"),
    ("reason of the status", "inbox_threads AS x JOIN inbox_rows AS r USING (thread)", "r.submission", "x.reason"),
    ("reason of the hold", "holds", "submission", "reason"),
    ("note", "notes", "submission", "text"),
    ("answer", "replies", "submission", "coalesce(text, '')"),
    ("draft of an answer", "answer_drafts", "submission", "text"),
)
_OF_ENTITIES: Final = (
    ("name", "entities", "number", "shown_as"),
    ("reason of a role", "role_claims", "entity", "because"),
    ("reason of a look", "entity_openings", "entity", "because"),
    ("reason of a decision", "decisions", "one", "because"),
    ("what spoke against a decision", "decision_against JOIN decisions ON number = decision", "one", "against"),
    ("consent", "consents JOIN entities AS e USING (entity_id)", "e.number", "said_by || char(10) || purpose"),
)
_OF_CASES: Final = (
    ("name", "cases", "number", "name"),
    ("note", "case_notes", "case_number", "text"),
)
_OF_LISTS: Final = (
    ("facilities", "facilities", "list", "name || char(10) || address"),
    ("rows", "facility_rows JOIN facilities AS f ON f.number = facility", "f.list", "cells"),
    ("reason of an answer", "facility_decisions JOIN facilities AS f ON f.number = one", "f.list", "because"),
)
_OF_OTHERS: Final = (
    ("file name", "imported table", "imported_tables", "number", "file_name || char(10) || publisher"),
    ("path and files", "saved folder", "saved_folders", "number", "path || char(10) || names"),
    ("receiver", "package that left", "departures", "number", "receiver"),
    ("reason", "package that left", "referred_readable", "departure", "because"),
    ("reason", "lifted quarantine", "quarantine_lifts", "number", "reason"),
    ("texts", "place of buttons", "help_places", "number",
     "name || char(10) || first_minute || char(10) || no_second_person"),
)  # fmt: skip
TIP, ENTITY, CASE, LIST, VIEW, ROSTER = "tip", "entity", "case", "list", "saved view", "week of duty"


@dataclass(frozen=True, slots=True)
class StaffText:
    """One text: ``what`` it is, and the tip, entity, case, list or other thing that it is of.

    The ``number`` of these is that of the casebook, and 0 for a saved view and for a week of duty.
    """

    of: str
    number: int
    what: str
    text: str = field(repr=False)


class StaffTexts:
    """Reads them from every table that holds some; texts of colleagues too, once they are applied."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def all(self) -> Iterator[StaffText]:
        """All texts that are not empty, by kind and in the order of their numbers."""
        for of, sources in ((TIP, _OF_TIPS), (ENTITY, _OF_ENTITIES), (CASE, _OF_CASES), (LIST, _OF_LISTS)):
            for what, table, number, text in sources:
                yield from self._texts(of, what, table, number, text)
        for what, of, table, number, text in _OF_OTHERS:
            yield from self._texts(of, what, table, number, text)
        for (lines,) in self._small.rows("SELECT lines FROM help_rosters ORDER BY week"):
            yield StaffText(ROSTER, 0, "names", lines)
        for name, wanted in self._small.rows("SELECT name, filter FROM saved_views ORDER BY name"):
            yield StaffText(VIEW, 0, "name", name)
            yield StaffText(VIEW, 0, "filter", "\n".join(str(one) for one in json.loads(wanted).values()))

    def _texts(self, of: str, what: str, table: str, number: str, text: str) -> Iterator[StaffText]:
        rows = self._small.rows(
            f"SELECT {number}, {text} FROM {table} WHERE {number} IS NOT NULL AND {text} <> '' ORDER BY 1"  # noqa: S608
        )
        for at, words in rows:
            yield StaffText(of, at, what, words)
