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
    (
        "reason of an answer about a list",
        "list_answers JOIN list_matches AS m ON m.number = list_match JOIN findings AS f ON f.number = m.finding",
        "f.submission",
        "because",
    ),
    ("reason for a facility", "facility_tips", "submission", "because"),
)
_OF_ENTITIES: Final = (
    ("name", "entities", "number", "shown_as"),
    ("reason of a role", "role_claims", "entity", "because"),
    ("reason of a look", "entity_openings", "entity", "because"),
    ("reason of a decision", "decisions", "one", "because"),
    ("what spoke against a decision", "decision_against JOIN decisions ON number = decision", "one", "against"),
    ("reason why a mask was removed", "mask_removals", "entity", "because"),
    ("consent", "consents JOIN entities AS e USING (entity_id)", "e.number", "said_by || char(10) || purpose"),
)
_OF_CASES: Final = (
    ("name", "cases", "number", "name"),
    ("note", "case_notes", "case_number", "text"),
)
_OF_FACILITIES: Final = (
    ("name or address", "facilities", "number", "name || char(10) || address"),
    ("row", "facility_rows", "facility", "cells"),
    ("buyer", "facility_buyers", "facility", "buyer"),
    ("finding", "facility_findings", "facility", "sentence"),
    ("source of a finding", "facility_findings", "facility", "source"),
    ("reason of a withdrawal", "facility_findings", "facility", "withdrawn_because"),
    ("reason of an answer", "facility_decisions", "one", "because"),
    ("reason for a good", "facility_goods", "facility", "because"),
    ("entry of the diary", "diary_entries", "facility", "did || char(10) || person || char(10) || document"),
    ("source of a number", "facility_workers", "facility", "source"),
    ("reason of a release", "sentence_releases", "facility", "because || char(10) || withdrawn_because"),
    ("reason of a decision on a no", "refusals_undone", "facility", "because"),
    ("answer of a company", "company_answers", "facility", "answer || char(10) || withdrawn_because"),
)
_OF_OTHERS: Final = (
    ("file name", "imported table", "imported_tables", "number", "file_name || char(10) || publisher"),
    ("path and files", "saved folder", "saved_folders", "number", "path || char(10) || names"),
    ("receiver", "package that left", "departures", "number", "receiver"),
    ("reason", "package that left", "referred_readable", "departure", "because"),
    ("row", "step of a chain", "custody_steps", "number", "raw || char(10) || struck"),
    ("name", "group of facilities", "place_groups", "number", "name"),
    ("text", "report", "supply_reports", "number",
     "recipient || char(10) || content || char(10) || withdrawn_because"),
    ("reason", "lifted quarantine", "quarantine_lifts", "number", "reason"),
    ("texts", "place of buttons", "help_places", "number",
     "name || char(10) || first_minute || char(10) || no_second_person"),
    ("name", "thing to take down", "help_hanging", "number", "what || char(10) || coalesce(down_by, '')"),
)  # fmt: skip
TIP, ENTITY, CASE, FACILITY, VIEW, ROSTER = "tip", "entity", "case", "facility", "saved view", "week of duty"
_SOURCES: Final = ((TIP, _OF_TIPS), (ENTITY, _OF_ENTITIES), (CASE, _OF_CASES), (FACILITY, _OF_FACILITIES))
NAMES: Final = (
    *(what for _of, sources in _SOURCES for what, *_columns in sources),
    *(name for what, of, *_columns in _OF_OTHERS for name in (what, of)),
    *("names", ROSTER, "filter", VIEW, CASE),
)
"""All words of ``what`` and ``of``; a page shows them in the language of staff."""


@dataclass(frozen=True, slots=True)
class StaffText:
    """One text: ``what`` it is, and the tip, entity, case, facility or other thing that it is of.

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
        for of, sources in _SOURCES:
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
