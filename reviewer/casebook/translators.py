"""Translators outside of the team, and what was sealed for them: kept until it returns."""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, Row


@dataclass(frozen=True, slots=True)
class Translator:
    """A person with an age key; ``compared_day`` is None until the key was compared by telephone."""

    name: str
    recipient: str
    added_day: dt.date
    compared_day: dt.date | None


@dataclass(frozen=True, slots=True)
class TranslatorOrder:
    """Passages of one text that were sealed for a translator.

    ``identity`` opens what returns; it is None after the return, and so is never used twice.
    """

    number: int
    submission: int
    part: str
    translator: str
    day: dt.date
    passages: str
    identity: str | None = field(repr=False)
    returned_day: dt.date | None


class Translators:
    """By name. Another key under the same name must be compared again."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def all(self) -> list[Translator]:
        rows = self._small.rows("SELECT name, recipient, added_day, compared_day FROM translators ORDER BY name")
        return [_translator(row) for row in rows]

    def find(self, name: str) -> Translator | None:
        row = self._small.row(
            "SELECT name, recipient, added_day, compared_day FROM translators WHERE name = ?", (name,)
        )
        return _translator(row) if row else None

    def put(self, name: str, recipient: str, *, today: dt.date) -> None:
        self._small.run(
            "INSERT OR REPLACE INTO translators VALUES (?, ?, ?, NULL)", (name, recipient, today.isoformat())
        )

    def mark_compared(self, name: str, *, today: dt.date) -> None:
        self._small.run("UPDATE translators SET compared_day = ? WHERE name = ?", (today.isoformat(), name))

    def remove(self, name: str) -> bool:
        """False if there is none of this name. Translations keep the name."""
        return self._small.run("DELETE FROM translators WHERE name = ?", (name,)) > 0


class TranslatorOrders:
    """Orders stay as a record of what left; their secret keys go when the translation is back."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(
        self, submission: int, part: str, *, translator: str, passages: str, identity: str, today: dt.date
    ) -> int:
        """Keep an order; its number."""
        self._small.run(
            "INSERT INTO translator_orders (submission, part, translator, day, passages, identity)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (submission, part, translator, today.isoformat(), passages, identity),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def of(self, submission: int) -> list[TranslatorOrder]:
        return [_order(row) for row in self._rows("WHERE submission = ? ORDER BY number", submission)]

    def find(self, number: int) -> TranslatorOrder | None:
        return next((_order(row) for row in self._rows("WHERE number = ?", number)), None)

    def mark_returned(self, number: int, *, today: dt.date) -> None:
        """Forget the secret key of an order whose translation is here."""
        self._small.run(
            "UPDATE translator_orders SET identity = NULL, returned_day = ? WHERE number = ?",
            (today.isoformat(), number),
        )

    def _rows(self, where: str, value: int) -> list[Row]:
        return self._small.rows(
            "SELECT number, submission, part, translator, day, passages, identity, returned_day"  # noqa: S608
            f" FROM translator_orders {where}",
            (value,),
        )


def _translator(row: Row) -> Translator:
    name, recipient, added, compared = row
    return Translator(name, recipient, dt.date.fromisoformat(added), _day_or_none(compared))


def _order(row: Row) -> TranslatorOrder:
    number, submission, part, translator, day, passages, identity, returned = row
    return TranslatorOrder(
        number,
        submission,
        part,
        translator,
        dt.date.fromisoformat(day),
        passages,
        identity,
        _day_or_none(returned),
    )


def _day_or_none(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
