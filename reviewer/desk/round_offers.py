"""Files and places for the forms of the rounds page, so that nothing must be typed.

They are found on the media that are plugged in, and in the folder that was used last, which the casebook remembers.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from crypto.bundles.bundle_file import MAGIC as BUNDLES
from crypto.sharing.shared_file import MAGIC as SHARED
from reviewer.exchange.take_in import is_for_others
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.media.media_search import MediaFile, find_on_media
from reviewer.media.mounted import media, writable_media
from reviewer.media.root_medium import PUBLIC_FILE
from reviewer.twin.twin import TWIN_ID_FILE, has_twin

MOST_OFFERED: Final = 8


class RoundStep(StrEnum):
    """A step of the round that reads or writes a file; its value is kept in the casebook."""

    TAKE_IN = "import"
    BACKUP = "backup"
    OUTBOX = "outbox"
    SHARE_WRITE = "share-write"
    SHARE_READ = "share-read"
    TWIN = "twin"
    HAND_OVER = "hand-over"
    KEY_FILE = "hand-over-key"
    KNOWN_DIGESTS = "known-digests"


_ROOT: Final = "root"
_WRITTEN_AS: Final = {
    RoundStep.BACKUP: "casebook.age",
    RoundStep.OUTBOX: "outbox.bundles",
    RoundStep.SHARE_WRITE: "for-colleagues",
}


@dataclass(frozen=True, slots=True)
class PathChoice:
    """One file or place in a form. ``said`` is for staff; ``path`` may have an untrusted name."""

    path: Path
    said: str
    is_chosen: bool


def remember(home: Home, step: RoundStep, path: Path) -> None:
    """Keep the folder of a file that was just read or written."""
    home.casebook.settings.set(_setting(step), str(path if step is RoundStep.TWIN else path.parent))


def last_folder(home: Home, step: RoundStep) -> Path | None:
    """The folder that was used last for a step; None before the first time."""
    kept = home.casebook.settings.get(_setting(step))
    return Path(kept) if kept is not None else None


def round_offers(home: Home, chosen: Mapping[RoundStep, str]) -> dict[RoundStep, list[PathChoice]]:
    """The choices of each form; ``chosen`` has the path that staff chose before, where a step was refused."""
    read_from = {step: last_folder(home, step) for step in (RoundStep.TAKE_IN, RoundStep.SHARE_READ)}
    found = find_on_media(
        list(dict.fromkeys([*(one.place for one in media()), *(one for one in read_from.values() if one)])),
        beginnings={RoundStep.TAKE_IN: BUNDLES, RoundStep.SHARE_READ: SHARED},
        marks={RoundStep.TWIN: TWIN_ID_FILE, _ROOT: PUBLIC_FILE},
    )
    with_keys = [one.path for one in (*found[RoundStep.TWIN], *found[_ROOT])]
    ours = [one for one in found[RoundStep.TAKE_IN] if not is_for_others(home, one.path)]
    share_written = last_folder(home, RoundStep.SHARE_WRITE)
    of_others = [
        one
        for one in found[RoundStep.SHARE_READ]
        if share_written is None or one.path != share_written / _WRITTEN_AS[RoundStep.SHARE_WRITE]
    ]
    offers = {
        RoundStep.TAKE_IN: _files(ours, chosen.get(RoundStep.TAKE_IN)),
        RoundStep.SHARE_READ: _files(of_others, chosen.get(RoundStep.SHARE_READ)),
    }
    for step in _WRITTEN_AS:
        offers[step] = _places(home, step, chosen.get(step), with_keys)
    return offers


def twin_offers(home: Home) -> list[PathChoice]:
    """Twin media that are plugged in; empty also where this home has none."""
    if not has_twin(home):
        return []
    last = last_folder(home, RoundStep.TWIN)
    looked_in = [*(one.place for one in media()), *([last] if last else [])]
    found = find_on_media(looked_in, beginnings={}, marks={RoundStep.TWIN: TWIN_ID_FILE})[RoundStep.TWIN]
    paths = [one.path for one in found][:MOST_OFFERED]
    return [PathChoice(path, said("Twin medium"), path == last or len(paths) == 1) for path in paths]


def file_offers(
    home: Home, step: RoundStep, pattern: re.Pattern[bytes], *, ending: str = "", chosen: str = ""
) -> list[PathChoice]:
    """Files on media, and in the folder of the last time, in whose beginning the pattern is found.

    Their names have this ``ending``. None is chosen but what staff chose before.
    """
    last = last_folder(home, step)
    folders = dict.fromkeys([*(one.place for one in media()), *([last] if last else [])])
    found = find_on_media(list(folders), beginnings={}, patterns={step: pattern})[step]
    return _files([one for one in found if one.path.name.endswith(ending)], chosen or str(last or "/"))


def _setting(step: RoundStep) -> str:
    return f"last_folder_{step}"


def _files(found: Sequence[MediaFile], chosen: str | None) -> list[PathChoice]:
    """The newest first, and it is chosen unless staff chose another."""
    offered = found[:MOST_OFFERED]
    wanted = Path(chosen) if chosen else (offered[0].path if offered else None)
    return [
        PathChoice(
            one.path,
            said("%(size)s, of %(day)s", size=_size(one.length_bytes), day=_day(one.changed_s)),
            one.path == wanted,
        )
        for one in offered
    ]


def _places(home: Home, step: RoundStep, chosen: str | None, with_keys: Sequence[Path]) -> list[PathChoice]:
    """A file on each medium that can be written, the folder of the last time first.

    Nothing is chosen but what staff chose before: a backup on the courier's stick would be lost with it. A medium
    with keys is not offered: a backup does not belong beside the key that opens it, nor a key to the courier.
    """
    last = last_folder(home, step)
    folders = [one for one in writable_media() if not any(folder.is_relative_to(one) for folder in with_keys)]
    if last is not None and last.is_dir():
        folders = [last, *(one for one in folders if one != last)]
    wanted = Path(chosen) if chosen else (last / _WRITTEN_AS[step] if last else None)
    paths = [folder / _WRITTEN_AS[step] for folder in folders[:MOST_OFFERED]]
    return [PathChoice(path, _place_said(path, last), path == wanted) for path in paths]


def _place_said(path: Path, last: Path | None) -> str:
    place = said("As last time") if path.parent == last else said("Medium %(name)s", name=path.parent.name)
    try:
        there = path.stat()
    except OSError:
        return place
    return said("%(place)s; takes the place of the file of %(day)s", place=place, day=_day(there.st_mtime))


def _size(length_bytes: int) -> str:
    if length_bytes >= 1 << 20:
        return f"{length_bytes / (1 << 20):.1f} MiB"
    return f"{max(length_bytes >> 10, 1)} KiB"


def _day(changed_s: float) -> str:
    return dt.datetime.fromtimestamp(changed_s, tz=dt.UTC).date().isoformat()
