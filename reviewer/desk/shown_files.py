"""The files of a submission as a page shows them, and what was inside of those that came sealed.

A source that seals by itself chooses how much is inside: up to a thousand texts and four thousand files in each of
four thousand files. What a page shows of one submission has a limit for all of it together; saving writes it whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.sealed_files import SealedFile
from reviewer.desk.visible_text import PART_LETTERS

MOST_FILES = 200
MOST_LETTERS = 4 * PART_LETTERS
_FEWEST_LETTERS = 64
"""The room that a text takes, however short: there may be a thousand of them."""

_FEWER = 20
"""By how much less is shown of a submission that is not the chosen one."""


@dataclass(frozen=True, slots=True)
class ShownInside:
    """A text of a sealed file, untrusted, with the name of its field; ``has_more`` if it is cut."""

    name: str
    text: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file; ``sealed`` is its content as far as there is room, if it came sealed."""

    file: StoredFile
    sealed: SealedFile | None = None
    texts: Sequence[ShownInside] = ()
    inside: "Sequence[ShownFile]" = ()
    left_out: int = 0
    """Texts and files inside that are not among these."""


class _Room:
    """The number of files and texts that may still be shown."""

    def __init__(self, *, is_chosen: bool, hide: Callable[[str], str]) -> None:
        share = 1 if is_chosen else _FEWER
        self._hide = hide
        self._files, self._letters = MOST_FILES // share, MOST_LETTERS // share

    def files(self, some: Sequence[StoredFile]) -> Sequence[StoredFile]:
        shown = some[: self._files]
        self._files -= len(shown)
        return shown

    def texts(self, sealed: SealedFile) -> list[ShownInside]:
        shown = []
        for one in sealed.fields:
            if not self._letters:
                break
            value = self._hide(one.value)
            text = value[: min(self._letters, PART_LETTERS)]
            self._letters -= min(self._letters, max(len(text), _FEWEST_LETTERS))
            shown.append(ShownInside(one.name, text, len(value) > len(text)))
        return shown


def shown_files(
    files: Sequence[StoredFile],
    sealed: Mapping[int, SealedFile],
    *,
    is_chosen: bool,
    hide: Callable[[str], str] = str,
) -> list[ShownFile]:
    """The ``files`` that fit on a page; ``sealed`` are by the places of those that came sealed."""
    room = _Room(is_chosen=is_chosen, hide=hide)
    return [_shown(file, sealed.get(file.place), room) for file in room.files(files)]


def _shown(file: StoredFile, sealed: SealedFile | None, room: _Room) -> ShownFile:
    if sealed is None:
        return ShownFile(file)
    texts, inside = room.texts(sealed), room.files(sealed.files)
    left_out = len(sealed.fields) - len(texts) + len(sealed.files) - len(inside)
    outside = replace(sealed, fields=(), files=())  # what is not shown need not stay in memory
    return ShownFile(file, outside, texts, [ShownFile(one) for one in inside], left_out)
