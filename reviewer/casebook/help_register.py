"""Places with a button for help, their buttons and relays, and the mark key of the organisation.

Seeds and secrets lie in the casebook, so that each backup has them: without a seed a button that hangs in a place
is worth nothing.
"""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, Row

_BUTTONS = "SELECT number, place, seed, made_day, provisioned_day, retired_day FROM help_buttons"
_RELAYS = "SELECT number, name, place, secret, added_day, removed_day FROM help_relays"
_PLACES = "SELECT number, name, region, hours, first_minute, no_second_person FROM help_places"


@dataclass(frozen=True, slots=True)
class HelpPlace:
    """A place, with the hours of its leaflet and both parts of its plan; an empty part is not written yet."""

    number: int
    name: str
    region: str
    hours: str
    first_minute: str = ""
    no_second_person: str = ""


@dataclass(frozen=True, slots=True)
class HelpButton:
    """A button; ``seed`` has 32 bytes, and is None once the button was retired."""

    number: int
    place: int
    seed: bytes | None = field(repr=False)
    made_day: dt.date
    provisioned_day: dt.date | None
    retired_day: dt.date | None

    @property
    def is_in_use(self) -> bool:
        """True if its seed was written into a button, and it was not retired."""
        return self.provisioned_day is not None and self.retired_day is None


@dataclass(frozen=True, slots=True)
class HelpRelay:
    """A relay at a place; ``secret`` has 32 bytes. ``removed_day`` is None while it is in use."""

    number: int
    name: str
    place: int
    secret: bytes = field(repr=False)
    added_day: dt.date
    removed_day: dt.date | None


class HelpRegister:
    """No number is given twice: rows of retired buttons and removed relays stay."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add_place(self, place: HelpPlace, *, today: dt.date) -> int:
        """Keep a new place; its number. The number of ``place`` is not looked at."""
        self._small.run(
            "INSERT INTO help_places (name, region, hours, first_minute, no_second_person, added_day)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(place.name, place.region, place.hours, place.first_minute, place.no_second_person),
                today.isoformat(),
            ),
        )
        return self._last()

    def change_place(self, place: HelpPlace) -> None:
        """Replace hours and plan of the place with this number."""
        self._small.run(
            "UPDATE help_places SET hours = ?, first_minute = ?, no_second_person = ? WHERE number = ?",
            (place.hours, place.first_minute, place.no_second_person, place.number),
        )

    def places(self) -> list[HelpPlace]:
        return [HelpPlace(*row) for row in self._small.rows(f"{_PLACES} ORDER BY number")]

    def place(self, number: int) -> HelpPlace | None:
        row = self._small.row(f"{_PLACES} WHERE number = ?", (number,))
        return HelpPlace(*row) if row else None

    def add_button(self, place: int, seed: bytes, *, today: dt.date) -> int:
        """Keep a new button with its seed; its number."""
        self._small.run(
            "INSERT INTO help_buttons (place, seed, made_day) VALUES (?, ?, ?)", (place, seed, today.isoformat())
        )
        return self._last()

    def buttons(self) -> list[HelpButton]:
        return [_button(row) for row in self._small.rows(f"{_BUTTONS} ORDER BY number")]

    def button(self, number: int) -> HelpButton | None:
        row = self._small.row(f"{_BUTTONS} WHERE number = ?", (number,))
        return _button(row) if row else None

    def mark_provisioned(self, number: int, *, today: dt.date) -> bool:
        """Note that the seed leaves for a button; False if it left before, or the button was retired."""
        changed = self._small.run(
            "UPDATE help_buttons SET provisioned_day = ?"
            " WHERE number = ? AND provisioned_day IS NULL AND retired_day IS NULL",
            (today.isoformat(), number),
        )
        return changed > 0

    def retire(self, number: int, *, today: dt.date) -> bool:
        """Destroy the seed of a button; False if that was done before."""
        changed = self._small.run(
            "UPDATE help_buttons SET seed = NULL, retired_day = ? WHERE number = ? AND retired_day IS NULL",
            (today.isoformat(), number),
        )
        return changed > 0

    def add_relay(self, name: str, place: int, secret: bytes, *, today: dt.date) -> int:
        """Keep a new relay with its secret; its number."""
        self._small.run(
            "INSERT INTO help_relays (name, place, secret, added_day) VALUES (?, ?, ?, ?)",
            (name, place, secret, today.isoformat()),
        )
        return self._last()

    def relays(self) -> list[HelpRelay]:
        return [_relay(row) for row in self._small.rows(f"{_RELAYS} ORDER BY number")]

    def remove_relay(self, number: int, *, today: dt.date) -> bool:
        """Take a relay out of use; False if there is none of this number that is in use."""
        changed = self._small.run(
            "UPDATE help_relays SET removed_day = ? WHERE number = ? AND removed_day IS NULL",
            (today.isoformat(), number),
        )
        return changed > 0

    def mark_key(self) -> bytes | None:
        """The 32 bytes of the mark key; None before the first button."""
        row = self._small.row("SELECT seed FROM help_mark_key")
        return bytes(row[0]) if row else None

    def keep_mark_key(self, seed: bytes) -> None:
        self._small.run("INSERT INTO help_mark_key VALUES (1, ?)", (seed,))

    def _last(self) -> int:
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _button(row: Row) -> HelpButton:
    number, place, seed, made, provisioned, retired = row
    return HelpButton(number, place, seed, dt.date.fromisoformat(made), _day(provisioned), _day(retired))


def _relay(row: Row) -> HelpRelay:
    number, name, place, secret, added, removed = row
    return HelpRelay(number, name, place, secret, dt.date.fromisoformat(added), _day(removed))
