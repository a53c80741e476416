"""The notebook of the desk: roster, hand-over notes, and what is to be taken down.

One small file, written whole and durably with each change.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from system.atomic_files import write_whole

LONGEST_NAME = 60
LONGEST_TEXT = 4000
MOST_NOTES = 100
MOST_THINGS = 40
"""Leaflets and buttons of one place."""


class NotebookRefused(ValueError):
    """A text cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class HandOverNote:
    """A note at the end of a shift. ``at`` is in Unix seconds."""

    at: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class HangingItem:
    """A leaflet or a button of a place that is being taken down; ``gone_by`` ticked it off."""

    place: int
    name: str
    gone_by: str = ""
    gone_at: int = 0


class Notebook:
    """Reads and changes one file. The caller holds a lock: one process changes it."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError: the file is there, and is none of ours."""
        self._path = path
        self.roster = ""
        self.notes: list[HandOverNote] = []
        self.things: list[HangingItem] = []
        if path.exists():
            try:
                told: dict[str, Any] = json.loads(path.read_bytes())
                self.roster = str(told["roster"])
                self.notes = [HandOverNote(**one) for one in told["notes"]]
                self.things = [HangingItem(**one) for one in told["things"]]
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path.name} must hold what duty workers wrote") from error

    def put_roster(self, untrusted_text: str) -> None:
        """Replace the roster. Raises NotebookRefused: it is too long."""
        self.roster = _text(untrusted_text)
        self._keep()

    def hand_over(self, *, by: str, text: str, now: int) -> None:
        """Add a note; the oldest go after 100. Raises NotebookRefused: no name or no text."""
        note = HandOverNote(now, checked_name(by), _text(text))
        if not note.text:
            raise NotebookRefused("write the note first")
        self.notes = [note, *self.notes][:MOST_NOTES]
        self._keep()

    def take_down(self, place: int, untrusted_names: str) -> None:
        """A place ends: what hangs there, one thing a line. What was ticked off before stays so.

        Raises:
            NotebookRefused: nothing is named, or too much.
        """
        names = list(dict.fromkeys(" ".join(line.split())[:LONGEST_NAME] for line in untrusted_names.splitlines()))
        names = [name for name in names if name]
        if not 1 <= len(names) <= MOST_THINGS:
            raise NotebookRefused(f"name 1 to {MOST_THINGS} things that hang there, one in each line")
        known = {thing.name for thing in self.things if thing.place == place}
        self.things += [HangingItem(place, name) for name in names if name not in known]
        self._keep()

    def tick_off(self, place: int, name: str, *, by: str, now: int) -> None:
        """A thing was taken down. Raises NotebookRefused: no such thing hangs there, or no name was given."""
        checked = checked_name(by)
        found = [
            HangingItem(place, name, checked, now) if self._is(thing, place, name) else thing
            for thing in self.things
        ]
        if found == self.things:
            raise NotebookRefused("this was ticked off before, or is not on the list")
        self.things = found
        self._keep()

    def hanging(self, place: int | None = None) -> list[HangingItem]:
        """Things that were not ticked off yet, of one place or of all."""
        return [thing for thing in self.things if not thing.gone_by and place in (None, thing.place)]

    def is_ending(self, place: int) -> bool:
        """True if the place is being taken down, or was."""
        return any(thing.place == place for thing in self.things)

    @staticmethod
    def _is(thing: HangingItem, place: int, name: str) -> bool:
        return (thing.place, thing.name) == (place, name) and not thing.gone_by

    def _keep(self) -> None:
        told = {
            "notes": [{"at": one.at, "by": one.by, "text": one.text} for one in self.notes],
            "roster": self.roster,
            "things": [
                {"gone_at": one.gone_at, "gone_by": one.gone_by, "name": one.name, "place": one.place}
                for one in self.things
            ],
        }
        write_whole(self._path, json.dumps(told, sort_keys=True, ensure_ascii=False).encode() + b"\n")


def checked_name(untrusted_text: str) -> str:
    """A person's name, as it was typed. Raises NotebookRefused: it is empty, too long, or not printable."""
    name = " ".join(untrusted_text.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise NotebookRefused(f"write your name: 1 to {LONGEST_NAME} letters")
    return name


def _text(untrusted_text: str) -> str:
    text = "\n".join(line.rstrip() for line in untrusted_text.replace("\r\n", "\n").split("\n")).strip()
    if len(text) > LONGEST_TEXT or not all(line.isprintable() for line in text.split("\n")):
        raise NotebookRefused(f"write at most {LONGEST_TEXT:,} letters, without control characters")
    return text
