"""Texts that staff typed beside tips: labels, names, reasons, notes. No finding stands in them."""

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
)
_OF_CASES: Final = (
    ("name", "cases", "number", "name"),
    ("note", "case_notes", "case_number", "text"),
)
_OF_FACILITIES: Final = (
    ("finding", "facility_findings", "facility", "sentence"),
    ("source of a finding", "facility_findings", "facility", "source"),
    ("reason of a withdrawal", "facility_findings", "facility", "withdrawn_because"),
    ("reason of an answer", "facility_decisions", "one", "because"),
    ("reason for a good", "facility_goods", "facility", "because"),
)
TIP, ENTITY, CASE, FACILITY, VIEW = "tip", "entity", "case", "facility", "saved view"
_SOURCES: Final = ((TIP, _OF_TIPS), (ENTITY, _OF_ENTITIES), (CASE, _OF_CASES), (FACILITY, _OF_FACILITIES))


@dataclass(frozen=True, slots=True)
class StaffText:
    """One text: ``what`` it is, and the tip, entity, case or facility that it is of.

    The ``number`` of these is that of the casebook, and 0 for a saved view.
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
                rows = self._small.rows(
                    f"SELECT {number}, {text} FROM {table} WHERE {number} IS NOT NULL AND {text} <> '' ORDER BY 1"  # noqa: S608
                )
                for at, words in rows:
                    yield StaffText(of, at, what, words)
        for name, wanted in self._small.rows("SELECT name, filter FROM saved_views ORDER BY name"):
            yield StaffText(VIEW, 0, "name", name)
            yield StaffText(VIEW, 0, "filter", "\n".join(str(one) for one in json.loads(wanted).values()))
