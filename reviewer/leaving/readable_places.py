"""Places for a readable package: in memory, or on a medium; never on the disk of the home."""

from pathlib import Path
from typing import Final

from reviewer.cases.saving_place import stays_in_memory
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.media.mounted import is_on, writable_media
from system.errors import ProgramError
from system.memory_folders import memory_place

CONFIRMATION: Final = "readable"
"""The word that staff type before a package leaves without a seal."""


def require_readable_place(home: Home, out: Path, *, confirmed: bool) -> None:
    """Return when a package that anyone can read may be written to ``out``.

    Raises:
        ProgramError: staff did not type the word, or the place is no medium and not in memory.
    """
    if not confirmed:
        raise ProgramError(
            "without a receiver's key, anyone who finds the package can read it",
            hint=f"give the receiver's age key; or type the word {CONFIRMATION} to confirm",
        )
    media = writable_media()
    if not _is_below(home.folder, out) and (stays_in_memory(out) or is_on(out, media)):
        return
    places = ", ".join(map(str, [*media, *_memory()])) or "none"
    raise ProgramError(
        "a readable package goes onto a medium or into memory, never onto the disk of this machine",
        hint=f"places here: {places}; memory counts only without swap on a disk; a sealed package may lie anywhere",
    )


def is_confirmation(typed: str) -> bool:
    """True if staff typed the word."""
    return typed.strip().casefold() == CONFIRMATION


def proposed_folders(name: str) -> list[tuple[str, Path]]:
    """A new folder on each medium that is plugged in, then one in memory; each with words for staff."""
    media = [(said("On the medium at %(place)s", place=place), _new_in(place, name)) for place in writable_media()]
    return [
        *media,
        *((said("In memory, until this machine is switched off"), _new_in(one, name)) for one in _memory()),
    ]


def _memory() -> list[Path]:
    place = memory_place()
    return [] if place is None else [place]


def _new_in(above: Path, name: str) -> Path:
    candidates = (above / (name if number == 1 else f"{name}-{number}") for number in range(1, 1000))
    return next((one for one in candidates if not one.exists()), above / name)


def _is_below(home_folder: Path, out: Path) -> bool:
    return out.absolute().is_relative_to(home_folder.absolute())
